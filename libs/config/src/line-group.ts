import { z } from 'zod';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { Tariff } from './numbers.ts';

/** linear: as listed; roundRobin: after the one that was taken last; leastRecentlyUsed: the one whose last call ended first; mostIdle: the one least used today. */
export const HuntOrder = z.enum(['linear', 'roundRobin', 'leastRecentlyUsed', 'mostIdle']);
export type HuntOrder = z.infer<typeof HuntOrder>;

/** What a person may set on a line group. */
export const LineGroupSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Telephone lines'] }),
  lines: z.array(OpaqueId).min(1).max(256).readonly().meta({ description: 'In the order in which the telephone company hunts for a free one' }),
  hunt: HuntOrder,
  fromTheEnd: z.boolean().meta({ description: 'Calls out begin with the last line, calls in come with the first: so the two seldom meet (glare)' }),
  tariff: Tariff.nullable(),
});

/** Lines that stand in for each other. */
export const LineGroup = z.strictObject({ id: OpaqueId, ...LineGroupSettings.shape, ...Versioned.shape });
export type LineGroup = Readonly<z.infer<typeof LineGroup>>;
