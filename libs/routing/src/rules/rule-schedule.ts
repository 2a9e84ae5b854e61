import type { Schedule, ScheduleCondition } from '@tipring/config';
import type { OpeningHours } from '../schedule/opening-hours.ts';

/** Why a rule does not fit. */
export interface Misfit {
  readonly code: string;
  /** A sentence for people. */
  text(): string;
}

/** Port. Undefined: there is no such schedule. */
export interface Schedules {
  schedule(id: string): { readonly row: Schedule; readonly hours: OpeningHours } | undefined;
}

/** Null: the condition holds. */
export function scheduleMisfit({ scheduleId, is }: ScheduleCondition, at: number, schedules: Schedules): Misfit | null {
  const schedule = schedules.schedule(scheduleId);
  if (schedule === undefined) return { code: 'noSchedule', text: () => `there is no schedule ${scheduleId}` };
  const { is: now, why } = schedule.hours.at(at);
  if (now === is) return null;
  const { row } = schedule;
  return { code: now === 'open' ? 'scheduleOpen' : 'scheduleClosed', text: () => `schedule ${row.key} is ${now} (${why}); the rule wants it ${is}` };
}
