import type { Timer, Timers } from '@tipring/clock';
import type { Flow } from '../transport/flow.ts';
import { AorIndex } from './aor-index.ts';
import type { Binding, BindingChange, BindingReason, BindingRow } from './binding.ts';
import type { RegisterOutcome } from './register.ts';

/**
 * Everything that is registered, in memory. What has run out is never returned, though `removed` for it may come up to
 * one bucket later: expiry is looked at in buckets of time, so that a phone costs no timer of its own.
 */
export class Bindings {
  readonly #timers: Timers;
  readonly #listener: (change: BindingChange) => void;
  readonly #bucketMs: number;
  readonly #entries = new Map<string, Entry>();
  readonly #flows = new AorIndex();
  readonly #devices = new AorIndex();
  /** By bucket number: who is to be looked at when it is over. */
  readonly #buckets = new Map<number, { readonly aors: Set<string>; readonly timer: Timer }>();

  /** The listener hears of every change after it is made, and must not throw. */
  constructor(timers: Timers, listener: (change: BindingChange) => void, bucketMs = 5_000) {
    this.#timers = timers;
    this.#listener = listener;
    this.#bucketMs = bucketMs;
  }

  /** Live bindings, highest q first. */
  of(aor: string): readonly Binding[] {
    const bindings = this.#entries.get(aor)?.bindings ?? NONE;
    const now = this.#timers.now();
    return bindings.every((binding) => binding.expiresAt > now) ? bindings : bindings.filter((binding) => binding.expiresAt > now);
  }

