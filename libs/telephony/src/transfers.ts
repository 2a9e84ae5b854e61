import { begunFor } from './call-beginning.ts';
import type { LoggedLeg } from './call-log.ts';
import type { CallOperations, Operated, Transfer, TransferId } from './call-operations.ts';
import { goOver, mediaOf } from './leg-moves.ts';
import type { LegId, Party, TransferTarget } from './leg.ts';
import type { Outcome } from './outcome.ts';
import { refusal, type Switchboard, twoWhoTalk, type Two } from './switchboard.ts';
import type { CallId } from './record.ts';
import type { Attempt } from './route.ts';
import type { RunningCall } from './running-call.ts';

type Asked = Parameters<CallOperations['transfer']>[0];

/** Transfers, whoever asks for them. What is known of one lives with the call of who is transferred; of those that are over the latest are remembered here. */
export class Transfers {
  readonly #board: Switchboard;
  readonly #over: Transfer[] = [];
  #made = 0;

  constructor(board: Switchboard) {
    this.#board = board;
  }

  list(): readonly Transfer[] {
    return [...this.#over, ...this.#live()];
  }

  find(id: TransferId): Transfer | undefined {
    return this.#live().find((transfer) => transfer.id === id) ?? this.#over.find((transfer) => transfer.id === id);
  }

  /** A transfer of this call is over, or its call is. */
  remember(transfer: Transfer): void {
    const known = this.#over.findIndex(({ id }) => id === transfer.id);
    if (known >= 0) this.#over.splice(known, 1);
    this.#over.push(transfer);
    if (this.#over.length > REMEMBERED) this.#over.shift();
  }

  begin({ call: id, leg, to, kind }: Asked): Operated<{ readonly transfer: Transfer }> {
    const two = twoWhoTalk(this.#board, id, leg);
    if (!two.ok) return two;
    if ('call' in to) return this.toCall(two, to.call, undefined);
    return kind === 'blind' ? this.#blind(two, { type: 'number', number: to.number }, false) : this.#consult(two, to.number);
  }

  /** By a leg's own signalling. */
  requested(id: CallId, leg: LegId, to: TransferTarget, isFinal: boolean): Operated {
    const two = twoWhoTalk(this.#board, id, leg);
    if (!two.ok) return two;
    if (to.type !== 'leg') return this.#blind(two, to, isFinal);
    const other = this.#board.callOf(to.leg);
    return other === undefined ? refusal('noSuchLeg', `there is no leg ${to.leg}`) : this.toCall(two, other.id, to.leg);
  }

  #blind({ call, by, other }: Two, to: Exclude<TransferTarget, { type: 'leg' }>, isFinal: boolean): Operated<{ readonly transfer: Transfer }> {
    const [transferor, stays] = [call.log.leg(by), call.log.leg(other)];
    if (transferor === undefined || stays === undefined) return refusal('noSuchLeg', `there is no leg ${by}`);
    if (call.log.state.attempts.length >= MOST_ATTEMPTS) return { ...refusal('refused', 'sent on too often: it goes in a circle'), cause: 'noRouteToDestination' };
    const number = to.type === 'number' ? to.number : '';
    const { outcome, follow } = call.dialler.resolve({ endpoint: transferor.endpoint, from: transferor.party, number, shown: stays.party, connects: stays.endpoint, ...(to.type === 'destination' ? { destination: to.destination } : {}) });
    if (!outcome.ok) return { ...refusal('refused', outcome.evidence.text), cause: outcome.cause };
    if (outcome.route.emergency !== undefined) return refusal('emergency', 'nobody is transferred to an emergency number');
    const transfer = this.#new(call, by, { number }, 'blind', 'ringing');
    const recall = isFinal ? null : recallOf(transferor, stays.party);
    const media = mediaOf(call, other, this.#board.surroundings.settings.media);
    this.#board.do(() => {
      if (!twoWhoTalk(this.#board, call.id, by).ok) return;
      this.#start(call, transfer);
      call.take({ type: 'sentOn', stays: other, media, by, route: follow(), recall });
    });
    return { ok: true, transfer };
  }

  /** The other side goes into the call in which another leg of the transferor's telephone is (`as`; undefined: it is looked for). */
  toCall({ call, by, other }: Two, id: CallId, as: LegId | undefined): Operated<{ readonly transfer: Transfer }> {
    const into = this.#board.calls.get(id);
    if (into === undefined || into === call) return refusal('noSuchCall', `there is no other call ${id}`);
    if (into.isEmergency) return refusal('emergency', 'nobody is transferred into an emergency call');
    const place = replaceable(into, as ?? sameTelephone(call, by, into));
    if (place === undefined) return refusal('wrongState', `in call ${id} the transferor does not talk, and waits for nobody`);
    const isRinging = into.state.at === 'setup';
    const transfer = this.#new(call, by, { call: id }, 'attended', isRinging ? 'ringing' : 'completed', id);
    this.#board.do(() => {
      if (!twoWhoTalk(this.#board, call.id, by).ok || replaceable(into, place) === undefined) {
        call.touch(() => call.send(by, { type: 'transfer', is: 'failed', cause: 'normalClearing' }));
        return;
      }
      call.touch(() => call.send(by, { type: 'transfer', is: 'done' }));
      if (isRinging) this.#start(into, transfer);
      else {
        this.remember(transfer);
        call.touch(() => call.news.publish({ type: 'call.transferred', transfer }));
      }
      const recall = isRinging ? recallOf(call.log.leg(by), call.log.leg(other)?.party) : null;
      goOver({ from: call, legs: [other], to: into, as: { is: 'inPlaceOf', leg: place }, ...(recall === null ? {} : { recall }) }, this.#board.surroundings);
    });
    return { ok: true, transfer };
  }

  #consult({ call, by, other }: Two, number: string): Operated<{ readonly transfer: Transfer }> {
    const [transferor, waits] = [call.log.leg(by), call.log.leg(other)];
    if (transferor === undefined || waits === undefined) return refusal('noSuchLeg', `there is no leg ${by}`);
    const board = this.#board;
    const into = board.begin(transferor.party, number);
    const { outcome, follow } = into.dialler.resolve({ endpoint: transferor.endpoint, from: transferor.party, number });
    if (!outcome.ok || outcome.route.emergency !== undefined) {
      board.forget(into);
      return outcome.ok ? refusal('emergency', 'nobody is consulted at an emergency number') : refusal('refused', outcome.evidence.text);
    }
    const transfer = this.#new(call, by, { number }, 'attended', 'ringing', into.id);
    const media = mediaOf(call, other, board.surroundings.settings.media);
    const recall = recallOf(transferor, waits.party);
    board.do(() => {
      begunFor(into, transferor, board.surroundings);
      if (!twoWhoTalk(board, call.id, by).ok) return into.hangUp(nobodyToConsultFor);
      this.#start(call, transfer);
      into.log.state.consults = call.id;
      const leaves = { type: 'left', leg: other, why: { is: 'consultation' }, ms: null, then: recall === null ? null : { attempts: [recall], media } } as const;
      call.dialler.dial({ endpoint: transferor.endpoint, from: transferor.party, number: transferor.party.number, shown: waits.party });
      const route = follow();
      const moved = goOver({ from: call, legs: [by], to: into, as: { is: 'party' }, returns: true, leaves, arrives: (arrival) => ({ type: 'consults', arrival, route }) }, board.surroundings);
      if (moved.length === 0) into.hangUp(nobodyToConsultFor);
    });
    return { ok: true, transfer };
  }

  #new(call: RunningCall, by: LegId, to: Transfer['to'], kind: Transfer['kind'], state: Transfer['state'], consultation: CallId | null = null): Transfer {
    const at = this.#board.surroundings.settings.wallClock();
    return { id: `${call.id}.${by}.${at}.${++this.#made}`, call: call.id, by, to, kind, state, consultation, cause: null, startedAt: at, endedAt: state === 'completed' ? at : null };
  }

  /** It lives with this call from now on. */
  #start(call: RunningCall, transfer: Transfer): void {
    call.touch(() => {
      call.log.state.transfer = transfer;
      call.news.publish({ type: 'call.transferred', transfer });
    });
  }

  #live(): Transfer[] {
    const live: Transfer[] = [];
    for (const { log } of this.#board.calls.values()) if (log.state.transfer?.endedAt === null) live.push(log.state.transfer);
    return live;
  }
}

/** Who transferred is called back, and sees who it is. */
export function recallOf(transferor: LoggedLeg | undefined, shown: Party | undefined): Attempt | null {
  if (transferor === undefined || shown === undefined) return null;
  return { endpoints: [transferor.endpoint], number: transferor.party.number, from: shown, name: 'recall', timeoutMs: RECALL_MS };
}

/** In whose place somebody may come: of a caller who waits for an answer, or of one who talks. */
function replaceable({ state }: RunningCall, leg: LegId | undefined): LegId | undefined {
  if (leg === undefined) return undefined;
  if (state.at === 'setup') return state.caller.leg === leg && state.caller.told !== 'nothing' ? leg : undefined;
  return state.at === 'talking' && state.parties.includes(leg) ? leg : undefined;
}

/** The leg of the same telephone in another call. */
function sameTelephone(call: RunningCall, by: LegId, into: RunningCall): LegId | undefined {
  const endpoint = call.log.leg(by)?.endpoint;
  return into.log.state.legs.find((leg) => leg.endpoint === endpoint && replaceable(into, leg.id) !== undefined)?.id;
}

const nobodyToConsultFor: Outcome = { cause: 'normalClearing', evidence: { kind: 'transfer', text: 'the call of which somebody was to be consulted is over' } };
const RECALL_MS = 30_000;
const REMEMBERED = 200;
/** Two full queues that overflow into each other, a menu that leads to itself: nobody else ends that, and each round is kept. */
const MOST_ATTEMPTS = 200;
