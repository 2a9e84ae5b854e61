import { type AudioRows, Dsp, G711, lanes, Resamplers, ToneGenerators, VoiceActivity, type WebAssemblyModule } from '@tipring/dsp';

export type SoundRate = 8_000 | 16_000 | 48_000;

/** The signal processing of the sounds thread. Each player has the channel of its slot. */
export class SoundTools {
  readonly g711: G711;
  readonly tones: ToneGenerators;
  /** A row at each rate, for what is worked on now. */
  readonly #rows: Readonly<Record<SoundRate, AudioRows>>;
  readonly #playing: { readonly from8: Resamplers; readonly from48: Resamplers };
  readonly #recording: { readonly up: Resamplers; readonly down: Resamplers };
  /** By slot: recordings come and go by themselves, so each has its own. */
  readonly #voices: readonly VoiceActivity[];
  /** Four lanes, of which the first is used. */
  readonly #listened: AudioRows;

  constructor(module: WebAssemblyModule, slots: number) {
    const dsp = new Dsp(module, { memoryBytes: baseBytes + slots * slotBytes });
    this.g711 = new G711(dsp);
    this.tones = new ToneGenerators(dsp, slots, { rate: 16_000 });
    this.#rows = { 8_000: dsp.rows(1, 160), 16_000: dsp.rows(1, 320), 48_000: dsp.rows(1, 960) };
    const resamplers = (from: SoundRate, to: SoundRate): Resamplers => new Resamplers(dsp, { channels: slots, from, to });
    this.#playing = { from8: resamplers(8_000, 16_000), from48: resamplers(48_000, 16_000) };
    this.#recording = { up: resamplers(8_000, 16_000), down: resamplers(16_000, 8_000) };
    this.#voices = Array.from({ length: slots }, () => new VoiceActivity(dsp, 1));
    this.#listened = dsp.rows(lanes, 160);
  }

  /** 20 ms at this rate, to be filled. Valid until the next call of anything here. */
  row(rate: SoundRate): Int16Array {
    return this.#rows[rate].row(0);
  }

  rows(rate: SoundRate): AudioRows {
    return this.#rows[rate];
  }

  /** Before a piece is played. */
  beginPiece(slot: number): void {
    this.#playing.from8.reset(slot);
    this.#playing.from48.reset(slot);
  }

  /** What is in the row of `from`, at 16 kHz. */
  toPlay(slot: number, from: SoundRate): Int16Array {
    if (from === 8_000) this.#playing.from8.process(slot, this.#rows[8_000], 0, this.#rows[16_000], 0);
    else if (from === 48_000) this.#playing.from48.process(slot, this.#rows[48_000], 0, this.#rows[16_000], 0);
    return this.#rows[16_000].row(0);
  }

  beginRecording(slot: number): void {
    this.#recording.up.reset(slot);
    this.#recording.down.reset(slot);
    this.#voices[slot]!.reset(0);
  }

  /** A block that was heard at 16 kHz, at 8. */
  narrow(slot: number, block: Int16Array): Int16Array {
    this.#rows[16_000].row(0).set(block);
    this.#recording.down.process(slot, this.#rows[16_000], 0, this.#rows[8_000], 0);
    return this.#rows[8_000].row(0);
  }

  /** And the other way. */
  wide(slot: number, block: Int16Array): Int16Array {
    this.#rows[8_000].row(0).set(block);
    this.#recording.up.process(slot, this.#rows[8_000], 0, this.#rows[16_000], 0);
    return this.#rows[16_000].row(0);
  }

  /** Whether somebody speaks in these 20 ms at 8 kHz, by those before. */
  isVoice(slot: number, narrow: Int16Array): boolean {
    this.#listened.row(0).set(narrow);
    const voice = this.#voices[slot]!;
    voice.process(0, this.#listened);
    return voice.active(0);
  }
}

/** Filters and rows. */
const baseBytes = 2 ** 20;
/** Resamplers, tone generator, voice activity. */
const slotBytes = 16 * 1024;
