import type { Address, AudioRows, Dsp } from './dsp.ts';
import { modemNumber, type FskModem } from './fsk-receiver.ts';

export interface FskSending {
  readonly modem: FskModem;
  /** On-hook: 300 bits of channel seizure and 180 of mark; off-hook: 80 of mark alone (EN 300 659-1, TIA-777). */
  readonly hook: 'on' | 'off';
  /** Default -13.5. */
  readonly levelDbm0?: number;
  /** Where a network differs from its standard. */
  readonly seizureBits?: number;
  readonly markBits?: number;
  /** Mark after each character besides its stop bit. Default 0. */
  readonly betweenBits?: number;
  /** Mark after the last one, default 3. */
  readonly trailingBits?: number;
}

/** The FSK sender of one line. It is made once and sends one message after another. */
export class FskSender {
  readonly #c: FskSenderExports;
  readonly #sender: Address;
  readonly #words: Int32Array;
  readonly #level: Float32Array;
  readonly #bytes: Uint8Array;
  #sending = false;

  constructor(dsp: Dsp) {
    this.#c = dsp.exports as FskSenderExports;
    this.#sender = dsp.allocate(this.#c.fsk_sender_size());
    this.#c.fsk_sender_init(this.#sender);
    const sending = this.#c.fsk_sender_sending(this.#sender);
    this.#words = dsp.int32(sending, 7);
    this.#level = dsp.float32(sending, 2);
    this.#bytes = dsp.bytes(sending + 28, longest);
  }

  /** From the next sample on, whatever was being sent. Throws RangeError for more than 264 bytes: no message is as long. */
  start(message: Uint8Array, sending: FskSending): void {
    if (message.length > longest) throw new RangeError(`A caller ID message of ${message.length} bytes.`);
    this.#words[0] = modemNumber(sending.modem);
    this.#level[1] = sending.levelDbm0 ?? -13.5;
    this.#words[2] = sending.seizureBits ?? (sending.hook === 'on' ? 300 : 0);
    this.#words[3] = sending.markBits ?? (sending.hook === 'on' ? 180 : 80);
    this.#words[4] = sending.betweenBits ?? 0;
    this.#words[5] = sending.trailingBits ?? 3;
    this.#words[6] = message.length;
    this.#bytes.set(message);
    this.#c.fsk_sender_start(this.#sender);
    this.#sending = true;
  }

  /** Fills a row, with silence after the end. Returns how many samples belong to the message. */
  process(audio: AudioRows, row: number): number {
    const sent = this.#c.fsk_sender_take(this.#sender, audio.addressOf(row), audio.samples);
    if (sent < audio.samples) this.#sending = false;
    return sent;
  }

  /** Until a row was not filled. */
  get isSending(): boolean {
    return this.#sending;
  }
}

/** FSK_SENDER_BYTES. */
const longest = 264;

interface FskSenderExports {
  fsk_sender_size(): number;
  fsk_sender_init(sender: Address): void;
  fsk_sender_sending(sender: Address): Address;
  fsk_sender_start(sender: Address): void;
  fsk_sender_take(sender: Address, samples: Address, count: number): number;
}
