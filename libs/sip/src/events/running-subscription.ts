import type { Timer } from '@tipring/clock';
import type { SipResponse } from '../message/message.ts';
import { parseRetryAfter } from '../message/values.ts';
import type { EventDialog, EventDialogSnapshot } from '../session/event-dialog.ts';
import type { HeaderLines } from '../session/session.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { type Flow, isReliable } from '../transport/flow.ts';
import type { Turn } from './notify-turns.ts';
import type { EventPackage, SubscribeRequest } from './subscribe-request.ts';
import { type Ending, isProlongable, newSubscription, subscription, type SubscriptionEffect, type SubscriptionInput, type SubscriptionTimer } from './subscription.ts';

/** What one subscription watches. `Told`: what is remembered of a document, for people and for the next. */
export interface StateSource<Told> {
  /** The newest, for a NOTIFY that leaves now. `version`: how many there were before; `last`: what the one before told, null when this is the first. Must not throw. */
  document(version: number, last: Told | null): { readonly body: string; readonly told: Told };
}

/** A subscription that was granted. */
export interface Grant<Told> {
  /** Who watches, e.g. a device's id: how many subscriptions somebody may have is counted by it. */
  readonly watcher: string;
  /** What is watched: `changed` is told by it. */
  readonly resource: string;
  /** What is watched as the watcher named it. */
  readonly uri: string;
  readonly source: StateSource<Told>;
  /** User part of our Contact. */
  readonly contactUser: string;
}

/** A subscription as it stands: a copy. Instants are ms since the epoch. */
export interface SubscriptionView<Told> {
  readonly id: string;
  readonly watcher: string;
  readonly resource: string;
  readonly uri: string;
  readonly package: string;
  /** Where it asked from: `udp:192.0.2.7:5060`. */
  readonly peer: string;
  readonly since: number;
  readonly expiresAt: number;
  /** Of the NOTIFY that was sent last; null: none was sent. */
  readonly told: { readonly what: Told; readonly at: number; readonly version: number; readonly isAnswered: boolean } | null;
  /** Something newer waits to be told. */
  readonly isBehind: boolean;
}

export interface NotifierCounters {
  accepted: number;
  refreshed: number;
  refused: number;
  /** NOTIFYs sent, repetitions by the transaction not counted. */
  notified: number;
  /** Changes that a NOTIFY told together with a later one. */
  coalesced: number;
  /** Subscriptions that ended because a NOTIFY was refused or not answered. */
  failed: number;
}

/** Plain JSON of a subscription, for a process to come. */
export interface SubscriptionSnapshot {
  readonly dialog: EventDialogSnapshot;
  readonly watcher: string;
  readonly resource: string;
  readonly package: string;
  readonly event: string;
  readonly peer: string;
  readonly isReliable: boolean;
  readonly uri: string;
  readonly contactUser: string;
  readonly since: number;
  readonly expiresAt: number;
  readonly version: number;
}

/** What a running subscription needs of its notifier. */
export interface SubscriptionHome<Told> {
  wallClock(): number;
  start(ms: number, expire: () => void): Timer;
  ask(turn: Turn): void;
  done(turn: Turn, isAnswered: boolean): void;
  read(transaction: ServerTransaction): SubscribeRequest;
  count(what: keyof NotifierCounters): void;
  asked(): void;
  forget(running: RunningSubscription<Told>): void;
}

export interface SubscriptionParts<Told> extends Grant<Told> {
  readonly package: EventPackage;
  readonly event: string;
  peer: string;
  isReliable: boolean;
  readonly since: number;
  version: number;
}

/** A subscription that was granted: its machine in its dialog. */
export class RunningSubscription<Told> implements Turn {
  readonly parts: SubscriptionParts<Told>;
  readonly #home: SubscriptionHome<Told>;
  readonly #dialog: EventDialog;
  readonly #timers: Partial<Record<SubscriptionTimer, Timer>> = {};
  #state = newSubscription;
  #expiresAt: number;
  #told: SubscriptionView<Told>['told'] = null;
  #isClosed = false;

  constructor(home: SubscriptionHome<Told>, parts: SubscriptionParts<Told>, open: (listener: (transaction: ServerTransaction) => void) => EventDialog) {
    this.#home = home;
    this.parts = parts;
    this.#expiresAt = parts.since;
    this.#dialog = open((transaction) => this.#receive(transaction));
  }

  get peer(): string {
    return this.parts.peer;
  }

  get isReliable(): boolean {
    return this.parts.isReliable;
  }

  is(resource: string, event: string, peer: string): boolean {
    return this.parts.resource === resource && this.parts.event === event && this.parts.peer === peer;
  }

  /** Answers a SUBSCRIBE that was taken. */
  subscribed(transaction: ServerTransaction, expiresS: number): void {
    this.#dialog.respond(transaction, 200, [['Expires', String(expiresS)]]);
    this.goOn(expiresS);
    this.#home.asked();
  }

