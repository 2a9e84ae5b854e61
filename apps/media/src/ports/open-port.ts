import type { LineReading, Port, PortCommand, PortEvent, PortListener, PortRefusal } from '@tipring/cards';
import { lanes } from '@tipring/dsp';
import type { PortGatewayEvent, PortHappening, PortMeasurement, PortName, PortTreatment } from '@tipring/gateway';
import type { PortChannel } from './port-channel.ts';
import type { PortDsp } from './port-dsp.ts';
import type { PortGroup } from './port-group.ts';

export interface OpenPortWorld {
  tell(event: PortGatewayEvent): void;
  now(): number;
  /** The card's clock beside it, ms. */
  readonly aheadMs: number;
  /** The card was pulled: the port is no more. */
  gone(): void;
}

/** A port that is open: its card's events and blocks come here. */
export class OpenPort implements PortListener {
  readonly name: PortName;
  readonly port: Port;
  readonly channel: PortChannel;
  readonly #group: PortGroup;
  readonly #lane: number;
  readonly #bank: PortDsp;
  readonly #world: OpenPortWorld;
  /** How the line is, by the last event of each kind. */
  readonly #state = new Map<PortHappening['type'], PortHappening>();

  constructor(name: PortName, port: Port, channel: PortChannel, group: PortGroup, bank: PortDsp, world: OpenPortWorld) {
    this.name = name;
    this.port = port;
    this.channel = channel;
    this.#group = group;
    this.#lane = channel.channel % lanes;
    this.#bank = bank;
    this.#world = world;
  }

  begin(treatment: PortTreatment): void {
    const { settings, capabilities } = this.port;
    const use = { tell: (is: PortHappening) => this.#tell(is, this.#world.now()), now: () => this.#world.now(), law: settings.law, echoDelayMs: capabilities.echoDelayMs, changed: () => this.#group.plan() };
    this.channel.begin(use, treatment);
    this.#group.seat(this.#lane, this.channel);
    if (this.port.kind === 'fxo') this.#portHook('on');
  }

  end(): void {
    this.#group.seat(this.#lane, null);
    this.channel.end();
  }

  /** How its line is, anew. */
  inspect(): void {
    const atMs = this.#world.now();
    for (const type of lineState) {
      const is = this.#state.get(type);
      if (is !== undefined) this.#tell(is, atMs);
    }
  }

  command(command: PortCommand, done: (refusal: PortRefusal | null) => void): void {
    this.port.send(command, (refusal) => {
      if (refusal === null && command.do === 'hook') this.#portHook(command.hook);
      done(refusal);
    });
  }

  measure(done: (measurement: PortMeasurement | null, refusal: PortRefusal | null) => void): void {
    this.port.measure((reading, refusal) => done(reading === null ? null : this.#measurement({ ...reading, atMs: reading.atMs - this.#world.aheadMs }), refusal));
  }

  event(event: PortEvent): void {
    const { atMs, sequence: _, ...is } = event;
    if ((lineState as readonly string[]).includes(is.type)) this.#state.set(is.type, is);
    this.#tell(is, atMs - this.#world.aheadMs);
    if (is.type === 'hook' && is.hook === 'off') this.channel.call();
    if (is.type === 'absent') this.#world.gone();
  }

  audio(received: Uint8Array, send: Uint8Array): void {
    this.#group.next(this.#lane);
    this.channel.receive(received);
    this.channel.speak(send);
    this.#group.came(this.#lane);
  }

  #portHook(hook: 'off' | 'on'): void {
    const is: PortHappening = { type: 'portHook', hook };
    this.#state.set('portHook', is);
    this.#tell(is, this.#world.now());
    if (hook === 'off') this.channel.call();
  }

  #tell(is: PortHappening, atMs: number): void {
    this.#world.tell({ event: 'port', port: this.name, atMs, is });
  }

  #measurement(line: LineReading): PortMeasurement {
    const { channel, treatment, echoTail, buffer } = this.channel;
    const hum = this.#bank.hum.read(channel);
    const { received, sent } = this.#group.takeLevels(this.#lane);
    const mainsHz = hum.fundamentalHz === null ? null : hum.fundamentalHz < 55 ? 50 : 60;
    return {
      line,
      received,
      sent,
      hum: { mainsHz, levelDbm0: mainsHz === null ? -150 : hum.totalDbm0 },
      echo: treatment.echo === null ? null : this.#echo(treatment.echo.tailMs, echoTail === null),
      buffer: this.channel.isBuffered ? { delayMs: buffer.delayMs, driftPpm: buffer.driftPpm, underruns: buffer.underruns, overruns: buffer.overruns } : null,
    };
  }

  #echo(tailMs: 32 | 64 | 128, isBypassed: boolean): PortMeasurement['echo'] {
    const { erlDb, erleDb, residualDbm0, converged, disabled } = this.#bank.cancellers(tailMs).read(this.channel.channel);
    return { erlDb, erleDb, residualDbm0, isConverged: converged, isDisabled: disabled || isBypassed };
  }
}

/** What `inspect` tells, in this order. */
const lineState = ['battery', 'polarity', 'lineInUse', 'hook', 'portHook'] as const;
