import type { RunningPbx } from './pbx.ts';

/** /metrics (Prometheus text format) by name and labels, as `tipring_calls` or `tipring_gateway{figure="contexts"}`. */
export async function metrics(pbx: RunningPbx): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${new URL(pbx.apiUrl).origin}/metrics`);
  if (!response.ok) throw new Error(`/metrics: ${response.status}`);
  const figures = new Map<string, number>();
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const end = line.lastIndexOf(' ');
    figures.set(line.slice(0, end), Number(line.slice(end + 1)));
  }
  return figures;
}

/** What must be 0 when no call is up: name for people → value. A figure that is not there counts as NaN. */
export async function leftovers(pbx: RunningPbx): Promise<Readonly<Record<string, number>>> {
  const figures = await metrics(pbx);
  return Object.fromEntries(Object.entries(ofCalls).map(([name, key]) => [name, figures.get(key) ?? Number.NaN]));
}

/**
 * Waits until nothing of any call is left; resolves with what is left after all. Transactions linger for 32 s (RFC 3261
 * timers B, H, J). `stays`: what calls that are to stay up have; it is subtracted.
 */
export async function settle(pbx: RunningPbx, timeoutMs = 45_000, stays: Readonly<Record<string, number>> = {}): Promise<Readonly<Record<string, number>>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const all = await leftovers(pbx).catch(() => undefined);
    const left = all && Object.fromEntries(Object.entries(all).map(([name, value]) => [name, value - (stays[name] ?? 0)]));
    if (left !== undefined && (Object.values(left).every((value) => value === 0) || performance.now() > end)) return left;
    if (performance.now() > end + 10_000) throw new Error('/metrics does not answer');
    await new Promise((resume) => setTimeout(resume, 250));
  }
}

/** Names and values of what did not return to zero; 'none' is good. */
export function describeLeftovers(left: Readonly<Record<string, number>>): string {
  const open = Object.entries(left).filter(([, value]) => value !== 0);
  return open.length === 0 ? 'none' : open.map(([name, value]) => `${name} ${value}`).join(', ');
}

const ofCalls = {
  calls: 'tipring_calls',
  dialogs: 'tipring_sip_sessions',
  transactions: 'tipring_sip_transactions_open',
  listeners: 'tipring_media_listeners',
  contexts: 'tipring_gateway{figure="contexts"}',
  terminations: 'tipring_gateway{figure="terminations"}',
  ports: 'tipring_gateway{figure="portsInUse"}',
  recordsBegun: 'tipring_journal_open',
  recordsWaiting: 'tipring_journal_backlog',
};
