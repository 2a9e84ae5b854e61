export { FakeTimers } from './fake-timers.ts';
export { nodeTimers } from './node-timers.ts';
export { TimerWheel } from './timer-wheel.ts';
export type { Timer, Timers } from './timers.ts';
