import type { Call } from './call-machine.ts';
import { holdsAny } from './call-parties.ts';
import type { LegId } from './leg.ts';
import type { CallSegment } from './record.ts';

/** A segment as it goes on. `endedAt` null: it does. Of a recording `ms` null: the gateway has not told yet. */
export interface LoggedSegment {
  readonly startedAt: number;
  endedAt: number | null;
  readonly is: CallSegment['is'];
  readonly legs: readonly LegId[];
  readonly recordings: { readonly file: string; ms: number | null }[];
}

/** What a call is at, as its record tells it: the one place where segments come from. */
export function segmentOf(state: Call): Pick<CallSegment, 'is' | 'legs'> {
  switch (state.at) {
    case 'new':
    case 'first':
      return begun;
    case 'asking':
      return { is: 'setup', legs: [state.caller.leg] };
    case 'setup': {
      const by = state.sentOn?.back?.by;
      return { is: 'setup', legs: by === undefined ? [state.caller.leg] : [state.caller.leg, by] };
    }
    case 'talking': {
      const speaking = state.parties.filter((leg) => !holdsAny(state, leg)).length;
      return { is: speaking > 1 ? 'talking' : 'held', legs: state.observers.length === 0 ? state.parties : [...state.parties, ...state.observers.map(({ leg }) => leg)] };
    }
    case 'waiting':
      return { is: state.why.is === 'slot' ? 'parked' : state.why.is === 'move' ? 'setup' : 'held', legs: [state.leg] };
    case 'preempted':
    case 'releasing':
    case 'measuring':
    case 'ended':
      return ending;
  }
}

/** Segments follow each other without gap. One that would be empty is not kept, unless something was recorded in it. */
export function cutSegments(segments: LoggedSegment[], at: number, { is, legs }: Pick<CallSegment, 'is' | 'legs'>): 'cut' | 'same' {
  const last = segments.at(-1);
  if (last !== undefined && last.is === is && last.legs.length === legs.length && last.legs.every((leg, index) => leg === legs[index])) return 'same';
  // Who holds and resumes without end must not fill the memory: the rest is one.
  if (segments.length >= MOST_SEGMENTS && is !== 'ending') return 'same';
  if (last !== undefined && last.startedAt === at && last.recordings.length === 0) {
    segments.pop();
    const before = segments.at(-1);
    if (before !== undefined && before.is === is && before.legs.join() === legs.join()) {
      before.endedAt = null;
      return 'cut';
    }
  } else if (last !== undefined) last.endedAt = at;
  segments.push({ startedAt: at, endedAt: null, is, legs, recordings: [] });
  return 'cut';
}

/** As they are kept, of a call that is over: without what took no time, unless all of it did not. */
export function segmentsOf(segments: readonly LoggedSegment[], endedAt: number): readonly CallSegment[] {
  const all = segments.map((segment): CallSegment => {
    const until = segment.endedAt ?? endedAt;
    return { ...segment, endedAt: until, recordings: segment.recordings.map(({ file, ms }) => ({ file, ms: ms ?? Math.max(0, until - segment.startedAt) })) };
  });
  const lasting = all.filter(({ startedAt, endedAt: until, recordings }) => until > startedAt || recordings.length > 0);
  return lasting.length > 0 ? lasting : all.slice(0, 1);
}

const begun: Pick<CallSegment, 'is' | 'legs'> = { is: 'setup', legs: [] };
const ending: Pick<CallSegment, 'is' | 'legs'> = { is: 'ending', legs: [] };
const MOST_SEGMENTS = 500;
