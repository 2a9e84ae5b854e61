import { erlangsFor, linesFor } from '@tipring/telephony';
import type { CarrierUsed, HourUsed } from './usage-tally.ts';

/** What a carrier would need, by Erlang’s formula. */
export interface Sizing {
  /** The hour of the day that is busiest in the mean of the days (ITU-T E.600, time-consistent busy hour); null: no call in the period. */
  readonly busyHour: HourUsed | null;
  /** What was carried in it, and what was blocked on top, as long as the carried ones. */
  readonly offeredErlangs: number;
  /** For no more than that part of the calls to be blocked. */
  readonly channelsNeeded: number;
  readonly advice: string | null;
}

export interface SizingQuestion {
  /** How many there are; null: as many as are wanted. */
  readonly channels: number | null;
  /** The part of the calls that may be blocked. */
  readonly blocking: number;
  /** `line`, `channel`. */
  readonly what: string;
  /** Enough was seen to say what could go. */
  readonly isLong: boolean;
}

/** From how many days it can be told what is not needed: a week has its quiet days. */
export const LEAST_DAYS = 7;

export function sizingOf({ hours }: Pick<CarrierUsed, 'hours'>, { channels, blocking, what, isLong }: SizingQuestion): Sizing {
  const busiest = hours.reduce<HourUsed | null>((most, hour) => (most === null || hour.erlangs > most.erlangs ? hour : most), null);
  if (busiest === null || busiest.erlangs === 0) return { busyHour: null, offeredErlangs: 0, channelsNeeded: 0, advice: null };
  const offeredErlangs = busiest.calls === 0 ? busiest.erlangs : busiest.erlangs * (1 + busiest.blocked / busiest.calls);
  const channelsNeeded = linesFor(offeredErlangs, blocking);
  return { busyHour: busiest, offeredErlangs, channelsNeeded, advice: channels === null || (!isLong && channelsNeeded <= channels) ? null : adviceOf(offeredErlangs, channels, channelsNeeded, blocking, what) };
}

function adviceOf(erlangs: number, channels: number, needed: number, blocking: number, what: string): string | null {
  if (channels === needed) return null;
  const percent = `${Number((blocking * 100).toPrecision(2))} %`;
  if (needed > channels) {
    const moved = Math.ceil((1 - erlangsFor(channels, blocking) / erlangs) * 100);
    return `Add ${number(needed - channels, what)}, or move ${moved} % of the calls elsewhere: then no more than ${percent} of the calls of the busy hour are blocked.`;
  }
  return `With ${number(needed, what)} no more than ${percent} of the calls of the busy hour would be blocked: ${needed === channels - 1 ? 'one is' : `${channels - needed} are`} to spare, but for emergencies and for when another way fails.`;
}

/** Ports that nothing used, said shortly: `SIM-1 ports 5–8 and 10`. */
export function unusedPorts(ports: readonly { readonly card: string; readonly port: number }[]): readonly string[] {
  return [...Map.groupBy(ports, ({ card }) => card)].map(([card, own]) => {
    const numbers = own.map(({ port }) => port).sort((a, b) => a - b);
    const ranges: [number, number][] = [];
    for (const one of numbers) {
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === one - 1) last[1] = one;
      else ranges.push([one, one]);
    }
    const said = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
    const words = said.length === 1 ? said[0] : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`;
    return `${card} port${numbers.length === 1 ? '' : 's'} ${words}`;
  });
}

function number(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
