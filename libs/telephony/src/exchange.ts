import type { Timers } from '@tipring/clock';
import type { Cause } from './cause.ts';
import { parseBlob } from './call-blob.ts';
import type { CallControl, CallEvent, CallListener, CallView, OriginateRequest } from './call-control.ts';
import type { OperationRefusal, ParkedCall, Transfer } from './call-operations.ts';
import { emptyLog } from './call-log.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import type { Offer } from './endpoint.ts';
import type { ExchangePorts, ExchangeSettings, HeldContext } from './exchange-ports.ts';
import type { ContextId } from './media.ts';
import type { LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';
import type { CallId } from './record.ts';
import { RunningCall } from './running-call.ts';

/** All calls of this controller. Every attempt offered or originated makes exactly one record. */
export class Exchange implements CallControl {
  readonly #calls = new Map<CallId, RunningCall>();
  readonly #listeners = new Set<CallListener>();
  readonly #surroundings: CallSurroundings;
  /** Those who wait for the last call to end. Not undefined: draining. */
  #drained: (() => void)[] | undefined;

  constructor(ports: ExchangePorts, timers: Timers, settings: ExchangeSettings) {
    const listeners = this.#listeners;
    this.#surroundings = {
      ports,
      timers,
      settings,
      get observed() {
        return listeners.size > 0;
      },
      publish: (event) => this.#publish(event),
      ended: (id) => this.#ended(id),
    };
  }

  get size(): number {
    return this.#calls.size;
  }

  /** An arriving call. It is accepted before this returns, whatever becomes of it. */
  offer(offer: Offer): CallId {
    const call = this.#begin(offer.from, offer.number);
    call.offered(offer, this.#refusal());
    return call.id;
  }

  originate(request: OriginateRequest): CallId {
    const call = this.#begin(request.party, request.to);
    call.originated(request, this.#refusal());
    return call.id;
  }

  hangUp(id: CallId, cause: Cause = 'normalClearing'): boolean {
    const call = this.#calls.get(id);
    call?.hangUp({ cause, evidence: { kind: 'api', text: call.isEmergency ? 'an emergency call, hung up through the API' : 'hung up through the API' } });
    return call !== undefined;
  }

  hold(): OperationRefusal {
    return refused;
  }

  resume(): OperationRefusal {
    return refused;
  }

  mute(): OperationRefusal {
    return refused;
  }

  sendDigits(): OperationRefusal {
    return refused;
  }

  transfer(): OperationRefusal {
    return refused;
  }

  completeTransfer(): OperationRefusal {
    return refused;
  }

  cancelTransfer(): OperationRefusal {
    return refused;
  }

  swapTransfer(): OperationRefusal {
    return refused;
  }

  park(): OperationRefusal {
    return refused;
  }

  retrieve(): OperationRefusal {
    return refused;
  }

  pickUp(): OperationRefusal {
    return refused;
  }

  redirect(): OperationRefusal {
    return refused;
  }

  merge(): OperationRefusal {
    return refused;
  }

  supervise(): OperationRefusal {
    return refused;
  }

  record(): OperationRefusal {
    return refused;
  }

  transfers(): readonly Transfer[] {
    return [];
  }

  transferOf(): undefined {
    return undefined;
  }

  parked(): readonly ParkedCall[] {
    return [];
  }

  callerLeg(id: CallId): LegId | undefined {
    return this.#calls.get(id)?.view().legs.find(({ role, state }) => role === 'caller' && state !== 'released')?.id;
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
      call.adopt(parsed);
    }
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

const refused: OperationRefusal = { ok: false, code: 'refused', text: 'this exchange cannot do that' };
