import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoPlan, type ExchangeLinePlan, type ExchangeLineState, type PlannedCard, type SimulatorAct, type SimulatorPlan, type SimulatorState, type TelephonePlan, type TelephoneState } from '@tipring/cards';
import { eachOf } from './each.ts';
import { type PbxOptions, type RunningPbx, startPbx } from './pbx.ts';

export type PortNumber = { readonly card: string; readonly port: number };

/** How many of each kind a simulated card has; lines are on its first ports. */
export interface PlannedOfficeCard {
  readonly serial: string;
  readonly lines: number;
  readonly telephones: number;
}

export interface OfficeTelephone {
  readonly id: string;
  readonly port: PortNumber;
  readonly extension: string;
  readonly extensionId: string;
  readonly name: string;
}

export interface OfficeLine {
  readonly id: string;
  readonly port: PortNumber;
  readonly prefix: string;
}

export interface LineWishes {
  /** What is dialled before the number. */
  readonly prefix: string;
  readonly inbound?: { readonly type: 'extension'; readonly id: string } | { readonly type: 'number'; readonly number: string } | null;
}

export interface OfficeOptions extends PbxOptions {
  /** Of the numbers that exchanges know; 7 when absent. */
  readonly lineDigits?: number;
}

/**
 * A PBX with simulated cards: the exchanges and telephones are those of the demo plan, the extensions, stations and lines are made over REST as a
 * person makes them.
 */
export class SimulatedOffice {
  readonly pbx: RunningPbx;
  readonly telephones: OfficeTelephone[] = [];
  readonly lines: OfficeLine[] = [];
  readonly #folder: string;
  #look: { readonly at: number; readonly state: Promise<SimulatorState> } | null = null;

  static async start(cards: readonly PlannedOfficeCard[], { lineDigits = 7, ...options }: OfficeOptions = {}): Promise<SimulatedOffice> {
    const folder = mkdtempSync(join(tmpdir(), 'tipring-analog-'));
    const file = join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify(planOf(cards, lineDigits)));
    try {
      const pbx = await startPbx({ ...options, env: { TIPRING_SIMULATOR: file, ...options.env } });
      return new SimulatedOffice(pbx, folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(pbx: RunningPbx, folder: string) {
    this.pbx = pbx;
    this.#folder = folder;
  }

  /** A telephone on each of these ports: extensions from `first` on. */
  async addTelephones(ports: readonly PortNumber[], first: number): Promise<readonly OfficeTelephone[]> {
    const added = await eachOf(ports, 4, async (port, at): Promise<OfficeTelephone> => {
      const extension = String(first + at);
      const name = `Telephone ${extension}`;
      const { id: extensionId } = await this.pbx.api<{ id: string }>('POST', '/extensions', { key: `ext-${extension}`, number: extension, displayName: name });
      const { id } = await this.pbx.api<{ id: string }>('POST', '/stations', { key: `sta-${extension}`, displayName: name, extensionId, port, region: 'US' });
      return { id, port, extension, extensionId, name };
    });
    this.telephones.push(...added);
    return added;
  }

  /** Commissioned. */
  async addLine(port: PortNumber, { prefix, inbound = null }: LineWishes): Promise<OfficeLine> {
    const { api } = this.pbx;
    const { id, version } = await api<{ id: string; version: number }>('POST', '/lines', {
      key: `lin-${port.card.toLowerCase()}-${port.port}`, displayName: `Line ${port.card}/${port.port}`, port, region: 'US', inbound,
    });
    await api('PATCH', `/lines/${id}`, { isCommissioned: true }, { 'if-match': `"${version}"` });
    await this.#routeOut(prefix, id);
    const line = { id, port, prefix };
    this.lines.push(line);
    return line;
  }

  /** Lines behind the same prefix are tried one after the other. */
  async #routeOut(prefix: string, line: string): Promise<void> {
    const { api } = this.pbx;
    const attempt = { via: { type: 'line', id: line } };
    const { items } = await api<{ items: { id: string; version: number; attempts: object[] }[] }>('GET', `/outbound-routes?key=out-${prefix}`);
    const [known] = items;
    if (known === undefined) await api('POST', '/outbound-routes', { key: `out-${prefix}`, displayName: `Behind ${prefix}`, match: { prefix }, attempts: [attempt] });
    else await api('PATCH', `/outbound-routes/${known.id}`, { attempts: [...known.attempts, attempt] }, { 'if-match': `"${known.version}"` });
  }

  /** @throws {Error} when it is refused */
  act(act: SimulatorAct): Promise<unknown> {
    this.#look = null;
    return this.pbx.api('POST', '/simulator/acts', act);
  }

  /** At most `lookMs` old: many ask. */
  simulator(): Promise<SimulatorState> {
    const now = performance.now();
    if (this.#look === null || now - this.#look.at > lookMs) this.#look = { at: now, state: this.pbx.api<SimulatorState>('GET', '/simulator') };
    return this.#look.state;
  }

  async telephoneAt(port: PortNumber): Promise<TelephoneState> {
    return found((await this.simulator()).telephones, port);
  }

  async exchangeAt(port: PortNumber): Promise<ExchangeLineState> {
    return found((await this.simulator()).lines, port);
  }

  live(one: OfficeTelephone | OfficeLine): Promise<LiveView> {
    return this.pbx.api<LiveView>('GET', `/${'extension' in one ? 'stations' : 'lines'}/${one.id}/live`);
  }

  async stop(): Promise<void> {
    await this.pbx.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What tests read of a station or a line as it stands. */
export interface LiveView {
  readonly state: string | null;
  readonly hook: 'on' | 'off' | null;
  readonly isPresent: boolean;
  readonly held?: number | null;
  readonly waiting?: { readonly number: string } | null;
  readonly measurement: { readonly offHook: boolean; readonly echo: { readonly erlDb: number; readonly erleDb: number } | null } | null;
}

function found<One extends { readonly port: PortNumber }>(all: readonly One[], { card, port }: PortNumber): One {
  const one = all.find((each) => each.port.card === card && each.port.port === port);
  if (one === undefined) throw new Error(`nothing is plugged into ${card}/${port}`);
  return one;
}

/** As the demo's, in its order, again and again; its last line is longer than lines in towns are. Nobody outside speaks until told so. */
function planOf(cards: readonly PlannedOfficeCard[], lineDigits: number): SimulatorPlan {
  const all = demoPlan().cards.flatMap(({ ports }) => ports);
  const lines = all.flatMap((port) => (port?.kind === 'fxo' && port.line !== null ? [{ ...port.line, partyTone: null }] : [])).slice(0, -1);
  const telephones = all.flatMap((port) => (port?.kind === 'fxs' && port.telephone !== null ? [port.telephone] : []));
  return { cards: cards.map((card) => cardOf(card, lines, telephones, lineDigits)) };
}

function cardOf({ serial, lines, telephones }: PlannedOfficeCard, demoLines: readonly ExchangeLinePlan[], demoTelephones: readonly TelephonePlan[], digits: number): PlannedCard {
  return {
    serial,
    ports: [
      ...Array.from({ length: lines }, (_, at) => ({ kind: 'fxo' as const, line: { ...demoLines[at % demoLines.length]!, number: `555${String(200 + at).padStart(4, '0')}`, dialling: { digits } } })),
      ...Array.from({ length: telephones }, (_, at) => ({ kind: 'fxs' as const, telephone: demoTelephones[at % demoTelephones.length]! })),
    ],
  };
}

const lookMs = 100;
