import { type ActResult, type Card, type CardDriver, type CardEvent, type Port, type PortId, portKey, type PortRefusal, type PortSettingsChange, type SimulatorAct, type SimulatorState } from '@tipring/cards';
import type { Timers } from '@tipring/clock';
import { lanes, type WebAssemblyModule } from '@tipring/dsp';
import { type CardDescription, type PortDescription, type PortGatewayEvent, type PortName, type PortTreatment, usualTreatment } from '@tipring/gateway';
import { OpenPort } from './open-port.ts';
import { PortChannel } from './port-channel.ts';
import { PortDsp } from './port-dsp.ts';
import { PortGroup } from './port-group.ts';
import type { PortLink, PortLinkAddress, PortLinkEnd } from './port-link.ts';
import type { PortUnitCommand, PortUnitOutcome, PortUnitRefusal } from './port-unit-command.ts';
import type { Ports } from './ports.ts';

export interface NamedDriver {
  readonly name: CardDescription['driver'];
  readonly driver: CardDriver;
  /** Its clock beside ours, ms. */
  readonly aheadMs: number;
}

export interface PortUnitWorld {
  tell(event: PortGatewayEvent): void;
  /** The way to a packet worker's pair, and for `end` what comes from there. */
  link(address: PortLinkAddress, end: PortLinkEnd): PortLink;
}

/** What is plugged into simulated cards. */
export interface SimulatedPlant {
  act(act: SimulatorAct): ActResult;
  state(): SimulatorState;
}

export interface PortUnitSettings {
  readonly dsp: WebAssemblyModule;
  /** Ports that can be open at a time, in fours. */
  readonly channels: number;
  /** Null: nothing is simulated. */
  readonly simulator: SimulatedPlant | null;
}

type Done<Do extends PortUnitCommand['do'] = PortUnitCommand['do']> = (outcome: PortUnitOutcome<Do>) => void;
type Command<Do extends PortUnitCommand['do']> = Extract<PortUnitCommand, { readonly do: Do }>;

/** All cards of a gateway and the audio of their ports, without a thread of its own: the cards' clocks drive it. */
export class PortUnit implements Ports {
  readonly #drivers: readonly NamedDriver[];
  readonly #timers: Timers;
  readonly #world: PortUnitWorld;
  readonly #simulator: SimulatedPlant | null;
  /** Ports that were ever there. */
  readonly #known = new Set<PortName>();
  readonly #bank: PortDsp;
  /** By `serial` and which four of its ports. */
  readonly #groups = new Map<string, PortGroup>();
  readonly #freeGroups: number[];
  readonly #channels: (PortChannel | undefined)[] = [];
  readonly #open = new Map<PortName, OpenPort>();
  /** Opened by the card, not yet by its answer. */
  readonly #opening = new Map<PortName, ((refusal: PortUnitRefusal | null) => void)[]>();

