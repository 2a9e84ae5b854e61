/** A started timer. Stopping one that has fired or was stopped does nothing. */
export interface Timer {
  stop(): void;
}

/** The only way the pure rooms reach time. Node's and the fake implementation are in this library. */
export interface Timers {
  /** Monotonic milliseconds since an arbitrary start; never goes back. */
  now(): number;
  /** Calls `expire` once, not before `ms` milliseconds from now. */
  start(ms: number, expire: () => void): Timer;
}
