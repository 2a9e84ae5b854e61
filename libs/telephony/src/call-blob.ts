import type { CallLogState, LoggedAttempt } from './call-log.ts';
import type { Call, Setup, Talking, Waiting } from './call-machine.ts';
import type { LoggedSegment } from './call-segments.ts';
import type { Cause } from './cause.ts';
import type { DiallingState } from './dialling.ts';
import type { Evidence, LegId, LegSnapshot, Party } from './leg.ts';
import type { StoryEntry } from './record.ts';

/** What can be gone on with: somebody talks or waits, or is up and others are called for it. */
export type KeptState = Talking | Waiting | KeptSetup;

export interface KeptSetup extends Pick<Setup, 'at' | 'caller' | 'sentOn' | 'returns'> {
  /** From the one that was being made. */
  readonly attempts: Setup['left'];
}

/** What a call leaves in the gateway so that it can be taken back after a crash of this process. `state` null: it cannot be gone on with. */
export interface CallBlob {
  readonly log: CallLogState;
  readonly state: KeptState | null;
  /** How others are called for who waits; null: nobody is. */
  readonly dialling: DiallingState | null;
  /** Of every leg that was not released. */
  readonly snapshots: Readonly<Record<LegId, LegSnapshot>>;
}

/**
 * As written. Every call writes it twice, so what would be said again and again is said shorter: legs in the story and in attempts are places in
 * `log.legs`, from 1, instants are ms since the call began. How routing came to its decision stays in memory: a call that is taken back does without.
 */
interface WrittenBlob extends Omit<CallBlob, 'log'> {
  readonly version: 2;
  readonly log: Omit<CallLogState, 'story' | 'attempts'>;
  /** Leg 0 = none. */
  readonly story: (readonly [at: number, leg: number, type: string, text: string, data?: StoryEntry['data']])[];
  readonly attempts: readonly WrittenAttempt[];
}

/** Of the version before: `emergency` and `attempts` may be missing. */
interface FormerBlob extends Omit<WrittenBlob, 'version' | 'log' | 'state' | 'attempts'> {
  readonly version: 1;
  readonly log: Omit<CallLogState, 'story' | 'attempts' | 'emergency' | 'segments' | 'continues' | 'continuedIn'> & { readonly emergency?: string | null };
  readonly attempts?: readonly WrittenAttempt[];
  readonly talking: { readonly caller: LegId; readonly called: LegId; readonly held: readonly LegId[] } | null;
}

/** `over`: 1 = it was answered, with the call; or how it failed. Absent: it is being made. */
type WrittenAttempt = readonly [name: string | null, endpoints: readonly string[], number: string, startedAt: number, legs: readonly number[], over?: 1 | readonly [endedAt: number, cause: Cause, evidence: Evidence]];

export function writeBlob({ log, state, dialling, snapshots }: CallBlob): string {
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
  return JSON.stringify({ version: 2, log: rest, story: written, attempts: ways, state, dialling, snapshots } satisfies WrittenBlob);
}

/** Of a state what has to be kept of it; null: nothing can be gone on with. */
export function keptState(state: Call): KeptState | null {
  switch (state.at) {
    case 'talking':
      return { ...state, losers: [], silent: [] };
    case 'waiting':
      return state.why.is === 'move' ? null : { ...state, losers: [] };
    case 'setup': {
      const { caller, sentOn, returns, attempt, left } = state;
      return sentOn === null && !returns ? null : { at: 'setup', caller, sentOn, returns, attempts: [attempt, ...left] };
    }
    default:
      return null;
  }
}

/** undefined: not a blob of ours, or of a version this process does not know. */
export function parseBlob(text: string): CallBlob | undefined {
  try {
    const blob = JSON.parse(text) as Partial<WrittenBlob> | Partial<FormerBlob> | null;
    if ((blob?.version !== 1 && blob?.version !== 2) || blob.snapshots === undefined) return undefined;
    const { story: written, attempts: ways = [], snapshots } = blob;
    const log = blob.version === 2 ? blob.log : broughtUp(blob.log);
    const state = 'talking' in blob ? formerTalk(blob.talking, blob.log?.emergency ?? null) : 'state' in blob ? blob.state : undefined;
    const dialling = 'dialling' in blob ? (blob.dialling ?? null) : null;
    if (state === undefined || log === undefined || !Array.isArray(log.legs) || !Array.isArray(written)) return undefined;
    const legAt = (place: number): LegId | undefined => log.legs[place - 1]?.id;
    const story = written.map(([at, place, type, words, data]): StoryEntry => {
      const leg = legAt(place);
      return { at: log.startedAt + at, ...(leg === undefined ? {} : { leg }), type, text: words, ...(data === undefined ? {} : { data }) };
    });
    const attempts = ways.map(([name, endpoints, number, at, places, over]): LoggedAttempt => {
      const [endedAt, cause, evidence] = over === undefined || over === 1 ? [null, null, null] : [log.startedAt + over[0], over[1], over[2]];
      return { name, endpoints: [...endpoints], number, startedAt: log.startedAt + at, answeredAt: over === 1 ? log.answeredAt : null, endedAt, cause, evidence, legs: places.map(legAt).filter((leg) => leg !== undefined) };
    });
    return { log: { ...log, attempts, story }, state, dialling, snapshots };
  } catch {
    return undefined;
  }
}

/** As this version writes it: the call as one segment so far. */
function broughtUp(log: FormerBlob['log'] | undefined): WrittenBlob['log'] | undefined {
  if (log === undefined || !Array.isArray(log.legs)) return undefined;
  const party = (role: string): Party => (role === 'caller' ? log.from : { number: log.to });
  const legs = log.legs.map((leg) => ({ ...leg, party: party(leg.role) }));
  const up = legs.filter(({ state }) => state !== 'released').map(({ id }) => id);
  const segment: LoggedSegment = { startedAt: log.startedAt, endedAt: null, is: log.answeredAt === null ? 'setup' : 'talking', legs: up, recordings: [] };
  return { ...log, legs, emergency: log.emergency ?? null, segments: [segment], continues: [], continuedIn: null };
}

function formerTalk(talking: FormerBlob['talking'] | undefined, emergency: string | null): Talking | null | undefined {
  if (talking === undefined || talking === null) return talking;
  const { caller, called, held } = talking;
  return { at: 'talking', parties: [caller, called], isEmergency: emergency !== null, losers: [], held, heldHere: [], muted: [], observers: [], mirrors: [], silent: [], returns: null };
}
