import type { Timers } from '@tipring/clock';
import { type Card, type CardDriver, type CardEvent, type PortId, type PortKind, portKey } from '../contract.ts';
import type { FxoCapabilities, FxsCapabilities } from '../port-capabilities.ts';
import { defaultFxoSettings, defaultFxsSettings, type PortSettings } from '../port-settings.ts';
import { Line, type LineSettings } from '../twin/line.ts';
import type { LineEnd } from '../twin/line-end.ts';
import { fxoCapabilities, fxsCapabilities } from './capabilities.ts';
import { Mailbox } from './mailbox.ts';
import { SimulatedCard } from './simulated-card.ts';
import { SimulatedPort } from './simulated-port.ts';

export interface SimulatedCardPlan {
  readonly serial: string;
  readonly slot?: string;
  /** Port 1 is the first; null: no module in that place. */
  readonly ports: readonly (PortKind | null)[];
  /** How much too fast its clock is; 0 when absent. */
  readonly ppm?: number;
  /** What its ports can do beside, or not do of, what simulated ports can. */
  readonly fxo?: Partial<Omit<FxoCapabilities, 'kind'>>;
  readonly fxs?: Partial<Omit<FxsCapabilities, 'kind'>>;
}

/** Cards with nothing but physics in them; what is plugged into their jacks is plugged in here. */
export class SimulatedCards implements CardDriver {
  onCard: ((event: CardEvent) => void) | null = null;
  readonly #timers: Timers;
  readonly #mailbox: Mailbox;
  readonly #plans: ReadonlyMap<string, SimulatedCardPlan>;
  readonly #cards = new Map<string, SimulatedCard>();
  readonly #settings = new Map<string, PortSettings>();
  /** Since the beginning, where they are not the plan's. */
  readonly #drifts = new Map<string, number>();
  readonly #wires = new Map<Line, Wire>();

  constructor(timers: Timers, plans: readonly SimulatedCardPlan[]) {
    this.#timers = timers;
    this.#mailbox = new Mailbox(timers);
    this.#plans = new Map(plans.map((plan) => [plan.serial, plan]));
    for (const plan of plans) this.#cards.set(plan.serial, this.#make(plan));
  }

  discover(done: (cards: readonly Card[]) => void): void {
    const cards = [...this.#cards.values()];
    this.#mailbox.post(() => done(cards));
  }

  port(id: PortId): SimulatedPort | null {
    return this.#cards.get(id.card)?.ports.find((port) => port.id.port === id.port) ?? null;
  }

  close(): void {
    this.onCard = null;
    for (const line of [...this.#wires.keys()]) this.unplug(line);
    for (const card of this.#cards.values()) card.stop();
    this.#cards.clear();
  }

  /** A central office or a telephone goes to the other end of a cable. Throws for a jack that is not there, or taken. */
  plug(id: PortId, far: LineEnd, settings: LineSettings): Line {
    return this.#lay([portKey(id), null], this.#jack(id), far, settings);
  }

  /** Two ports back to back. */
  wire(near: PortId, far: PortId, settings: LineSettings): Line {
    return this.#lay([portKey(near), portKey(far)], this.#jack(near), this.#jack(far), settings);
  }

  unplug(line: Line): void {
    if (this.#wires.delete(line)) line.remove();
  }

  /** Pulls a card, while it is in use if it is. */
  remove(serial: string): void {
    const card = this.#cards.get(serial);
    if (card === undefined) return;
    this.#cards.delete(serial);
    card.pull();
    this.#announce({ type: 'gone', serial, atMs: this.#timers.now() });
  }

  /** Puts it back: the lines are in their jacks as before. */
  insert(serial: string): void {
    const plan = this.#plans.get(serial);
    if (plan === undefined || this.#cards.has(serial)) return;
    const card = this.#make(plan);
    this.#cards.set(serial, card);
    for (const port of card.ports) this.#connect(port);
    this.#announce({ type: 'arrived', card, atMs: this.#timers.now() });
  }

  /** Its clock is so much too fast from now on; also while the card is away. */
  setDrift(serial: string, ppm: number): void {
    if (!this.#plans.has(serial)) return;
    this.#drifts.set(serial, ppm);
    this.#cards.get(serial)?.setDrift(ppm);
  }

  /** How much too fast its clock is, parts in a million. */
  driftOf(serial: string): number {
    return this.#drifts.get(serial) ?? this.#plans.get(serial)?.ppm ?? 0;
  }

  #make(plan: SimulatedCardPlan): SimulatedCard {
    const ports = plan.ports.flatMap((kind, index) => (kind === null ? [] : [this.#makePort(plan, kind, index + 1)]));
    return new SimulatedCard(this.#timers, plan.serial, ports, { slot: plan.slot ?? null, ppm: this.driftOf(plan.serial) });
  }

  #makePort(plan: SimulatedCardPlan, kind: PortKind, port: number): SimulatedPort {
    const id = { card: plan.serial, port };
    const key = portKey(id);
    const capabilities = kind === 'fxo' ? { ...fxoCapabilities, ...plan.fxo } : { ...fxsCapabilities, ...plan.fxs };
    const settings = this.#settings.get(key) ?? (kind === 'fxo' ? defaultFxoSettings : defaultFxsSettings);
    return new SimulatedPort(this.#timers, this.#mailbox, id, capabilities, settings, (changed) => this.#settings.set(key, changed));
  }

  #jack(id: PortId): SimulatedPort {
    const port = this.port(id);
    if (port === null) throw new RangeError(`There is no port ${portKey(id)}.`);
    for (const wire of this.#wires.values()) if (wire.includes(portKey(id))) throw new RangeError(`Port ${portKey(id)} has a line already.`);
    return port;
  }

  #lay(wire: Wire, near: LineEnd, far: LineEnd, settings: LineSettings): Line {
    const line = new Line(this.#timers, settings, near, far);
    this.#wires.set(line, wire);
    return line;
  }

  #connect(port: SimulatedPort): void {
    for (const [line, [near, far]] of this.#wires) {
      if (near === portKey(port.id)) line.replace(0, port);
      if (far === portKey(port.id)) line.replace(1, port);
    }
  }

  #announce(event: CardEvent): void {
    this.#mailbox.post(() => this.onCard?.(event));
  }
}

/** The keys of the jacks that a line is in; null is an end that is no port. */
type Wire = readonly [string, string | null];
