import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CarrierParty } from '../parties/carrier-party.ts';
import { LineParty } from '../parties/line-party.ts';
import type { Party } from '../parties/party.ts';
import { PhoneArrivals, PhoneParty } from '../parties/phone-party.ts';
import { TelephoneParty } from '../parties/telephone-party.ts';
import { eachOf } from '../../testbed/each.ts';
import { allRecords } from '../../testbed/records.ts';
import { PhoneBank } from '../../testbed/phone-bank.ts';
import { carrierPort, officeCard, TrunkOffice } from '../../testbed/trunk-office.ts';
import { ApiHand, type Hand, PhoneHand, TelephoneHand } from './hand.ts';

export const kinds = ['SIP', 'FXS', 'FXO', 'trunk'] as const;
export type Kind = (typeof kinds)[number];
export type HandKind = Hand['kind'];

/** Who calls, who is called, and a third one, an extension; nobody else has to do with them meanwhile. */
export interface Cast {
  readonly office: FeatureOffice;
  readonly caller: Party;
  readonly called: Party;
  readonly third: Party;
  /** Who of the two does something with the call: the called one when it is in the office, else the caller. */
  readonly actor: Party;
  /** The other of the two. */
  readonly other: Party;
  readonly hand: Hand;
  readonly lot: { readonly id: string; readonly number: string };
}

/** For the parties of one cell at a time. Tones of a lane are its own. */
class Lane {
  readonly parties = new Map<string, Party>();
  readonly seconds = new Map<Party, PhoneParty>();
  /** What sends calls from this outside party on: a line, or an inbound route. */
  readonly inbound = new Map<Party, string>();

  party(kind: Kind, role: 'caller' | 'called' | 'third'): Party {
    const party = this.parties.get(`${kind} ${role}`);
    if (party === undefined) throw new Error(`nobody is ${role} by ${kind}`);
    return party;
  }
}

/** An office for the table of features: as many cells as it has lanes are tried at a time. */
export class FeatureOffice {
  readonly office: TrunkOffice;
  readonly bank: PhoneBank;
  readonly lot: Cast['lot'];
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  static async start(lanes: number): Promise<FeatureOffice> {
    const office = await TrunkOffice.start({ lines: 2 * lanes, telephones: 3 * lanes, phones: 0 });
    const { pbx } = office;
    const arrivals = new PhoneArrivals();
    const devices = pbx.devices.slice(0, 3 * lanes);
    const bank = await PhoneBank.start({ registrar: { address: '127.0.0.1', port: pbx.ports.sip }, devices, firstRtpPort: 61_000 + 2 * Math.floor(Math.random() * 1_500), behaviour: () => 'ring', arrived: arrivals.arrived });
    await bank.register();
    const telephones = await office.office.addTelephones(Array.from({ length: 3 * lanes }, (_, at) => ({ card: officeCard, port: 2 * lanes + at + 1 })), 201);
    const all = await eachOf(Array.from({ length: lanes }, (_, at) => at), 1, async (at) => {
      const lane = new Lane();
      for (const [index, role] of (['caller', 'called', 'third'] as const).entries()) {
        const hz = 520 + stepHz * (3 * at + index);
        const device = devices[3 * at + index]!;
        const phone = new PhoneParty(bank, arrivals, device, hz);
        lane.parties.set(`SIP ${role}`, phone);
        lane.seconds.set(phone, new PhoneParty(bank, arrivals, device, hz));
        lane.parties.set(`FXS ${role}`, new TelephoneParty(office.office, telephones[3 * at + index]!, 1_160 + stepHz * (3 * at + index)));
        if (role === 'third') continue;
        const line = await office.office.addLine({ card: officeCard, port: 2 * at + index + 1 }, { prefix: `9${2 * at + index}` });
        const outside = new LineParty(office.office, line, 1_640 + stepHz * (2 * at + index));
        lane.parties.set(`FXO ${role}`, outside);
        lane.inbound.set(outside, `/lines/${line.id}`);
        const trunk = await addCarrier(office, 2 * at + index);
        lane.parties.set(`trunk ${role}`, trunk.party);
        lane.inbound.set(trunk.party, trunk.route);
      }
      return lane;
    });
    const { items } = await pbx.api<{ items: { id: string; number: string }[] }>('GET', '/parking-lots');
    const [lot] = items;
    if (lot === undefined) throw new Error('the demo office has no parking lot');
    return new FeatureOffice(office, bank, all, lot);
  }

  private constructor(office: TrunkOffice, bank: PhoneBank, lanes: readonly Lane[], lot: Cast['lot']) {
    this.lot = lot;
    this.office = office;
    this.bank = bank;
    this.#free = [...lanes];
  }

