import type { StationPlan } from './plan.ts';
import type { PortLeg } from './port-leg.ts';
import type { StationPort } from './station-port.ts';
import type { Surroundings } from './surroundings.ts';

/** The relay of a door phone, opened by whoever talks to it. */
export class StationDoor {
  readonly #plan: () => StationPlan;
  readonly #port: StationPort;
  readonly #surroundings: Surroundings;
  #openedAt = -Infinity;

  constructor(plan: () => StationPlan, port: StationPort, surroundings: Surroundings) {
    this.#plan = plan;
    this.#port = port;
    this.#surroundings = surroundings;
  }

  /** @returns whether the digit is the one that opens it, which it has done then */
  opens({ party, phase, report }: PortLeg, digit: string): boolean {
    const { door, id } = this.#plan();
    if (digit !== door?.digit || phase !== 'up') return false;
    const now = this.#surroundings.timers.now();
    // Heard in two ways, or pressed twice: the relay holds for a while.
    if (now - this.#openedAt < openMs) return true;
    this.#openedAt = now;
    for (const symbol of door.code) this.#port.sendDigit(symbol);
    const by = party.name === undefined ? party.number : `${party.name}, ${party.number}`;
    report.note('door', `the door was opened by ${by}`);
    this.#surroundings.incident(id, 'doorOpened', `by ${by}`);
    return true;
  }
}

/** So long it is open at least. */
const openMs = 2_000;
