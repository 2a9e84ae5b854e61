import { type Card, type CardDriver, type CardEvent, type Port, portKey } from '@tipring/cards';
import type { CardDescription, PortDescription, PortGatewayEvent, PortName } from '@tipring/gateway';
import type { PortUnitRefusal } from './port-unit-command.ts';

export interface NamedDriver {
  readonly name: CardDescription['driver'];
  readonly driver: CardDriver;
  /** Its clock beside ours, ms. */
  readonly aheadMs: number;
}

/** The cards of all drivers, and where a port is by its name. */
export class CardShelf {
  readonly #drivers: readonly NamedDriver[];
  readonly #isOpen: (port: PortName) => boolean;
  /** Ports that were ever there. */
  readonly #known = new Set<PortName>();

  /** `tell`: every arrival and departure from now on. */
  constructor(drivers: readonly NamedDriver[], isOpen: (port: PortName) => boolean, tell: (event: PortGatewayEvent) => void) {
    this.#drivers = drivers;
    this.#isOpen = isOpen;
    for (const named of drivers) {
      named.driver.onCard = (event) => tell(this.#told(named, event));
      named.driver.discover((cards) => cards.forEach((card) => this.#know(card)));
    }
  }

  /** All there are now. */
  cards(done: (cards: readonly CardDescription[]) => void): void {
    const cards: CardDescription[] = [];
    let left = this.#drivers.length;
    if (left === 0) return done(cards);
    for (const named of this.#drivers) {
      named.driver.discover((found) => {
        for (const card of found) cards.push(this.#describe(named, card));
        if (--left === 0) done(cards);
      });
    }
  }

  /** Null: not there now. */
  find(name: PortName): { readonly port: Port; readonly aheadMs: number } | null {
    const slash = name.lastIndexOf('/');
    const id = { card: name.slice(0, slash), port: Number(name.slice(slash + 1)) };
    for (const { driver, aheadMs } of this.#drivers) {
      const port = driver.port(id);
      if (port !== null) return { port, aheadMs };
    }
    return null;
  }

  /** Why a port is not there. */
  missing(name: PortName): PortUnitRefusal {
    return this.#known.has(name) ? { code: 'absent', text: `The card of port ${name} is not there.` } : { code: 'noSuchPort', text: `There is no port ${name}.` };
  }

  describePort({ id, capabilities, settings }: Port): PortDescription {
    const name = portKey(id);
    return { port: name, number: id.port, capabilities, settings, isOpen: this.#isOpen(name) };
  }

  close(): void {
    for (const { driver } of this.#drivers) {
      driver.onCard = null;
      driver.close();
    }
  }

  #told(named: NamedDriver, event: CardEvent): PortGatewayEvent {
    if (event.type === 'gone') return { event: 'card', change: 'gone', serial: event.serial };
    return { event: 'card', change: 'arrived', card: this.#describe(named, event.card) };
  }

  #describe({ name }: NamedDriver, card: Card): CardDescription {
    this.#know(card);
    const { serial, identity, vendor, model, firmware, slot, ports } = card;
    return { serial, identity, vendor, model, firmware, slot, driver: name, ports: ports.map((port) => this.describePort(port)) };
  }

  #know({ ports }: Card): void {
    for (const { id } of ports) this.#known.add(portKey(id));
  }
}
