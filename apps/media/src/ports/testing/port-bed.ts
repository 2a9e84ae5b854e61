import { CentralOffice, type CentralOfficeSettings, type LineSettings, type PortCommand, type SimulatedCardPlan, SimulatedCards, Telephone, type TelephoneSettings } from '@tipring/cards';
import { FakeTimers } from '@tipring/clock';
import { Dsp, G711 } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import type { PortCodec, PortGatewayEvent, PortHappening, PortListening, PortMeasurement, PortSound, PortTreatment } from '@tipring/gateway';
import type { PortLink, PortLinkAddress, PortLinkEnd } from '../port-link.ts';
import type { PortUnitCommand, PortUnitOutcome } from '../port-unit-command.ts';
import { PortUnit } from '../port-unit.ts';

let module: ReturnType<typeof readDspModule> | undefined;

/** For tests: a unit with simulated cards, in virtual time. Port `S/3` is the third of card `S`. */
export class PortBed {
  readonly timers = new FakeTimers();
  readonly cards: SimulatedCards;
  readonly unit: PortUnit;
  readonly events: PortGatewayEvent[] = [];
  readonly links: TestLink[] = [];

  constructor(plans: readonly SimulatedCardPlan[] = [{ serial: 'S', ports: ['fxo', 'fxs', 'fxo', 'fxs'] }]) {
    module ??= readDspModule();
    this.cards = new SimulatedCards(this.timers, plans);
    this.unit = new PortUnit([{ name: 'simulated', driver: this.cards, aheadMs: 0 }], { dsp: module, channels: 32, simulator: null }, this.timers, {
      tell: (event) => void this.events.push(event),
      link: (address, end) => {
        const link = new TestLink(address, end);
        this.links.push(link);
        return link;
      },
    });
    this.wait(1);
  }

  wait(ms: number): void {
    this.timers.advance(ms);
  }

  /** Done within 10 ms of virtual time. */
  ask<Do extends PortUnitCommand['do']>(command: Extract<PortUnitCommand, { readonly do: Do }>): PortUnitOutcome<Do> {
    let answered: PortUnitOutcome<Do> | undefined;
    this.unit.execute(command, (outcome) => (answered = outcome));
    if (answered === undefined) this.wait(10);
    if (answered === undefined) throw new Error(`${command.do} was not answered`);
    return answered;
  }

  /** Done, or throws with the refusal. */
  obey<Do extends PortUnitCommand['do']>(command: Extract<PortUnitCommand, { readonly do: Do }>): Extract<PortUnitOutcome<Do>, { readonly refusal?: undefined }>['reply'] {
    const outcome = this.ask(command);
    if (outcome.refusal !== undefined) throw new Error(`${command.do}: ${outcome.refusal.code}: ${outcome.refusal.text}`);
    return outcome.reply;
  }

  office(port: string, settings: CentralOfficeSettings = {}, line: LineSettings = shortLine): CentralOffice {
    const office = new CentralOffice(this.timers, settings);
    this.cards.plug(idOf(port), office, line);
    return office;
  }

  telephone(port: string, settings: TelephoneSettings = {}, line: LineSettings = shortLine): Telephone {
    const telephone = new Telephone(this.timers, settings);
    this.cards.plug(idOf(port), telephone, line);
    return telephone;
  }

  open(port: string, treatment: Partial<PortTreatment> = {}): void {
    this.obey({ do: 'openPort', port, treatment });
    this.wait(100);
  }

  command(port: string, command: PortCommand): void {
    this.obey({ do: 'commandPort', port, command });
  }

  listen(port: string, listening: PortListening): void {
    this.obey({ do: 'listen', port, listening });
  }

  play(port: string, ...sounds: PortSound[]): void {
    this.obey({ do: 'play', port, sounds });
  }

  connect(port: string, codec: PortCodec = 'PCMU', digits: PortLinkAddress['digits'] = 'audio'): TestLink {
    this.obey({ do: 'connectPort', port, codec, link: { address: 'test', port: this.links.length, telephoneEvent: 101, digits } });
    return this.links.at(-1)!;
  }

  measure(port: string): PortMeasurement {
    return this.obey({ do: 'measurePort', port });
  }

  /** What a port told. */
  told(port: string): readonly PortHappening[] {
    return this.events.flatMap((event) => (event.event === 'port' && event.port === port ? [event.is] : []));
  }

  of<Type extends PortHappening['type']>(port: string, type: Type): Extract<PortHappening, { readonly type: Type }>[] {
    return this.told(port).filter((is): is is Extract<PortHappening, { readonly type: Type }> => is.type === type);
  }
}

/** A link's other end: remembers what comes, and sends what it is told. */
export class TestLink implements PortLink {
  readonly address: PortLinkAddress;
  /** Linear; of a long test only the packets are counted. */
  readonly heard: number[] = [];
  readonly took: string[] = [];
  digits: PortLinkAddress['digits'] = 'audio';
  remembers = true;
  packets = 0;
  isClosed = false;
  readonly end: PortLinkEnd;
  #sequence = 0;

  constructor(address: PortLinkAddress, end: PortLinkEnd) {
    this.address = address;
    this.end = end;
  }

  sendDigits(as: PortLinkAddress['digits']): void {
    this.digits = as;
  }

  digitBegan(): void {}

  digitEnded(digit: string): void {
    this.took.push(digit);
  }

  fromLine(payload: Uint8Array, codec: PortCodec): void {
    this.packets++;
    if (!this.remembers) return;
    const { samples } = companding();
    g711!.decode(codec, payload, samples);
    for (const sample of samples) this.heard.push(sample);
  }

  /** 20 ms to the port. */
  say(samples: ArrayLike<number>, codec: PortCodec = 'PCMU'): void {
    const { samples: row, payload } = companding();
    row.set(samples);
    g711!.encode(codec, row, payload);
    this.end.packet(codec, payload, 0, payload.length, 7, this.#sequence++ & 0xffff);
  }

  skip(): void {
    this.#sequence++;
  }

  close(): void {
    this.isClosed = true;
  }
}

let g711: G711 | undefined;
let place: { readonly samples: Int16Array; readonly payload: Uint8Array } | undefined;

function companding(): { readonly samples: Int16Array; readonly payload: Uint8Array } {
  if (place === undefined) {
    const dsp = new Dsp((module ??= readDspModule()), { memoryBytes: 2 ** 21 });
    g711 = new G711(dsp);
    place = { samples: dsp.rows(1, 160).row(0), payload: new Uint8Array(160) };
  }
  return place;
}

function idOf(port: string): { readonly card: string; readonly port: number } {
  const [card, number] = port.split('/') as [string, string];
  return { card, port: Number(number) };
}

/** Sine of one frequency, in 16 bits. */
export function toneAt(hz: number, levelDbm0: number, from: number, count: number): Float64Array {
  const peak = 32_124 * 10 ** ((levelDbm0 - 3.17) / 20);
  return Float64Array.from({ length: count }, (_, n) => peak * Math.sin((2 * Math.PI * hz * (from + n)) / 8_000));
}

export const shortLine: LineSettings = { cable: { gauge: 'AWG 24', km: 0.05 } };
