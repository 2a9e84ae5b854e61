export type { Timer, Timers } from './timers.ts';
