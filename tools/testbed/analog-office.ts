import { type ActResult, type CardState, type ExchangeLineState, type PlannedCard, type PlannedPort, type PortId, Simulator, type SimulatorAct, type TelephoneState } from '@tipring/cards';
import { FakeTimers } from '@tipring/clock';
import { buildSnapshot, emptyRows, firstSettings, type LineOverrides, type StationKind, type StationOverrides, usualExtension } from '@tipring/config';
import { testDsp } from '@tipring/dsp/test-support';
import { type LiveLine, type LiveStation, type Plans, plansOf } from '@tipring/line-endpoint';
import type { CallRecord, RouteOutcome } from '@tipring/telephony';
import { IpPhone, type PhoneCall } from './ip-phone.ts';
import { LegLedger } from './leg-ledger.ts';
import { Controller } from './office-controller.ts';
import { OfficeGateway } from './office-gateway.ts';

/** A line or a telephone of the office, and what is plugged into its port. */
export type OfficePort =
  | { readonly kind: 'line'; readonly region: string; readonly plug: Extract<PlannedPort, { kind: 'fxo' }>['line']; readonly overrides?: LineOverrides }
  | { readonly kind: 'station'; readonly region: string; readonly plug: Extract<PlannedPort, { kind: 'fxs' }>['telephone']; readonly overrides?: StationOverrides; /** Absent: a telephone. */ readonly use?: StationKind };

export interface AnalogOfficeSettings {
  readonly ppm?: number;
}

/**
 * The whole of the PBX's analog half in one process and in virtual time: simulated exchanges and telephones, their cards, the audio of the
 * ports, lines and stations, calls, and an IP phone at the far side. Ports have the numbers from 1 on; line n calls the phone
 * as `2000 + n`, station n is extension `1000 + n`, and `9nn…` goes out over line nn. 112 is an emergency
 * number: any line is taken for it, in their order.
 */
export class AnalogOffice {
  readonly timers = new FakeTimers();
  readonly simulator: Simulator;
  readonly gateway: OfficeGateway;
  readonly phone: IpPhone;
  readonly ledger = new LegLedger();
  /** Of all lives. */
  readonly controllers: Controller[] = [];
  readonly #ports: readonly OfficePort[];
  readonly #dsp = testDsp(2 ** 23);
  #plans: Plans;

