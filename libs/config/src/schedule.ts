import { z } from 'zod';
import { OpaqueId, StableKey, Versioned } from './identity.ts';

export const TimeZone = z
  .string()
  .refine((name) => isTimeZone(name), { error: 'a time zone of the IANA database, such as Europe/Berlin' })
  .meta({ examples: ['Europe/Berlin'] });

/** 24:00 is the end of the day. */
export const LocalTime = z.string().regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/, 'hours and minutes, 08:30');
export const LocalDate = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, 'a date, 2026-12-24');

export const Weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

/** From before `to`: that day. `to` not after `from`: into the next day. */
const Hours = z.strictObject({ from: LocalTime, to: LocalTime }).readonly();

/** What a person may set on a schedule. */
export const ScheduleSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Office hours'] }),
  timeZone: TimeZone,
  week: z.array(z.strictObject({ days: z.array(Weekday).min(1).max(7).readonly(), ...Hours.unwrap().shape }).readonly()).max(64).readonly().meta({ description: 'When it is open' }),
  holidays: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(80),
        from: LocalDate,
        to: LocalDate.meta({ description: 'Its last day' }),
        everyYear: z.boolean().meta({ description: 'On these days of every year, whatever the year says' }),
        hours: z.array(Hours).max(8).readonly().meta({ description: 'Open then in place of the week’s hours; none: closed' }),
      }).readonly(),
    )
    .max(1_000)
    .readonly(),
  override: z.enum(['open', 'closed']).nullable().meta({ description: 'Whatever the clock says, until it is null again' }),
});

/** When something is open, by the clock on the wall of its time zone. */
export const Schedule = z.strictObject({ id: OpaqueId, ...ScheduleSettings.shape, ...Versioned.shape });
export type Schedule = Readonly<z.infer<typeof Schedule>>;

/** As a rule asks for it. */
export const ScheduleCondition = z.strictObject({ scheduleId: OpaqueId, is: z.enum(['open', 'closed']) }).readonly();
export type ScheduleCondition = z.infer<typeof ScheduleCondition>;

/** Asking costs a tenth of a millisecond, and an office has one time zone in every schedule. Only names that there are get in: some six hundred. */
const knownTimeZones = new Set<string>();

function isTimeZone(name: string): boolean {
  if (knownTimeZones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
  // In small and capital letters any name is taken; one way to write it is kept, so that there is an end of them.
  if (knownTimeZones.size < 1_000) knownTimeZones.add(name);
  return true;
}
