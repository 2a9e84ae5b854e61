import { TimerWheel } from './timer-wheel.ts';
import type { Timer, Timers } from './timers.ts';

/**
 * Timers over the process's clock: one `setTimeout` drives a wheel, and only while timers run. It wakes at most every
 * 10 ms, so thousands of timers cost one wake-up; a timer is late by up to that.
 */
export function nodeTimers(): Timers & { /** Forgets every timer; afterwards none fires. */ close(): void; readonly size: number } {
  const wheel = new TimerWheel(performance.now());
  let wake: ReturnType<typeof setTimeout> | undefined;
  let wakeAt = Infinity;
  let closed = false;

  function schedule(instant: number): void {
    const at = Math.ceil(instant / resolutionMs) * resolutionMs;
    if (closed || at >= wakeAt) return;
    clearTimeout(wake);
    wakeAt = at;
    wake = setTimeout(turn, Math.max(1, at - performance.now()));
  }

  function turn(): void {
    wakeAt = Infinity;
    try {
      wheel.advance(performance.now());
    } finally {
      const next = wheel.nextExpiry();
      if (next !== undefined) schedule(Math.max(next, performance.now() + 1));
    }
  }

  return {
    get size() {
      return wheel.size;
    },
    now: () => performance.now(),
    start(ms: number, expire: () => void): Timer {
      // The wheel may stand behind the clock by one wake-up, never before it.
      const at = performance.now() + ms;
      const timer = wheel.startAt(at, expire);
      if (at < wakeAt) schedule(at);
      return timer;
    },
    close() {
      closed = true;
      clearTimeout(wake);
    },
  };
}

const resolutionMs = 10;
