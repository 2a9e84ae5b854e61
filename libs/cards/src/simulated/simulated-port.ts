import type { Timers } from '@tipring/clock';
import { checkCommand, checkSettings, refusal } from '../command-check.ts';
import { blockSamples, type Done, type LineReading, type Port, type PortId, type PortKind, type PortListener, type PortRefusal } from '../contract.ts';
import type { PortCapabilities } from '../port-capabilities.ts';
import type { PortCommand } from '../port-command.ts';
import type { AnyPortEvent, FxoEvent, FxsEvent } from '../port-event.ts';
import type { PortSettings, PortSettingsChange } from '../port-settings.ts';
import { deadLine, type EndCircuit, type LineEnd, type LinePlug, nothingThere } from '../twin/line-end.ts';
import { type Companding, companding } from './companding.ts';
import { FxoCircuit } from './fxo-circuit.ts';
import { FxsCircuit } from './fxs-circuit.ts';
import type { Mailbox } from './mailbox.ts';
import type { CircuitWorld, PortCircuit } from './port-circuit.ts';

type Life = { readonly at: 'closed' } | { readonly at: 'open'; readonly listener: PortListener; sequence: number } | { readonly at: 'absent' };

/** One jack of a simulated card: the contract above, a line below. */
export class SimulatedPort implements Port, LineEnd {
  readonly clocked = true;
  readonly id: PortId;
  readonly kind: PortKind;
  readonly capabilities: PortCapabilities;
  readonly #timers: Timers;
  readonly #mailbox: Mailbox;
  readonly #circuit: PortCircuit;
  readonly #keep: (settings: PortSettings) => void;
  #settings: PortSettings;
  #companding!: Companding;
  #receiveFactor = 1;
  #sendFactor = 1;
  #life: Life = { at: 'closed' };
  #plug: LinePlug | null = null;
  /** What was written when the last block was over, and goes out in the present one. */
  readonly #sending = new Float32Array(blockSamples);
  readonly #received = new Float32Array(blockSamples);
  readonly #octetsIn = new Uint8Array(blockSamples);
  readonly #octetsOut = new Uint8Array(blockSamples);

