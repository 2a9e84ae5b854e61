import type { Said } from '@tipring/prompts';
import type { Party } from '@tipring/telephony';
import type { Application, Effect, Input, Step } from '../application.ts';
import { dialled } from '../dialled.ts';
import { patience } from '../patience.ts';
import { beep, pause } from '../tones.ts';
import type { ConferenceAnswer, ConferenceAsk, Member, Role } from './member.ts';

/**
 * One call of a conference.
 *
 *   pin ──right──► naming ──spoken──► entering ──► waiting ──a moderator is there──► in ◄──────► telling (out of the room for a sentence)
 *    │    └─────────────────────────────▲ │ full                                      │ removed, over
 *    └─three times wrong──► ending ◄──────┴───────────────────────────────────────────┘
 *
 * In the room, digits after a star: 6 muted or not, and of moderators 7 all others are muted, 8 it is recorded or not.
 */
export type Conferee =
  | { readonly at: 'pin'; readonly caller: Arrival; readonly digits: string; readonly tries: number; readonly isChecked: boolean }
  | { readonly at: 'naming'; readonly caller: Arrival; readonly role: Role; readonly is: 'asked' | 'spoken' }
  | { readonly at: 'entering'; readonly caller: Arrival; readonly name: string | null }
  | { readonly at: 'waiting'; readonly member: Member }
  | { readonly at: 'in'; readonly member: Member; /** Of what is dialled. */ readonly star: boolean }
  | { readonly at: 'telling'; readonly member: Member }
  | { readonly at: 'ending' }
  | { readonly at: 'over' };

interface Arrival {
  readonly leg: string;
  readonly party: Party;
  readonly since: number;
}

/** A conference as it is configured when somebody calls it. */
export interface ConferenceCall {
  readonly id: string;
  readonly hasPin: boolean;
  readonly asksName: boolean;
  /** Moderators may switch it. */
  readonly recordsOnDemand: boolean;
  /** What those hear who wait for a moderator. */
  readonly music: readonly Said[];
}

export type ConferenceApplication = Application<Conferee, ConferenceAsk, ConferenceAnswer>;
type ConfereeStep = Step<Conferee, ConferenceAsk>;

/** `ask`: of the conferences of the office. */
export function conference(call: ConferenceCall, ask: ConferenceApplication['ask']): ConferenceApplication {
  return {
    name: 'conference',
    concealed: (state) => (state.at === 'pin' ? { ...state, digits: '', isChecked: false } : null),
    begin: ({ leg, from, at }) => {
      const caller = { leg, party: from, since: at };
      return call.hasPin ? asksPin(caller, 0, [pause]) : admitted(caller, 'participant', call, [pause]);
    },
    step: (state, input) => step(state, input, call),
    ask,
  };
}

function step(state: Conferee, input: Input<ConferenceAnswer>, call: ConferenceCall): ConfereeStep {
  if (input.type === 'released') return released(state);
  switch (state.at) {
    case 'pin':
      return pin(state, input, call);
    case 'naming':
      return naming(state, input);
    case 'entering':
      return input.type === 'answer' && input.answer.to === 'enter' ? entered(input.answer, state.name) : [state, []];
    case 'waiting':
      return waiting(state, input, call);
    case 'in':
      return inside(state, input, call);
    case 'telling':
      return input.type === 'announced' ? sits(state.member) : happened(state, input);
    case 'ending':
      return input.type === 'announced' ? [{ at: 'over' }, [{ do: 'release', cause: 'normalClearing', text: 'all was said' }]] : [state, []];
    case 'over':
      return [state, []];
  }
}

function released(state: Conferee): ConfereeStep {
  if (state.at === 'naming') return [{ at: 'over' }, [{ do: 'tell', tell: { ask: 'discardName', file: nameFile(state.caller) } }]];
  // Who hung up as he was let in is in it already.
  const leg = 'member' in state ? state.member.leg : state.at === 'entering' ? state.caller.leg : null;
  return [{ at: 'over' }, leg === null ? [] : [{ do: 'tell', tell: { ask: 'leave', leg } }]];
}

