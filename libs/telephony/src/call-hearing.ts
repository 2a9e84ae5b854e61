import type { Call, Setup, Talking } from './call-machine.ts';
import { holdsAny, isLeftAlone } from './call-parties.ts';
import type { LegId } from './leg.ts';

/** Who hears whom, by legs. */
export interface Heard {
  readonly joined: readonly (readonly [LegId, LegId])[];
  readonly oneWay: readonly (readonly [speaker: LegId, hearer: LegId])[];
  /** Who hears music. */
  readonly music: readonly LegId[];
  /** Of a parking lot; absent: the call's. */
  readonly musicClass?: string;
}

/** Who hears whom in a call, from its state alone. Null: nothing changes any more. */
export function hearing(state: Call): Heard | null {
  switch (state.at) {
    case 'new':
    case 'first':
    case 'asking':
    case 'preempted':
      return nobody;
    case 'setup':
      return inSetup(state);
    case 'talking':
      return inTalk(state);
    case 'waiting':
      if (state.isHolding || state.why.is === 'move') return nobody;
      return { ...nobody, music: [state.leg], ...(state.why.is === 'slot' && state.why.music !== null ? { musicClass: state.why.music } : {}) };
    case 'releasing':
    case 'measuring':
    case 'ended':
      return null;
  }
}

/** Who dialled hears nothing of ours; who was sent on hears music until it rings. */
function inSetup({ caller, progress, sentOn, rang }: Setup): Heard {
  if (progress.is === 'early') return { ...nobody, joined: [[caller.leg, progress.leg]] };
  return sentOn !== null && !rang && !caller.isHolding ? { ...nobody, music: [caller.leg] } : nobody;
}

function inTalk(state: Talking): Heard {
  const { parties, muted, observers } = state;
  const active = parties.filter((leg) => !holdsAny(state, leg));
  const joined: (readonly [LegId, LegId])[] = [];
  const oneWay: (readonly [LegId, LegId])[] = [];
  const meet = (a: LegId, b: LegId): void => {
    const [saysA, saysB] = [!muted.includes(a), !muted.includes(b)];
    if (saysA && saysB) joined.push([a, b]);
    else if (saysA) oneWay.push([a, b]);
    else if (saysB) oneWay.push([b, a]);
  };
  active.forEach((leg, index) => {
    for (const other of active.slice(index + 1)) meet(leg, other);
  });
  if (state.mirrors.length > 0) for (const leg of active) if (state.mirrors.some((mirror) => mirror !== leg)) joined.push([leg, leg]);
  for (const { leg, of, mode } of observers) {
    for (const party of active) {
      if (mode === 'barge') meet(leg, party);
      else if (mode === 'whisper' && party === of && !muted.includes(leg)) meet(leg, party);
      else if (!muted.includes(party)) oneWay.push([party, leg]);
    }
  }
  return { joined, oneWay, music: active.filter((leg) => isLeftAlone(state, leg)) };
}

const nobody: Heard = { joined: [], oneWay: [], music: [] };
