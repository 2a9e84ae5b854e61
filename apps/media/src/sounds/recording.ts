import { readWav, type SoundFile, wavBeginning, wavHeaderOctets, writeWavHeader } from '@tipring/gateway';
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlayerSlot } from './player-slot.ts';
import type { SoundTools } from './sound-tools.ts';

export interface RecordingRequest {
  readonly number: number;
  readonly file: SoundFile;
  readonly maxMs: number;
  /** Null: silence does not end it. */
  readonly silenceMs: number | null;
  readonly isAppended: boolean;
}

export interface RecordingEnd {
  readonly ms: number;
  readonly how: 'stopped' | 'silence' | 'maximum' | 'failed' | 'released';
  readonly text: string | null;
}

/**
 * One recording of a player on its way from the memory that the packet worker hears into, to its file. Everything is written at each `pump`, and the
 * header with it: whenever the process is killed, what was heard until some tenths of a second before is a file that can be read.
 */
export class Recording {
  readonly #request: RecordingRequest;
  readonly #slot: { readonly number: number; readonly memory: PlayerSlot };
  readonly #tools: SoundTools;
  readonly #path: string;
  #file: { readonly descriptor: number; readonly rateHz: 8_000 | 16_000 } | null = null;
  /** Octets of samples in the file, and of those that were in it when this recording began. */
  #octets = 0;
  #octetsBefore = 0;
  #heardMs = 0;
  #silentMs = 0;
  readonly #samples = Buffer.alloc(mostBlocks * 640);
  #collected = 0;

  constructor(request: RecordingRequest, slot: { readonly number: number; readonly memory: PlayerSlot }, tools: SoundTools, folder: string) {
    this.#request = request;
    this.#slot = slot;
    this.#tools = tools;
    this.#path = join(folder, request.file);
    tools.beginRecording(slot.number);
  }

  /** Writes what was heard. @returns how it ended; null: it goes on */
  pump(): RecordingEnd | null {
    try {
      const how = this.#drain();
      this.#flush();
      return how === null ? null : this.#finish(how);
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** It ends now: what was heard is written. */
  end(how: 'stopped' | 'released'): RecordingEnd {
    const ended = this.pump();
    if (ended !== null) return ended;
    try {
      // Nothing was heard: there is a file all the same.
      if (this.#file === null) this.#file = this.#open(8_000);
      return this.#finish(how);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #drain(): 'silence' | 'maximum' | null {
    const { maxMs, silenceMs, number } = this.#request;
    for (let block = this.#slot.memory.read(number); block !== null; block = this.#slot.memory.read(number)) {
      const { rateHz } = (this.#file ??= this.#open(block.length === 160 ? 8_000 : 16_000));
      const { number: slot } = this.#slot;
      const narrow = block.length === 160 ? block : rateHz === 8_000 || silenceMs !== null ? this.#tools.narrow(slot, block) : null;
      const isVoice = silenceMs === null || narrow === null || this.#tools.isVoice(slot, narrow);
      const converted = block.length === rateHz / 50 ? block : rateHz === 8_000 && narrow !== null ? narrow : this.#tools.wide(slot, block);
      const count = Math.min(converted.length, Math.max(0, Math.round(((maxMs - this.#heardMs) * rateHz) / 1000)));
      this.#collect(converted, count);
      this.#heardMs += (count * 1000) / rateHz;
      this.#silentMs = isVoice ? 0 : this.#silentMs + blockMs;
      if (this.#heardMs >= maxMs) return 'maximum';
      if (silenceMs !== null && this.#silentMs >= silenceMs) return 'silence';
    }
    return null;
  }

  #collect(samples: Int16Array, count: number): void {
    for (let n = 0; n < count; n++) this.#samples.writeInt16LE(samples[n]!, this.#collected + n * 2);
    this.#collected += count * 2;
    if (this.#collected > this.#samples.length - 640) this.#flush();
  }

  /** What was collected, and then the header that says so. */
  #flush(): void {
    if (this.#file === null || this.#collected === 0) return;
    const { descriptor } = this.#file;
    writeSync(descriptor, this.#samples, 0, this.#collected, wavHeaderOctets + this.#octets);
    this.#octets += this.#collected;
    this.#collected = 0;
    this.#writeHeader();
  }

  #writeHeader(): void {
    if (this.#file !== null) writeSync(this.#file.descriptor, writeWavHeader(this.#file.rateHz, this.#octets), 0, wavHeaderOctets, 0);
  }

  #finish(how: RecordingEnd['how']): RecordingEnd {
    const { descriptor, rateHz } = this.#file!;
    if (how === 'silence') {
      this.#octets = Math.max(this.#octetsBefore, this.#octets - Math.round((this.#silentMs * rateHz) / 1000) * 2);
      ftruncateSync(descriptor, wavHeaderOctets + this.#octets);
      this.#writeHeader();
    }
    this.#close();
    return { ms: this.#writtenMs(rateHz), how, text: null };
  }

  #fail(error: unknown): RecordingEnd {
    const rateHz = this.#file?.rateHz ?? 8_000;
    this.#close();
    return { ms: this.#writtenMs(rateHz), how: 'failed', text: `${this.#request.file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}` };
  }

  #close(): void {
    if (this.#file !== null) closeSync(this.#file.descriptor);
    this.#file = null;
  }

  #writtenMs(rateHz: number): number {
    return Math.round(((this.#octets - this.#octetsBefore) * 500) / rateHz);
  }

  /** At this rate, or at that of the file it goes on in. */
  #open(rateHz: 8_000 | 16_000): { readonly descriptor: number; readonly rateHz: 8_000 | 16_000 } {
    if (this.#request.isAppended) {
      const former = this.#openFormer();
      if (former !== null) return former;
    }
    mkdirSync(dirname(this.#path), { recursive: true });
    // Another file of this name: who plays the former one hears it to its end.
    rmSync(this.#path, { force: true });
    const file = { descriptor: openSync(this.#path, 'wx+'), rateHz };
    // Its own from now on: on a full disk a file can be made in which nothing can be written.
    this.#file = file;
    this.#writeHeader();
    return file;
  }

  /** Null: there is none. Throws when it is none that can be gone on with. */
  #openFormer(): { readonly descriptor: number; readonly rateHz: 8_000 | 16_000 } | null {
    let descriptor: number;
    try {
      descriptor = openSync(this.#path, 'r+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    const beginning = Buffer.alloc(wavBeginning);
    const size = fstatSync(descriptor).size;
    const audio = readWav(beginning.subarray(0, readSync(descriptor, beginning, 0, wavBeginning, 0)), size);
    const isOurs = typeof audio !== 'string' && audio.encoding === 'pcm16' && audio.channels === 1 && audio.dataAt === wavHeaderOctets && (audio.rateHz === 8_000 || audio.rateHz === 16_000);
    if (!isOurs) {
      closeSync(descriptor);
      throw new Error(typeof audio === 'string' ? audio : 'it is no recording that could be gone on with');
    }
    // A header that was not written any more says less than there is.
    this.#octets = this.#octetsBefore = Math.max(audio.dataOctets, (size - wavHeaderOctets) & ~1);
    return { descriptor, rateHz: audio.rateHz as 8_000 | 16_000 };
  }
}

const blockMs = 20;
/** Half a second of blocks at 16 kHz. */
const mostBlocks = 25;
