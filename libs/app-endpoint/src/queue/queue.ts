import type { Said } from '@tipring/prompts';
import type { CallId, LegId, Party } from '@tipring/telephony';
import type { Application, ApplicationTarget, Effect, Input, Step } from '../application.ts';
import { pause } from '../tones.ts';

/**
 * One caller of a queue. Whoever answers takes this leg's place in the call, which then is `released`.
 *
 *   greeting ──said──► waiting ◄──► telling (his place)
 *       └────────────────┴─────────────┴── overflow ──► leaving ──no other way──► over
 */
export type QueueCaller =
  | { readonly at: 'greeting' | 'waiting' | 'telling'; readonly caller: WaitingCaller }
  | { readonly at: 'leaving'; readonly caller: WaitingCaller }
  | { readonly at: 'over' };

export interface WaitingCaller {
  readonly leg: LegId;
  readonly call: CallId;
  readonly party: Party;
  /** Ms since the epoch. */
  readonly since: number;
}

/** `wait`: again after each other question and after a restart, it is the same place; answered when he is to go elsewhere. */
export type QueueAsk = { readonly ask: 'wait'; readonly caller: WaitingCaller } | { readonly ask: 'position'; readonly leg: LegId } | { readonly ask: 'leave'; readonly leg: LegId };

/** `before`: how many are before him. */
export type QueueAnswer = { readonly to: 'wait'; readonly is: 'overflow' } | { readonly to: 'position'; readonly before: number };

/** A queue as it is configured when somebody calls it. */
export interface QueueCall {
  readonly greeting: readonly Said[];
  /** What those hear who wait; played over and over. */
  readonly music: readonly Said[];
  /** Null: nothing is announced. */
  readonly everyMs: number | null;
  readonly saysPosition: boolean;
  /** Said with it. */
  readonly announced: readonly Said[];
  /** Null: he is told that it is busy. */
  readonly overflow: ApplicationTarget | null;
}

export type QueueApplication = Application<QueueCaller, QueueAsk, QueueAnswer>;
type QueueStep = Step<QueueCaller, QueueAsk>;

/** `ask`: of the queues of the office. */
export function queue(call: QueueCall, ask: QueueApplication['ask']): QueueApplication {
  return {
    name: 'queue',
    begin: ({ leg, call: id, from, at }) => {
      const caller: WaitingCaller = { leg, call: id, party: from, since: at };
      return [{ at: 'greeting', caller }, [{ do: 'say', said: [pause, ...call.greeting] }, waits(caller), ...announcesIn(call)]];
    },
    step: (state, input) => step(state, input, call),
    ask,
  };
}

function step(state: QueueCaller, input: Input<QueueAnswer>, call: QueueCall): QueueStep {
  if (state.at === 'over') return [state, []];
  const { caller } = state;
  if (input.type === 'released') return [{ at: 'over' }, [{ do: 'tell', tell: { ask: 'leave', leg: caller.leg } }]];
  if (state.at === 'leaving') return input.type === 'transfer' && input.is === 'failed' ? busy(caller) : [state, []];
  if (input.type === 'answer' && input.answer.to === 'wait') return call.overflow === null ? busy(caller) : [{ at: 'leaving', caller }, [{ do: 'stop', timer: 'announce' }, { do: 'transfer', to: call.overflow }]];
  switch (state.at) {
    case 'greeting':
      return input.type === 'announced' ? music(caller, call) : input.type === 'timeout' ? [state, announcesIn(call)] : [state, []];
    case 'waiting':
      if (input.type !== 'timeout') return [state, []];
      return call.saysPosition ? [{ at: 'telling', caller }, [{ do: 'ask', ask: { ask: 'position', leg: caller.leg } }]] : tells(caller, [], call);
    case 'telling':
      if (input.type === 'announced') return music(caller, call, announcesIn(call));
      return input.type === 'answer' && input.answer.to === 'position' ? tells(caller, placeOf(input.answer.before), call) : [state, []];
  }
}

function tells(caller: WaitingCaller, place: readonly Said[], { announced }: QueueCall): QueueStep {
  const said = [...place, ...announced];
  return [{ at: 'telling', caller }, [{ do: 'say', said: said.length > 0 ? said : [{ phrase: 'queue.wait' }] }, waits(caller)]];
}

function placeOf(before: number): readonly Said[] {
  return before === 0 ? [{ phrase: 'queue.next' }] : [{ phrase: 'queue.position' }, { number: before + 1 }];
}

function music(caller: WaitingCaller, call: QueueCall, further: readonly Effect<QueueAsk>[] = []): QueueStep {
  return [{ at: 'waiting', caller }, [...(call.music.length > 0 ? [{ do: 'say', said: call.music, times: 0 } as const] : []), ...further]];
}

function waits(caller: WaitingCaller): Effect<QueueAsk> {
  return { do: 'ask', ask: { ask: 'wait', caller } };
}

function announcesIn({ everyMs }: QueueCall): readonly Effect<QueueAsk>[] {
  return everyMs === null ? [] : [{ do: 'start', timer: 'announce', ms: everyMs }];
}

function busy(caller: WaitingCaller): QueueStep {
  return [{ at: 'leaving', caller }, [{ do: 'release', cause: 'userBusy', text: 'nobody can take the call' }]];
}
