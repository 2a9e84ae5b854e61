import type { PhoneBank } from '../../testbed/phone-bank.ts';
import type { RunningPbx } from '../../testbed/pbx.ts';
import type { Party } from '../parties/party.ts';
import type { PhoneParty } from '../parties/phone-party.ts';
import type { TelephoneParty } from '../parties/telephone-party.ts';
import { waitFor } from '../wait-for.ts';

/** By what a party does something with its call: what its phone has for that, or the API. */
export interface Hand {
  readonly kind: 'SIP' | 'FXS' | 'API';
  hold(): Promise<void>;
  resume(): Promise<void>;
  /** The other side is sent to that number, and this one is out of it. */
  transferBlind(number: string): Promise<void>;
  /** The other side waits, and this one calls that number; until it is answered, and it speaks there. @returns the end of that call */
  consult(number: string, isAnswered: () => Promise<void>): Promise<Party>;
  /** The two others talk. */
  connect(): Promise<void>;
  /** The other side waits in a slot of that lot; by its number, or its id for the API. */
  park(lot: { readonly id: string; readonly number: string }): Promise<void>;
}

interface LiveCall {
  readonly id: string;
  readonly state: string;
  readonly legs: readonly { readonly id: string; readonly reference: string; readonly state: string; readonly endpoint: string }[];
}

/** REFER and re-INVITE. */
export class PhoneHand implements Hand {
  readonly kind = 'SIP';
  readonly #bank: PhoneBank;
  readonly #phone: PhoneParty;
  /** The same phone's other line. */
  readonly #second: PhoneParty;

  constructor(bank: PhoneBank, phone: PhoneParty, second: PhoneParty) {
    this.#bank = bank;
    this.#phone = phone;
    this.#second = second;
  }

  async hold(): Promise<void> {
    if (!(await this.#bank.hold(this.#phone.party, 'sendonly'))) throw new Error(`${this.#phone.name} could not hold`);
  }

  async resume(): Promise<void> {
    if (!(await this.#bank.hold(this.#phone.party, 'sendrecv'))) throw new Error(`${this.#phone.name} could not resume`);
  }

  transferBlind(number: string): Promise<void> {
    return this.#refer(`<sip:${number}@${this.#bank.host}>`);
  }

  park({ number }: { readonly number: string }): Promise<void> {
    return this.transferBlind(number);
  }

  async consult(number: string, isAnswered: () => Promise<void>): Promise<Party> {
    await this.hold();
    await this.#second.call(number);
    await isAnswered();
    await this.#second.speak();
    return this.#second;
  }

  async connect(): Promise<void> {
    const { session } = this.#second.party;
    const dialog = session.snapshot()?.dialog;
    if (dialog === undefined) throw new Error(`${this.#phone.name} has nobody to connect with`);
    // As the PBX sees the dialog (RFC 3891 3): its own tag is the `to`.
    const replaces = encodeURIComponent(`${session.callId};to-tag=${dialog.remoteTag};from-tag=${dialog.localTag}`);
    await this.#refer(`<sip:${this.#second.dialled}@${this.#bank.host}?Replaces=${replaces}>`);
    await this.#second.isTold();
  }

  async #refer(target: string): Promise<void> {
    const status = await new Promise<number>((resolve) => this.#phone.party.session.request('REFER', { headers: [['Refer-To', target]] }, (response) => resolve(response?.status ?? 0)));
    if (status !== 202 && status !== 200) throw new Error(`${this.#phone.name}'s REFER was answered ${status}`);
    await this.#phone.isTold();
  }
}

/** Hook flash and digits. */
export class TelephoneHand implements Hand {
  readonly kind = 'FXS';
  readonly #telephone: TelephoneParty;

  constructor(telephone: TelephoneParty) {
    this.#telephone = telephone;
  }

  async hold(): Promise<void> {
    await this.#telephone.hush();
    await this.#telephone.flash();
    await this.#telephone.hearsDialTone();
  }

  async resume(): Promise<void> {
    await this.#telephone.flash();
    await this.#telephone.speak();
  }

  async transferBlind(number: string): Promise<void> {
    await this.hold();
    await this.#telephone.dial(`${number}#`);
    await this.#telephone.hearsRingback();
    await this.#telephone.hangUp();
  }

  /** Dials the lot with the other side on hold; is told the slot, and hangs up. */
  async park({ number }: { readonly number: string }): Promise<void> {
    await this.hold();
    await this.#telephone.dial(`${number}#`);
    await this.#telephone.hearsSomebody();
    await this.#telephone.hangUp();
  }

  async consult(number: string, isAnswered: () => Promise<void>): Promise<Party> {
    await this.hold();
    await this.#telephone.dial(`${number}#`);
    await isAnswered();
    await this.#telephone.speak();
    return this.#telephone;
  }

  connect(): Promise<void> {
    return this.#telephone.hangUp();
  }
}

/** REST. */
export class ApiHand implements Hand {
  readonly kind = 'API';
  readonly #pbx: RunningPbx;
  readonly #party: Party;
  #transfer: string | undefined;

  constructor(pbx: RunningPbx, party: Party) {
    this.#pbx = pbx;
    this.#party = party;
  }

  hold(): Promise<void> {
    return this.#change({ isHolding: true });
  }

  resume(): Promise<void> {
    return this.#change({ isHolding: false });
  }

  async transferBlind(number: string): Promise<void> {
    const { call, leg } = await this.where();
    await this.#pbx.api('POST', `/calls/${call}/transfers`, { leg, to: { number }, kind: 'blind' });
  }

  async consult(number: string, isAnswered: () => Promise<void>): Promise<Party> {
    const { call, leg } = await this.where();
    const { id } = await this.#pbx.api<{ id: string }>('POST', `/calls/${call}/transfers`, { leg, to: { number }, kind: 'attended' });
    this.#transfer = id;
    await isAnswered();
    await waitFor('the transferor to consult', async () => ((await this.#pbx.api<{ state: string }>('GET', `/transfers/${id}`)).state === 'consulting' ? true : undefined));
    return this.#party;
  }

  async connect(): Promise<void> {
    await this.#pbx.api('POST', `/transfers/${this.#transfer}/completion`, {});
  }

  async park({ id: lot }: { readonly id: string }): Promise<void> {
    const { call, leg } = await this.where();
    await this.#pbx.api('POST', '/parked-calls', { call, leg, lot });
  }

  /** Its call and its leg there. */
  where(): Promise<{ readonly call: string; readonly leg: string }> {
    return waitFor(`${this.#party.name}'s leg`, async () => {
      const { items } = await this.#pbx.api<{ items: LiveCall[] }>('GET', '/calls?limit=500');
      for (const call of items) {
        const leg = call.legs.findLast(({ reference, state }) => state !== 'released' && reference === this.#party.reference);
        if (leg !== undefined) return { call: call.id, leg: leg.id };
      }
      return undefined;
    });
  }

  async #change(change: object): Promise<void> {
    const { call, leg } = await this.where();
    await this.#pbx.api('PATCH', `/calls/${call}/legs/${leg}`, change);
  }
}
