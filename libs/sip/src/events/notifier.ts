import type { Timers } from '@tipring/clock';
import type { HeaderLines } from '../session/session.ts';
import type { SessionCore } from '../session/session-layer.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { isReliable } from '../transport/flow.ts';
import { type NotifyLimits, NotifyTurns } from './notify-turns.ts';
import { type Grant, type NotifierCounters, peerOf, RunningSubscription, type StateSource, type SubscriptionHome, type SubscriptionSnapshot, type SubscriptionView } from './running-subscription.ts';
import { type EventPackage, type ExpiryBounds, readSubscribe, type SubscribeRequest } from './subscribe-request.ts';
import type { Ending } from './subscription.ts';

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

/** Notifier of some event packages (RFC 6665 4.2): runs a `subscription` machine in a dialog for each. */
export class Notifier<Told> {
  readonly counters: NotifierCounters = { accepted: 0, refreshed: 0, refused: 0, notified: 0, coalesced: 0, failed: 0 };
  readonly #ports: NotifierPorts;
  readonly #packages: readonly EventPackage[];
  readonly #settings: NotifierSettings;
  readonly #turns: NotifyTurns;
  readonly #running = new Set<RunningSubscription<Told>>();
  readonly #ofResource = new Map<string, Set<RunningSubscription<Told>>>();
  readonly #ofWatcher = new Map<string, Set<RunningSubscription<Told>>>();

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
    const running: RunningSubscription<Told> = new RunningSubscription(this.#home, { ...grant, package: asked.package, event: asked.event, peer, isReliable: isReliable(transaction.flow.transport), since: this.#ports.wallClock(), version: 0 }, (listener) => this.#ports.sessions.openDialog(transaction, listener, { contactUser: grant.contactUser }));
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
      const running: RunningSubscription<Told> = new RunningSubscription(this.#home, { ...snapshot, package: known, source, version: snapshot.version + SKIPPED }, (listener) => this.#ports.sessions.adoptDialog(snapshot.dialog, listener));
      this.#keep(running);
      running.goOn(leftS);
    }
  }

  /** Nothing more is told to anybody; subscribers find out when they refresh. */
  close(): void {
    this.#turns.close();
    for (const running of [...this.#running]) running.close();
  }

  readonly #home: SubscriptionHome<Told> = {
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

  #keep(running: RunningSubscription<Told>): void {
    this.#running.add(running);
    add(this.#ofResource, running.parts.resource, running);
    add(this.#ofWatcher, running.parts.watcher, running);
  }

  #forget(running: RunningSubscription<Told>): void {
    this.#running.delete(running);
    remove(this.#ofResource, running.parts.resource, running);
    remove(this.#ofWatcher, running.parts.watcher, running);
  }

  #retryAfterS(): number {
    const { retryAfterS } = this.#settings;
    return Math.ceil(retryAfterS * (1 + this.#ports.random()));
  }
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
