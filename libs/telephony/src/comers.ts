import type { ArrivalAs, CallOperations, Operated, OperationRefusal } from './call-operations.ts';
import { goOver } from './leg-moves.ts';
import type { LegId } from './leg.ts';
import type { CallId } from './record.ts';
import type { RunningCall } from './running-call.ts';
import { refusal, type Switchboard } from './switchboard.ts';

/** The call a leg can leave for another one: it talks there, waits for an answer, or is on its way already. */
export function comer({ callOf }: Pick<Switchboard, 'callOf'>, leg: LegId): { readonly ok: true; readonly call: RunningCall } | OperationRefusal {
  const call = callOf(leg);
  if (call === undefined) return refusal('noSuchLeg', `there is no leg ${leg}`);
  if (call.isEmergency) return refusal('emergency', 'a call for help is left as it is');
  const { state } = call;
  const isFree = (state.at === 'talking' && state.parties.includes(leg)) || (state.at === 'setup' && state.caller.leg === leg && state.sentOn === null) || (state.at === 'waiting' && state.why.is === 'move' && state.leg === leg);
  return isFree ? { ok: true, call } : refusal('wrongState', 'it neither talks nor waits for an answer');
}

/** Legs that come into a call that they were not called in. */
export class Comers {
  readonly #board: Switchboard;

  constructor(board: Switchboard) {
    this.#board = board;
  }

  pickUp({ call, with: leg }: Parameters<CallOperations['pickUp']>[0]): Operated {
    return this.come(leg, call, { is: 'answer' });
  }

  supervise({ call: id, party, mode, with: leg }: Parameters<CallOperations['supervise']>[0]): Operated {
    const call = this.#board.calls.get(id);
    const as: ArrivalAs = { is: 'observer', of: party, mode };
    if (call?.state.at !== 'talking' || !call.state.observers.some((one) => one.leg === leg)) return this.come(leg, id, as);
    const problem = place(call, as);
    if (problem !== null) return problem;
    this.#board.do(() => call.take({ type: 'supervise', leg, of: party, mode }));
    return { ok: true };
  }

  /** `leg` leaves its call, and is in that one. */
  come(leg: LegId, id: CallId, as: ArrivalAs): Operated {
    const checked = (): { readonly ok: true; readonly from: RunningCall; readonly to: RunningCall } | OperationRefusal => {
      const from = comer(this.#board, leg);
      if (!from.ok) return from;
      const to = this.#board.calls.get(id);
      if (to === undefined) return refusal('noSuchCall', `there is no call ${id}`);
      if (to === from.call) return refusal('wrongState', 'it is in this call already');
      return place(to, as) ?? { ok: true, from: from.call, to };
    };
    const now = checked();
    if (!now.ok) return now;
    this.#board.do(() => {
      const then = checked();
      if (then.ok) goOver({ from: then.from, legs: [leg], to: then.to, as }, this.#board.surroundings);
    });
    return { ok: true };
  }

  /** For which a call was begun: @returns false when there it cannot be (any more) */
  goesInto(call: RunningCall, leg: LegId): boolean {
    const into = call.log.state.goesInto;
    const to = into === undefined ? undefined : this.#board.calls.get(into.call);
    if (into === undefined || to === undefined || place(to, into.as) !== null) return false;
    return goOver({ from: call, legs: [leg], to, as: into.as }, this.#board.surroundings).length > 0;
  }

  merge(id: CallId, otherId: CallId, own?: readonly [LegId, LegId]): Operated {
    const checked = () => {
      const [call, other] = [this.#board.calls.get(id), this.#board.calls.get(otherId)];
      if (call === undefined || other === undefined || call === other) return refusal('noSuchCall', `there are no two calls ${id} and ${otherId}`);
      if (call.isEmergency || other.isEmergency) return refusal('emergency', 'a call for help is left as it is');
      if (call.state.at !== 'talking' || other.state.at !== 'talking') return refusal('wrongState', 'not both of them talk');
      return { ok: true, call, other, legs: other.state.parties.filter((leg) => leg !== own?.[1] && (own !== undefined || !isSameTelephone(call, other, leg))) } as const;
    };
    const now = checked();
    if (!now.ok) return now;
    this.#board.do(() => {
      const then = checked();
      if (!then.ok) return;
      const { call, other, legs } = then;
      goOver({ from: other, legs, to: call, as: { is: 'party' } }, this.#board.surroundings);
      if (own !== undefined) call.take({ type: 'hold', leg: own[0], isHeld: false });
      call.touch(() => call.news.publish({ type: 'call.merged', other: otherId }));
    });
    return { ok: true };
  }
}

/** Null: it can come as that. */
export function place(to: RunningCall, as: ArrivalAs): OperationRefusal | null {
  if (to.isEmergency) return refusal('emergency', 'a call for help is left as it is');
  const { state } = to;
  switch (as.is) {
    case 'answer':
      return state.at === 'setup' && state.rung.length > 0 ? null : refusal('wrongState', 'it does not ring');
    case 'inPlaceOf':
      if (state.at === 'setup') return state.rung.includes(as.leg) || (state.caller.leg === as.leg && state.caller.told !== 'nothing') ? null : refusal('noSuchLeg', `${as.leg} does not ring`);
      return state.at === 'talking' && state.parties.includes(as.leg) ? null : refusal('noSuchLeg', `${as.leg} does not talk`);
    case 'party':
      return state.at === 'talking' || (state.at === 'waiting' && state.why.is !== 'move') ? null : refusal('wrongState', 'nobody talks or waits there');
    case 'observer':
      return state.at === 'talking' && state.parties.includes(as.of) ? null : refusal('wrongState', 'who is to be supervised does not talk');
  }
}

/** A telephone with two calls holds one of them. */
function isSameTelephone(call: RunningCall, other: RunningCall, leg: LegId): boolean {
  const [here, there] = [call.state, other.state];
  if (here.at !== 'talking' || there.at !== 'talking') return false;
  const endpoint = other.log.leg(leg)?.endpoint;
  const holds = (state: typeof here, one: LegId) => state.held.includes(one) || state.heldHere.includes(one);
  return here.parties.some((one) => call.log.leg(one)?.endpoint === endpoint && (holds(here, one) || holds(there, leg)));
}
