import type { CalendarDay, TimeOfDay } from '@tipring/prompts';

/** What the clock on the wall of the site shows. */
export type LocalTime = CalendarDay & Required<TimeOfDay>;

/** Port. */
export interface WallClock {
  /** Ms since the epoch. */
  now(): number;
  /** On the wall of the site. */
  local(at: number): LocalTime;
}
