import { z } from 'zod';
import type { Sizing } from '../usage/sizing.ts';
import type { CarrierUsed, HourUsed, Used } from '../usage/usage-tally.ts';
import { PortName } from './analog-representations.ts';
import { refuse } from './problem.ts';
import { Instant, instantOrNull } from './representations.ts';

const Moment = z.iso.datetime({ offset: true }).optional();

export const UsageQuery = z.strictObject({
  since: Moment.meta({ description: 'Absent: thirty days before `until`' }),
  until: Moment.meta({ description: 'Absent: now' }),
  blocking: z.coerce.number().min(0.0001).max(0.5).default(0.01).meta({ description: 'The part of the calls that may be blocked, for advice' }),
});

/** The period that was asked for; at most 400 days. */
export function periodOf({ since, until }: z.infer<typeof UsageQuery>, now: number): { readonly since: number; readonly until: number } {
  const to = until === undefined ? now : Date.parse(until);
  const from = since === undefined ? to - 30 * DAY_MS : Date.parse(since);
  if (from >= to) refuse('invalidValue', '`since` must be before `until`.', '/since');
  if (to - from > 400 * DAY_MS) refuse('invalidValue', 'At most 400 days at a time.', '/since');
  return { since: from, until: to };
}

const used = {
  calls: z.int().meta({ description: 'Begun in the period' }),
  inbound: z.int(),
  outbound: z.int(),
  answered: z.int(),
  talkedMs: z.int().meta({ description: 'From answer to end' }),
  occupiedMs: z.int().meta({ description: 'From seizing to releasing; ringing and dialling are in it' }),
  lastUsedAt: Instant.nullable().meta({ description: 'In the period; null: it was not used' }),
  peak: z.int().meta({ description: 'Calls at a time, at most' }),
};

const Named = z.object({ id: z.string(), key: z.string(), displayName: z.string() });

export const PortUse = Named.extend({ port: PortName, ...used }).meta({ id: 'PortUse', description: 'How a line or a station was used' });

export const HourUse = z
  .object({
    hour: z.int().meta({ description: 'Of the day, by the clock of the site' }),
    calls: z.int(),
    blocked: z.int(),
    erlangs: z.number().meta({ description: 'Mean of the days' }),
    peakErlangs: z.number().meta({ description: 'Of the busiest day' }),
    peakDate: z.iso.date().nullable(),
  })
  .meta({ id: 'HourUse' });

export const CarrierUse = Named.extend({
  channels: z.int().nullable().meta({ description: 'Calls there may be at a time; null: no limit' }),
  ...used,
  allBusyMs: z.int().meta({ description: 'All its channels were in calls' }),
  blocked: z.int().meta({ description: 'Calls that would have gone over it and found all its channels busy. Callers from outside who met the telephone company’s busy tone are known to nobody here' }),
  busyHour: HourUse.nullable().meta({ description: 'The hour of the day that is busiest in the mean of the days' }),
  offeredErlangs: z.number().meta({ description: 'In that hour, what was blocked included' }),
  channelsNeeded: z.int().meta({ description: 'By Erlang’s formula, for `blocking`' }),
  advice: z.string().nullable(),
}).meta({ id: 'CarrierUse', description: 'How a trunk, or lines that stand in for each other, were used' });

export function presentUsed({ calls, inbound, outbound, answered, talkedMs, occupiedMs, lastUsedAt, peak }: Used) {
  return { calls, inbound, outbound, answered, talkedMs: Math.round(talkedMs), occupiedMs: Math.round(occupiedMs), lastUsedAt: instantOrNull(lastUsedAt), peak };
}

export function presentCarrierUse(named: z.infer<typeof Named>, carrier: CarrierUsed, channels: number | null, sizing: Sizing): z.infer<typeof CarrierUse> {
  const { busyHour, offeredErlangs, channelsNeeded, advice } = sizing;
  return {
    ...named, channels, ...presentUsed(carrier), allBusyMs: Math.round(carrier.allBusyMs), blocked: carrier.blocked,
    busyHour: busyHour === null ? null : presentHour(busyHour), offeredErlangs: toThousandth(offeredErlangs), channelsNeeded, advice,
  };
}

export function presentHour(hour: HourUsed): z.infer<typeof HourUse> {
  return { ...hour, erlangs: toThousandth(hour.erlangs), peakErlangs: toThousandth(hour.peakErlangs) };
}

export function toThousandth(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

const DAY_MS = 86_400_000;
