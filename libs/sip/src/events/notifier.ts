import type { Timer, Timers } from '@tipring/clock';
import { parseRetryAfter } from '../message/values.ts';
import type { SipResponse } from '../message/message.ts';
import type { EventDialog, EventDialogSnapshot } from '../session/event-dialog.ts';
import type { HeaderLines } from '../session/session.ts';
import type { SessionCore } from '../session/session-layer.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { isReliable } from '../transport/flow.ts';
import type { Flow } from '../transport/flow.ts';
import { type NotifyLimits, NotifyTurns, type Turn } from './notify-turns.ts';
import { type EventPackage, type ExpiryBounds, readSubscribe, type SubscribeRequest } from './subscribe-request.ts';
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

export interface NotifierSettings extends ExpiryBounds {
  /** Subscriptions there may be; beyond, 503 with Retry-After. */
  readonly maximum: number;
  /** That one watcher may have. */
  readonly perWatcher: number;
  /** Seconds; spread by `random`. */
  readonly retryAfterS: number;
}

export interface NotifierPorts {
  readonly sessions: Pick<SessionCore, 'openDialog' | 'adoptDialog'>;
  readonly timers: Timers;
  /** Ms since the epoch. */
  readonly wallClock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Told of every subscription that was granted or prolonged. */
  readonly asked?: () => void;
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

/** Notifier of some event packages (RFC 6665 4.2): runs a `subscription` machine in a dialog for each. */
export class Notifier<Told> {
  readonly counters: NotifierCounters = { accepted: 0, refreshed: 0, refused: 0, notified: 0, coalesced: 0, failed: 0 };
  readonly #ports: NotifierPorts;
  readonly #packages: readonly EventPackage[];
  readonly #settings: NotifierSettings;
  readonly #turns: NotifyTurns;
  readonly #running = new Set<Running<Told>>();
  readonly #ofResource = new Map<string, Set<Running<Told>>>();
  readonly #ofWatcher = new Map<string, Set<Running<Told>>>();

  constructor(ports: NotifierPorts, packages: readonly EventPackage[], settings: Partial<NotifierSettings> = {}, limits: Partial<NotifyLimits> = {}) {
    this.#ports = ports;
    this.#packages = packages;
    this.#settings = { ...defaultNotifierSettings, ...settings };
    this.#turns = new NotifyTurns(ports.timers, limits);
  }

  get size(): number {
    return this.#running.size;
  }

  /** NOTIFYs that wait for their turn, and those that are unanswered. */
  get load(): NotifyTurns['size'] {
    return this.#turns.size;
  }

