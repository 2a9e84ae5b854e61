import { PhoneArrivals, PhoneParty } from '../interop/parties/phone-party.ts';
import { waitFor } from '../interop/wait-for.ts';
import { type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { PhoneBank } from '../testbed/phone-bank.ts';
import { allRecords, type RecordView } from '../testbed/records.ts';
import { type Guest, guestFxo, guestFxs } from './guest.ts';

/** A line and a station of the same PBX, each the other's far end. */
export interface Loop {
  /** Of the guest: its FXO port has the line, its FXS port the station. */
  readonly pair: number;
  readonly line: { readonly id: string; readonly reference: string };
  readonly station: { readonly id: string; readonly reference: string };
  /** What leads to the line, before the number that the station is to dial. */
  readonly prefix: string;
  readonly extension: string;
}

export interface LoopPlan {
  readonly pair: number;
  readonly region: string;
  /** Whom the line calls when it rings. */
  readonly inbound: string;
}

/**
 * A whole PBX whose cards are the guest's, and SIP phones. What it dials over a line its own station at the other end of the wires hears as
 * a telephone's digits; what rings the station rings its line.
 */
export class OfficeInGuest {
  readonly pbx: RunningPbx;
  readonly guest: Guest;
  readonly #bank: PhoneBank;
  readonly #arrivals: PhoneArrivals;

  static async start(guest: Guest): Promise<OfficeInGuest> {
    const pbx = await startPbx({ env: { TIPRING_CARD_AGENT: guest.socket, TIPRING_SIMULATOR: 'off' }, rtpPorts: 200 });
    try {
      const arrivals = new PhoneArrivals();
      const bank = await PhoneBank.start({ registrar: { address: '127.0.0.1', port: pbx.ports.sip }, devices: pbx.devices.slice(0, 4), firstRtpPort: 51_000, ringMs: () => 4_000, arrived: arrivals.arrived });
      await bank.register();
      await permitNumbersOfNoPlan(pbx);
      return new OfficeInGuest(pbx, guest, bank, arrivals);
    } catch (error) {
      await pbx.stop();
      throw error;
    }
  }

  private constructor(pbx: RunningPbx, guest: Guest, bank: PhoneBank, arrivals: PhoneArrivals) {
    this.pbx = pbx;
    this.guest = guest;
    this.#bank = bank;
    this.#arrivals = arrivals;
  }

  /** The nth SIP phone, from 0, with this tone; calls that came before are nobody's. */
  phone(n: number, hz: number): PhoneParty {
    const device = this.pbx.devices[n]!;
    while (this.#arrivals.take(device.username) !== undefined);
    return new PhoneParty(this.#bank, this.#arrivals, device, hz);
  }

  /** Configured and commissioned, over REST as a person does. */
  async addLoop({ pair, region, inbound }: LoopPlan): Promise<Loop> {
    const { api } = this.pbx;
    const [extension, prefix] = [`20${pair}`, `8${pair}`];
    const [fxo, fxs] = [guestFxo(pair), guestFxs(pair)];
    const { id: extensionId } = await api<{ id: string }>('POST', '/extensions', { key: `ext-${extension}`, number: extension, displayName: `Pair ${pair}` });
    const station = await api<{ id: string }>('POST', '/stations', { key: `sta-${pair}`, displayName: `Pair ${pair}`, extensionId, port: fxs, region });
    const line = await api<{ id: string; version: number }>('POST', '/lines', {
      key: `lin-${pair}`, displayName: `Pair ${pair}`, port: fxo, region, inbound: { type: 'number', number: inbound }, overrides: { answer: { assumedAfterMs: 8_000 } },
    });
    await api('PATCH', `/lines/${line.id}`, { isCommissioned: true }, { 'if-match': `"${line.version}"` });
    await api('POST', '/outbound-routes', { key: `out-${pair}`, displayName: `Behind ${prefix}`, match: { prefix }, attempts: [{ via: { type: 'line', id: line.id } }] });
    return { pair, line: { id: line.id, reference: `${fxo.card}/${pair}` }, station: { id: station.id, reference: `${fxs.card}/${pair}` }, prefix, extension };
  }

  /** Until line and station have nothing to do and everything they need. */
  async rests({ line, station }: Loop): Promise<void> {
    let seen = '';
    await waitFor(() => `line and station to rest: ${seen}`, async () => {
      const [l, s] = await Promise.all([this.pbx.api<Live>('GET', `/lines/${line.id}/live`), this.pbx.api<Live>('GET', `/stations/${station.id}/live`)]);
      seen = JSON.stringify([l, s]);
      return [l, s].every(({ state, isPresent }) => isPresent && state === 'idle') ? true : undefined;
    });
  }

  /** What the kernel sees at the FXS port: whether its far end, the line, is off hook. */
  async lineIsOffHook({ pair }: Loop): Promise<boolean> {
    return (await this.guest.run(`spans hook ${8 + pair}`)).some((text) => text.endsWith('rxhooksig 1'));
  }

  /** The guest's clock, in seconds, and from now on it watches the line. */
  async watch({ pair }: Loop): Promise<number> {
    return secondsIn(await this.guest.run(`rm -f /run/hung-up; spans hung-up ${8 + pair} >/run/hung-up & cut -d' ' -f1 /proc/uptime`));
  }

  /** By the guest's clock, when the line that is watched was on hook. */
  async hungUpAt(): Promise<number> {
    return waitFor('the line to be on hook', async () => {
      const said = await this.guest.run('cat /run/hung-up');
      return said.some((text) => text.includes('on hook at')) ? secondsIn(said) : undefined;
    });
  }

  /** The two records of one call around the loop, that of the caller and then that of what came out of the wires. */
  async records({ line, station }: Loop, since: Date): Promise<readonly RecordView[]> {
    const ofLoop = ({ legs }: RecordView): boolean => legs.some(({ reference }) => reference === line.reference || reference === station.reference);
    return waitFor(`the records of both calls since ${since.toISOString()}`, async () => {
      const records = (await allRecords(this.pbx, since)).filter(ofLoop);
      return records.length >= 2 ? records.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)) : undefined;
    });
  }

  async stop(): Promise<void> {
    await this.#bank.close();
    await this.pbx.stop();
  }
}

/** What is dialled over a line here is a number of our own office: no numbering plan has it. */
async function permitNumbersOfNoPlan({ api }: RunningPbx): Promise<void> {
  const { items } = await api<{ items: { id: string; version: number; classes: string[] }[] }>('GET', '/permissions?key=usual');
  const [usual] = items;
  if (usual === undefined) throw new Error('the office has no usual permission');
  await api('PATCH', `/permissions/${usual.id}`, { classes: [...usual.classes, 'unknown'] }, { 'if-match': `"${usual.version}"` });
}

/** At the end of the first line that ends with such a number. */
function secondsIn(lines: readonly string[]): number {
  const found = lines.map((line) => /(\d+\.\d+)$/.exec(line)?.[1]).find((seconds) => seconds !== undefined);
  if (found === undefined) throw new Error(`no time in ${lines.join('\n')}`);
  return Number(found);
}

interface Live {
  readonly state: string | null;
  readonly isPresent: boolean;
  readonly hook: 'on' | 'off' | null;
}
