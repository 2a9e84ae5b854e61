import type { ActResult, Port, PortId, PortRefusal, PortSettingsChange, SimulatorAct, SimulatorState } from '@tipring/cards';
import type { Timers } from '@tipring/clock';
import { lanes, ToneSet, type WebAssemblyModule } from '@tipring/dsp';
import { type PortGatewayEvent, type PortName, type PortTreatment, usualTreatment } from '@tipring/gateway';
import { CardShelf, type NamedDriver } from './card-shelf.ts';
import { OpenPort } from './open-port.ts';
import { PortChannel } from './port-channel.ts';
import { PortDsp } from './port-dsp.ts';
import { PortGroup } from './port-group.ts';
import type { PortLink, PortLinkAddress, PortLinkEnd } from './port-link.ts';
import type { PortUnitCommand, PortUnitOutcome, PortUnitRefusal } from './port-unit-command.ts';
import type { Ports } from './ports.ts';

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
  readonly #shelf: CardShelf;
  readonly #timers: Timers;
  readonly #world: PortUnitWorld;
  readonly #simulator: SimulatedPlant | null;
  readonly #bank: PortDsp;
  /** By `serial` and which four of its ports. */
  readonly #groups = new Map<string, PortGroup>();
  readonly #freeGroups: number[];
  readonly #channels: (PortChannel | undefined)[] = [];
  readonly #open = new Map<PortName, OpenPort>();
  /** Opened by the card, not yet by its answer. */
  readonly #opening = new Map<PortName, ((refusal: PortUnitRefusal | null) => void)[]>();

  constructor(drivers: readonly NamedDriver[], { dsp, channels, simulator }: PortUnitSettings, timers: Timers, world: PortUnitWorld) {
    this.#timers = timers;
    this.#world = world;
    this.#simulator = simulator;
    this.#bank = new PortDsp(dsp, channels);
    const groups = this.#bank.channels / lanes;
    this.#freeGroups = Array.from({ length: groups }, (_, index) => groups - 1 - index);
    this.#shelf = new CardShelf(drivers, (port) => this.#open.has(port), (event) => world.tell(event));
  }

  execute<Do extends PortUnitCommand['do']>(command: Command<Do>, done: Done<Do>): void {
    this.#execute(command as PortUnitCommand, done as Done);
  }

  /** Every port is closed, and so are the drivers. */
  close(): void {
    for (const name of [...this.#open.keys()]) this.#close(name);
    this.#shelf.close();
  }

  #execute(command: PortUnitCommand, done: Done): void {
    if (command.do === 'cards') return this.#shelf.cards((cards) => done({ reply: { cards } }));
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

  #openPort({ port: name, settings, treatment }: Command<'openPort'>, done: Done<'openPort'>): void {
    const where = this.#shelf.find(name);
    if (where === null) return done({ refusal: this.#shelf.missing(name) });
    const { port, aheadMs } = where;
    const fault = toneFault(treatment);
    if (fault !== null) return done({ refusal: fault });
    const opened = (refusal: PortUnitRefusal | null): void => done(refusal === null ? { reply: this.#shelf.describePort(port) } : { refusal });
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
      else this.#begin(name, port, aheadMs, { ...usualTreatment, ...treatment }, answer);
    };
    if (settings === undefined) open(null);
    else port.configure(settings, open);
  }

  #begin(name: PortName, port: Port, aheadMs: number, treatment: PortTreatment, answer: (refusal: PortUnitRefusal | null) => void): void {
    const group = this.#groupOf(port.id);
    if (group === null) return answer({ code: 'busy', text: `All ${this.#bank.channels} channels of this gateway are in use.` });
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
    const fault = toneFault(treatment);
    if (fault !== null) return done(fault);
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

  #notOpen(name: PortName): PortUnitRefusal {
    return this.#shelf.find(name) === null && !this.#opening.has(name) ? this.#shelf.missing(name) : { code: 'closed', text: `Port ${name} is not open.` };
  }

}

/** A tone that no detector can watch for: found out before anything is done. */
function toneFault(treatment: Partial<PortTreatment> | undefined): PortUnitRefusal | null {
  if (treatment?.tones === undefined) return null;
  try {
    new ToneSet(treatment.tones);
    return null;
  } catch (error) {
    return { code: 'badCommand', text: error instanceof Error ? error.message : String(error) };
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