  ofDevice(device: string): readonly Binding[] {
    // A device that is its own address of record stands in no index.
    const own = this.of(device).filter((binding) => binding.device === device);
    return [...own, ...this.#devices.of(device).flatMap((aor) => this.of(aor).filter((binding) => binding.device === device))];
  }

  /** Those reached by this flow: whom a closed connection concerns. */
  ofFlow(flowId: string): readonly Binding[] {
    return this.#flows.of(flowId).flatMap((aor) => this.of(aor).filter((binding) => binding.flow.id === flowId));
  }

  /** Takes over what `register` decided, from the bindings it was given, in the same turn. */
  apply(aor: string, outcome: Pick<RegisterOutcome, 'bindings' | 'changes'>): void {
    if (outcome.changes.length === 0) return;
    this.#dropExpired(aor);
    this.#replace(aor, outcome.bindings);
    for (const change of outcome.changes) this.#listener(change);
  }

  /** Also when it has been refreshed meanwhile; nothing when it is gone. */
  remove(binding: Binding, why: BindingReason): void {
    const { aor } = binding;
    const held = this.#entries.get(aor)?.bindings.find((one) => one.contact === binding.contact);
    if (held === undefined) return;
    this.#replace(aor, (this.#entries.get(aor)?.bindings ?? NONE).filter((one) => one !== held));
    this.#listener({ aor, what: 'removed', why, binding: held });
  }

  removeAll(aor: string, why: BindingReason): void {
    const bindings = this.#entries.get(aor)?.bindings ?? NONE;
    this.#replace(aor, NONE);
    for (const binding of bindings) this.#listener({ aor, what: 'removed', why, binding });
  }

  /** Every live binding. */
  *all(): IterableIterator<Binding> {
    for (const aor of this.#entries.keys()) yield* this.of(aor);
  }

  /** Addresses of record with a binding. */
  get size(): number {
    return this.#entries.size;
  }

  /** Rows for persistence. `epochMs`: the wall clock now. */
  export(epochMs: number): BindingRow[] {
    const shift = epochMs - this.#timers.now();
    return Array.from(this.all(), (binding) => ({
      aor: binding.aor, device: binding.device, contact: binding.contact, q: binding.q,
      expiresAtEpochMs: Math.round(binding.expiresAt + shift), sinceEpochMs: Math.round(binding.since + shift),
      callId: binding.callId, cseq: binding.cseq, instance: binding.instance ?? null, regId: binding.regId ?? null, path: binding.path,
      flow: { id: binding.flow.id, transport: binding.flow.transport, local: binding.flow.local, remote: binding.flow.remote },
      userAgent: binding.userAgent ?? null,
    }));
  }

  /**
   * Takes rows back, without those that have run out or whose contact has registered again meanwhile. `revive` gives the
   * flow as it is called in this run (a datagram flow lives on); undefined = the phone cannot be reached and is left out.
   */
  import(rows: readonly BindingRow[], epochMs: number, revive: (flow: Flow) => Flow | undefined = (flow) => flow): void {
    const now = this.#timers.now();
    const shift = now - epochMs;
    for (const row of rows) {
      const flow = revive(row.flow);
      const expiresAt = row.expiresAtEpochMs + shift;
      this.#dropExpired(row.aor);
      const held = this.of(row.aor);
      if (flow === undefined || expiresAt <= now || held.some((one) => one.contact === row.contact)) continue;
      const binding: Binding = {
        aor: row.aor, device: row.device === row.aor ? row.aor : row.device, contact: row.contact, q: row.q, expiresAt, since: row.sinceEpochMs + shift,
        callId: row.callId, cseq: row.cseq, instance: row.instance ?? undefined, regId: row.regId ?? undefined, path: row.path,
        flow, userAgent: row.userAgent ?? undefined,
      };
      this.#replace(row.aor, [...held, binding].sort((a, b) => b.q - a.q));
      this.#listener({ aor: row.aor, what: 'added', why: 'imported', binding });
    }
  }

  /** Stops the clockwork; nothing is reported any more. */
  close(): void {
    for (const { timer } of this.#buckets.values()) timer.stop();
    this.#buckets.clear();
  }

  #replace(aor: string, next: readonly Binding[]): void {
    const entry = this.#entries.get(aor);
    const former = entry?.bindings ?? NONE;
    for (const binding of former) {
      if (!next.some((one) => one.flow.id === binding.flow.id)) this.#flows.remove(binding.flow.id, aor);
      if (binding.device !== aor && !next.some((one) => one.device === binding.device)) this.#devices.remove(binding.device, aor);
    }
    const [first] = next;
    if (first === undefined) {
      this.#entries.delete(aor);
      return;
    }
    for (const binding of next) {
      if (!former.some((one) => one.flow.id === binding.flow.id)) this.#flows.add(binding.flow.id, first.aor);
      if (binding.device !== aor && !former.some((one) => one.device === binding.device)) this.#devices.add(binding.device, first.aor);
    }
    if (entry === undefined) {
      const added = { bindings: next, bucket: Number.POSITIVE_INFINITY };
      this.#entries.set(first.aor, added);
      this.#schedule(first.aor, added);
    } else {
      entry.bindings = next;
      this.#schedule(aor, entry);
    }
  }

  /** Sees that somebody looks when the first of these runs out. Refreshing only moves that away, and costs nothing here. */
  #schedule(aor: string, entry: Entry): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const binding of entry.bindings) earliest = Math.min(earliest, binding.expiresAt);
    const bucket = Math.ceil(earliest / this.#bucketMs);
    if (bucket >= entry.bucket) return;
    entry.bucket = bucket;
    const held = this.#buckets.get(bucket);
    if (held !== undefined) {
      held.aors.add(aor);
      return;
    }
    const timer = this.#timers.start(Math.max(0, bucket * this.#bucketMs - this.#timers.now()), () => this.#expire(bucket));
    this.#buckets.set(bucket, { aors: new Set([aor]), timer });
  }

  #expire(bucket: number): void {
    const aors = this.#buckets.get(bucket)?.aors ?? new Set<string>();
    this.#buckets.delete(bucket);
    for (const aor of aors) {
      const entry = this.#entries.get(aor);
      // Looked at earlier, or gone and come again since.
      if (entry === undefined || entry.bucket !== bucket) continue;
      entry.bucket = Number.POSITIVE_INFINITY;
      this.#dropExpired(aor);
      if (this.#entries.get(aor) === entry) this.#schedule(aor, entry);
    }
  }

  #dropExpired(aor: string): void {
    const now = this.#timers.now();
    const bindings = this.#entries.get(aor)?.bindings ?? NONE;
    const expired = bindings.filter((binding) => binding.expiresAt <= now);
    if (expired.length === 0) return;
    this.#replace(aor, bindings.filter((binding) => binding.expiresAt > now));
    for (const binding of expired) this.#listener({ aor, what: 'removed', why: 'expired', binding });
  }
}

interface Entry {
  bindings: readonly Binding[];
  /** The bucket in which it will be looked at. */
  bucket: number;
}

const NONE: readonly Binding[] = [];
