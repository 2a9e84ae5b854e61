import type { Timers } from '@tipring/clock';
import type { PresenceAgent, WatchedEntity, WatchedId } from '@tipring/presence';
import { escapeUser, Notifier, parseUri } from '@tipring/sip';
import type { NotifierCounters, NotifierSettings, NotifyLimits, ServerTransaction, SessionCore, StateSource, SubscriptionSnapshot, SubscriptionView } from '@tipring/sip';
import { userOf } from '../identity.ts';
import type { Account, SubscriptionRequests } from '../sip-endpoints-ports.ts';
import { dialogPackage, documentOf, messagePackage, presencePackage, type WrittenPackage } from './documents.ts';
import type { Told } from './told.ts';

export interface SubscriptionsPorts {
  readonly presence: Pick<PresenceAgent, 'find' | 'view' | 'observe'>;
  /** Whose messages a device's lamp shows; undefined: its extension has no mailbox. */
  mailboxOf(account: Account): WatchedId | undefined;
  readonly sessions: Pick<SessionCore, 'openDialog' | 'adoptDialog'>;
  readonly timers: Timers;
  /** Ms since the epoch. */
  readonly wallClock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Told of every subscription that was granted or prolonged. */
  readonly asked?: () => void;
}

export interface SubscriptionsSettings {
  /** Host part of the addresses we write. */
  readonly domain: string;
  readonly notifier?: Partial<NotifierSettings>;
  readonly limits?: Partial<NotifyLimits>;
}

/** Who watches what, and what he was told of it last. `watcher` is a device's id, `resource` the watched entity's. */
export type Subscriber = SubscriptionView<Told>;

/** Devices that watch: SUBSCRIBE to the number or key of an extension, station, line, trunk, parking slot, queue, and to the device's own mailbox. */
export class DeviceSubscriptions implements SubscriptionRequests {
  readonly #ports: SubscriptionsPorts;
  readonly #domain: string;
  readonly #notifier: Notifier<Told>;
  readonly #leave: () => void;

  constructor(ports: SubscriptionsPorts, { domain, notifier, limits }: SubscriptionsSettings) {
    this.#ports = ports;
    this.#domain = domain;
    this.#notifier = new Notifier<Told>(ports, packages, notifier, limits);
    this.#leave = ports.presence.observe((id, view) => {
      if (view !== null) this.#notifier.changed(id);
      // RFC 6665 4.1.3: and it is of no use to subscribe to it again.
      else this.#notifier.end({ reason: 'noresource' }, ({ resource }) => resource === id);
    });
  }

  get size(): number {
    return this.#notifier.size;
  }

  get counters(): Readonly<NotifierCounters> {
    return this.#notifier.counters;
  }

  /** NOTIFYs that wait for their turn, and those that are unanswered. */
  get load(): { readonly waiting: number; readonly inFlight: number } {
    return this.#notifier.load;
  }

  subscribe(transaction: ServerTransaction, account: Account): void {
    const asked = this.#notifier.read(transaction);
    if (!asked.ok) return this.#notifier.refuse(transaction, asked.status, asked.headers);
    const user = userOf(transaction.request.uri);
    const written = packages.find(({ name }) => name === asked.package.name);
    if (user === undefined || written === undefined) return this.#notifier.refuse(transaction, 404);
    const resource = written === messagePackage ? this.#mailbox(user, account) : this.#ports.presence.find(user)?.id;
    if (resource === undefined) return this.#notifier.refuse(transaction, 404);
    // Whose messages there are is for him alone.
    if (resource === 'foreign') return this.#notifier.refuse(transaction, 403);
    const uri = this.#uriOf(transaction.request.uri, user);
    this.#notifier.grant(transaction, asked, { watcher: account.deviceId, resource, uri, source: this.#source(written, resource, uri), contactUser: escapeUser(user) });
  }

  /** Of that entity, or all. */
  subscribers(entity?: WatchedId): readonly Subscriber[] {
    return this.#notifier.views(entity);
  }

  /** Of a device that is gone, or may not any more. */
  end(device: string): void {
    this.#notifier.end({ reason: 'rejected' }, ({ watcher }) => watcher === device);
  }

  /** Plain JSON, for a process to come. */
  snapshots(): readonly SubscriptionSnapshot[] {
    return this.#notifier.snapshots();
  }

  /** Those of an earlier process, whose devices `isKnown` says are still there: each is told how things are now. */
  adopt(snapshots: readonly SubscriptionSnapshot[], isKnown: (device: string) => boolean): void {
    this.#notifier.adopt(snapshots, (snapshot) => {
      const written = packages.find(({ name }) => name === snapshot.package);
      const isThere = isKnown(snapshot.watcher) && this.#ports.presence.view(snapshot.resource) !== undefined;
      return isThere && written !== undefined ? this.#source(written, snapshot.resource, snapshot.uri) : undefined;
    });
  }

  close(): void {
    this.#leave();
    this.#notifier.close();
  }

  #source(written: WrittenPackage, resource: WatchedId, uri: string): StateSource<Told> {
    const { presence, wallClock } = this.#ports;
    return { document: (version, last) => documentOf(written, { uri, domain: this.#domain, view: presence.view(resource), version, last, now: wallClock() }) };
  }

  /** A telephone asks for the mailbox by its own number or name, or by the mailbox's. */
  #mailbox(user: string, account: Account): WatchedId | 'foreign' | undefined {
    const own = this.#ports.mailboxOf(account);
    if (user === account.extension || user === account.username) return own;
    const found: WatchedEntity | undefined = this.#ports.presence.find(user);
    if (found === undefined) return undefined;
    return found.id === own ? own : 'foreign';
  }

  /** As it asked for it, without parameters: by that it knows its key again. */
  #uriOf(requestUri: string, user: string): string {
    const host = parseUri(requestUri)?.host ?? this.#domain;
    return `sip:${escapeUser(user)}@${host}`;
  }
}

const packages: readonly WrittenPackage[] = [dialogPackage, messagePackage, presencePackage];
