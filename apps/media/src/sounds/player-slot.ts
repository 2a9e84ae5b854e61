/** What the sounds thread has put in place of a block of 20 ms, or what `take` found. */
export const playBlock = { audio: 1, ended: 2, failed: 3 } as const;
export type Taken = 'silence' | 'audio' | 'ended' | 'failed';

/**
 * The memory that a player shares between three threads: a ring of blocks to play, which the sounds thread writes and the packet worker reads, and one of
 * blocks that were heard, the other way. A block is 20 ms; what is played is at 16 kHz, what is heard at the rate of its bridge. No locks: each index
 * has one writer. Blocks carry the number of the announcement or recording they are of, so that what is left of a former one is passed over.
 *
 *   main     wants(number), records(number)                says what is to be played and heard; 0: nothing
 *   sounds   put, freeBlocks          read                  files
 *   worker   take                     hear                  every 20 ms
 */
export class PlayerSlot {
  readonly #control: Int32Array;
  readonly #playHeads: Int32Array;
  readonly #played: readonly Int16Array[];
  readonly #heardHeads: Int32Array;
  readonly #heard: readonly Int16Array[];
  /** Of 8 and of 16 kHz, for `read`. */
  readonly #copies: [Int16Array?, Int16Array?] = [];

  constructor(memory: SharedArrayBuffer, slot: number) {
    const at = slot * slotBytes;
    this.#control = new Int32Array(memory, at, controlWords);
    this.#playHeads = new Int32Array(memory, at + playHeadsAt, playBlocks * 2);
    this.#heardHeads = new Int32Array(memory, at + heardHeadsAt, heardBlocks * 2);
    const rows = (from: number, blocks: number): Int16Array[] => Array.from({ length: blocks }, (_, block) => new Int16Array(memory, at + from + block * blockSamples * 2, blockSamples));
    this.#played = rows(playedAt, playBlocks);
    this.#heard = rows(heardAt, heardBlocks);
  }

  /** Main: the announcement that is to be played from now on; 0: none. */
  wants(announcement: number): void {
    Atomics.store(this.#control, control.wanted, announcement);
  }

  /** Main: the recording that what is heard is of; 0: none, or it is paused. */
  records(recording: number): void {
    Atomics.store(this.#control, control.recording, recording);
  }

  /** Sounds: how many blocks can be put now. */
  get freeBlocks(): number {
    return playBlocks - this.#length(control.playHead, control.playTail);
  }

  /** Sounds: a block of 320 samples, or an end. There must be room. */
  put(announcement: number, kind: number, samples: Int16Array | null): void {
    const tail = Atomics.load(this.#control, control.playTail);
    const place = tail & (playBlocks - 1);
    this.#playHeads[place * 2] = announcement;
    this.#playHeads[place * 2 + 1] = kind;
    if (samples !== null) this.#played[place]!.set(samples);
    Atomics.store(this.#control, control.playTail, (tail + 1) | 0);
  }

  /** Sounds: the oldest block of this recording, of which the first `count` are samples; null: there is none now. Valid until the next call. */
  read(recording: number): Int16Array | null {
    const tail = Atomics.load(this.#control, control.heardTail);
    for (;;) {
      const head = Atomics.load(this.#control, control.heardHead);
      if (head === tail) return null;
      const place = head & (heardBlocks - 1);
      Atomics.store(this.#control, control.heardHead, (head + 1) | 0);
      if (this.#heardHeads[place * 2] !== recording) continue;
      const samples = this.#heardHeads[place * 2 + 1]!;
      // Copied: its place may be written again from now on.
      const copy = (this.#copies[samples === blockSamples ? 1 : 0] ??= new Int16Array(samples));
      copy.set(samples === blockSamples ? this.#heard[place]! : this.#heard[place]!.subarray(0, samples));
      return copy;
    }
  }

  /** Worker: the next 20 ms into `row`, 320 samples; it is left as it was unless there is audio. */
  take(row: Int16Array): Taken {
    const wanted = Atomics.load(this.#control, control.wanted);
    const tail = Atomics.load(this.#control, control.playTail);
    for (let head = Atomics.load(this.#control, control.playHead); head !== tail; ) {
      const place = head & (playBlocks - 1);
      const kind = this.#playHeads[place * 2 + 1]!;
      const isWanted = this.#playHeads[place * 2] === wanted;
      if (isWanted && kind === playBlock.audio) row.set(this.#played[place]!);
      head = (head + 1) | 0;
      Atomics.store(this.#control, control.playHead, head);
      if (isWanted) return kind === playBlock.audio ? 'audio' : kind === playBlock.failed ? 'failed' : 'ended';
    }
    return 'silence';
  }

  /** Worker: the announcement that is wanted. */
  get wanted(): number {
    return Atomics.load(this.#control, control.wanted);
  }

  /** Worker: whether what is heard is wanted. */
  get isRecording(): boolean {
    return Atomics.load(this.#control, control.recording) !== 0;
  }

  /** Worker: 20 ms that were heard, at 8 or 16 kHz. Lost when the sounds thread has not read for some seconds. */
  hear(row: Int16Array): void {
    const recording = Atomics.load(this.#control, control.recording);
    if (recording === 0 || this.#length(control.heardHead, control.heardTail) === heardBlocks) return;
    const tail = Atomics.load(this.#control, control.heardTail);
    const place = tail & (heardBlocks - 1);
    this.#heardHeads[place * 2] = recording;
    this.#heardHeads[place * 2 + 1] = row.length;
    this.#heard[place]!.set(row);
    Atomics.store(this.#control, control.heardTail, (tail + 1) | 0);
  }

  #length(head: number, tail: number): number {
    return (Atomics.load(this.#control, tail) - Atomics.load(this.#control, head)) | 0;
  }
}

/** Memory for so many. Pages that no player has used yet cost nothing. */
export function playerMemory(slots: number): SharedArrayBuffer {
  return new SharedArrayBuffer(Math.max(1, slots) * slotBytes);
}

/** Samples of a block of what is played: 20 ms at 16 kHz. */
export const blockSamples = 320;
/** 0.64 s: more than a file's read takes on a busy disk, and little to read in vain when something else is to be played. */
const playBlocks = 32;
/** 2.56 s. */
const heardBlocks = 128;
const controlWords = 16;
const control = { wanted: 0, playHead: 1, playTail: 2, recording: 3, heardHead: 4, heardTail: 5 } as const;
const playHeadsAt = controlWords * 4;
const heardHeadsAt = playHeadsAt + playBlocks * 8;
const playedAt = heardHeadsAt + heardBlocks * 8;
const heardAt = playedAt + playBlocks * blockSamples * 2;
const slotBytes = heardAt + heardBlocks * blockSamples * 2;
