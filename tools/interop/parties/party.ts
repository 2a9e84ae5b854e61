import type { HeardFrequency } from '@tipring/cards';
import { waitFor } from '../wait-for.ts';

/** One end of a call, whatever it is: it speaks a tone of its own, says what it hears, and shows who calls. One call at a time. */
export interface Party {
  readonly name: string;
  /** Its own tone. */
  readonly hz: number;
  /** It is called so from inside. */
  readonly number: string;
  /** What the other side is to be shown of it; null: nothing (a line to the outside shows what its exchange was told, and that is asked of `call`). */
  readonly shows: Shown;
  /** How its leg is named in a record. */
  readonly reference: string;
  /** Evidence of its own hang-up, as its leg has it. */
  readonly evidence: { readonly kind: string; readonly text: RegExp };
  /** And of the other side's. */
  readonly toldEvidence: { readonly kind: string; readonly text: string };
  /** Until the number is on its way. */
  call(number: string): Promise<void>;
  /** Until it is called; with what it is shown of the caller. */
  isCalled(): Promise<Shown>;
  answer(): Promise<void>;
  /** Its tone from now on; once the call is up at its side. */
  speak(): Promise<void>;
  /** During the last 400 ms. */
  hears(): Promise<readonly HeardFrequency[]>;
  hangUp(): Promise<void>;
  /** Until it has been told that the other side is gone, and has hung up too. */
  isTold(): Promise<void>;
  /** Until nothing of the call is left at its own side. */
  rests(): Promise<void>;
}

/** Null: not told. */
export interface Shown {
  readonly number: string | null;
  readonly name: string | null;
}

export const showsNothing: Shown = { number: null, name: null };

/** As telephones and exchanges speak. */
export const spokenDbm0 = -13;

/**
 * Until one who speaks alone has been heard, and hears nobody; of its own tone, at most what the hybrid of a line gives back. Of a steady tone a
 * canceller learns for 300 ms at most.
 */
export async function isHeard(speaker: Party, listener: Party, ms = 500): Promise<void> {
  await heardFor(ms, speaker, listener, (spoken, heard) => spoken.other === -Infinity && spoken.own < spokenDbm0 - leastEchoLossDb && !spoken.isStrange && isLoud(heard) && heard.own === -Infinity && !heard.isStrange);
}

/**
 * Until both have heard the other, much weaker themselves, and nobody else, for so long without a break; both speak all the time. Of what never
 * pauses no canceller can tell what is echo: an analog line gives back as much as its hybrid lets it.
 */
export function bothHear(a: Party, b: Party, ms = 2_400): Promise<readonly [Heard, Heard]> {
  return heardFor(ms, a, b, (...both) => both.every((one) => isLoud(one) && one.own < Math.min(one.other - leastEchoDb, spokenDbm0 - leastEchoLossDb) && !one.isStrange));
}

export interface Heard {
  readonly by: string;
  /** dBm0 of the other's tone, the faintest of the time; -Infinity: not at all. */
  readonly other: number;
  readonly loudest: number;
  /** Of its own, the loudest. */
  readonly own: number;
  /** Anything else. */
  readonly isStrange: boolean;
}

async function heardFor(ms: number, a: Party, b: Party, isSo: (byA: Heard, byB: Heard) => boolean): Promise<readonly [Heard, Heard]> {
  const log: string[] = [];
  let since: number | null = null;
  let all: readonly [Heard, Heard] | null = null;
  return waitFor(() => `${a.name} and ${b.name} to hear what they should for ${ms} ms: ${log.slice(-12).join('; ')}`, async () => {
    const now = performance.now();
    const [[byA, saidA], [byB, saidB]] = await Promise.all([heardBy(a, b), heardBy(b, a)]);
    log.push(`${saidA} | ${saidB}`);
    if (!isSo(byA, byB)) [since, all] = [null, null];
    else if (since === null || all === null) [since, all] = [now, [byA, byB]];
    else all = [worst(all[0], byA), worst(all[1], byB)];
    if (all !== null && !all.every(isSteady)) [since, all] = [null, null];
    if (since !== null && all !== null && now - since >= ms) return all;
    await new Promise((resume) => setTimeout(resume, 150));
    return undefined;
  });
}

async function heardBy(party: Party, { hz }: Party): Promise<readonly [Heard, string]> {
  const heard = await party.hears();
  const level = (of: number) => Math.max(...heard.filter((one) => Math.abs(one.hz - of) <= sameHz).map(({ dbm0 }) => dbm0), -Infinity);
  const other = level(hz);
  const isStrange = heard.some((one) => [hz, party.hz].every((known) => Math.abs(one.hz - known) > sameHz));
  return [{ by: party.name, other, loudest: other, own: level(party.hz), isStrange }, `${party.name}: ${heard.map((one) => `${Math.round(one.hz)} Hz ${one.dbm0}`).join(', ') || 'nothing'}`];
}

function worst(before: Heard, now: Heard): Heard {
  return { ...now, other: Math.min(before.other, now.other), loudest: Math.max(before.loudest, now.loudest), own: Math.max(before.own, now.own) };
}

function isLoud({ other }: Heard): boolean {
  return other > loudEnoughDbm0;
}

function isSteady({ other, loudest }: Heard): boolean {
  return other === loudest || loudest - other < steadyDb;
}

/** Tones of two parties are 60 apart. */
const sameHz = 8;
/** Spoken are -13; two lines of 1.2 km and their hybrids take 7 dB at most. */
const loudEnoughDbm0 = -22;
const leastEchoDb = 4;
const leastEchoLossDb = 7;
/** Where a line and a telephone hum at each other for seconds, their cancellers make one of the two sway by up to 8 dB. Wanted: 2. */
const steadyDb = 10;
