import type { FskSymbol } from '../fsk-receiver.ts';
import { decodeCallerId } from './decode.ts';
import { checksumOf, mdmfCallSetup, mdmfMessageWaiting, sdmfCallSetup, sdmfMessageWaiting, type CallerIdMessage, type CallerIdParity, type CallerIdRefusal, type CallerIdResult } from './message.ts';

/**
 * Finds the message in what an FskReceiver hears: after channel seizure and mark on-hook, after mark off-hook. A message that begins
 * after mark is told or refused; where noise hid its beginning, it is still told when its checksum holds.
 *
 *   seizure ──▶ mark (at least 20 bits) ──▶ type, length, content, checksum ──▶ told or refused
 */
export class CallerIdAssembler {
  readonly #parity: CallerIdParity;
  /** Characters since the earliest one that may begin a message. */
  #characters: number[] = [];
  /** Where in them a message may begin; `isSure` after mark. */
  #beginnings: { readonly at: number; readonly isSure: boolean }[] = [];

  constructor({ parity = 'none' }: { readonly parity?: CallerIdParity } = {}) {
    this.#parity = parity;
  }

  /** Forgets an unfinished message. */
  reset(): void {
    this.#characters = [];
    this.#beginnings = [];
  }

  /** Symbol by symbol. A refusal of an incomplete message comes with the loss of carrier. */
  push(symbol: FskSymbol): CallerIdResult<CallerIdMessage, CallerIdRefusal> | undefined {
    if ('levelDbm0' in symbol) return this.#refuseRest();
    if (messageTypes.has(symbol.value)) this.#beginnings.push({ at: this.#characters.length, isSure: symbol.markBits >= leastMarkBits });
    if (this.#beginnings.length === 0) return undefined;
    this.#characters.push(symbol.value);
    return this.#complete();
  }

  #complete(): CallerIdResult<CallerIdMessage, CallerIdRefusal> | undefined {
    for (;;) {
      const whole = this.#beginnings.find(({ at }) => this.#characters.length - at >= 3 && this.#characters.length - at === this.#characters[at + 1]! + 3);
      if (whole === undefined) return undefined;
      const bytes = this.#characters.slice(whole.at);
      const result = checksumOf(bytes) === 0 || whole.isSure ? decodeCallerId(bytes, { parity: this.#parity }) : undefined;
      if (result !== undefined && (result.ok || whole.isSure)) {
        this.reset();
        return result;
      }
      this.#forget(whole);
    }
  }

  #forget(beginning: { readonly at: number }): void {
    this.#beginnings = this.#beginnings.filter((other) => other !== beginning);
    const first = this.#beginnings[0];
    if (first === undefined) return this.reset();
    if (first.at === 0) return;
    this.#characters = this.#characters.slice(first.at);
    this.#beginnings = this.#beginnings.map(({ at, isSure }) => ({ at: at - first.at, isSure }));
  }

  #refuseRest(): CallerIdResult<CallerIdMessage, CallerIdRefusal> | undefined {
    const sure = this.#beginnings.find(({ isSure }) => isSure);
    const bytes = this.#characters.slice(sure?.at ?? 0);
    this.reset();
    return sure === undefined ? undefined : decodeCallerId(bytes, { parity: this.#parity });
  }
}

/** Off-hook there are 80 bits of mark, on-hook at least 150: a quarter of the lesser. */
const leastMarkBits = 20;

/** Also those that are refused by name: advice of charge, short message. */
const messageTypes: ReadonlySet<number> = new Set([sdmfCallSetup, sdmfMessageWaiting, mdmfCallSetup, mdmfMessageWaiting, 0x86, 0x89]);