  goOn(expiresS: number): void {
    this.#expiresAt = this.#home.wallClock() + expiresS * 1000;
    this.input({ type: 'subscribed', expiresS });
  }

  input(input: SubscriptionInput): void {
    const before = this.#state;
    if (input.type === 'changed' && (before.at === 'due' || before.at === 'resting' || (before.at === 'notifying' && before.isStale))) this.#home.count('coalesced');
    const [state, effects] = subscription(before, input);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  go(): void {
    this.input({ type: 'turn' });
  }

  /** At once, without a word. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#state = { at: 'over' };
    this.#timers.expiry?.stop();
    this.#timers.retry?.stop();
    this.#dialog.close();
    this.#home.done(this, false);
    this.#home.forget(this);
  }

  view(): SubscriptionView<Told> {
    const { watcher, resource, uri, package: { name }, peer, since } = this.parts;
    const { at } = this.#state;
    const isBehind = at === 'due' || at === 'resting' || (this.#state.at === 'notifying' && this.#state.isStale);
    return { id: `${this.#dialog.callId};${this.#dialog.localTag}`, watcher, resource, uri, package: name, peer, since, expiresAt: this.#expiresAt, told: this.#told, isBehind };
  }

  snapshot(): SubscriptionSnapshot | undefined {
    if (!isProlongable(this.#state)) return undefined;
    const { watcher, resource, package: { name }, event, peer, isReliable, uri, contactUser, since, version } = this.parts;
    return { dialog: this.#dialog.snapshot(), watcher, resource, package: name, event, peer, isReliable, uri, contactUser, since, expiresAt: this.#expiresAt, version };
  }

  /** A further request in its dialog. */
  #receive(transaction: ServerTransaction): void {
    if (transaction.request.method !== 'SUBSCRIBE') return this.#dialog.respond(transaction, 405, [['Allow', 'SUBSCRIBE, OPTIONS']]);
    const asked = this.#home.read(transaction);
    if (!asked.ok) return this.#dialog.respond(transaction, asked.status, asked.headers);
    // RFC 6665 4.5.2: another subscription does not share the dialog.
    if (asked.event !== this.parts.event || !isProlongable(this.#state)) return this.#dialog.respond(transaction, 481);
    // Behind NAT it may come from another port by now. Its turn is asked for under its former name, and given back so.
    if (this.#state.at === 'quiet' || this.#state.at === 'resting') {
      this.parts.peer = peerOf(transaction.flow);
      this.parts.isReliable = isReliable(transaction.flow.transport);
    }
    this.#home.count('refreshed');
    this.subscribed(transaction, asked.expiresS);
  }

  #perform(effect: SubscriptionEffect): void {
    switch (effect.do) {
      case 'askTurn':
        return this.#home.ask(this);
      case 'notify':
        return this.#notify(effect.ending);
      case 'start':
        this.#timers[effect.timer]?.stop();
        this.#timers[effect.timer] = this.#home.start(effect.ms, () => this.input({ type: 'timeout', timer: effect.timer }));
        return;
      case 'stop':
        this.#timers[effect.timer]?.stop();
        return;
      case 'close':
        if (effect.failure !== null) this.#home.count('failed');
        return this.close();
    }
  }

  #notify(ending: Ending | null): void {
    const { parts } = this;
    const version = parts.version++;
    const { body, told } = parts.source.document(version, this.#told?.what ?? null);
    this.#told = { what: told, at: this.#home.wallClock(), version, isAnswered: false };
    this.#home.count('notified');
    const headers: HeaderLines = [['Event', parts.event], ['Subscription-State', this.#subscriptionState(ending)], ['Content-Type', parts.package.contentType]];
    this.#dialog.request('NOTIFY', { headers, body }, (response) => this.#answered(response));
  }

  #answered(response: SipResponse | undefined): void {
    if (this.#isClosed) return;
    this.#home.done(this, response !== undefined);
    if (response === undefined) return this.input({ type: 'unanswered' });
    if (response.status < 300 && this.#told !== null) this.#told = { ...this.#told, isAnswered: true };
    const retryAfter = response.headers.get('Retry-After');
    this.input({ type: 'answered', status: response.status, retryAfterS: retryAfter === undefined ? undefined : parseRetryAfter(retryAfter)?.seconds });
  }

  /** RFC 6665 8.2.3. */
  #subscriptionState(ending: Ending | null): string {
    if (ending === null) return `active;expires=${Math.max(0, Math.round((this.#expiresAt - this.#home.wallClock()) / 1000))}`;
    return `terminated;reason=${ending.reason}${ending.retryAfterS === undefined ? '' : `;retry-after=${ending.retryAfterS}`}`;
  }
}

export function peerOf({ transport, remote: { address, port } }: Flow): string {
  return `${transport}:${address.includes(':') ? `[${address}]` : address}:${port}`;
}