function asksPin(caller: Arrival, tries: number, before: readonly Said[]): ConfereeStep {
  return [{ at: 'pin', caller, digits: '', tries, isChecked: false }, [{ do: 'say', said: [...before, { phrase: 'conference.enterPin' }] }]];
}

function pin(state: Extract<Conferee, { at: 'pin' }>, input: Input<ConferenceAnswer>, call: ConferenceCall): ConfereeStep {
  if (state.isChecked) {
    if (input.type !== 'answer' || input.answer.to !== 'checkPin') return [state, []];
    const { role } = input.answer;
    if (role !== null) return admitted(state.caller, role, call, []);
    if (state.tries + 1 >= patience.tries) return ends([{ phrase: 'voicemail.wrongPin' }, { phrase: 'common.goodbye' }]);
    return asksPin(state.caller, state.tries + 1, [{ phrase: 'voicemail.wrongPin' }]);
  }
  const [digits, effects, is] = dialled(state.digits, input);
  if (is === 'dialling') return [{ ...state, digits }, effects];
  return [{ ...state, digits: '', isChecked: true }, [...effects, { do: 'ask', ask: { ask: 'checkPin', pin: digits } }]];
}

function admitted(caller: Arrival, role: Role, { asksName }: ConferenceCall, before: readonly Said[]): ConfereeStep {
  if (asksName) return [{ at: 'naming', caller, role, is: 'asked' }, [{ do: 'say', said: [...before, { phrase: 'conference.sayName' }, beep] }]];
  return enters(caller, role, null);
}

function naming(state: Extract<Conferee, { at: 'naming' }>, input: Input<ConferenceAnswer>): ConfereeStep {
  const { caller, role, is } = state;
  if (is === 'asked') {
    if (input.type !== 'announced') return [state, []];
    return [{ ...state, is: 'spoken' }, [{ do: 'record', file: nameFile(caller), maxMs: longestNameMs, silenceMs: nameSilenceMs }]];
  }
  if (input.type === 'digit' && input.digit === '#') return [state, [{ do: 'recording', is: 'stopped' }]];
  if (input.type !== 'recorded') return [state, []];
  const isSpoken = input.how !== 'failed' && (input.ms === null || input.ms >= shortestNameMs);
  if (isSpoken) return enters(caller, role, nameFile(caller));
  const [next, effects] = enters(caller, role, null);
  return [next, [{ do: 'tell', tell: { ask: 'discardName', file: nameFile(caller) } }, ...effects]];
}

function enters(caller: Arrival, role: Role, name: string | null): ConfereeStep {
  return [{ at: 'entering', caller, name }, [{ do: 'ask', ask: { ask: 'enter', leg: caller.leg, party: caller.party, role, name, at: caller.since } }]];
}

function entered(answer: Extract<ConferenceAnswer, { to: 'enter' }>, name: string | null): ConfereeStep {
  if (answer.is === 'full') {
    const [state, effects] = ends([pause, { phrase: 'conference.full' }, { phrase: 'common.goodbye' }]);
    return [state, name === null ? effects : [{ do: 'tell', tell: { ask: 'discardName', file: name } }, ...effects]];
  }
  const { member } = answer;
  if (answer.is === 'waiting') return [{ at: 'waiting', member }, [{ do: 'say', said: [pause, { phrase: 'conference.waiting' }] }, watch(member, true)]];
  return opens(member, answer.isFirst);
}

function waiting(state: Extract<Conferee, { at: 'waiting' }>, input: Input<ConferenceAnswer>, { music }: ConferenceCall): ConfereeStep {
  if (input.type === 'announced') return [state, [{ do: 'say', said: music, times: 0 }]];
  if (input.type === 'answer' && input.answer.to === 'watch' && input.answer.is === 'open') return opens(state.member, input.answer.isFirst);
  return happened(state, input);
}