  /** `keep` is told of each change of settings. */
  constructor(timers: Timers, mailbox: Mailbox, id: PortId, capabilities: PortCapabilities, settings: PortSettings, keep: (settings: PortSettings) => void) {
    this.#timers = timers;
    this.#mailbox = mailbox;
    this.id = id;
    this.kind = capabilities.kind;
    this.capabilities = capabilities;
    this.#settings = settings;
    this.#adjust(settings);
    this.#keep = keep;
    const world: CircuitWorld = { tell: (event) => this.#tell(event), changed: () => this.#plug?.changed() };
    this.#circuit = capabilities.kind === 'fxo' && settings.kind === 'fxo' ? new FxoCircuit(timers, world, capabilities, settings) : new FxsCircuit(timers, world, ...fxs(capabilities, settings));
  }

  get settings(): PortSettings {
    return this.#settings;
  }

  open(listener: PortListener, done: Done): void {
    if (this.#life.at !== 'closed') return this.#answer(done, this.#life.at === 'open' ? refusal('busy', 'The port is open already.') : gone);
    this.#life = { at: 'open', listener, sequence: 0 };
    this.#answer(done, null);
    this.#circuit.open();
  }

  close(): void {
    if (this.#life.at !== 'open') return;
    this.#life = { at: 'closed' };
    this.#plug?.catchUp();
    this.#sending.fill(0);
    this.#circuit.close();
  }

  configure(change: PortSettingsChange, done: Done): void {
    const refused = this.#life.at === 'absent' ? gone : checkSettings(change, this.capabilities);
    this.#answer(done, refused);
    if (refused !== null) return;
    this.#settings = { ...this.#settings, ...change } as PortSettings;
    this.#adjust(this.#settings);
    this.#keep(this.#settings);
    this.#circuit.configure(this.#settings);
  }

  send(command: PortCommand, done: Done): void {
    const refused = this.#life.at === 'absent' ? gone : (checkCommand(command, this.capabilities) ?? (this.#life.at === 'closed' ? refusal('closed', 'The port is not open.') : null));
    this.#answer(done, refused ?? this.#circuit.command(command));
  }

  measure(done: (reading: LineReading | null, refusal: PortRefusal | null) => void): void {
    const reading = this.#life.at === 'absent' ? null : { atMs: this.#timers.now(), ...this.#circuit.reading(this.#plug?.state ?? deadLine) };
    this.#mailbox.post(() => done(reading, reading === null ? gone : null));
  }

  /** The card was pulled. */
  vanish(): void {
    this.#tell({ type: 'absent' });
    if (this.#life.at === 'open') this.#circuit.close();
    this.#life = { at: 'absent' };
    this.#plug?.changed();
  }

  /** By the card's clock: 20 ms are over, `atMs`. */
  tick(atMs: number): void {
    if (this.#life.at !== 'absent') this.#plug?.exchange(this.#sending, this.#received, atMs);
    this.#deliver();
  }

  /** Blocks that nobody was there to take: the machine was too slow. */
  lose(blocks: number): void {
    this.#tell({ type: 'audioLost', direction: 'received', blocks });
  }

  circuit(): EndCircuit {
    return this.#life.at === 'absent' ? nothingThere : this.#circuit.circuit();
  }

  plugged(plug: LinePlug | null): void {
    this.#plug = plug;
    this.#received.fill(0);
    if (plug === null) this.#circuit.settled(deadLine);
  }

  settled(): void {
    if (this.#life.at !== 'absent') this.#circuit.settled(this.#plug?.state ?? deadLine);
  }

  get speaks(): boolean {
    return this.#life.at !== 'absent' && this.#circuit.sends;
  }

  speak(): void {
    // A port is clocked: it moves its audio itself.
  }

  hear(): void {}

  #deliver(): void {
    if (this.#life.at !== 'open') return;
    const { encoded, decoded } = this.#companding;
    const [receiveFactor, sendFactor] = [this.#receiveFactor, this.#sendFactor];
    for (let n = 0; n < blockSamples; n++) this.#octetsIn[n] = encoded[32_768 + clip(this.#received[n]! * receiveFactor)]!;
    this.#octetsOut.fill(encoded[32_768]!);
    this.#life.listener.audio(this.#octetsIn, this.#octetsOut);
    // The amplifier in front of the line clips too.
    for (let n = 0; n < blockSamples; n++) this.#sending[n] = clip(decoded[this.#octetsOut[n]!]! * sendFactor);
  }

  #adjust({ law, receiveGainDb, sendGainDb }: PortSettings): void {
    this.#companding = companding(law);
    this.#receiveFactor = 10 ** (receiveGainDb / 20);
    this.#sendFactor = 10 ** (sendGainDb / 20);
  }

  #tell(event: FxoEvent | FxsEvent | AnyPortEvent): void {
    const life = this.#life;
    if (life.at !== 'open') return;
    const told = { ...event, atMs: this.#timers.now(), sequence: ++life.sequence };
    this.#mailbox.post(() => {
      // Closed meanwhile: nothing is told any more.
      if (this.#life === life || event.type === 'absent') life.listener.event(told);
    });
  }

  #answer(done: Done, refused: PortRefusal | null): void {
    this.#mailbox.post(() => done(refused));
  }
}

/** Capabilities and settings of a port are of one kind: who makes it sees to that. */
function fxs(capabilities: PortCapabilities, settings: PortSettings): [Extract<PortCapabilities, { kind: 'fxs' }>, Extract<PortSettings, { kind: 'fxs' }>] {
  if (capabilities.kind !== 'fxs' || settings.kind !== 'fxs') throw new Error(`A port of kind ${capabilities.kind} has settings of kind ${settings.kind}.`);
  return [capabilities, settings];
}

function clip(sample: number): number {
  return sample >= 32_767 ? 32_767 : sample <= -32_768 ? -32_768 : Math.round(sample);
}

const gone = refusal('absent', 'The card is not there.');