  constructor(ports: readonly OfficePort[], { ppm = 0 }: AnalogOfficeSettings = {}) {
    this.#ports = ports;
    const cards: PlannedCard[] = [];
    for (let from = 0; from < ports.length; from += portsOfCard) cards.push({ serial: `SIM-${cards.length + 1}`, ppm, ports: ports.slice(from, from + portsOfCard).map(planned) });
    this.simulator = new Simulator({ timers: this.timers, dsp: this.#dsp }, { cards });
    this.gateway = new OfficeGateway(this.simulator.cards, this.simulator, Math.max(4, Math.ceil(ports.length / 4) * 4), this.timers);
    this.phone = new IpPhone('phone', this.timers, () => this.gateway);
    this.#plans = plansFor(ports);
    this.begin();
    this.pass(2_500);
  }

  get controller(): Controller {
    return this.controllers.at(-1)!;
  }

  get records(): readonly CallRecord[] {
    return this.controllers.flatMap(({ records }) => records);
  }

  /** Another controller takes over from one that was killed. */
  begin(): void {
    const former = this.controllers.at(-1);
    former?.die();
    if (former !== undefined) this.ledger.died();
    this.controllers.push(new Controller(this.gateway, this.timers, { life: `life${this.controllers.length + 1}`, plans: this.#plans, phones: new Map([['phone', this.phone]]), ledger: this.ledger, resolve: ({ number }) => this.#route(number) }));
  }

  /** Other settings for some of its ports, by their numbers. */
  configure(change: (port: OfficePort, n: number) => OfficePort | null): void {
    const changed = this.#ports.map((port, index) => change(port, index + 1));
    this.#plans = plansFor(changed);
    this.controller.lines.configure(this.#plans);
  }

  pass(ms: number): void {
    this.timers.advance(ms);
  }

  /** In steps of 20 ms, until it is so. @returns how long it took; null: not within `mostMs` */
  until(isSo: () => boolean, mostMs: number): number | null {
    for (let ms = 0; ms <= mostMs; ms += 20) {
      if (isSo()) return ms;
      this.pass(20);
    }
    return null;
  }

  tryAct(act: SimulatorAct): ActResult {
    return this.simulator.act(act);
  }

  /** Throws when it is refused. @returns the state of what it was done to */
  act(act: SimulatorAct): CardState | ExchangeLineState | TelephoneState {
    const result = this.simulator.act(act);
    if (!result.ok) throw new Error(`${act.on} ${act.do}: ${result.refusal.text}`);
    return result.state;
  }

  idOf(n: number): PortId {
    return { card: `SIM-${Math.ceil(n / portsOfCard)}`, port: ((n - 1) % portsOfCard) + 1 };
  }

  exchangeLine(n: number): ExchangeLineState {
    return this.simulator.stateOf(this.idOf(n)) as ExchangeLineState;
  }

  telephone(n: number): TelephoneState {
    return this.simulator.stateOf(this.idOf(n)) as TelephoneState;
  }

  line(n: number): LiveLine {
    return this.controller.lines.live(lineId(n)) as LiveLine;
  }

  station(n: number): LiveStation {
    return this.controller.lines.live(stationId(n)) as LiveStation;
  }

  /** Whether the exchange at its end sees the line closed. */
  isSeized(n: number): boolean {
    return this.simulator.line(this.idOf(n))?.office.seized === true;
  }

  /** Last of the calls in which the line or station took part. */
  recordOf(n: number): CallRecord | undefined {
    return this.records.findLast(({ legs }) => legs.some(({ endpoint }) => endpoint === lineId(n) || endpoint === stationId(n)));
  }

  /** The phone's side of the call that a line or a station is in. */
  phoneCallOf(n: number): PhoneCall | undefined {
    const call = this.controller.exchange.calls().find(({ legs }) => legs.some(({ endpoint }) => endpoint === lineId(n) || endpoint === stationId(n)));
    return this.phone.calls.find(({ leg }) => call?.legs.some(({ id }) => id === leg.id) === true);
  }

  /** Everything is closed. @returns timers that nobody stopped */
  close(): number {
    this.controller.lines.configure({ stations: [], lines: [] });
    this.pass(10);
    this.controller.die();
    this.gateway.close();
    this.simulator.close();
    this.pass(100);
    return this.timers.size;
  }

  #route(number: string): RouteOutcome {
    const attempt = (endpoint: string, dialled: string) => ({ ok: true as const, route: { direction: 'internal' as const, attempts: [{ endpoints: [endpoint], number: dialled, timeoutMs: 60_000 }] } });
    if (number === emergencyNumber) return this.#help();
    if (number.startsWith('9')) return attempt(lineId(Number(number.slice(1, 3))), number.slice(3));
    if (/^1\d{3}$/.test(number)) return attempt(stationId(Number(number) - 1_000), number);
    if (/^2\d{3}$/.test(number)) return attempt('phone', number);
    return { ok: false, cause: 'unallocatedNumber', evidence: { kind: 'routing', text: `nobody has the number ${number}` } };
  }

  #help(): RouteOutcome {
    const lines = this.#ports.flatMap(({ kind }, index) => (kind === 'line' ? [lineId(index + 1)] : []));
    return { ok: true, route: { direction: 'outbound', emergency: { number: emergencyNumber, isTest: false }, attempts: lines.map((id) => ({ endpoints: [id], number: emergencyNumber, timeoutMs: 60_000, priority: 'emergency' as const })) } };
  }
}

/** Of the office, whatever countries its ports are in. */
const emergencyNumber = '112';

/** Names of endpoints, as the configuration makes them. */
export function lineId(n: number): string {
  return `lin_${String(n).padStart(20, '0')}`;
}

export function stationId(n: number): string {
  return `sta_${String(n).padStart(20, '0')}`;
}

export function extensionId(n: number): string {
  return `ext_${String(n).padStart(20, '0')}`;
}

function planned(port: OfficePort): PlannedPort {
  return port.kind === 'line' ? { kind: 'fxo', line: port.plug } : { kind: 'fxs', telephone: port.plug };
}

/** By way of a configuration, as it would be written down. */
function plansFor(ports: readonly (OfficePort | null)[]): Plans {
  const at = '2026-11-23T00:00:00Z';
  const versioned = { version: 1, createdAt: at, updatedAt: at };
  const numbered = ports.map((port, index) => ({ port, n: index + 1, place: { card: `SIM-${Math.ceil((index + 1) / portsOfCard)}`, port: (index % portsOfCard) + 1 } }));
  const stations = numbered.flatMap(({ port, n, place }) => (port?.kind === 'station' ? [{ n, place, port }] : []));
  const lines = numbered.flatMap(({ port, n, place }) => (port?.kind === 'line' ? [{ n, place, port }] : []));
  const built = buildSnapshot({
    ...emptyRows(firstSettings('office', at)),
    extensions: stations.map(({ n }) => ({ id: extensionId(n), key: `extension-${n}`, number: String(1_000 + n), displayName: `Telephone ${n}`, ...usualExtension, ...versioned })),
    stations: stations.map(({ n, place, port: { region, overrides = {}, use = 'telephone' } }) => ({ id: stationId(n), key: `station-${n}`, displayName: `Telephone ${n}`, extensionId: extensionId(n), port: place, region, kind: use, isEnabled: true, overrides, ...versioned })),
    lines: lines.map(({ n, place, port: { region, overrides = {} } }) => ({
      id: lineId(n), key: `line-${n}`, displayName: `Line ${n}`, port: place, region, isEnabled: true, isCommissioned: true, inbound: { type: 'number' as const, number: String(2_000 + n) }, overrides, ...versioned,
    })),
  });
  if (!built.ok) throw new Error(built.problems.map(({ pointer, hint }) => `${pointer}: ${hint}`).join('\n'));
  return plansOf(built.value, [emergencyNumber]);
}

const portsOfCard = 32;