/** Who is alone is told so; who is not heard too. */
function opens(member: Member, isFirst: boolean): ConfereeStep {
  const said: readonly Said[] = [...(isFirst ? [{ phrase: 'conference.first' } as const] : []), ...(member.isMuted ? [{ phrase: 'conference.muted' } as const] : [])];
  if (said.length === 0) return also(watch(member), sits(member));
  return [{ at: 'telling', member }, [{ do: 'say', said: [pause, ...said] }, watch(member)]];
}

function sits(member: Member): ConfereeStep {
  return [{ at: 'in', member, star: false }, [{ do: 'sit', room: roomOf(member.conference), isMuted: member.isMuted }]];
}

function inside(state: Extract<Conferee, { at: 'in' }>, input: Input<ConferenceAnswer>, { recordsOnDemand }: ConferenceCall): ConfereeStep {
  const { member } = state;
  if (input.type !== 'digit') return happened(state, input);
  if (!state.star) return [{ ...state, star: input.digit === '*' }, []];
  const does = (tell: ConferenceAsk): ConfereeStep => [{ ...state, star: false }, [{ do: 'tell', tell }]];
  const isModerator = member.role === 'moderator';
  if (input.digit === '6') return does({ ask: 'mute', member, isMuted: !member.isMuted });
  if (input.digit === '7' && isModerator) return does({ ask: 'muteOthers', member });
  if (input.digit === '8' && isModerator && recordsOnDemand) return does({ ask: 'record', member, is: member.isRecorded ? 'stopped' : 'started' });
  return [{ ...state, star: false }, []];
}

/** What the conference tells of him, wherever he is in it. */
function happened(state: Extract<Conferee, { readonly member: Member }>, input: Input<ConferenceAnswer>): ConfereeStep {
  if (input.type !== 'answer' || input.answer.to !== 'watch') return [state, []];
  const { member } = state;
  switch (input.answer.is) {
    case 'muted':
    case 'unmuted': {
      const changed = { ...member, isMuted: input.answer.is === 'muted' };
      if (state.at === 'waiting') return [{ ...state, member: changed }, [watch(changed, true)]];
      // Out of the room for a sentence; the seat he comes back to is muted or is not.
      const stands: readonly Effect[] = state.at === 'in' ? [{ do: 'stand' }] : [];
      return [{ at: 'telling', member: changed }, [...stands, { do: 'say', said: [{ phrase: changed.isMuted ? 'conference.muted' : 'conference.unmuted' }] }, watch(changed)]];
    }
    case 'recorded':
    case 'notRecorded': {
      const changed = { ...member, isRecorded: input.answer.is === 'recorded' };
      return [{ ...state, member: changed }, [watch(changed, state.at === 'waiting')]];
    }
    case 'removed':
      return leaves(state, { phrase: 'conference.removed' });
    case 'over':
      return leaves(state, { phrase: 'conference.over' });
    case 'open':
      return [state, [watch(member)]];
  }
}

function leaves(state: Extract<Conferee, { readonly member: Member }>, why: Said): ConfereeStep {
  const [next, effects] = ends([why, { phrase: 'common.goodbye' }]);
  return [next, [...(state.at === 'in' ? [{ do: 'stand' } as const] : []), { do: 'tell', tell: { ask: 'leave', leg: state.member.leg } }, ...effects]];
}

function ends(said: readonly Said[]): ConfereeStep {
  return [{ at: 'ending' }, [{ do: 'say', said }]];
}

function watch(member: Member, isWaiting = false): Effect<ConferenceAsk> {
  return { do: 'ask', ask: { ask: 'watch', member, isWaiting } };
}

function also(effect: Effect<ConferenceAsk>, [state, effects]: ConfereeStep): ConfereeStep {
  return [state, [...effects, effect]];
}

/** Of the gateway. */
export function roomOf(conference: string): string {
  return `conference ${conference}`;
}

function nameFile({ leg }: Arrival): string {
  return `conferences/names/${leg}.wav`;
}

const longestNameMs = 5_000;
const nameSilenceMs = 1_500;
const shortestNameMs = 300;
