import type { CallOperations, Operated } from './call-operations.ts';
import type { BetweenCalls } from './call-surroundings.ts';
import { callState } from './call-state.ts';
import { Comers } from './comers.ts';
import { Consultations } from './consultations.ts';
import { mediaOf } from './leg-moves.ts';
import type { LegEvent, LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';
import { Parking } from './parking.ts';
import type { CallId } from './record.ts';
import type { RunningCall } from './running-call.ts';
import { refusal, type Switchboard } from './switchboard.ts';
import { Transfers } from './transfers.ts';

/** What can be done with calls that are up, whoever wants it, and what they cannot do alone. */
export class CallDesk implements BetweenCalls {
  readonly transfers: Transfers;
  readonly consultations: Consultations;
  readonly parking: Parking;
  readonly comers: Comers;
  readonly #board: Switchboard;

  constructor(board: Switchboard) {
    this.#board = board;
    this.transfers = new Transfers(board);
    this.consultations = new Consultations(board, this.transfers);
    this.parking = new Parking(board);
    this.comers = new Comers(board);
  }

  requested(id: CallId, leg: LegId, event: Extract<LegEvent, { type: 'transferRequested' | 'mergeRequested' }>): void {
    this.#board.do(() => {
      const asked = event.type === 'transferRequested' ? this.transfers.requested(id, leg, event.to, event.isFinal === true) : this.#merge(id, leg, event.with);
      if (asked.ok) return;
      const call = this.#board.calls.get(id);
      call?.touch(() => {
        call.log.tell(this.#board.surroundings.settings.wallClock(), 'refused', asked.text, leg, { code: asked.code });
        if (event.type === 'transferRequested') call.send(leg, { type: 'transfer', is: 'failed', cause: asked.cause ?? 'notAllowed' });
      });
    });
  }

  movesOn(id: CallId, leg: LegId, outcome: Outcome): void {
    this.#board.do(() => {
      const call = this.#board.calls.get(id);
      if (call === undefined || call.state.at !== 'waiting') return;
      if (call.log.state.goesInto === undefined) this.consultations.movesOn(id, leg, outcome);
      else if (!this.comers.goesInto(call, leg)) call.hangUp(outcome);
    });
  }

  consulterGone(id: CallId, leg: LegId, then: () => void): void {
    this.#board.do(() => {
      this.consultations.consulterGone(id, leg);
      then();
    });
  }

  consulterLeft(id: CallId): void {
    this.#board.do(() => this.consultations.consulterLeft(id));
  }

  consulted(id: CallId): void {
    this.#board.do(() => this.consultations.consulted(id));
  }

  transferOver(transfer: Parameters<BetweenCalls['transferOver']>[0]): void {
    this.transfers.remember(transfer);
  }

  /** `leg` holds, or not, mutes …: what one call can do for one of its parties. */
  ofParty(id: CallId, leg: LegId, operation: (call: RunningCall) => void): Operated {
    const call = this.#board.calls.get(id);
    if (call === undefined) return refusal('noSuchCall', `there is no call ${id}`);
    if (call.isEmergency) return refusal('emergency', 'a call for help is left as it is');
    if (call.state.at !== 'talking') return refusal('wrongState', 'nobody talks in this call');
    if (!call.state.parties.includes(leg) && !call.state.observers.some((observer) => observer.leg === leg)) return refusal('noSuchLeg', `there is no party ${leg}`);
    this.#board.do(() => operation(call));
    return { ok: true };
  }

  record(id: CallId, what: Parameters<CallOperations['record']>[1]): Operated {
    const call = this.#board.calls.get(id);
    if (call === undefined) return refusal('noSuchCall', `there is no call ${id}`);
    if (call.isEmergency) return refusal('emergency', 'a call for help is left as it is');
    if (call.log.state.answeredAt === null) return refusal('wrongState', 'nobody has answered yet');
    if (call.log.state.recording === undefined && what !== 'start') return refusal('wrongState', 'it is not recorded');
    // Its context may be released already: what is added to that comes into being again, and nobody ends it.
    const isOver = (): boolean => callState(call.state) === 'releasing';
    if (isOver()) return refusal('wrongState', 'it is over');
    this.#board.do(() => (isOver() ? undefined : call.touch(() => void call.record(what))));
    return { ok: true };
  }

  redirect(id: CallId, number: string): Operated {
    const call = this.#board.calls.get(id);
    if (call === undefined) return refusal('noSuchCall', `there is no call ${id}`);
    if (call.isEmergency) return refusal('emergency', 'a call for help is left as it is');
    const stays = whoStays(call);
    const caller = stays === undefined ? undefined : call.log.leg(stays);
    if (stays === undefined || caller === undefined) return refusal('wrongState', 'nobody rings, and not exactly two talk');
    // As if it were dialled inside, also for who calls from outside.
    const { outcome, follow } = call.dialler.resolve({ endpoint: caller.endpoint, from: caller.party, number, destination: { type: 'number', number } });
    if (!outcome.ok) return refusal('refused', outcome.evidence.text);
    if (outcome.route.emergency !== undefined) return refusal('emergency', 'nobody is sent to an emergency number');
    const media = mediaOf(call, stays, this.#board.surroundings.settings.media);
    this.#board.do(() => {
      if (whoStays(call) === stays) call.take({ type: 'sentOn', stays, media, by: null, route: follow(), recall: null });
    });
    return { ok: true };
  }

  #merge(id: CallId, leg: LegId, own: LegId): Operated {
    const other = this.#board.callOf(own);
    return other === undefined ? refusal('noSuchLeg', `there is no leg ${own}`) : this.comers.merge(id, other.id, [leg, own]);
  }
}

/** Of who is called and who calls, the latter. */
function whoStays({ state, log }: RunningCall): LegId | undefined {
  if (state.at === 'setup') return state.sentOn?.back?.by === undefined ? state.caller.leg : undefined;
  if (state.at !== 'talking' || state.parties.length !== 2) return undefined;
  return state.parties.find((leg) => log.leg(leg)?.role === 'caller') ?? state.parties[0];
}
