import { type CallLog, concealedCommand, type LoggedLeg } from './call-log.ts';
import type { EndpointId } from './endpoint.ts';
import type { Leg, LegCommand, LegEvent, LegId, LegListener, LegSnapshot, Party } from './leg.ts';
import type { Codec } from './media.ts';
import type { LegRole } from './record.ts';

/** Who hears what a leg says. */
interface LegHearer {
  heard(leg: LegId, event: LegEvent): void;
}

/** A leg's way to the call it is in. Its adapter keeps the listener for as long as the leg lives, while the call may become another. */
class LegWire {
  #hearer: LegHearer;
  #leg: LegId;

  constructor(hearer: LegHearer, leg: LegId) {
    this.#hearer = hearer;
    this.#leg = leg;
  }

  /** Made here, where nothing else is in scope: a closure holds all its neighbours for as long as it lives, the caller's whole INVITE among them. */
  get listener(): LegListener {
    return (event) => this.#hearer.heard(this.#leg, event);
  }

  turn(hearer: LegHearer, leg: LegId): void {
    this.#hearer = hearer;
    this.#leg = leg;
  }
}

export interface WiredLeg {
  readonly leg: Leg;
  readonly wire: LegWire;
}

export interface LegOrigin {
  readonly endpoint: EndpointId;
  readonly role: LegRole;
  readonly party: Party;
  readonly how: 'offered' | 'originated' | 'arrived';
}

/** The legs of a call that were not released. Instants (`at`) are ms since the epoch. */
export class CallLegs {
  readonly #log: CallLog;
  readonly #hearer: LegHearer;
  readonly #legs = new Map<LegId, WiredLeg>();

  constructor(log: CallLog, hearer: LegHearer) {
    this.#log = log;
    this.#hearer = hearer;
  }

  get ids(): readonly LegId[] {
    return [...this.#legs.keys()];
  }

  get nextId(): LegId {
    const { id, legs } = this.#log.state;
    return `${id}.${legs.length + 1}`;
  }

  enter(at: number, origin: LegOrigin, make: (id: LegId, listener: LegListener) => Leg): LegId {
    const id = this.nextId;
    const wire = new LegWire(this.#hearer, id);
    const leg = make(id, wire.listener);
    this.#legs.set(id, { leg, wire });
    this.#started(at, id, leg, origin, null);
    return id;
  }

  /** A leg of a call that is taken back. */
  adopt({ id }: LoggedLeg, make: (listener: LegListener) => Leg): void {
    const wire = new LegWire(this.#hearer, id);
    this.#legs.set(id, { leg: make(wire.listener), wire });
  }

  /** Out of this call; undefined: it is not there. */
  take(id: LegId): WiredLeg | undefined {
    const taken = this.#legs.get(id);
    this.#legs.delete(id);
    return taken;
  }

  /** A leg of another call is in this one from now on. */
  give(at: number, given: WiredLeg, origin: LegOrigin, answeredAt: number | null): LegId {
    const id = this.nextId;
    given.wire.turn(this.#hearer, id);
    this.#legs.set(id, given);
    this.#started(at, id, given.leg, origin, answeredAt);
    this.#log.commanded(at, id, { type: 'moved', leg: id, context: this.#log.state.id });
    given.leg.send({ type: 'moved', leg: id, context: this.#log.state.id });
    return id;
  }

  #started(at: number, id: LegId, { reference, media }: Leg, { endpoint, role, party, how }: LegOrigin, answeredAt: number | null): void {
    this.#log.started({ id, endpoint, role, party, reference, media, startedAt: at, state: answeredAt === null ? 'trying' : 'answered', answeredAt, endedAt: null, cause: null, evidence: null }, how);
  }

  /** Somebody dials what is told nowhere. */
  get isConfidential(): boolean {
    for (const { leg } of this.#legs.values()) if (leg.isConfidential === true) return true;
    return false;
  }

  send(at: number, id: LegId, command: LegCommand): void {
    const leg = this.#legs.get(id)?.leg;
    this.#log.commanded(at, id, leg?.isConfidential === true ? concealedCommand(command) : command);
    leg?.send(command);
  }

  delete(id: LegId): void {
    this.#legs.delete(id);
  }

  /** Codecs its far end agreed to; undefined: it has no choice, or is gone. */
  spoken(id: LegId): readonly Codec[] | undefined {
    return this.#legs.get(id)?.leg.spoken?.();
  }

  snapshots(): Readonly<Record<LegId, LegSnapshot>> {
    const snapshots: Record<LegId, LegSnapshot> = {};
    for (const [id, { leg }] of this.#legs) snapshots[id] = leg.snapshot();
    return snapshots;
  }
}