  get pbx() {
    return this.office.pbx;
  }

  /** The called one is reached by whatever the caller is; both rest before and after. */
  async cast(from: Kind, to: Kind, third: 'SIP' | 'FXS', by: HandKind, use: (cast: Cast) => Promise<void>): Promise<void> {
    const lane = this.#free.pop() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
    const parties = [lane.party(from, 'caller'), lane.party(to, 'called'), lane.party(third, 'third')] as const;
    const [caller, called] = parties;
    try {
      const route = lane.inbound.get(caller);
      if (route !== undefined) await this.office.change(route, route.startsWith('/lines/') ? { inbound: { type: 'number', number: called.number } } : { destination: { type: 'number', number: called.number } });
      const [actor, other] = to === 'SIP' || to === 'FXS' ? [called, caller] : [caller, called];
      const start = new Date();
      const cast: Cast = { office: this, caller, called, third: parties[2], actor, other, hand: this.#hand(by, actor, lane), lot: this.lot };
      await use(cast).catch((error: unknown) => this.#explain(error, parties, start));
    } finally {
      for (const party of parties) {
        await party.hangUp().catch(() => undefined);
        await lane.seconds.get(party)?.hangUp();
      }
      for (const party of parties) await party.rests();
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(lane);
      else next(lane);
    }
  }

  async stop(): Promise<void> {
    await this.bank.close();
    await this.office.stop();
  }

  /** With what the records of its parties say of the calls. */
  async #explain(error: unknown, parties: readonly Party[], start: Date): Promise<never> {
    for (const party of parties) await party.hangUp().catch(() => undefined);
    await new Promise((resume) => setTimeout(resume, 1_500));
    const records = await allRecords(this.pbx, start).catch(() => []);
    const lines = records.map(({ id, startedAt, from, to, cause, evidence, segments }) => `${startedAt} ${id} ${from.number} called ${to}: ${cause}, ${evidence.text}; ${segments.map(({ is }) => is).join(' ')}`);
    const own = records.filter(({ from, to }) => parties.some(({ number }) => from.number === number || to.includes(number))).slice(0, 3);
    const stories = await Promise.all(own.map(({ id }) => this.pbx.api<{ timeline: { at: string; leg: string | null; type: string; text: string }[] }>('GET', `/call-records/${id}/story`).catch(() => null)));
    const { items: live } = await this.pbx.api<{ items: unknown[] }>('GET', '/calls?limit=100');
    const log = readFileSync(join(this.pbx.data, 'log/pbx.log'), 'utf8').split('\n').filter((line) => /"level":[45]0|bug/.test(line)).slice(-5);
    lines.push(...live.map((call) => JSON.stringify(call)), ...log);
    const told = stories.map((story) => story?.timeline.map(({ at, leg, type, text }) => `  ${at} ${leg ?? ''} ${type}: ${text}`).join('\n'));
    throw new Error([String(error), ...lines, ...told].join('\n'), { cause: error });
  }

  #hand(by: HandKind, actor: Party, lane: Lane): Hand {
    if (by === 'API') return new ApiHand(this.pbx, actor);
    if (actor instanceof PhoneParty) return new PhoneHand(this.bank, actor, lane.seconds.get(actor)!);
    if (actor instanceof TelephoneParty) return new TelephoneHand(actor);
    throw new Error(`${actor.name} has no hand of its own`);
  }
}

/** Each outside party by a trunk has a carrier of its own. */
async function addCarrier(office: TrunkOffice, at: number): Promise<{ readonly party: CarrierParty; readonly route: string }> {
  const address = `127.0.0.${100 + at}`;
  const carrier = await office.carrier({ address, usual: { is: 'noAnswer' } });
  const id = await office.addTrunk(`carrier-${at}`, { server: { host: address, port: carrierPort, transport: 'udp' }, peering: { type: 'address' } });
  await office.trunkIs(id, 'up');
  const prefix = `8${at}`;
  await office.addOutboundRoute(prefix, [{ trunk: id }]);
  const { id: route } = await office.pbx.api<{ id: string }>('POST', '/inbound-routes', { key: `in-${at}`, displayName: `In ${at}`, match: { via: [{ type: 'trunk', id }] }, destination: { type: 'refusal', as: 'busy' } });
  return { party: new CarrierParty(carrier, { number: `${prefix}12125550190`, shows: { number: '3105550123', name: null } }, 2_200 + stepHz * at), route: `/inbound-routes/${route}` };
}

/** Of all parties, from 520 Hz on, multiples of 20 as `tonesHeard` tells them apart; none is a tone of exchanges or of fax machines (1100 and 2100 Hz). */
const stepHz = 40;
