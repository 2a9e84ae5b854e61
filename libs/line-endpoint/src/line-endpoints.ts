import type { Timer, Timers } from '@tipring/clock';
import type { CardDescription, PortGatewayEvent, PortMeasurement, PortName } from '@tipring/gateway';
import type { Availabilities, Availability, Endpoint, EndpointId } from '@tipring/telephony';
import { GatewayClock } from './gateway-clock.ts';
import { Line } from './line.ts';
import type { LineEndpointsPorts, LineEndpointsSettings, PortRefused } from './line-endpoints-ports.ts';
import type { LineEvent, LineListener, Live } from './live.ts';
import type { LinePlan, Plans, StationPlan } from './plan.ts';
import { Station } from './station.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * All analog telephones and lines of a gateway, as endpoints of calls.
 *
 * It is told of the gateway by `gatewayState` and `portEvent`. It asks for its ports when it hears `up`, the first time too; calls that lived
 * on must be given back (`Exchange.adopt`) before the answer, so that is told after the audit was asked for, as GatewayMedia does.
 */
export class LineEndpoints implements Availabilities {
  readonly #surroundings: Surroundings;
  readonly #users = new Map<EndpointId, Station | Line>();
  /** Also those that are to be removed once their calls have ended. */
  readonly #ports = new Map<PortName, Station | Line>();
  readonly #listeners = new Set<LineListener>();
  #plans: Plans = { stations: [], lines: [] };
  /** As the gateway tells of them; null: not asked yet. */
  #cards: Map<string, CardDescription> | null = null;
  #turn = 0;
  #lost: Timer | undefined;

  constructor(ports: LineEndpointsPorts, timers: Timers, settings: LineEndpointsSettings) {
    this.#surroundings = {
      ...ports,
      timers,
      settings,
      clock: new GatewayClock(() => timers.now()),
      incident: (id, what, text) => {
        ports.log.incident(id, what, text);
        this.#publish({ type: 'incident', id, what, text });
      },
      changed: (id) => {
        if (this.#listeners.size === 0) return;
        const live = this.live(id);
        if (live !== undefined) this.#publish({ type: 'state', live });
      },
      closed: (port) => this.#closed(port),
    };
  }

  /** All there are to be from now on. What is in a call changes when that has ended. */
  configure(plans: Plans): void {
    this.#plans = plans;
    const wanted = new Map<EndpointId, StationPlan | LinePlan>([...plans.stations, ...plans.lines].map((plan) => [plan.id, plan]));
    for (const [id, user] of this.#users) {
      const plan = wanted.get(id);
      // Another port is another station.
      if (plan !== undefined && plan.port === user.plan.port && isStation(plan) === user instanceof Station) continue;
      this.#users.delete(id);
      user.remove();
    }
    for (const plan of wanted.values()) {
      const user = this.#users.get(plan.id);
      if (user === undefined) this.#begin(plan);
      else if (user instanceof Station && isStation(plan)) user.configure(plan);
      else if (user instanceof Line && !isStation(plan)) user.configure(plan);
    }
  }

  /** For the exchange: none where it is no station and no line. */
  find(id: EndpointId): readonly Endpoint[] {
    const user = this.#users.get(id);
    return user === undefined ? [] : [user];
  }

  /** For routing: what `originate` of it would come to now; a telephone's, whether it would ring. Undefined: there is no such station or line. */
  availability(id: EndpointId): Availability | undefined {
    return this.#users.get(id)?.availability();
  }

  /** Undefined: there is no such station or line. */
  live(id: EndpointId): Live | undefined {
    return this.#users.get(id)?.live();
  }

  /** What the hardware and the DSP measure there now. False: there is no such station or line; `done` is not called. */
  measure(id: EndpointId, done: (measurement: PortMeasurement | null, refusal: PortRefused | null) => void): boolean {
    const user = this.#users.get(id);
    if (user === undefined) return false;
    this.#surroundings.gateway.send({ do: 'measurePort', port: user.plan.port }, done);
    return true;
  }

  /** In the mailbox of an extension messages came, or were heard: its telephones tell of it. */
  messagesChanged(extensionId: string): void {
    for (const user of this.#all()) if (user instanceof Station && user.plan.extensionId === extensionId) user.messagesChanged();
  }

  /** Returns what ends the observation. */
  observe(listener: LineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  gatewayState(state: 'up' | 'down'): void {
    const turn = ++this.#turn;
    this.#cards = null;
    if (state === 'down') {
      for (const user of this.#all()) user.link.lost('gateway');
      this.#lost ??= this.#surroundings.timers.start(this.#surroundings.settings.gatewayLostMs ?? usualLostMs, () => this.#gaveUp());
      return;
    }
    this.#surroundings.clock.reset();
    this.#surroundings.gateway.send({ do: 'cards' }, (reply) => {
      if (reply === null || turn !== this.#turn) return;
      this.#lost?.stop();
      this.#lost = undefined;
      this.#cards = new Map(reply.cards.map((card) => [card.serial, card]));
      for (const user of this.#all()) this.#look(user);
    });
  }

  portEvent(event: PortGatewayEvent): void {
    if (event.event === 'port') return this.#ports.get(event.port)?.link.hear(event);
    if (event.change === 'gone') {
      const card = this.#cards?.get(event.serial);
      this.#cards?.delete(event.serial);
      for (const { port } of card?.ports ?? []) this.#ports.get(port)?.link.lost('card');
      return;
    }
    this.#cards?.set(event.card.serial, event.card);
    for (const { port } of event.card.ports) {
      const user = this.#ports.get(port);
      if (user !== undefined) this.#look(user);
    }
  }

  #begin(plan: StationPlan | LinePlan): void {
    // It is still in a call of its former use: that one's end begins this.
    if (this.#ports.has(plan.port)) return;
    const user = isStation(plan) ? new Station(plan, this.#surroundings) : new Line(plan, this.#surroundings);
    this.#users.set(plan.id, user);
    this.#ports.set(plan.port, user);
    this.#look(user);
  }

  #closed(port: PortName): void {
    this.#ports.delete(port);
    for (const plan of [...this.#plans.stations, ...this.#plans.lines]) if (!this.#users.has(plan.id) && plan.port === port) this.#begin(plan);
  }

  /** Whether its port is there; before the gateway has told nobody knows. */
  #look(user: Station | Line): void {
    if (this.#cards === null) return;
    for (const card of this.#cards.values()) {
      const found = card.ports.find(({ port }) => port === user.plan.port);
      if (found === undefined) continue;
      const { isOpen, capabilities } = found;
      const isFit = capabilities.kind === (user instanceof Station ? 'fxs' : 'fxo');
      if (isFit) return user.link.found(isOpen, capabilities);
      this.#surroundings.incident(user.id, 'portRefused', `port ${user.plan.port} is an ${capabilities.kind.toUpperCase()} port: ${capabilities.kind === 'fxs' ? 'for a telephone, and not a line' : 'for a line, and not a telephone'}`);
    }
    user.link.lost('card');
  }

  #gaveUp(): void {
    this.#lost = undefined;
    for (const user of this.#all()) user.lost('gateway');
  }

  #all(): readonly (Station | Line)[] {
    return [...this.#ports.values()];
  }

  #publish(event: LineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function isStation(plan: StationPlan | LinePlan): plan is StationPlan {
  return 'extension' in plan;
}

const usualLostMs = 5_000;
