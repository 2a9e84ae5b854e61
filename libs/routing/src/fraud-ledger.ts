import type { OutsideUse } from './routing-state.ts';
import { costOf, type Price } from './tariff.ts';

/** A call outside as the ledger has to know it; never an emergency call. */
export interface OutsideCall {
  /** The call's. */
  readonly id: string;
  readonly extensionId: string;
  /** Ms since the epoch. */
  readonly at: number;
  /** International, premium, satellite or shared cost: `isCostly` tells. */
  readonly isCostly: boolean;
}

/** How a call ended. */
export interface OutsideCallEnd {
  /** Ms since the epoch. */
  readonly at: number;
}

/**
 * What each extension has called outside within the last hour and the last 24 hours, counted in slices of a minute and of a quarter of an hour: a call counts a slice too
 * long rather than too short. Memory: some kilobytes for each extension that called within a day, and one entry for each call.
 */
export class FraudLedger {
  readonly #uses = new Map<string, Use>();
  readonly #calls = new Map<string, Running>();
  #sinceSweep = 0;

  /** A call was let out. */
  started({ id, extensionId, at, isCostly }: OutsideCall): void {
    if (this.#calls.has(id)) return;
    const use = this.#of(extensionId, at);
    use.calls.add(at, 1);
    if (isCostly) use.costly.add(at, 1);
    use.running.add(id);
    this.#calls.set(id, { extensionId, answeredAt: null, price: null });
  }

  /** It costs from now on, if there is a rate. Again when another way answers. */
  answered(id: string, at: number, price: Price | null): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    call.answeredAt = at;
    call.price = price;
  }

  ended(id: string, { at }: OutsideCallEnd): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    const use = this.#uses.get(call.extensionId);
    if (use === undefined) return;
    use.running.delete(id);
    use.spent.add(at, costUntil(at, call));
    use.touchedAt = Math.max(use.touchedAt, at);
  }

  /** A call of the last 24 hours, out of its record: after a restart the limits hold on. In the order in which they began. */
  restore(call: OutsideCall, answeredAt: number | null, endedAt: number, price: Price | null): void {
    this.started(call);
    if (answeredAt !== null) this.answered(call.id, answeredAt, price);
    this.ended(call.id, { at: endedAt });
  }

  outsideUse(extensionId: string, at: number): OutsideUse {
    const use = this.#uses.get(extensionId);
    if (use === undefined) return nothing;
    let spentToday = use.spent.sum(at);
    for (const id of use.running) spentToday += costUntil(at, this.#calls.get(id)!);
    return { concurrent: use.running.size, lastHour: use.calls.sum(at), costlyLastHour: use.costly.sum(at), spentToday };
  }

  /** Extensions that are kept. */
  get size(): number {
    return this.#uses.size;
  }

  #of(extensionId: string, at: number): Use {
    let use = this.#uses.get(extensionId);
    if (use === undefined) {
      if ((this.#sinceSweep += 1) >= SWEEP_EVERY) this.#sweep(at);
      use = { calls: new Slices(60, MINUTE_MS), costly: new Slices(60, MINUTE_MS), spent: new Slices(96, 15 * MINUTE_MS), running: new Set(), touchedAt: at };
      this.#uses.set(extensionId, use);
    }
    use.touchedAt = Math.max(use.touchedAt, at);
    return use;
  }

  /** Extensions that called nobody for a day have used nothing. */
  #sweep(at: number): void {
    this.#sinceSweep = 0;
    for (const [id, use] of this.#uses) if (use.running.size === 0 && use.touchedAt < at - DAY_MS - 15 * MINUTE_MS) this.#uses.delete(id);
  }
}

interface Use {
  readonly calls: Slices;
  readonly costly: Slices;
  readonly spent: Slices;
  readonly running: Set<string>;
  touchedAt: number;
}

interface Running {
  readonly extensionId: string;
  answeredAt: number | null;
  price: Price | null;
}

/** Sums over the last slices of time, the present one and `count` whole ones before it. */
class Slices {
  readonly #sums: Float64Array;
  readonly #ms: number;
  /** Number of the newest slice since the epoch. */
  #newest = -Infinity;

  constructor(count: number, ms: number) {
    this.#sums = new Float64Array(count + 1);
    this.#ms = ms;
  }

  add(at: number, amount: number): void {
    const slice = Math.floor(at / this.#ms);
    if (slice > this.#newest) this.#forward(slice);
    else if (slice <= this.#newest - this.#sums.length) return;
    this.#sums[this.#index(slice)]! += amount;
  }

  sum(at: number): number {
    const now = Math.floor(at / this.#ms);
    const oldest = Math.max(now, this.#newest) - this.#sums.length + 1;
    let sum = 0;
    for (let slice = Math.max(oldest, this.#newest - this.#sums.length + 1); slice <= this.#newest; slice += 1) sum += this.#sums[this.#index(slice)]!;
    return sum;
  }

  #forward(to: number): void {
    const passed = Math.min(to - this.#newest, this.#sums.length);
    for (let back = 0; back < passed; back += 1) this.#sums[this.#index(to - back)] = 0;
    this.#newest = to;
  }

  #index(slice: number): number {
    const length = this.#sums.length;
    return ((slice % length) + length) % length;
  }
}

function costUntil(at: number, { answeredAt, price }: Running): number {
  return answeredAt === null || price === null ? 0 : costOf((at - answeredAt) / 1000, price);
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const SWEEP_EVERY = 1_000;
const nothing: OutsideUse = Object.freeze({ concurrent: 0, lastHour: 0, costlyLastHour: 0, spentToday: 0 });