  /** What RFC 6665 has to say against a SUBSCRIBE; to be asked before `grant`. */
  read(transaction: ServerTransaction): SubscribeRequest {
    return readSubscribe(transaction.request, this.#packages, this.#settings);
  }

  /** Answers a SUBSCRIBE that opens a dialog: 200, and a NOTIFY after it; or 503 where there are too many. */
  grant(transaction: ServerTransaction, asked: Extract<SubscribeRequest, { ok: true }>, grant: Grant<Told>): void {
    const { watcher, resource } = grant;
    const peer = peerOf(transaction.flow);
    if (asked.expiresS > 0 && !this.#hasRoom(watcher, resource, asked.event, peer)) {
      return this.refuse(transaction, 503, [['Retry-After', String(this.#retryAfterS())]]);
    }
    const running: Running<Told> = new Running(this.#home, { ...grant, package: asked.package, event: asked.event, peer, isReliable: isReliable(transaction.flow.transport), since: this.#ports.wallClock(), version: 0 }, (listener) => this.#ports.sessions.openDialog(transaction, listener, { contactUser: grant.contactUser }));
    this.#keep(running);
    this.counters.accepted += 1;
    running.subscribed(transaction, asked.expiresS);
  }

  /** Answers it with a refusal; nothing is kept. */
  refuse(transaction: ServerTransaction, status: number, headers: HeaderLines = []): void {
    this.counters.refused += 1;
    const dialog = this.#ports.sessions.openDialog(transaction, () => {});
    dialog.respond(transaction, status, headers);
    dialog.close();
  }

  /** Whoever watches it is to be told. */
  changed(resource: string): void {
    for (const running of this.#ofResource.get(resource) ?? []) running.input({ type: 'changed' });
  }

  /** Ends those subscriptions, and tells why. */
  end(ending: Ending, which: (view: SubscriptionView<Told>) => boolean): void {
    for (const running of [...this.#running]) if (which(running.view())) running.input({ type: 'end', ending });
  }

  /** Those that watch it, or all. */
  views(resource?: string): readonly SubscriptionView<Told>[] {
    const some = resource === undefined ? this.#running : (this.#ofResource.get(resource) ?? []);
    return Array.from(some, (running) => running.view());
  }

  snapshots(): readonly SubscriptionSnapshot[] {
    return Array.from(this.#running, (running) => running.snapshot()).filter((snapshot) => snapshot !== undefined);
  }

  /**
   * Takes subscriptions of an earlier process back: each is told the state as it is now. `sourceOf`: undefined when it is not to be watched any more; such a
   * subscriber gets 481 when it refreshes.
   */
  adopt(snapshots: readonly SubscriptionSnapshot[], sourceOf: (snapshot: SubscriptionSnapshot) => StateSource<Told> | undefined): void {
    const now = this.#ports.wallClock();
    for (const snapshot of snapshots) {
      const leftS = Math.floor((snapshot.expiresAt - now) / 1000);
      const known = this.#packages.find(({ name }) => name === snapshot.package);
      const source = leftS > 0 && known !== undefined && this.#running.size < this.#settings.maximum ? sourceOf(snapshot) : undefined;
      if (source === undefined || known === undefined) continue;
      const running: Running<Told> = new Running(this.#home, { ...snapshot, package: known, source, version: snapshot.version + SKIPPED }, (listener) => this.#ports.sessions.adoptDialog(snapshot.dialog, listener));
      this.#keep(running);
      running.goOn(leftS);
    }
  }

  /** Nothing more is told to anybody; subscribers find out when they refresh. */
  close(): void {
    this.#turns.close();
    for (const running of [...this.#running]) running.close();
  }

  readonly #home: Home<Told> = {
    wallClock: () => this.#ports.wallClock(),
    start: (ms, expire) => this.#ports.timers.start(ms, expire),
    ask: (turn) => this.#turns.ask(turn),
    done: (turn, isAnswered) => this.#turns.done(turn, isAnswered),
    read: (transaction) => this.read(transaction),
    count: (what) => void (this.counters[what] += 1),
    asked: () => this.#ports.asked?.(),
    forget: (running) => this.#forget(running),
  };

  /**
   * A telephone that was switched off and on subscribes anew, and what it had before ends with the next NOTIFY, which it does not know. One that takes
   * every NOTIFY for its own would gather more and more: at its limit the new one takes the place of the same one before, without a word about it.
   */
  #hasRoom(watcher: string, resource: string, event: string, peer: string): boolean {
    const { maximum, perWatcher } = this.#settings;
    const own = this.#ofWatcher.get(watcher);
    if (own !== undefined && own.size >= perWatcher) {
      const same = [...own].find((running) => running.is(resource, event, peer));
      if (same === undefined) return false;
      same.close();
    }
    return this.#running.size < maximum;
  }

  #keep(running: Running<Told>): void {
    this.#running.add(running);
    add(this.#ofResource, running.parts.resource, running);
    add(this.#ofWatcher, running.parts.watcher, running);
  }

  #forget(running: Running<Told>): void {
    this.#running.delete(running);
    remove(this.#ofResource, running.parts.resource, running);
    remove(this.#ofWatcher, running.parts.watcher, running);
  }

  #retryAfterS(): number {
    const { retryAfterS } = this.#settings;
    return Math.ceil(retryAfterS * (1 + this.#ports.random()));
  }
}

/** What a running subscription needs of its notifier. */
interface Home<Told> {
  wallClock(): number;
  start(ms: number, expire: () => void): Timer;
  ask(turn: Turn): void;
  done(turn: Turn, isAnswered: boolean): void;
  read(transaction: ServerTransaction): SubscribeRequest;
  count(what: keyof NotifierCounters): void;
  asked(): void;
  forget(running: Running<Told>): void;
}

interface Parts<Told> extends Grant<Told> {
  readonly package: EventPackage;
  readonly event: string;
  peer: string;
  isReliable: boolean;
  readonly since: number;
  version: number;
}

class Running<Told> implements Turn {
  readonly parts: Parts<Told>;
  readonly #home: Home<Told>;
  readonly #dialog: EventDialog;
  readonly #timers: Partial<Record<SubscriptionTimer, Timer>> = {};
  #state = newSubscription;
  #expiresAt: number;
  #told: SubscriptionView<Told>['told'] = null;
  #isClosed = false;

  constructor(home: Home<Told>, parts: Parts<Told>, open: (listener: (transaction: ServerTransaction) => void) => EventDialog) {
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

function peerOf({ transport, remote: { address, port } }: Flow): string {
  return `${transport}:${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function add<Value>(index: Map<string, Set<Value>>, name: string, value: Value): void {
  const found = index.get(name);
  if (found === undefined) index.set(name, new Set([value]));
  else found.add(value);
}

function remove<Value>(index: Map<string, Set<Value>>, name: string, value: Value): void {
  const found = index.get(name);
  found?.delete(value);
  if (found?.size === 0) index.delete(name);
}

export const defaultNotifierSettings: NotifierSettings = { minimumS: 60, maximumS: 7200, maximum: 20_000, perWatcher: 256, retryAfterS: 10 };
/** The snapshot may be older than the last NOTIFY, and a document with a number that was there before is not read (RFC 4235 4.3). */
const SKIPPED = 1_000;
