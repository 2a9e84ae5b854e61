import type { Schedule, ScheduleCondition } from '@tipring/config';
import type { OpeningHours } from '../schedule/opening-hours.ts';

/** Port. Undefined: there is no such schedule. */
export interface Schedules {
  schedule(id: string): { readonly row: Schedule; readonly hours: OpeningHours } | undefined;
}

export type ScheduleMisfit = 'noSchedule' | 'scheduleOpen' | 'scheduleClosed';

/** Null: the condition holds. */
export function scheduleMisfit({ scheduleId, is }: ScheduleCondition, at: number, schedules: Schedules): ScheduleMisfit | null {
  const schedule = schedules.schedule(scheduleId);
  if (schedule === undefined) return 'noSchedule';
  const now = schedule.hours.at(at).is;
  return now === is ? null : now === 'open' ? 'scheduleOpen' : 'scheduleClosed';
}

/** Why it does not hold. */
export function scheduleText({ scheduleId, is }: ScheduleCondition, at: number, schedules: Schedules): string {
  const schedule = schedules.schedule(scheduleId);
  if (schedule === undefined) return `there is no schedule ${scheduleId}`;
  const { is: now, why } = schedule.hours.at(at);
  return `schedule ${schedule.row.key} is ${now} (${why}); the rule wants it ${is}`;
}
