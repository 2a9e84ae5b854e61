import type { HeardFrequency } from '@tipring/cards';
import type { BankParty } from '../../testbed/bank-party.ts';
import type { DemoDevice } from '../../testbed/pbx.ts';
import type { PhoneBank } from '../../testbed/phone-bank.ts';
import { RtpParty } from '../phones/rtp-party.ts';
import { waitFor } from '../wait-for.ts';
import { type Party, type Shown, spokenDbm0 } from './party.ts';

/** A SIP phone of the bank with a sound of its own. `arrivals` hands it the calls that come for it. */
export class PhoneParty implements Party {
  readonly name: string;
  readonly hz: number;
  readonly number: string;
  readonly shows: Shown;
  readonly evidence = { kind: 'sipRequest', text: /^BYE$/ };
  readonly toldEvidence = { kind: 'local', text: 'BYE sent: normalClearing' };
  readonly #device: DemoDevice;
  readonly #bank: PhoneBank;
  readonly #arrivals: PhoneArrivals;
  #party: BankParty | undefined;
  #sound: RtpParty | undefined;
  #dialled = '';

  constructor(bank: PhoneBank, arrivals: PhoneArrivals, device: DemoDevice, hz: number) {
    this.#bank = bank;
    this.#arrivals = arrivals;
    this.#device = device;
    this.name = `phone ${device.extension}`;
    this.hz = hz;
    this.number = device.extension;
    this.shows = { number: device.extension, name: `Desk ${device.extension}` };
  }

  get reference(): string {
    return this.#its.session.callId;
  }

  /** What it dialled last. */
  get dialled(): string {
    return this.#dialled;
  }

  get sound(): RtpParty {
    if (this.#sound === undefined) throw new Error(`${this.name} does not speak yet`);
    return this.#sound;
  }

  get party(): BankParty {
    return this.#its;
  }

  async call(number: string): Promise<void> {
    this.#silence();
    this.#dialled = number;
    this.#party = this.#bank.place(this.#device, number).caller;
  }

  async isCalled(): Promise<Shown> {
    this.#silence();
    this.#party = await waitFor(`${this.name} to be called`, () => this.#arrivals.take(this.#device.username));
    const { from } = this.#party;
    if (from === undefined) throw new Error(`${this.name} was called by nobody`);
    return { number: from.number, name: from.name };
  }

  /** If it does not by itself. */
  async answer(): Promise<void> {
    this.#bank.answer(this.#its);
    await waitFor(`${this.name} to have answered`, () => this.#its.session.phase === 'confirmed' || undefined);
    await this.listen();
  }

  async speak(): Promise<void> {
    await this.listen();
    this.sound.speak();
  }

  /** Silent, and yet with its packets. */
  async listen(): Promise<void> {
    if (this.#sound !== undefined) return;
    const party = this.#its;
    await waitFor(() => `${this.name}'s call to be up; it had ${party.events.join(' ')}`, () => (party.pbxRtpPort > 0 && party.endedBy === undefined) || undefined);
    this.#sound = await RtpParty.start(this.hz, { port: party.rtpPort, levelDbm0: spokenDbm0, isSilent: true });
    this.#sound.sendTo('127.0.0.1', () => party.pbxRtpPort);
  }

  async hears(): Promise<readonly HeardFrequency[]> {
    return this.#sound?.hears() ?? [];
  }

  async hangUp(): Promise<void> {
    this.#party?.session.end();
    this.#silence();
  }

  async isTold(): Promise<void> {
    const end = await this.#its.heard(['ended', 'rejected'], 0, 20_000);
    if (end === undefined || this.#its.endedBy !== 'remote') throw new Error(`${this.name} was not told that its call is over: ${this.#its.events.join(' ')}`);
    this.#silence();
  }

  async rests(): Promise<void> {
    this.#silence();
    await waitFor(`${this.name} to have no call`, () => this.#party === undefined || this.#party.endedBy !== undefined || undefined);
  }

  #silence(): void {
    this.#sound?.stop();
    this.#sound = undefined;
  }

  get #its(): BankParty {
    if (this.#party === undefined) throw new Error(`${this.name} has no call`);
    return this.#party;
  }
}

/** Calls that have come to phones of a bank, until somebody takes them. */
export class PhoneArrivals {
  readonly #waiting = new Map<string, BankParty[]>();

  /** For `PhoneBankOptions.arrived`. */
  readonly arrived = (party: BankParty, username: string): void => {
    this.#waiting.set(username, [...(this.#waiting.get(username) ?? []), party]);
  };

  take(username: string): BankParty | undefined {
    return this.#waiting.get(username)?.shift();
  }
}
