import type { Binding, BindingRow } from '@tipring/sip';

/** A binding as it is kept: instants of the wall clock, and of its flow only what outlives the process. `shift`: from the monotonic clock to the wall clock, ms. */
export function bindingRow(binding: Binding, shift: number): BindingRow {
  const { aor, device, contact, q, callId, cseq, path, flow } = binding;
  return {
    aor, device, contact, q, callId, cseq, path,
    expiresAtEpochMs: Math.round(binding.expiresAt + shift),
    sinceEpochMs: Math.round(binding.since + shift),
    instance: binding.instance ?? null,
    regId: binding.regId ?? null,
    flow: { id: flow.id, transport: flow.transport, local: flow.local, remote: flow.remote },
    userAgent: binding.userAgent ?? null,
  };
}
