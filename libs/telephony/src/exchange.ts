import type { Timers } from '@tipring/clock';
import type { Cause } from './cause.ts';
import { adopted, offered, originated } from './call-beginning.ts';
import { parseBlob } from './call-blob.ts';
import type { CallControl, CallEvent, CallListener, CallView, OriginateRequest } from './call-control.ts';
import type { ArrivalAs, Operated, ParkedCall, Transfer, TransferId } from './call-operations.ts';
import { CallDesk } from './call-desk.ts';
import { emptyLog } from './call-log.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import type { Offer } from './endpoint.ts';
import type { ExchangePorts, ExchangeSettings, HeldContext } from './exchange-ports.ts';
import type { ContextId } from './media.ts';
import type { LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';
import type { CallId } from './record.ts';
import { RunningCall } from './running-call.ts';
import type { Switchboard } from './switchboard.ts';
import { Turn } from './turn.ts';
import { place } from './comers.ts';

/** All calls of this controller. Every attempt offered or originated makes exactly one record. */
export class Exchange implements CallControl {
  readonly #calls = new Map<CallId, RunningCall>();
  readonly #listeners = new Set<CallListener>();
  readonly #surroundings: CallSurroundings;
  readonly #desk: CallDesk;
  readonly #turn = new Turn();
  /** Those who wait for the last call to end. Not undefined: draining. */
  #drained: (() => void)[] | undefined;

  constructor(ports: ExchangePorts, timers: Timers, settings: ExchangeSettings) {
    const listeners = this.#listeners;
    const desk = (): CallDesk => this.#desk;
    this.#surroundings = {
      ports,
      timers,
      settings,
      turn: this.#turn,
      get between() {
        return desk();
      },
      get observed() {
        return listeners.size > 0;
      },
      publish: (event) => this.#publish(event),
      ended: (id) => this.#ended(id),
    };
    this.#desk = new CallDesk(this.#board());
    ports.media.onRecorded = (recorded) => {
      const call = this.#calls.get(recorded.context);
      call?.touch(() => call.recording.recorded(recorded));
    };
  }

  get size(): number {
    return this.#calls.size;
  }

  /** An arriving call. It is accepted before this returns, whatever becomes of it. */
  offer(offer: Offer): CallId {
    const call = this.#begin(offer.from, offer.number);
    offered(call, offer, this.#surroundings, this.#refusal(), this.#goesInto(offer));
    return call.id;
  }

  originate(request: OriginateRequest): CallId {
    const call = this.#begin(request.party, request.to);
    originated(call, request, this.#surroundings, this.#refusal());
    return call.id;
  }

  hangUp(id: CallId, cause: Cause = 'normalClearing'): boolean {
    const call = this.#calls.get(id);
    call?.hangUp({ cause, evidence: { kind: 'api', text: call.isEmergency ? 'an emergency call, hung up through the API' : 'hung up through the API' } });
    return call !== undefined;
  }

  hold(id: CallId, leg: LegId): Operated {
    return this.#desk.ofParty(id, leg, (call) => call.take({ type: 'hold', leg, isHeld: true }));
  }

  resume(id: CallId, leg: LegId): Operated {
    return this.#desk.ofParty(id, leg, (call) => call.take({ type: 'hold', leg, isHeld: false }));
  }

  mute(id: CallId, leg: LegId, isMuted: boolean): Operated {
    return this.#desk.ofParty(id, leg, (call) => call.take({ type: 'mute', leg, isMuted }));
  }

  sendDigits(id: CallId, leg: LegId, digits: string): Operated {
    return this.#desk.ofParty(id, leg, (call) => call.touch(() => {
      for (const digit of digits) call.send(leg, { type: 'sendDigit', digit, durationMs: DIGIT_MS });
    }));
  }

  transfer(request: Parameters<CallControl['transfer']>[0]): Operated<{ readonly transfer: Transfer }> {
    return this.#desk.transfers.begin(request);
  }

  transfers(): readonly Transfer[] {
    return this.#desk.transfers.list();
  }

  transferOf(id: TransferId): Transfer | undefined {
    return this.#desk.transfers.find(id);
  }

  completeTransfer(id: TransferId): Operated {
    return this.#desk.consultations.complete(id);
  }

  cancelTransfer(id: TransferId): Operated {
    return this.#desk.consultations.cancel(id);
  }

  swapTransfer(id: TransferId): Operated {
    return this.#desk.consultations.swap(id);
  }

  park(request: Parameters<CallControl['park']>[0]): Operated<{ readonly slot: string }> {
    return this.#desk.parking.park(request);
  }

  parked(): readonly ParkedCall[] {
    return this.#desk.parking.list();
  }

  retrieve(request: Parameters<CallControl['retrieve']>[0]): Operated {
    return this.#desk.parking.retrieve(request);
  }

  pickUp(request: Parameters<CallControl['pickUp']>[0]): Operated {
    return this.#desk.comers.pickUp(request);
  }

  merge(id: CallId, other: CallId): Operated {
    return this.#desk.comers.merge(id, other);
  }

  supervise(request: Parameters<CallControl['supervise']>[0]): Operated {
    return this.#desk.comers.supervise(request);
  }

  redirect(id: CallId, number: string): Operated {
    return this.#desk.redirect(id, number);
  }

  record(id: CallId, what: 'start' | 'pause' | 'resume' | 'stop'): Operated {
    return this.#desk.record(id, what);
  }

  callerLeg(id: CallId): LegId | undefined {
    return this.#calls.get(id)?.log.state.legs.find(({ role, state }) => role === 'caller' && state !== 'released')?.id;
  }

  calls(): readonly CallView[] {
    return Array.from(this.#calls.values(), (call) => call.view());
  }

  call(id: CallId): CallView | undefined {
    return this.#calls.get(id)?.view();
  }

  observe(listener: CallListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes back what the gateway held while this process was away; once, before the first offer. Calls that were up go
   * on; calls that were being set up are released and recorded; a context that cannot be read is released.
   */
  adopt(held: readonly HeldContext[]): void {
    for (const { context, blob } of held) {
      if (this.#calls.has(context)) continue;
      const parsed = blob === null ? undefined : parseBlob(blob);
      if (parsed === undefined || parsed.log.id !== context) {
        this.#surroundings.ports.media.release(context, () => {});
        continue;
      }
      const call = new RunningCall(parsed.log, this.#surroundings);
      this.#calls.set(call.id, call);
      adopted(call, parsed, this.#surroundings);
    }
    this.#desk.consultations.adopted();
  }

  /**
   * A gateway came up again and has these contexts: calls whose context is not among them make their media again;
   * contexts of calls that ended meanwhile are released.
   */
  gatewayReturned(present: readonly ContextId[]): void {
    const there = new Set(present);
    for (const context of there) if (!this.#calls.has(context)) this.#surroundings.ports.media.release(context, () => {});
    for (const call of [...this.#calls.values()]) if (!there.has(call.id)) call.mediaLost();
  }

  /**
   * From now on every offer is refused (congestion) but for emergency calls, and all others end. Resolves when none is left. Emergency calls go on:
   * the gateway keeps them when this process ends before they do, and the next takes them back.
   */
  drain(): Promise<void> {
    const waiting = (this.#drained ??= []);
    for (const call of [...this.#calls.values()]) if (!call.isEmergency) call.hangUp({ cause: 'normalClearing', evidence: { kind: 'drain', text: 'the PBX is shutting down' } });
    return new Promise((resolve) => {
      waiting.push(resolve);
      this.#tellDrained();
    });
  }

  #begin(from: Offer['from'], to: string): RunningCall {
    const { settings } = this.#surroundings;
    const call = new RunningCall(emptyLog(settings.newId(), settings.wallClock(), from, to), this.#surroundings);
    this.#calls.set(call.id, call);
    return call;
  }

  #board(): Switchboard {
    return {
      calls: this.#calls,
      surroundings: this.#surroundings,
      begin: (from, to) => this.#begin(from, to),
      forget: (call) => this.#calls.delete(call.id),
      callOf: (leg) => this.#callOf(leg),
      do: (operation) => this.#turn.then(() => {
        try {
          operation();
        } catch (error) {
          this.#surroundings.settings.bug({ call: null, error, last: [] });
        }
      }),
    };
  }

  #callOf(leg: LegId): RunningCall | undefined {
    const call = this.#calls.get(leg.slice(0, leg.lastIndexOf('.')));
    const logged = call?.log.leg(leg);
    return logged === undefined || logged.state === 'released' ? undefined : call;
  }

  /** Undefined: it is an ordinary call. Null: what it is to replace cannot be. */
  #goesInto({ replaces }: Offer): { readonly call: CallId; readonly as: ArrivalAs } | null | undefined {
    if (replaces === undefined) return undefined;
    const call = this.#callOf(replaces);
    const as: ArrivalAs = { is: 'inPlaceOf', leg: replaces };
    return call === undefined || this.#drained !== undefined || place(call, as) !== null ? null : { call: call.id, as };
  }

  #refusal(): Outcome | null {
    return this.#drained === undefined ? null : { cause: 'congestion', evidence: { kind: 'drain', text: 'the PBX is shutting down' } };
  }

  #ended(id: CallId): void {
    this.#calls.delete(id);
    this.#tellDrained();
  }

  #tellDrained(): void {
    if (this.#calls.size > 0) return;
    for (const resolve of this.#drained?.splice(0) ?? []) resolve();
  }

  #publish(event: CallEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#surroundings.settings.bug({ call: event.call.id, error, last: [] });
      }
    }
  }
}

const DIGIT_MS = 100;
