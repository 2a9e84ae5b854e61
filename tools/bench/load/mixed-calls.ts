import { pause } from '../../testbed/each.ts';
import type { DemoDevice, RunningPbx } from '../../testbed/pbx.ts';
import { type BankAttempt, PhoneBank } from '../../testbed/phone-bank.ts';

/** What a day of an office has beside plain calls, in twentieths. */
const mix = [
  ...Array<Kind>(8).fill('held'),
  ...Array<Kind>(4).fill('cancelled'),
  ...Array<Kind>(2).fill('busy'),
  ...Array<Kind>(2).fill('absent'),
  ...Array<Kind>(2).fill('unknown'),
  ...Array<Kind>(2).fill('registration'),
] as const;
export type Kind = 'held' | 'cancelled' | 'busy' | 'absent' | 'unknown' | 'registration';

/** Phones of the bank that call, are held and resumed, give up, meet the busy, the absent and the unknown, and register anew. */
export class MixedCalls {
  readonly done: Record<Kind, number> = { held: 0, cancelled: 0, busy: 0, absent: 0, unknown: 0, registration: 0 };
  /** What came out otherwise than it should, by kind and what it was. */
  readonly unexpected = new Map<string, number>();
  /** 503: the PBX said that it was full. */
  refused = 0;
  /** INVITEs that were not turned away. */
  attempts = 0;
  readonly #bank: PhoneBank;
  readonly #phones: readonly DemoDevice[];
  #open = 0;

  /** Takes 22 phones: ten call, six answer, two are busy, two only ring, two are never registered. */
  static async start(pbx: RunningPbx, phones: readonly DemoDevice[]): Promise<MixedCalls> {
    const role = (username: string) => phones.findIndex((phone) => phone.username === username);
    const bank = await PhoneBank.start({
      registrar: { address: pbx.host, port: pbx.ports.sip },
      devices: phones.slice(0, 20),
      firstRtpPort: 61_000,
      behaviour: (username) => (role(username) >= 18 ? 'ring' : role(username) >= 16 ? 'busy' : 'answer'),
    });
    await bank.register();
    return new MixedCalls(bank, phones);
  }

  private constructor(bank: PhoneBank, phones: readonly DemoDevice[]) {
    this.#bank = bank;
    this.#phones = phones;
  }

  /** So many a second for so long; resolves when the last is over. */
  async run(perSecond: number, seconds: number): Promise<void> {
    const began = performance.now();
    for (let at = 0; at < perSecond * seconds; at += 1) {
      const wait = began + (at * 1000) / perSecond - performance.now();
      if (wait > 1) await pause(wait);
      if (this.#open >= MOST_OPEN) {
        this.#count('not begun, too many were open');
        continue;
      }
      this.#open += 1;
      void this.#one(at).finally(() => (this.#open -= 1));
    }
    for (const end = performance.now() + 40_000; this.#open > 0 && performance.now() < end; ) await pause(50);
    if (this.#open > 0) this.#count('never over');
  }

  close(): Promise<void> {
    return this.#bank.close();
  }

  async #one(at: number): Promise<void> {
    const kind = mix[(at * 7) % mix.length]!;
    const round = Math.floor(at / mix.length);
    const phone = (first: number, count: number) => this.#phones[first + ((at + round) % count)]!;
    const caller = phone(0, 10);
    switch (kind) {
      case 'held':
        return this.#held(this.#bank.place(caller, phone(10, 6).extension));
      case 'cancelled':
        return this.#cancelled(this.#bank.place(caller, phone(18, 2).extension));
      case 'busy':
        return this.#refusedWith(kind, 486, this.#bank.place(caller, phone(16, 2).extension));
      case 'absent':
        return this.#refusedWith(kind, 480, this.#bank.place(caller, phone(20, 2).extension));
      case 'unknown':
        return this.#refusedWith(kind, 404, this.#bank.place(caller, '999'));
      case 'registration':
        return this.#bank.registerDevice(phone(0, 20)).then(
          () => void (this.done.registration += 1),
          (error: Error) => (error.message.endsWith('503') ? void (this.refused += 1) : this.#count(`registration: ${error.message.replace(/^\d+/, 'phone')}`)),
        );
    }
  }

  async #held(attempt: BankAttempt): Promise<void> {
    const outcome = await attempt.outcome;
    if (outcome.type !== 'answered') return this.#other('held', outcome);
    this.attempts += 1;
    const { caller } = attempt;
    const held = await this.#bank.hold(caller, 'sendonly');
    await pause(TALK_MS);
    const resumed = await this.#bank.hold(caller, 'sendrecv');
    await pause(TALK_MS);
    caller.session.end();
    await caller.heard(['ended']);
    if (held && resumed) this.done.held += 1;
    else this.#count(`held: ${held ? 'not resumed' : 'not held'}`);
  }

  async #cancelled(attempt: BankAttempt): Promise<void> {
    await Promise.race([attempt.caller.heard(['provisional']), attempt.outcome]);
    await pause(TALK_MS);
    attempt.caller.session.end();
    const outcome = await attempt.outcome;
    if (outcome.type === 'answered' || (outcome.type === 'refused' && outcome.status !== 487)) return this.#other('cancelled', outcome);
    this.attempts += 1;
    this.done.cancelled += 1;
  }

  async #refusedWith(kind: Kind, status: number, attempt: BankAttempt): Promise<void> {
    const outcome = await attempt.outcome;
    if (outcome.type !== 'refused' || outcome.status !== status) return this.#other(kind, outcome);
    this.attempts += 1;
    this.done[kind] += 1;
  }

  #other(kind: Kind, outcome: Awaited<BankAttempt['outcome']>): void {
    if (outcome.type === 'refused' && outcome.status === 503) {
      this.refused += 1;
      return;
    }
    this.attempts += 1;
    this.#count(`${kind}: ${outcome.type === 'refused' ? outcome.status : outcome.type === 'ended' ? outcome.detail : 'answered'}`);
  }

  #count(what: string): void {
    this.unexpected.set(what, (this.unexpected.get(what) ?? 0) + 1);
  }
}

const TALK_MS = 200;
/** More than that and the load generator, not the PBX, would be what is measured. */
const MOST_OPEN = 2_000;
