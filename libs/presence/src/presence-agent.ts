import type { CallEvent, CallId, CallView, EndpointId } from '@tipring/telephony';
import { dialogMachine } from './dialog-machine.ts';
import { type Part, partsIn } from './parts-in-call.ts';
import type { LiveDialogState, MessageCounts, PresenceListener, PresenceState, PresenceView, Reachability, WatchedDialog, WatchedEntity, WatchedId } from './watched.ts';

/** The presence agent (RFC 3856 3): from what calls, registrations and mailboxes tell it makes one state of each entity, of which its watchers are told. */
export class PresenceAgent {
  readonly #wallClock: () => number;
  readonly #known = new Map<WatchedId, Known>();
  readonly #byNumber = new Map<string, WatchedId>();
  readonly #byKey = new Map<string, WatchedId>();
  readonly #owners = new Map<EndpointId, readonly WatchedEntity[]>();
  /** Whose dialogs a call has. */
  readonly #inCall = new Map<CallId, Set<WatchedId>>();
  readonly #unreachable = new Map<EndpointId, string>();
  readonly #occupied = new Map<EndpointId, WatchedDialog>();
  readonly #listeners = new Set<PresenceListener>();
  #dialogs = 0;

  /** `wallClock` in ms since the epoch. */
  constructor(wallClock: () => number) {
    this.#wallClock = wallClock;
  }

