import type { Flow } from '../transport/flow.ts';
import type { Binding, BindingChange } from './binding.ts';

export interface RegistrarSettings {
  /** Seconds; an interval below is answered 423 (RFC 3261 10.3 step 7). Default 60. */
  readonly minExpires?: number;
  /** When the phone names no interval. Default 3600. */
  readonly defaultExpires?: number;
  /** A longer interval is shortened to this. Default 7200. */
  readonly maxExpires?: number;
  /** Contacts an address of record may have; the oldest yields. Default 10. */
  readonly maxContacts?: number;
  /** RFC 3327 5.3: Path although the phone does not say `Supported: path`. Default 'refuse' (420), as the RFC recommends. */
  readonly pathWithoutSupport?: 'accept' | 'refuse';
}

/** Who registers (already authenticated and permitted), and by which flow. `now` is `Timers.now()`. */
export interface Registrant {
  readonly aor: string;
  readonly device: string;
  readonly flow: Flow;
  readonly now: number;
}

/** Hand `status` and `headers` to createResponse, and the outcome to `Bindings.apply`. A refusal leaves `bindings` as they were. */
export interface RegisterOutcome {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bindings: readonly Binding[];
  readonly changes: readonly BindingChange[];
}

/*
 * register(request: SipRequest, current: readonly Binding[], who: Registrant, settings: RegistrarSettings): RegisterOutcome
 *
 * class Bindings (timers: Timers, listener: (change: BindingChange) => void, bucketMs = 1000)
 *   of(aor): readonly Binding[]            live ones, highest q first
 *   ofDevice(device), ofFlow(flowId): readonly Binding[]
 *   apply(aor, outcome: RegisterOutcome)
 *   remove(binding, why), removeAll(aor, why)
 *   all(): Iterable<Binding>, size
 *   export(epochMs): BindingRow[]          import(rows, epochMs, reviveFlow?)
 *   close()
 */
