import type { G711 } from '@tipring/dsp';
import { readWav, type WavAudio, wavBeginning } from '@tipring/gateway';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A WAV file that is read from its beginning to its end, some hundred milliseconds at a time. */
export class WavReader {
  readonly rateHz: 8_000 | 16_000 | 48_000;
  readonly #file: number;
  readonly #audio: WavAudio;
  readonly #g711: G711;
  readonly #frame: number;
  readonly #chunk: Buffer;
  /** Offset in the file of what comes after the chunk, and what of the chunk is left. */
  #next: number;
  #from = 0;
  #to = 0;

  /** @returns why it cannot be read, as text for people. Never throws */
  static open(path: string, fromMs: number, g711: G711): WavReader | string {
    let file: number | null = null;
    try {
      file = openSync(path, 'r');
      const beginning = Buffer.alloc(wavBeginning);
      const audio = readWav(beginning.subarray(0, readSync(file, beginning, 0, wavBeginning, 0)), fstatSync(file).size);
      if (typeof audio === 'string') return closed(file, audio);
      const isKnownRate = audio.encoding === 'pcm16' ? audio.rateHz === 8_000 || audio.rateHz === 16_000 || audio.rateHz === 48_000 : audio.rateHz === 8_000;
      return isKnownRate ? new WavReader(file, audio, fromMs, g711) : closed(file, `its rate is ${audio.rateHz} Hz`);
    } catch (error) {
      return closed(file, (error as NodeJS.ErrnoException).code ?? String(error));
    }
  }

  private constructor(file: number, audio: WavAudio, fromMs: number, g711: G711) {
    this.rateHz = audio.rateHz as 8_000 | 16_000 | 48_000;
    this.#file = file;
    this.#audio = audio;
    this.#g711 = g711;
    this.#frame = audio.channels * (audio.encoding === 'pcm16' ? 2 : 1);
    this.#chunk = Buffer.alloc(chunkFrames * this.#frame);
    this.#next = audio.dataAt + Math.min(audio.dataOctets, Math.round((fromMs * audio.rateHz) / 1000) * this.#frame);
  }

  /** The next samples, at most as many as `row` takes, which is of the Dsp. @returns how many; 0: it has ended, or could not be read any further */
  read(row: Int16Array): number {
    let samples = 0;
    while (samples < row.length) {
      if (this.#from === this.#to && !this.#more()) break;
      const frames = Math.min(row.length - samples, (this.#to - this.#from) / this.#frame);
      this.#decode(row.subarray(samples, samples + frames));
      this.#from += frames * this.#frame;
      samples += frames;
    }
    return samples;
  }

  close(): void {
    closeSync(this.#file);
  }

  #more(): boolean {
    const { dataAt, dataOctets } = this.#audio;
    const wanted = Math.min(this.#chunk.length, dataAt + dataOctets - this.#next);
    let octets = 0;
    try {
      if (wanted > 0) octets = readSync(this.#file, this.#chunk, 0, wanted, this.#next);
    } catch {
      // A disk that fails in the middle: it ends here.
    }
    octets -= octets % this.#frame;
    this.#next += octets;
    this.#from = 0;
    this.#to = octets;
    return octets > 0;
  }

  /** The first channel. */
  #decode(into: Int16Array): void {
    const { encoding, channels } = this.#audio;
    if (encoding === 'pcm16') for (let n = 0; n < into.length; n++) into[n] = this.#chunk.readInt16LE(this.#from + n * this.#frame);
    else if (channels === 1) this.#g711.decode(encoding, this.#chunk.subarray(this.#from, this.#from + into.length), into);
    else this.#g711.decode(encoding, Uint8Array.from({ length: into.length }, (_, n) => this.#chunk[this.#from + n * channels]!), into);
  }
}

function closed(file: number | null, why: string): string {
  if (file !== null) closeSync(file);
  return why;
}

/** Some 250 ms at 16 kHz. */
const chunkFrames = 4096;