  /** Everything that can be watched from now on. Who is gone is told to his watchers; calls go on. */
  configure(entities: readonly WatchedEntity[], calls: readonly CallView[]): void {
    const before = new Map(this.#known);
    for (const index of [this.#known, this.#byNumber, this.#byKey, this.#owners]) index.clear();
    for (const entity of entities) {
      this.#known.set(entity.id, { ...(before.get(entity.id) ?? this.#fresh(entity)), entity, reachability: this.#reachabilityOf(entity) });
      if (entity.number !== null && !this.#byNumber.has(entity.number)) this.#byNumber.set(entity.number, entity.id);
      if (!this.#byKey.has(entity.key)) this.#byKey.set(entity.key, entity.id);
      for (const endpoint of entity.endpoints) this.#owners.set(endpoint, [...(this.#owners.get(endpoint) ?? none), entity]);
    }
    for (const id of before.keys()) if (!this.#known.has(id)) this.#tell(id, null);
    for (const known of this.#known.values()) {
      const former = before.get(known.entity.id);
      if (former === undefined || !isSame(former.entity, known.entity)) this.#publish(known);
    }
    for (const call of calls) this.#follow(call, call.legs.length > 0);
  }

  /** Whoever has this number, else this key: extensions before stations, lines, trunks and the rest, in the order in which they were configured. */
  find(name: string): WatchedEntity | undefined {
    const id = this.#byNumber.get(name) ?? this.#byKey.get(name);
    return id === undefined ? undefined : this.#known.get(id)?.entity;
  }

  view(id: WatchedId): PresenceView | undefined {
    const known = this.#known.get(id);
    return known === undefined ? undefined : this.#viewOf(known);
  }

  views(): readonly PresenceView[] {
    return Array.from(this.#known.values(), (known) => this.#viewOf(known));
  }

  /** Returns what ends the observation. Listeners must not throw. */
  observe(listener: PresenceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hear(event: CallEvent): void {
    this.#follow(event.call, event.type !== 'call.ended');
  }

  /** Whether this endpoint can be reached; `text` says why not, or how. An entity can be while one of its endpoints can. */
  reach(endpoint: EndpointId, isReachable: boolean, text: string): void {
    const before = this.#unreachable.get(endpoint);
    if (isReachable ? before === undefined : before === text) return;
    if (isReachable) this.#unreachable.delete(endpoint);
    else this.#unreachable.set(endpoint, text);
    for (const { id } of this.#owners.get(endpoint) ?? none) {
      const known = this.#known.get(id);
      if (known === undefined) continue;
      const reachability = this.#reachabilityOf(known.entity);
      if (reachability.isReachable === known.reachability.isReachable && reachability.text === known.reachability.text) continue;
      known.reachability = reachability;
      this.#publish(known);
    }
  }

  /**
   * It is in use without a call of ours: off the hook with dial tone (`trying`), a line on which somebody talks at a parallel telephone (`confirmed`);
   * null: no more. It is shown while there is no call of it.
   */
  occupy(endpoint: EndpointId, state: 'trying' | 'confirmed' | null): void {
    if ((this.#occupied.get(endpoint)?.state ?? null) === state) return;
    if (state === null) this.#occupied.delete(endpoint);
    else this.#occupied.set(endpoint, { id: `${endpoint}-${(++this.#dialogs).toString(36)}`, call: null, leg: null, direction: 'initiator', state, remote: { number: '' }, since: this.#wallClock() });
    for (const { id } of this.#owners.get(endpoint) ?? none) {
      const known = this.#known.get(id);
      if (known !== undefined && known.dialogs.length === 0) this.#publish(known);
    }
  }

  /** What a mailbox holds. */
  messages(mailbox: WatchedId, counts: MessageCounts): void {
    const known = this.#known.get(mailbox);
    if (known === undefined || (known.messages !== null && sameCounts(known.messages, counts))) return;
    known.messages = { ...counts };
    this.#publish(known);
  }

  #follow(call: CallView, isUp: boolean): void {
    const parts = isUp ? partsIn(call, (endpoint) => this.#owners.get(endpoint) ?? none) : [];
    const concerned = new Set(this.#inCall.get(call.id));
    const now = new Set<WatchedId>();
    for (const { entity } of parts) {
      concerned.add(entity);
      now.add(entity);
    }
    if (now.size > 0) this.#inCall.set(call.id, now);
    else this.#inCall.delete(call.id);
    for (const id of concerned) {
      const known = this.#known.get(id);
      if (known !== undefined && this.#update(known, call.id, parts.filter(({ entity }) => entity === id))) this.#publish(known);
    }
  }

  /** Whether anything is different. */
  #update(known: Known, call: CallId, parts: readonly Part[]): boolean {
    let isChanged = false;
    const met = new Set<Part>();
    const next: Tracked[] = [];
    for (const dialog of known.dialogs) {
      const part = dialog.call === call ? parts.find(({ role }) => role === dialog.role) : undefined;
      if (dialog.call !== call) {
        next.push(dialog);
        continue;
      }
      if (part !== undefined) met.add(part);
      const [state, effects] = dialogMachine(dialog.state, { type: 'legs', furthest: part?.state ?? null });
      isChanged ||= effects.length > 0;
      for (const effect of effects) if (effect.do === 'succeed' && part !== undefined) next.push(this.#begin(call, part, effect.state));
      if (state === 'terminated' || part === undefined) continue;
      isChanged ||= part.leg !== dialog.leg || !sameParty(part.remote, dialog.remote);
      next.push({ ...dialog, state, leg: part.leg, remote: part.remote, since: state === dialog.state ? dialog.since : this.#wallClock() });
    }
    for (const part of parts) {
      if (met.has(part)) continue;
      next.push(this.#begin(call, part, part.state));
      isChanged = true;
    }
    if (isChanged) known.dialogs = next;
    return isChanged;
  }

  #begin(call: CallId, { role, direction, leg, remote }: Part, state: LiveDialogState): Tracked {
    return { id: `${call}-${(++this.#dialogs).toString(36)}`, call, role, direction, leg, state, remote, since: this.#wallClock() };
  }

  #fresh(entity: WatchedEntity): Known {
    return { entity, state: 'idle', since: this.#wallClock(), reachability: this.#reachabilityOf(entity), dialogs: [], messages: entity.kind === 'mailbox' ? noMessages : null, revision: 0 };
  }

  #reachabilityOf({ endpoints }: WatchedEntity): Reachability {
    let why: string | undefined;
    for (const endpoint of endpoints) {
      const text = this.#unreachable.get(endpoint);
      if (text === undefined) return reachable;
      why ??= text;
    }
    return why === undefined ? reachable : { isReachable: false, text: why };
  }

  #publish(known: Known): void {
    const state = summary(this.#dialogsOf(known));
    if (state !== known.state) known.since = this.#wallClock();
    known.state = state;
    known.revision += 1;
    this.#tell(known.entity.id, this.#viewOf(known));
  }

  #viewOf(known: Known): PresenceView {
    const { entity, state, since, reachability, messages, revision } = known;
    return { entity, state, since, reachability, dialogs: this.#dialogsOf(known), messages, revision };
  }

  #dialogsOf({ entity, dialogs }: Known): readonly WatchedDialog[] {
    if (dialogs.length > 0) return dialogs.map(({ role: _role, ...dialog }) => dialog);
    return entity.endpoints.flatMap((endpoint) => this.#occupied.get(endpoint) ?? []);
  }

  #tell(id: WatchedId, view: PresenceView | null): void {
    for (const listener of this.#listeners) listener(id, view);
  }
}

type Tracked = WatchedDialog & { readonly role: Part['role'] };

interface Known {
  readonly entity: WatchedEntity;
  state: PresenceState;
  since: number;
  reachability: Reachability;
  dialogs: readonly Tracked[];
  messages: MessageCounts | null;
  revision: number;
}

function summary(dialogs: readonly WatchedDialog[]): PresenceState {
  for (const [dialog, presence] of lamp) if (dialogs.some(({ state }) => state === dialog)) return presence;
  return 'idle';
}

function sameParty(a: WatchedDialog['remote'], b: WatchedDialog['remote']): boolean {
  return a.number === b.number && a.name === b.name && a.anonymous === b.anonymous;
}

function sameCounts(a: MessageCounts, b: MessageCounts): boolean {
  return a.new === b.new && a.old === b.old && a.newUrgent === b.newUrgent && a.oldUrgent === b.oldUrgent;
}

function isSame(a: WatchedEntity, b: WatchedEntity): boolean {
  return a.isDoNotDisturb === b.isDoNotDisturb && a.number === b.number && a.key === b.key && a.name === b.name && a.endpoints.length === b.endpoints.length && a.endpoints.every((endpoint, at) => endpoint === b.endpoints[at]);
}

/** Who talks is busy, whatever else goes on; then what is most urgent to see. */
const lamp = [['confirmed', 'inUse'], ['early', 'ringing'], ['held', 'held'], ['trying', 'calling']] as const satisfies readonly (readonly [LiveDialogState, PresenceState])[];
const reachable: Reachability = { isReachable: true, text: 'can be called' };
const noMessages: MessageCounts = { new: 0, old: 0, newUrgent: 0, oldUrgent: 0 };
const none: readonly WatchedEntity[] = [];
