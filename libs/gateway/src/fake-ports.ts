import { checkCommand, checkSettings, type Polarity, type PortCommand, type PortSettings, type PortSettingsChange } from '@tipring/cards';
import type { GatewayRefusal } from './contract.ts';
import { KeptHappenings } from './kept-happenings.ts';
import type { CardDescription, PortDescription, PortGatewayCommand, PortGatewayEvent, PortHappening, PortListening, PortMeasurement, PortName, PortSound, PortTreatment } from './port-contract.ts';
import { usualTreatment } from './port-contract.ts';

/** A port as it stands in a fake: what the controller has made of it. */
export interface FakePort {
  readonly isOpen: boolean;
  readonly settings: PortSettings;
  readonly treatment: PortTreatment;
  readonly listening: PortListening;
  /** What was played last; empty: hush. A tone without end is never over, and nothing here ends by itself. */
  readonly playing: readonly PortSound[];
  /** All that its driver was commanded since it was opened, oldest first. */
  readonly commanded: readonly PortCommand[];
}

type Answer = { readonly reply: unknown } | { readonly refusal: GatewayRefusal };
type FakePortCommand = Exclude<PortGatewayCommand, { readonly do: 'addPort' | 'modifyPort' }>;
type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

interface Held extends Writable<FakePort> {
  readonly description: PortDescription;
  commanded: PortCommand[];
  measurement: PortMeasurement;
  /** No controller has opened it since the last came. */
  isKept: boolean;
  readonly kept: KeptHappenings;
  /** FXO: our hook; FXS: the telephone's. */
  hook: 'off' | 'on';
  battery: boolean;
  polarity: Polarity;
}

/** The ports of a fake gateway. No audio: what would be heard, and what the wires do, is told by `happen`. */
export class FakePorts {
  /** What is to be told after the present reply, or at once. */
  readonly due: PortGatewayEvent[] = [];
  readonly #cards = new Map<string, CardDescription>();
  readonly #ports = new Map<PortName, Held>();
  readonly #gone = new Set<string>();
  readonly #now: () => number;

  constructor(cards: readonly CardDescription[], now: () => number) {
    this.#now = now;
    for (const card of cards) this.#put(card);
  }

