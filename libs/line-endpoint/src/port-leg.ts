import type { Timers } from '@tipring/clock';
import type { ContextId, GatewayEvent, PortCodec, PortName, TerminationId } from '@tipring/gateway';
import type { Held } from '@tipring/line';
import type { Codec, Leg, LegCommand, LegId, LegListener, LegSnapshot, Party } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';
import { inUse } from './g711.ts';
import type { PortGateway } from './line-endpoints-ports.ts';
import type { Place } from './port-end.ts';
import { type CallMeasurement, PortMeasuring } from './port-measuring.ts';

/** Whose leg it is: a station or a line. */
export interface LegOwner {
  command(leg: PortLeg, command: LegCommand): void;
  /** Of the port, for who takes the leg over after a restart; null: it does not know. */
  readonly polarity: 'normal' | 'reversed' | null;
  /** Why it holds another call; lines hold none. */
  readonly held?: Held;
}

export interface PortLegParts {
  readonly id: LegId;
  /** Absent: as its id. */
  readonly media?: TerminationId;
  readonly context: ContextId;
  /** Who made the call. `caller`: this port. */
  readonly role: 'caller' | 'called';
  readonly codec: PortCodec;
  readonly reference: PortName;
  /** At the other end. */
  readonly party: Party;
  /** Of an emergency call: nothing takes its port away. */
  readonly isEmergency?: boolean;
}

/** Plain JSON. */
export interface PortLegSnapshot {
  readonly at: 'up';
  readonly media: TerminationId;
  readonly context: ContextId;
  readonly role: 'caller' | 'called';
  readonly codec: PortCodec;
  readonly reference: PortName;
  readonly party: Party;
  readonly isHeld: boolean;
  readonly polarity: 'normal' | 'reversed' | null;
  readonly isEmergency?: boolean;
  /** Of the telephone, which holds this one. */
  readonly held?: Held;
}

/** One side of a call on an analog port. What it is to do is its owner's, which has the machine. */
export class PortLeg implements Leg {
  readonly media: TerminationId;
  readonly reference: string;
  readonly role: 'caller' | 'called';
  /** At the other end, as far as known. */
  party: Party;
  readonly isEmergency: boolean;
  readonly report: LegReport;
  codec: PortCodec;
  phase: 'setUp' | 'up' = 'setUp';
  /** By this side. */
  isHeld = false;
  /** The other side is heard already, and the port is not there yet. */
  isEarly = false;
  #id: LegId;
  #context: ContextId;
  readonly #owner: LegOwner;
  readonly #measuring: PortMeasuring;

  constructor({ id, media = id, context, role, codec, reference, party, isEmergency = false }: PortLegParts, owner: LegOwner, gateway: PortGateway, timers: Timers, listener: LegListener) {
    this.#id = id;
    this.#context = context;
    this.media = media;
    this.reference = reference;
    this.role = role;
    this.party = party;
    this.codec = codec;
    this.isEmergency = isEmergency;
    this.#owner = owner;
    this.report = new LegReport((event) => {
      if (event.type === 'released') {
        gateway.unlisten(media);
        const measured = this.#measuring.end();
        if (measured !== null) listener({ type: 'note', evidence: { kind: 'portMeasured', text: wordsOf(measured) }, data: { ...measured } });
      }
      listener(event);
    });
    gateway.listen(media, (event) => this.#heard(event));
    this.#measuring = new PortMeasuring(gateway, reference, timers, () => this.phase === 'up' && !this.isHeld);
  }

  static adopt(id: LegId, snapshot: PortLegSnapshot, owner: LegOwner, gateway: PortGateway, timers: Timers, listener: LegListener): PortLeg {
    const leg = new PortLeg({ ...snapshot, id }, owner, gateway, timers, listener);
    leg.phase = 'up';
    leg.isHeld = snapshot.isHeld;
    return leg;
  }

  get id(): LegId {
    return this.#id;
  }

  get context(): ContextId {
    return this.#context;
  }

  get place(): Place {
    return { context: this.context, termination: this.media, codec: this.codec };
  }

  send(command: LegCommand): void {
    if (!this.report.over) this.#owner.command(this, command);
  }

  snapshot(): LegSnapshot {
    const { media, context, role, codec, reference, party, isHeld, isEmergency } = this;
    if (this.phase === 'setUp') return { at: 'setup', reference };
    return { at: 'up', media, context, role, codec, reference, party, isHeld, polarity: this.#owner.polarity, ...(isEmergency ? { isEmergency } : {}), ...(isHeld && this.#owner.held !== undefined ? { held: this.#owner.held } : {}) } satisfies PortLegSnapshot;
  }

  /** It is in another call, under another name. */
  moved({ leg, context }: Extract<LegCommand, { type: 'moved' }>): void {
    this.#id = leg;
    this.#context = context;
  }

  spoken(): readonly Codec[] {
    return this.phase === 'up' ? inUse(this.codec).codecs : [];
  }

  /** Another leg has taken its place. */
  silence(): void {
    this.#measuring.end();
    this.report.silence();
  }

  /** Digits of the port in its call. Between two ports they are heard in the audio, and nothing is told. */
  #heard(event: GatewayEvent): void {
    if (event.event !== 'digit') return;
    // Relayed: the other side has it already; sent again it would arrive twice.
    if (event.relayed) return this.report.note('digit', `digit ${event.digit}, relayed`);
    this.report.tell({ type: 'digit', digit: event.digit, durationMs: event.durationMs });
  }
}

function wordsOf({ receivedDbm0, sentDbm0, erlDb, erleDb, humDbm0, mainsHz }: CallMeasurement): string {
  const echo = erlDb === null ? '' : `, echo return loss ${erlDb} dB and ${erleDb} dB by the canceller`;
  const hum = humDbm0 === null ? '' : `, hum of ${mainsHz} Hz at ${humDbm0} dBm0`;
  return `measured: from its wires ${receivedDbm0} dBm0, to them ${sentDbm0} dBm0${echo}${hum}`;
}
