import { z } from 'zod';
import { Destination, RingTarget } from './destination.ts';
import { NumberPattern } from './numbers.ts';
import { LocalDate, LocalTime, Weekday } from './schedule.ts';

/* What becomes of calls to an extension. Who calls back after an emergency call rings it whatever is said here. */

const forward = (when: string) => Destination.nullable().meta({ description: `Where calls go ${when}; null: nowhere` });

/** Where calls to an extension go that it does not take. */
export const Forwarding = z
  .strictObject({
    always: forward('without ringing here'),
    busy: forward('when it is busy, refuses the call or is not to be disturbed'),
    noAnswer: forward('when nobody answers'),
    unreachable: forward('when none of its telephones is there'),
  })
  .readonly();
export type Forwarding = z.infer<typeof Forwarding>;

/** Other telephones that ring for an extension beside its own. */
export const FollowMe = z
  .strictObject({
    isEnabled: z.boolean(),
    steps: z
      .array(
        z.strictObject({
          target: RingTarget,
          afterMs: z.int().min(0).max(180_000).meta({ description: 'Milliseconds after its own telephones began to ring' }),
          ringMs: z.int().min(5_000).max(180_000).meta({ description: 'Milliseconds that it rings' }),
        }).readonly(),
      )
      .max(10)
      .readonly(),
  })
  .readonly();
export type FollowMe = z.infer<typeof FollowMe>;

/** Who may call an extension. */
export const CallerLists = z
  .strictObject({
    allowed: z.array(NumberPattern).max(1_000).readonly().meta({ description: 'They always get through, also when it is not to be disturbed' }),
    blocked: z.array(NumberPattern).max(1_000).readonly().meta({ description: 'They are refused, unless they are allowed' }),
    anonymous: z.enum(['taken', 'refused']).meta({ description: 'Callers who withhold their number' }),
    others: z.enum(['taken', 'refused']).meta({ description: 'Callers in neither list' }),
  })
  .readonly();
export type CallerLists = z.infer<typeof CallerLists>;

/** Once, or on these days of every week; by the clock on the wall of the site. */
export const WakeUp = z.union([z.strictObject({ time: LocalTime, on: LocalDate }).readonly(), z.strictObject({ time: LocalTime, days: z.array(Weekday).min(1).max(7).readonly() }).readonly()]);
export type WakeUp = z.infer<typeof WakeUp>;
