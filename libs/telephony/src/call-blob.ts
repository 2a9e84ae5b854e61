import type { CallLogState, LoggedAttempt } from './call-log.ts';
import type { Cause } from './cause.ts';
import type { Evidence, LegId, LegSnapshot } from './leg.ts';
import type { StoryEntry } from './record.ts';

/**
 * What a call leaves in the gateway so that it can be taken back after a crash of this process. `talking`: both parties
 * had answered; otherwise the call was being set up.
 */
export interface CallBlob {
  readonly log: CallLogState;
  readonly talking: { readonly caller: LegId; readonly called: LegId; readonly held: readonly LegId[] } | null;
  /** Of every leg that was not released. */
  readonly snapshots: Readonly<Record<LegId, LegSnapshot>>;
}

/**
 * As written. Every call writes it twice, so what would be said again and again is said shorter: legs in the story and in attempts are places in
 * `log.legs`, from 1, instants are ms since the call began. How routing came to its decision stays in memory: a call that is taken back does without.
 */
interface WrittenBlob extends Omit<CallBlob, 'log'> {
  readonly version: 1;
  /** `emergency` and `attempts` are missing in blobs of versions that did not know them. */
  readonly log: Omit<CallLogState, 'story' | 'attempts' | 'emergency'> & { readonly emergency?: string | null };
  /** Leg 0 = none. */
  readonly story: (readonly [at: number, leg: number, type: string, text: string, data?: StoryEntry['data']])[];
  readonly attempts?: readonly WrittenAttempt[];
}

/** `over`: 1 = it was answered, with the call; or how it failed. Absent: it is being made. */
type WrittenAttempt = readonly [name: string | null, endpoints: LoggedAttempt['endpoints'], number: string, startedAt: number, legs: readonly number[], over?: 1 | readonly [endedAt: number, cause: Cause, evidence: Evidence]];

export function writeBlob({ log, talking, snapshots }: CallBlob): string {
  const { story, attempts, ...rest } = log;
  const places = new Map(log.legs.map((leg, index) => [leg.id, index + 1]));
  const written = story.map(({ at, leg, type, text, data }) => {
    const place = leg === undefined ? 0 : (places.get(leg) ?? 0);
    if (data === undefined || type === 'routed') return [at - log.startedAt, place, type, text] as const;
    return [at - log.startedAt, place, type, text, data] as const;
  });
  const ways = attempts.map(({ name, endpoints, number, startedAt, legs, answeredAt, endedAt, cause, evidence }): WrittenAttempt => {
    const made = [name, endpoints, number, startedAt - log.startedAt, legs.map((leg) => places.get(leg) ?? 0)] as const;
    if (endedAt !== null && cause !== null && evidence !== null) return [...made, [endedAt - log.startedAt, cause, evidence]];
    return answeredAt === null ? made : [...made, 1];
  });
  return JSON.stringify({ version: 1, log: rest, story: written, attempts: ways, talking, snapshots } satisfies WrittenBlob);
}

/** undefined: not a blob of ours, or of a version this process does not know. */
export function parseBlob(text: string): CallBlob | undefined {
  try {
    const blob = JSON.parse(text) as Partial<WrittenBlob> | null;
    if (blob?.version !== 1 || blob.talking === undefined || blob.snapshots === undefined) return undefined;
    const { log, story: written, attempts: ways = [], talking, snapshots } = blob;
    if (log === undefined || !Array.isArray(log.legs) || !Array.isArray(written)) return undefined;
    const legAt = (place: number): LegId | undefined => log.legs[place - 1]?.id;
    const story = written.map(([at, place, type, words, data]): StoryEntry => {
      const leg = legAt(place);
      return { at: log.startedAt + at, ...(leg === undefined ? {} : { leg }), type, text: words, ...(data === undefined ? {} : { data }) };
    });
    const attempts = ways.map(([name, endpoints, number, at, places, over]): LoggedAttempt => {
      const [endedAt, cause, evidence] = over === undefined || over === 1 ? [null, null, null] : [log.startedAt + over[0], over[1], over[2]];
      return { name, endpoints, number, startedAt: log.startedAt + at, answeredAt: over === 1 ? log.answeredAt : null, endedAt, cause, evidence, legs: places.map(legAt).filter((leg) => leg !== undefined) };
    });
    return { log: { ...log, emergency: log.emergency ?? null, attempts, story }, talking, snapshots };
  } catch {
    return undefined;
  }
}
