import type { CallOperations, Operated, ParkedCall } from './call-operations.ts';
import { goOver, mediaOf } from './leg-moves.ts';
import { comer } from './comers.ts';
import type { ParkingLot } from './exchange-ports.ts';
import type { LoggedLeg } from './call-log.ts';
import type { RunningCall } from './running-call.ts';
import { refusal, type Switchboard, twoWhoTalk } from './switchboard.ts';
import { type Cause, q850 } from './cause.ts';
import type { Attempt } from './route.ts';

/** Who waits in which slot. Calls know it themselves; what is asked for within an input is reserved until it is done. */
export class Parking {
  readonly #board: Switchboard;
  readonly #reserved = new Set<string>();

  constructor(board: Switchboard) {
    this.#board = board;
  }

  list(): readonly ParkedCall[] {
    const parked: ParkedCall[] = [];
    for (const { id, state, log } of this.#board.calls.values()) {
      if (state.at !== 'waiting' || state.why.is !== 'slot') continue;
      const { lot, slot, by } = state.why;
      parked.push({ lot, slot, by, call: id, since: log.state.segments.at(-1)?.startedAt ?? log.state.startedAt });
    }
    return parked;
  }

  park({ call: id, leg, lot: name, slot: wanted }: Parameters<CallOperations['park']>[0]): Operated<{ readonly slot: string }> {
    const { surroundings } = this.#board;
    const two = twoWhoTalk(this.#board, id, leg);
    if (!two.ok) return two;
    const lot = surroundings.ports.lots?.lot(name);
    if (lot === undefined) return refusal('refused', `there is no parking lot ${name}`);
    const taken = new Set(this.list().map((parked) => `${parked.lot}/${parked.slot}`));
    const isFree = (slot: string) => !taken.has(`${name}/${slot}`) && !this.#reserved.has(`${name}/${slot}`);
    if (wanted !== undefined && !lot.slots.includes(wanted)) return refusal('refused', `lot ${name} has no slot ${wanted}`);
    const slot = wanted === undefined ? lot.slots.find(isFree) : isFree(wanted) ? wanted : undefined;
    if (slot === undefined) return refusal('refused', wanted === undefined ? `lot ${name} is full` : `slot ${wanted} is taken`);
    const { call, by, other } = two;
    const [parker, stays] = [call.log.leg(by), call.log.leg(other)];
    if (parker === undefined || stays === undefined) return refusal('noSuchLeg', `there is no leg ${leg}`);
    this.#reserved.add(`${name}/${slot}`);
    this.#board.do(() => {
      this.#reserved.delete(`${name}/${slot}`);
      if (!twoWhoTalk(this.#board, call.id, by).ok) return;
      const back: Attempt = { endpoints: [parker.endpoint], number: parker.party.number, from: stays.party, name: 'recall', timeoutMs: lot.returnMs };
      const attempts = [back, ...this.#fallback(call, parker.endpoint, lot.fallback, stays)];
      const media = mediaOf(call, other, surroundings.settings.media);
      call.dialler.dial({ endpoint: parker.endpoint, from: parker.party, number: parker.party.number, shown: stays.party });
      call.take({ type: 'left', leg: other, why: { is: 'slot', lot: name, slot, by: parker.endpoint, music: lot.music }, ms: lot.timeoutMs, then: { attempts, media } });
      call.touch(() => call.news.publish({ type: 'call.parked', lot: name, slot, by: parker.endpoint }));
    });
    return { ok: true, slot };
  }

  retrieve({ lot, slot, with: leg }: Parameters<CallOperations['retrieve']>[0]): Operated {
    const from = comer(this.#board, leg);
    if (!from.ok) return from;
    const found = this.#in(lot, slot);
    if (found === undefined) return refusal('refused', `nobody waits in slot ${slot} of lot ${lot}`);
    if (found === from.call) return refusal('wrongState', 'who waits cannot retrieve itself');
    this.#board.do(() => {
      const [parked, again] = [this.#in(lot, slot), comer(this.#board, leg)];
      if (parked !== undefined && again.ok && again.call !== parked) goOver({ from: again.call, legs: [leg], to: parked, as: { is: 'party' } }, this.#board.surroundings);
    });
    return { ok: true };
  }

  #in(lot: string, slot: string): RunningCall | undefined {
    const parked = this.list().find((one) => one.lot === lot && one.slot === slot);
    return parked === undefined ? undefined : this.#board.calls.get(parked.call);
  }

  /** Whatever the former came to, these are called. */
  #fallback(call: RunningCall, endpoint: string, to: ParkingLot['fallback'], stays: LoggedLeg): readonly Attempt[] {
    if (to === null) return [];
    const outcome = this.#board.surroundings.ports.routes.resolve({ call: call.id, endpoint, from: stays.party, connects: stays.endpoint, ...('number' in to ? to : { number: '', destination: to.destination }) });
    if (!outcome.ok || outcome.route.emergency !== undefined) return [];
    const [first, ...further] = outcome.route.attempts;
    return first === undefined ? [] : [{ ...first, on: everyCause }, ...further];
  }
}

const everyCause = Object.keys(q850) as readonly Cause[];
