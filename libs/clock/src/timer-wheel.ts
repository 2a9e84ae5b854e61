import type { Timer, Timers } from './timers.ts';

/**
 * Hierarchical timing wheel (Varghese and Lauck, 1987): four wheels of 256 slots, one millisecond a slot in the lowest.
 * Starting and stopping are O(1) and make one object. It has no clock of its own: `advance` moves it. Timers of one
 * millisecond fire in the order they were started.
 *
 *      level 0  ▏▏▏▏▏▏  1 ms a slot      a timer lies on the level of the highest byte in which its instant differs
 *      level 1  ▏▏▏▏▏▏  256 ms           from now; when the lower level has turned once, the next slot of the level
 *      level 2  ▏▏▏▏▏▏  65 s             above is dealt out downwards
 *      level 3  ▏▏▏▏▏▏  4.7 h
 */
export class TimerWheel implements Timers {
  readonly #slots: Slot[] = Array.from({ length: 4 * 256 }, () => new Slot());
  /** Everything due at or before this millisecond has fired. */
  #tick: number;
  #count = { value: 0 };

  /** @param now milliseconds at which the wheel begins */
  constructor(now = 0) {
    this.#tick = Math.floor(now);
  }

  /** Timers that are running. */
  get size(): number {
    return this.#count.value;
  }

  /** The millisecond to which the wheel has been advanced; while timers fire, the one they were due at. */
  now(): number {
    return this.#tick;
  }

  start(ms: number, expire: () => void): Timer {
    return this.startAt(this.#tick + ms, expire);
  }

  /** As `start`, with an instant instead of a length. What is due already fires with the next millisecond; longer than 24 days is cut to that. */
  startAt(instant: number, expire: () => void): Timer {
    const at = Math.min(Math.max(Math.ceil(instant), this.#tick + 1), this.#tick + longestMs);
    const timer = new WheelTimer(at, expire, this.#count);
    this.#count.value++;
    this.#insert(timer);
    return timer;
  }

  /** Fires what is due up to and including `now`. Whatever a timer throws comes out here; the rest fires with the next call. */
  advance(now: number): void {
    const target = Math.floor(now);
    // What was left behind when a timer threw.
    this.#fire(this.#slot(0, this.#tick & 255));
    while (this.#tick < target) {
      const next = this.#nextTurn();
      if (next > target) break;
      this.#tick = next;
      this.#turn();
      this.#fire(this.#slot(0, next & 255));
    }
    if (this.#tick < target) this.#tick = target;
  }

  /** The instant of the earliest running timer. Looks at up to 1024 slots: for once a wake-up, not once a message. */
  nextExpiry(): number | undefined {
    if (this.#count.value === 0) return undefined;
    for (let level = 0; level < 4; level++) {
      const here = (this.#tick >>> (8 * level)) & 255;
      for (let step = level === 0 ? 0 : 1; step < 256; step++) {
        const slot = this.#slot(level, (here + step) & 255);
        if (slot.next !== slot) return earliest(slot);
      }
    }
    return undefined;
  }

  #insert(timer: WheelTimer): void {
    // 32-bit on purpose: the wheel wraps after 49 days, twice the longest timer.
    const difference = (timer.at ^ this.#tick) >>> 0;
    const level = difference < 0x100 ? 0 : difference < 0x1_0000 ? 1 : difference < 0x100_0000 ? 2 : 3;
    this.#slot(level, (timer.at >>> (8 * level)) & 255).append(timer);
  }

  /** The next millisecond at which a timer is due or a slot of a higher level begins that holds some; what lies between is empty. */
  #nextTurn(): number {
    if (this.#count.value === 0) return Infinity;
    for (let level = 0; level < 4; level++) {
      const width = 2 ** (8 * level);
      const here = Math.floor(this.#tick / width);
      // Up to where this level starts anew; the rest of it lies on the level above.
      for (let step = 1; step <= 255 - (here & 255); step++) {
        const slot = this.#slot(level, (here + step) & 255);
        if (slot.next !== slot) return (here + step) * width;
      }
    }
    return (Math.floor(this.#tick / 2 ** 32) + 1) * 2 ** 32;
  }

  #turn(): void {
    let level = 0;
    while (level < 3 && ((this.#tick >>> (8 * level)) & 255) === 0) level++;
    for (; level > 0; level--) {
      const slot = this.#slot(level, (this.#tick >>> (8 * level)) & 255);
      for (let timer = slot.take(); timer !== undefined; timer = slot.take()) this.#insert(timer);
    }
  }

  #fire(slot: Slot): void {
    for (let timer = slot.take(); timer !== undefined; timer = slot.take()) timer.fire();
  }

  #slot(level: number, index: number): Slot {
    return this.#slots[(level << 8) | index] as Slot;
  }
}

/** A circular list through its timers; `this` is its own first and last. */
class Slot {
  next: Slot | WheelTimer = this;
  previous: Slot | WheelTimer = this;

  append(timer: WheelTimer): void {
    timer.previous = this.previous;
    timer.next = this;
    this.previous.next = timer;
    this.previous = timer;
  }

  take(): WheelTimer | undefined {
    const first = this.next;
    if (!(first instanceof WheelTimer)) return undefined;
    first.unlink();
    return first;
  }
}

class WheelTimer implements Timer {
  readonly at: number;
  next: Slot | WheelTimer | undefined = undefined;
  previous: Slot | WheelTimer | undefined = undefined;
  #expire: (() => void) | undefined;
  readonly #count: { value: number };

  constructor(at: number, expire: () => void, count: { value: number }) {
    this.at = at;
    this.#expire = expire;
    this.#count = count;
  }

  unlink(): void {
    const { next, previous } = this;
    if (next === undefined || previous === undefined) return;
    previous.next = next;
    next.previous = previous;
    this.next = this.previous = undefined;
  }

  fire(): void {
    const expire = this.#expire;
    this.#expire = undefined;
    this.#count.value--;
    expire?.();
  }

  stop(): void {
    if (this.#expire === undefined) return;
    this.#expire = undefined;
    this.#count.value--;
    this.unlink();
  }
}

function earliest(slot: Slot): number {
  let at = Infinity;
  for (let timer = slot.next; timer instanceof WheelTimer && timer.next !== undefined; timer = timer.next) at = Math.min(at, timer.at);
  return at;
}

/** Half a turn of the highest wheel. */
const longestMs = 2 ** 31 - 1;