  get open(): readonly PortName[] {
    return [...this.#ports].flatMap(([name, { isOpen }]) => (isOpen ? [name] : []));
  }

  find(name: PortName): FakePort | null {
    return this.#ports.get(name) ?? null;
  }

  measured(name: PortName, measurement: Partial<PortMeasurement>): void {
    const port = this.#ports.get(name);
    if (port !== undefined) port.measurement = { ...port.measurement, ...measurement };
  }

  /** Null: it could become an end of a context. */
  refusalOf(name: PortName): GatewayRefusal | null {
    const port = this.#ports.get(name);
    if (port === undefined) return { code: 'noSuchPort', text: `there is no port ${name}` };
    if (this.#gone.has(cardOf(name))) return { code: 'absent', text: `the card of ${name} is gone` };
    return port.isOpen ? null : { code: 'closed', text: `${name} is not open` };
  }

  /** The controller is gone, or another has come: each port waits to be opened again. */
  unclaim(): void {
    for (const port of this.#ports.values()) port.isKept = port.isOpen;
    this.due.length = 0;
  }

  happen(name: PortName, is: PortHappening): void {
    const port = this.#ports.get(name);
    if (port === undefined || !port.isOpen) return;
    if (is.type === 'hook' || is.type === 'portHook') port.hook = is.hook;
    if (is.type === 'battery') port.battery = is.present;
    if (is.type === 'polarity') port.polarity = is.polarity;
    this.#tell(name, port, is);
    if (is.type === 'absent') port.isOpen = false;
  }

  remove(serial: string, why: 'card' | 'driver'): void {
    const card = this.#cards.get(serial);
    if (card === undefined || this.#gone.has(serial)) return;
    for (const { port } of card.ports) this.happen(port, { type: 'absent', ...(why === 'driver' ? { why } : {}) });
    this.#gone.add(serial);
    this.due.push({ event: 'card', change: 'gone', serial });
  }

  insert(card: CardDescription): void {
    this.#gone.delete(card.serial);
    const known = this.#cards.get(card.serial);
    if (known === undefined) this.#put(card);
    this.due.push({ event: 'card', change: 'arrived', card: this.#describe(known ?? card) });
  }

  answer(command: FakePortCommand): Answer {
    if (command.do === 'cards') return { reply: { cards: [...this.#cards.values()].filter(({ serial }) => !this.#gone.has(serial)).map((card) => this.#describe(card)) } };
    const refusal = this.refusalOf(command.port);
    const port = this.#ports.get(command.port);
    if (port === undefined || (refusal !== null && !(command.do === 'openPort' && refusal.code === 'closed'))) return { refusal: refusal ?? { code: 'noSuchPort', text: command.port } };
    switch (command.do) {
      case 'openPort':
        return this.#openPort(command.port, port, command.settings ?? {}, command.treatment ?? {});
      case 'closePort':
        Object.assign(port, closed);
        return { reply: {} };
      case 'configurePort':
        return this.#configure(port, command.settings ?? {}, command.treatment ?? {}) ?? { reply: { settings: port.settings, treatment: port.treatment } };
      case 'commandPort':
        return this.#command(command.port, port, command.command);
      case 'play':
        port.playing = command.sounds;
        return { reply: {} };
      case 'listen':
        port.listening = command.listening;
        return { reply: {} };
      case 'inspectPort':
        this.#tellLine(command.port, port);
        return { reply: {} };
      case 'measurePort':
        return { reply: port.measurement };
    }
  }

  #openPort(name: PortName, port: Held, settings: PortSettingsChange, treatment: Partial<PortTreatment>): Answer {
    const refused = this.#configure(port, settings, treatment);
    if (refused !== null) return refused;
    port.isKept = false;
    if (!port.isOpen) Object.assign(port, { isOpen: true, commanded: [] });
    for (const { atMs, is } of port.kept.take()) this.due.push({ event: 'port', port: name, atMs, is });
    this.#tellLine(name, port);
    return { reply: { ...port.description, settings: port.settings, isOpen: true } satisfies PortDescription };
  }

  #configure(port: Held, settings: PortSettingsChange, treatment: Partial<PortTreatment>): Answer | null {
    const refusal = checkSettings(settings, port.description.capabilities);
    if (refusal !== null) return { refusal };
    port.settings = { ...port.settings, ...settings } as PortSettings;
    port.treatment = { ...port.treatment, ...treatment };
    return null;
  }

  #command(name: PortName, port: Held, command: PortCommand): Answer {
    const refusal = checkCommand(command, port.description.capabilities);
    if (refusal !== null) return { refusal };
    port.commanded.push(command);
    if (command.do === 'hook') {
      port.hook = command.hook;
      this.#tell(name, port, { type: 'portHook', hook: command.hook });
    }
    return { reply: {} };
  }

  #tellLine(name: PortName, port: Held): void {
    if (port.settings.kind === 'fxs') return this.#tell(name, port, { type: 'hook', hook: port.hook });
    this.#tell(name, port, { type: 'battery', present: port.battery, volts: port.battery ? 48 : 0 });
    const { capabilities } = port.description;
    if (capabilities.kind === 'fxo' && capabilities.seesPolarity) this.#tell(name, port, { type: 'polarity', polarity: port.polarity });
    this.#tell(name, port, { type: 'portHook', hook: port.hook });
  }

  #tell(port: PortName, { isKept, kept }: Held, is: PortHappening): void {
    if (isKept) kept.keep({ atMs: this.#now(), is });
    else this.due.push({ event: 'port', port, atMs: this.#now(), is });
  }

  #put(card: CardDescription): void {
    this.#cards.set(card.serial, card);
    for (const description of card.ports) this.#ports.set(description.port, held(description));
  }

  #describe(card: CardDescription): CardDescription {
    return { ...card, ports: card.ports.map((port) => ({ ...port, settings: this.#ports.get(port.port)?.settings ?? port.settings, isOpen: this.#ports.get(port.port)?.isOpen ?? false })) };
  }
}

function held(description: PortDescription): Held {
  return { ...closed, description, settings: description.settings, treatment: usualTreatment, commanded: [], measurement: nothingMeasured, isKept: false, kept: new KeptHappenings(), battery: true, polarity: 'normal' };
}

function cardOf(port: PortName): string {
  return port.slice(0, port.lastIndexOf('/'));
}

const closed = { isOpen: false, isKept: false, listening: {}, playing: [], hook: 'on' } as const;

const level = { rmsDbm0: -150, peakDbm0: -150, cMessageDbrnC0: -60, psophometricDbm0p: -150, impulses: 0, clippedSamples: 0, samples: 0 };

const nothingMeasured: PortMeasurement = {
  line: { atMs: 0, offHook: false, batteryPresent: true, lineVolts: 48, loopMilliamps: 0, ringVoltsRms: null, polarity: 'normal' },
  received: level,
  sent: level,
  hum: null,
  echo: null,
  buffer: null,
};