  constructor(drivers: readonly NamedDriver[], { dsp, channels, simulator }: PortUnitSettings, timers: Timers, world: PortUnitWorld) {
    this.#drivers = drivers;
    this.#timers = timers;
    this.#world = world;
    this.#simulator = simulator;
    this.#bank = new PortDsp(dsp, channels);
    const groups = this.#bank.channels / lanes;
    this.#freeGroups = Array.from({ length: groups }, (_, index) => groups - 1 - index);
    for (const named of drivers) {
      named.driver.onCard = (event) => this.#card(named, event);
      named.driver.discover((cards) => cards.forEach((card) => this.#know(card)));
    }
  }

  execute<Do extends PortUnitCommand['do']>(command: Command<Do>, done: Done<Do>): void {
    this.#execute(command as PortUnitCommand, done as Done);
  }

  /** Every port is closed, and so are the drivers. */
  close(): void {
    for (const name of [...this.#open.keys()]) this.#close(name);
    for (const { driver } of this.#drivers) {
      driver.onCard = null;
      driver.close();
    }
  }

  #execute(command: PortUnitCommand, done: Done): void {
    if (command.do === 'cards') return this.#cards(done as Done<'cards'>);
    if (command.do === 'openPort') return this.#openPort(command, done as Done<'openPort'>);
    if (command.do === 'patchPorts') return done(this.#patch(command.ports));
    if (command.do === 'simulate') return done(this.#simulate(command.act));
    if (command.do === 'simulator') return done(this.#simulator === null ? noSimulator : { reply: this.#simulator.state() });
    const found = this.#open.get(command.port);
    if (found === undefined) return done({ refusal: this.#notOpen(command.port) });
    switch (command.do) {
      case 'closePort':
        this.#close(command.port);
        return done(nothing);
      case 'configurePort':
        return this.#configure(found, command, (refusal) => done(refusal === null ? { reply: { settings: found.port.settings, treatment: found.channel.treatment } } : { refusal }));
      case 'commandPort':
        return found.command(command.command, (refusal) => done(outcome(refusal)));
      case 'measurePort':
        return found.measure((measurement, refusal) => done(measurement === null ? { refusal: refusal ?? hardware } : { reply: measurement }));
      case 'inspectPort':
        found.inspect();
        return done(nothing);
      case 'listen':
        found.channel.listen(command.listening);
        return done(nothing);
      case 'play': {
        const fault = found.channel.play(command.sounds);
        return done(fault === null ? nothing : { refusal: { code: 'badCommand', text: fault } });
      }
      case 'connectPort':
        if (found.channel.isLinkedTo(command.link)) found.channel.reconnect(command.codec, command.link.digits);
        else found.channel.connect(this.#world.link(command.link, found.channel), command.codec, command.link);
        return done(nothing);
      case 'disconnectPort':
        found.channel.disconnect();
        return done(nothing);
    }
  }

  #simulate(act: SimulatorAct): PortUnitOutcome<'simulate'> {
    if (this.#simulator === null) return noSimulator;
    const result = this.#simulator.act(act);
    return result.ok ? { reply: { state: result.state } } : { refusal: result.refusal };
  }

  #cards(done: Done<'cards'>): void {
    const cards: CardDescription[] = [];
    let left = this.#drivers.length;
    if (left === 0) return done({ reply: { cards } });
    for (const named of this.#drivers) {
      named.driver.discover((found) => {
        for (const card of found) {
          this.#know(card);
          cards.push(this.#describe(named, card));
        }
        if (--left === 0) done({ reply: { cards } });
      });
    }
  }

  #openPort({ port: name, settings, treatment }: Command<'openPort'>, done: Done<'openPort'>): void {
    const port = this.#port(name);
    if (port === null) return done({ refusal: this.#missing(name) });
    const opened = (refusal: PortUnitRefusal | null): void => done(refusal === null ? { reply: this.#describePort(port) } : { refusal });
    const found = this.#open.get(name);
    const waiting = this.#opening.get(name);
    if (waiting !== undefined) {
      waiting.push(opened);
      return;
    }
    if (found !== undefined) {
      return this.#configure(found, { ...(settings && { settings }), ...(treatment && { treatment }) }, (refusal) => {
        if (refusal === null) found.inspect();
        opened(refusal);
      });
    }
    this.#opening.set(name, [opened]);
    const answer = (refusal: PortUnitRefusal | null): void => this.#answerOpening(name, refusal);
    const open = (refusal: PortRefusal | null): void => {
      // Closed meanwhile.
      if (!this.#opening.has(name)) return;
      if (refusal !== null) answer(refusal);
      else this.#begin(name, port, { ...usualTreatment, ...treatment }, answer);
    };
    if (settings === undefined) open(null);
    else port.configure(settings, open);
  }

  #begin(name: PortName, port: Port, treatment: PortTreatment, answer: (refusal: PortUnitRefusal | null) => void): void {
    const group = this.#groupOf(port.id);
    if (group === null) return answer({ code: 'busy', text: `All ${this.#bank.channels} channels of this gateway are in use.` });
    const aheadMs = this.#drivers.find(({ driver }) => driver.port(port.id) === port)?.aheadMs ?? 0;
    const world = { tell: (event: PortGatewayEvent) => this.#world.tell(event), now: () => this.#timers.now(), aheadMs, gone: () => this.#close(name) };
    const made = new OpenPort(name, port, this.#channel(group, port.id), group, this.#bank, world);
    // Its first block may come before its answer.
    this.#open.set(name, made);
    made.begin(treatment);
    port.open(made, (refusal) => {
      if (refusal !== null && this.#open.get(name) === made) this.#forget(made);
      answer(refusal);
    });
  }

  #configure(found: OpenPort, { settings, treatment }: { readonly settings?: PortSettingsChange; readonly treatment?: Partial<PortTreatment> }, done: (refusal: PortUnitRefusal | null) => void): void {
    const treat = (refusal: PortRefusal | null): void => {
      if (refusal === null) {
        if (treatment !== undefined) found.channel.treat({ ...found.channel.treatment, ...treatment });
        found.channel.setLaw(found.port.settings.law);
      }
      done(refusal);
    };
    if (settings === undefined) treat(null);
    else found.port.configure(settings, treat);
  }

  #patch([one, other]: readonly [PortName, PortName]): PortUnitOutcome<'patchPorts'> {
    const [near, far] = [this.#open.get(one), this.#open.get(other)];
    if (near === undefined || far === undefined) return { refusal: this.#notOpen(near === undefined ? one : other) };
    if (near === far) return { refusal: { code: 'badCommand', text: `${one} cannot be patched to itself.` } };
    near.channel.patch(far.channel, near.port.id.card === far.port.id.card ? 'block' : 'buffer');
    return nothing;
  }

  #answerOpening(name: PortName, refusal: PortUnitRefusal | null): void {
    const waiting = this.#opening.get(name) ?? [];
    this.#opening.delete(name);
    for (const opened of waiting) opened(refusal);
  }

  #close(name: PortName): void {
    this.#answerOpening(name, { code: 'closed', text: `Port ${name} was closed.` });
    const found = this.#open.get(name);
    if (found === undefined) return;
    this.#forget(found);
    found.port.close();
  }

  #forget(found: OpenPort): void {
    this.#open.delete(found.name);
    found.end();
    const key = groupKey(found.port.id);
    const group = this.#groups.get(key);
    if (group?.isEmpty !== true) return;
    this.#groups.delete(key);
    this.#freeGroups.push(group.index);
  }

  #groupOf(id: PortId): PortGroup | null {
    const key = groupKey(id);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const index = this.#freeGroups.pop();
    if (index === undefined) return null;
    const group = new PortGroup(this.#bank, index);
    this.#groups.set(key, group);
    return group;
  }

  #channel({ index }: PortGroup, { port }: PortId): PortChannel {
    const channel = index * lanes + ((port - 1) % lanes);
    return (this.#channels[channel] ??= new PortChannel(this.#bank, channel));
  }

  #card(named: NamedDriver, event: CardEvent): void {
    if (event.type === 'gone') this.#world.tell({ event: 'card', change: 'gone', serial: event.serial });
    else {
      this.#know(event.card);
      this.#world.tell({ event: 'card', change: 'arrived', card: this.#describe(named, event.card) });
    }
  }

  #describe({ name }: NamedDriver, { serial, identity, vendor, model, firmware, slot, ports }: Card): CardDescription {
    return { serial, identity, vendor, model, firmware, slot, driver: name, ports: ports.map((port) => this.#describePort(port)) };
  }

  #describePort({ id, capabilities, settings }: Port): PortDescription {
    const name = portKey(id);
    return { port: name, number: id.port, capabilities, settings, isOpen: this.#open.has(name) };
  }

  #notOpen(name: PortName): PortUnitRefusal {
    return this.#port(name) === null && !this.#opening.has(name) ? this.#missing(name) : { code: 'closed', text: `Port ${name} is not open.` };
  }

  #missing(name: PortName): PortUnitRefusal {
    return this.#known.has(name) ? { code: 'absent', text: `The card of port ${name} is not there.` } : { code: 'noSuchPort', text: `There is no port ${name}.` };
  }

  #know({ ports }: Card): void {
    for (const { id } of ports) this.#known.add(portKey(id));
  }

  #port(name: PortName): Port | null {
    const slash = name.lastIndexOf('/');
    const id = { card: name.slice(0, slash), port: Number(name.slice(slash + 1)) };
    for (const { driver } of this.#drivers) {
      const port = driver.port(id);
      if (port !== null) return port;
    }
    return null;
  }
}

function groupKey({ card, port }: PortId): string {
  return `${card}/${Math.floor((port - 1) / lanes)}`;
}

function outcome(refusal: PortRefusal | null): PortUnitOutcome<'commandPort'> {
  return refusal === null ? nothing : { refusal };
}

const nothing = { reply: {} } as const;
const noSimulator = { refusal: { code: 'noSimulator', text: 'There are no simulated cards.' } } as const;
const hardware: PortUnitRefusal = { code: 'hardware', text: 'The card gave no reading.' };
