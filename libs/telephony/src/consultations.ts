import type { Operated, Transfer, TransferId } from './call-operations.ts';
import type { Cause } from './cause.ts';
import type { CallInput } from './call-inputs.ts';
import { consulterIn } from './call-parties.ts';
import { goOver, mediaOf, wentOn } from './leg-moves.ts';
import type { LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';
import type { CallId } from './record.ts';
import { refusal, type Switchboard } from './switchboard.ts';
import type { RunningCall } from './running-call.ts';
import { recallOf, type Transfers } from './transfers.ts';

/**
 * A transfer for which the transferor's own leg goes over to whom it consults. `present`: the call in which it is now; `waiting`: the one whose other side
 * waits for it.
 */
interface Consultation {
  readonly transfer: Transfer;
  /** The transferee's call. */
  readonly call: RunningCall;
  /** The target's. */
  readonly target: RunningCall;
  readonly present: RunningCall;
  readonly waiting: RunningCall;
  readonly consulter: LegId;
}

/** Completes, cancels and swaps transfers, by the API or since somebody has hung up. */
export class Consultations {
  readonly #board: Switchboard;
  readonly #transfers: Transfers;

  constructor(board: Switchboard, transfers: Transfers) {
    this.#board = board;
    this.#transfers = transfers;
  }

  complete(id: TransferId): Operated {
    return this.#with(id, (consultation) => this.#complete(consultation));
  }

  cancel(id: TransferId): Operated {
    const transfer = this.#transfers.find(id);
    const call = transfer === undefined ? undefined : this.#board.calls.get(transfer.call);
    if (call?.state.at === 'setup' && call.log.state.transfer?.id === id) {
      if (call.state.sentOn?.back === null) return refusal('wrongState', 'who transferred has been let go');
      this.#board.do(() => call.take({ type: 'calledOff' }));
      return { ok: true };
    }
    return this.#with(id, ({ call: home, target, present, waiting, consulter }) => {
      if (present === target) goOver({ from: target, legs: [consulter], to: home, as: { is: 'party' } }, this.#board.surroundings);
      else waiting.hangUp({ cause: 'normalClearing', evidence: { kind: 'transfer', text: 'who was consulted is not wanted any more' } });
      home.touch(() => home.transferred('cancelled', null));
    });
  }

  swap(id: TransferId): Operated {
    const found = this.#find(id);
    if (found === undefined) return refusal('wrongState', 'nobody is consulted by this transfer');
    if (found.present.state.at !== 'talking' || found.present.state.parties.length !== 2) return refusal('wrongState', 'who is consulted has not answered');
    return this.#with(id, ({ present, waiting, consulter }) => {
      const left = present.state.at === 'talking' ? present.state.parties.find((leg) => leg !== consulter) : undefined;
      if (left === undefined) return;
      const { surroundings } = this.#board;
      const recall = recallOf(present.log.leg(consulter), present.log.leg(left)?.party);
      const then = recall === null ? null : { attempts: [recall], media: mediaOf(present, left, surroundings.settings.media) };
      const [consulting, others] = [present.log.leg(consulter), present.log.leg(left)];
      if (consulting !== undefined && others !== undefined) present.dialler.dial({ endpoint: consulting.endpoint, from: consulting.party, number: consulting.party.number, shown: others.party });
      const leaves: CallInput = { type: 'left', leg: left, why: { is: 'consultation' }, ms: null, then };
      goOver({ from: present, legs: [consulter], to: waiting, as: { is: 'party' }, returns: true, leaves }, surroundings);
    });
  }

  /** See BetweenCalls.movesOn. */
  movesOn(id: CallId, leg: LegId, outcome: Outcome): void {
    const call = this.#board.calls.get(id);
    if (call === undefined) return;
    const found = this.#of(call);
    if (found === undefined || found.present !== call || found.consulter !== leg) return call.hangUp(outcome);
    goOver({ from: call, legs: [leg], to: found.waiting, as: { is: 'party' } }, this.#board.surroundings);
    found.call.touch(() => found.call.transferred('failed', outcome.cause));
  }

  /** See BetweenCalls.consulterGone: hanging up is to complete it. */
  consulterGone(id: CallId, leg: LegId): void {
    const call = this.#board.calls.get(id);
    const found = call === undefined ? undefined : this.#of(call);
    if (found !== undefined && found.present === call && found.consulter === leg) this.#complete(found);
  }

  consulted(id: CallId): void {
    const home = this.#board.calls.get(this.#board.calls.get(id)?.log.state.consults ?? '');
    if (home?.log.state.transfer?.consultation === id) home.touch(() => home.transferred('consulting', null));
  }

  /** Who consulted somebody in the other call is not there any more: who waits for it in this one is not forgotten. */
  consulterLeft(id: CallId): void {
    const call = this.#board.calls.get(id);
    if (call !== undefined) this.#remember(call, 'normalClearing');
  }

  /** After a restart, too. */
  adopted(): void {
    for (const call of [...this.#board.calls.values()]) this.#remember(call, 'temporaryFailure');
  }

  #remember(call: RunningCall, cause: Cause): void {
    if (call.state.at !== 'waiting' || call.state.why.is !== 'consultation' || this.#of(call) !== undefined) return;
    call.touch(() => call.transferred('failed', cause));
    call.take({ type: 'forgotten' });
  }

  #complete({ transfer, call, target, present, waiting, consulter }: Consultation): void {
    const { surroundings } = this.#board;
    if (present === target) {
      if (waiting.state.at !== 'waiting') return;
      const other = waiting.state.leg;
      if (target.state.at === 'setup') {
        // It goes on with the target's call, and is completed when that is answered.
        target.touch(() => (target.log.state.transfer = transfer));
        delete waiting.log.state.transfer;
        const recall = recallOf(target.log.leg(consulter), waiting.log.leg(other)?.party);
        goOver({ from: waiting, legs: [other], to: target, as: { is: 'inPlaceOf', leg: consulter }, ...(recall === null ? {} : { recall }) }, surroundings);
      } else {
        call.touch(() => call.transferred('completed', null));
        goOver({ from: waiting, legs: [other], to: target, as: { is: 'inPlaceOf', leg: consulter } }, surroundings);
      }
      delete target.log.state.consults;
      return;
    }
    if (call.state.at !== 'talking') return;
    const other = call.state.parties.find((leg) => leg !== consulter);
    if (other === undefined) return;
    call.touch(() => call.transferred('completed', null));
    delete target.log.state.consults;
    goOver({ from: call, legs: [other], to: target, as: { is: 'party' }, leaves: { type: 'departed', legs: [other], outcome: wentOn(target), isFinal: true } }, surroundings);
  }

  #with(id: TransferId, operation: (consultation: Consultation) => void): Operated {
    if (this.#transfers.find(id) === undefined) return refusal('noSuchCall', `there is no transfer ${id}`);
    if (this.#find(id) === undefined) return refusal('wrongState', 'nobody is consulted by this transfer');
    this.#board.do(() => {
      const consultation = this.#find(id);
      if (consultation !== undefined) operation(consultation);
    });
    return { ok: true };
  }

  #find(id: TransferId): Consultation | undefined {
    const transfer = this.#transfers.find(id);
    const call = transfer === undefined ? undefined : this.#board.calls.get(transfer.call);
    return call?.log.state.transfer?.id === id ? this.#of(call) : undefined;
  }

  /** Of which this call is one of the two; undefined: none. */
  #of(one: RunningCall): Consultation | undefined {
    const { calls } = this.#board;
    const call = one.log.state.consults === undefined ? one : calls.get(one.log.state.consults);
    const transfer = call?.log.state.transfer;
    const target = calls.get(transfer?.consultation ?? '');
    if (call === undefined || target === undefined || transfer === undefined || transfer.endedAt !== null || target.log.state.consults !== call.id) return undefined;
    for (const [present, waiting] of [[target, call], [call, target]] as const) {
      const consulter = consulterIn(present.state);
      if (consulter !== null && waiting.state.at === 'waiting' && waiting.state.why.is === 'consultation') return { transfer, call, target, present, waiting, consulter };
    }
    return undefined;
  }
}
