import type { Address, AudioRows, Dsp } from './dsp.ts';

/** 1200 bit/s: mark 1200 and space 2200 Hz (North America), or mark 1300 and space 2100 Hz (ETSI). */
export type FskModem = 'bell-202' | 'v23';

/** What the line said. `at` is in samples since reset, modulo 2^32. */
export type FskSymbol = FskCharacter | { readonly type: 'carrier' | 'carrier-lost'; readonly at: number; readonly levelDbm0: number };

export interface FskCharacter {
  /** `broken`: there was no stop bit. */
  readonly type: 'character' | 'broken';
  /** Eight bits. */
  readonly value: number;
  /** Its start bit. */
  readonly at: number;
  /** How long mark lasted before it, in bits. */
  readonly markBits: number;
}

/** The FSK receiver of one line. It is made once and serves one call after another. */
export class FskReceiver {
  readonly #c: FskReceiverExports;
  readonly #receiver: Address;
  readonly #symbol: Address;
  readonly #words: Int32Array;
  readonly #measured: Float32Array;

  constructor(dsp: Dsp, modem: FskModem = 'bell-202') {
    this.#c = dsp.exports as FskReceiverExports;
    this.#receiver = dsp.allocate(this.#c.fsk_receiver_size());
    this.#symbol = dsp.allocate(20);
    this.#words = dsp.int32(this.#symbol, 3);
    this.#measured = dsp.float32(this.#symbol, 5);
    this.reset(modem);
  }

  /** Begins anew, for another message or another modem. */
  reset(modem: FskModem): void {
    this.#c.fsk_receiver_init(this.#receiver, modemNumber(modem));
  }

  /** Listens to a row. True: take has something. */
  process(audio: AudioRows, row: number): boolean {
    return this.#c.fsk_receiver_push(this.#receiver, audio.addressOf(row), audio.samples) !== 0;
  }

  /** The oldest symbol that was not yet taken. */
  take(): FskSymbol | undefined {
    if (this.#c.fsk_receiver_take(this.#receiver, this.#symbol) === 0) return undefined;
    const [kind, value, at] = this.#words;
    const type = symbolNames[kind! - 1]!;
    if (type === 'character' || type === 'broken') return { type, value: value!, at: at! >>> 0, markBits: this.#measured[3]! };
    return { type, at: at! >>> 0, levelDbm0: this.#measured[4]! };
  }
}

/** As fsk_modem_t. */
export function modemNumber(modem: FskModem): number {
  return modem === 'bell-202' ? 0 : 1;
}

/** In the order of fsk_symbol_kind_t. */
const symbolNames = ['character', 'broken', 'carrier', 'carrier-lost'] as const;

interface FskReceiverExports {
  fsk_receiver_size(): number;
  fsk_receiver_init(receiver: Address, modem: number): void;
  fsk_receiver_push(receiver: Address, samples: Address, count: number): number;
  fsk_receiver_take(receiver: Address, symbol: Address): number;
}
