import type { Timers } from '@tipring/clock';
import { type Card, type CardDriver, type CardEvent, type PortId, portKey } from '../contract.ts';
import { defaultFxoSettings, defaultFxsSettings, type PortSettings } from '../port-settings.ts';
import { type AgentCard, capabilitiesOf, parseCard } from './agent-card.ts';
import { AgentLink } from './agent-link.ts';
import { DahdiPort } from './dahdi-port.ts';
import { say } from './frames.ts';

/** A station and a line that the agent has joined by itself, because there was no client. It ends when one of them is opened here. */
export interface EmergencyPatch {
  readonly state: 'talking' | 'ended';
  /** Null while their card is away. */
  readonly station: PortId | null;
  readonly line: PortId | null;
}

interface DahdiCard extends Card {
  readonly ports: readonly DahdiPort[];
}

/**
 * The cards of a host's agent. Without the agent there are none; when it is back they are back, with their settings. Times are
 * of the agent's clock.
 *
 *   const cards = new DahdiCards(nodeTimers(), '/run/tipring/card-agent.sock');
 */
export class DahdiCards implements CardDriver {
  onCard: ((event: CardEvent) => void) | null = null;
  onEmergencyPatch: ((patch: EmergencyPatch) => void) | null = null;
  readonly #timers: Timers;
  readonly #path: string;
  readonly #cards = new Map<string, DahdiCard>();
  readonly #channels = new Map<number, DahdiPort>();
  readonly #settings = new Map<string, PortSettings>();
  #link: AgentLink | null = null;
  /** Asked before the first word of the agent: answered when it has told its cards, or cannot be reached. */
  #waiting: ((cards: readonly Card[]) => void)[] | null = [];
  #echoDelayMs = 0;

  /** `path` is the agent's socket; it is connected to by the first `discover`. */
  constructor(timers: Timers, path: string) {
    this.#timers = timers;
    this.#path = path;
  }

  discover(done: (cards: readonly Card[]) => void): void {
    if (this.#waiting === null) return queueMicrotask(() => done([...this.#cards.values()]));
    this.#waiting.push(done);
    this.#link ??= new AgentLink(this.#path, this.#timers, {
      up: (echoDelayMs) => (this.#echoDelayMs = echoDelayMs),
      ready: () => this.#found(),
      down: () => this.#down(),
      frame: (type, channel, payload, at, length) => this.#frame(type, channel, payload, at, length),
    });
  }

  port(id: PortId): DahdiPort | null {
    return this.#cards.get(id.card)?.ports.find((port) => port.id.port === id.port) ?? null;
  }

  /** The agent's monotonic clock, after all that it has said until then; null: it is gone. */
  clock(done: (ms: number | null) => void): void {
    if (this.#link === null) queueMicrotask(() => done(null));
    else this.#link.clock(done);
  }

  close(): void {
    this.onCard = null;
    this.onEmergencyPatch = null;
    for (const { ports } of this.#cards.values()) for (const port of ports) port.close();
    this.#cards.clear();
    this.#channels.clear();
    this.#link?.close();
    this.#found();
  }

  #found(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    for (const done of waiting ?? []) done([...this.#cards.values()]);
  }

  #down(): void {
    for (const serial of [...this.#cards.keys()]) this.#gone(serial, 'driver');
    this.#found();
  }

  #frame(type: number, channel: number, payload: Buffer, at: number, length: number): void {
    if (type === say.block) return this.#channels.get(channel)?.block(payload, at);
    if (type === say.event) return this.#channels.get(channel)?.event(payload, at);
    if (type === say.card) return this.#arrived(parseCard(payload.toString('utf8', at, at + length)));
    if (type === say.gone) return this.#gone(payload.toString('utf8', at, at + length), 'card');
    if (type === say.patch) {
      const idOf = (offset: number): PortId | null => this.#channels.get(payload.readUInt16LE(offset))?.id ?? null;
      this.onEmergencyPatch?.({ state: payload[at] === 1 ? 'talking' : 'ended', station: idOf(at + 1), line: idOf(at + 3) });
    }
  }

  #arrived(described: AgentCard | null): void {
    if (described === null || this.#link === null) return;
    const link = this.#link;
    const ports = described.ports.map((port) => {
      const id = { card: described.serial, port: port.port };
      const key = portKey(id);
      const kept = this.#settings.get(key);
      const settings = { ...(kept?.kind === port.kind ? kept : port.kind === 'fxo' ? defaultFxoSettings : defaultFxsSettings), law: port.law };
      return new DahdiPort(link, port.channel, id, capabilitiesOf(port, this.#echoDelayMs), settings, (changed) => this.#settings.set(key, changed));
    });
    const { serial, identity, vendor, model, slot } = described;
    const card: DahdiCard = { serial, identity, vendor, model, firmware: null, slot: slot === '' ? null : slot, ports };
    this.#cards.set(serial, card);
    for (const port of ports) this.#channels.set(port.channel, port);
    if (this.#waiting === null) this.onCard?.({ type: 'arrived', card, atMs: link.agentMs });
  }

  #gone(serial: string, why: 'card' | 'driver'): void {
    const card = this.#cards.get(serial);
    if (card === undefined) return;
    this.#cards.delete(serial);
    for (const port of card.ports) {
      this.#channels.delete(port.channel);
      port.vanish(why);
    }
    this.onCard?.({ type: 'gone', serial, atMs: this.#link?.agentMs ?? 0 });
  }
}
