import type { CallLogState } from './call-log.ts';
import type { LegId, LegSnapshot } from './leg.ts';
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

/** As written. Every call writes it twice, so what would be said again and again is said shorter: legs in the story are places in `log.legs`, from 1. */
interface WrittenBlob extends Omit<CallBlob, 'log'> {
  readonly version: 1;
  readonly log: Omit<CallLogState, 'story'>;
  /** Ms since the call began, leg (0 = none), type, text, data. */
  readonly story: (readonly [at: number, leg: number, type: string, text: string, data?: StoryEntry['data']])[];
}

export function writeBlob({ log, talking, snapshots }: CallBlob): string {
  const { story, ...rest } = log;
  const places = new Map(log.legs.map((leg, index) => [leg.id, index + 1]));
  const written = story.map(({ at, leg, type, text, data }) => {
    const place = leg === undefined ? 0 : (places.get(leg) ?? 0);
    return data === undefined ? ([at - log.startedAt, place, type, text] as const) : ([at - log.startedAt, place, type, text, data] as const);
  });
  return JSON.stringify({ version: 1, log: rest, story: written, talking, snapshots } satisfies WrittenBlob);
}

/** undefined: not a blob of ours, or of a version this process does not know. */
export function parseBlob(text: string): CallBlob | undefined {
  try {
    const blob = JSON.parse(text) as Partial<WrittenBlob> | null;
    if (blob?.version !== 1 || blob.talking === undefined || blob.snapshots === undefined) return undefined;
    const { log, story: written, talking, snapshots } = blob;
    if (log === undefined || !Array.isArray(log.legs) || !Array.isArray(written)) return undefined;
    const story = written.map(([at, place, type, words, data]): StoryEntry => {
      const leg = log.legs[place - 1]?.id;
      return { at: log.startedAt + at, ...(leg === undefined ? {} : { leg }), type, text: words, ...(data === undefined ? {} : { data }) };
    });
    return { log: { ...log, story }, talking, snapshots };
  } catch {
    return undefined;
  }
}
