import type { Piece } from '@tipring/gateway';
import { join } from 'node:path';
import { playBlock, type PlayerSlot } from './player-slot.ts';
import type { SoundTools } from './sound-tools.ts';
import { WavReader } from './wav-reader.ts';

type Source = { readonly is: 'file'; readonly reader: WavReader } | { readonly is: 'tone' | 'silence'; samplesLeft: number };

export interface Announcement {
  readonly number: number;
  readonly pieces: readonly Piece[];
  /** 0: for ever. */
  readonly times: number;
}

/** One announcement of a player on its way into the memory that the packet worker plays from. */
export class Playback {
  readonly #announcement: Announcement;
  readonly #slot: { readonly number: number; readonly memory: PlayerSlot };
  readonly #tools: SoundTools;
  readonly #folder: string;
  readonly #unplayable: (text: string) => void;
  #at = 0;
  #timesLeft: number;
  #source: Source | null = null;
  #hasFailed = false;
  /** Something of this round was put. */
  #isSounding = false;

  constructor(announcement: Announcement, slot: { readonly number: number; readonly memory: PlayerSlot }, tools: SoundTools, folder: string, unplayable: (text: string) => void) {
    this.#announcement = announcement;
    this.#slot = slot;
    this.#tools = tools;
    this.#folder = folder;
    this.#unplayable = unplayable;
    this.#timesLeft = announcement.times;
  }

  /** As much as there is room for. True when all of it has been put. */
  fill(): boolean {
    const { memory } = this.#slot;
    for (let free = memory.freeBlocks; free > 0; free--) {
      const block = this.#nextBlock();
      memory.put(this.#announcement.number, block !== null ? playBlock.audio : this.#hasFailed ? playBlock.failed : playBlock.ended, block);
      if (block === null) return true;
    }
    return false;
  }

  close(): void {
    if (this.#source?.is === 'file') this.#source.reader.close();
    this.#source = null;
  }

  /** 20 ms; null: it has ended. Pieces begin at blocks. */
  #nextBlock(): Int16Array | null {
    for (;;) {
      if (this.#source === null && !this.#nextPiece()) return null;
      const block = this.#source === null ? null : this.#read(this.#source);
      if (block !== null) {
        this.#isSounding = true;
        return block;
      }
      this.close();
    }
  }

  /** False: there is no more. */
  #nextPiece(): boolean {
    const { pieces, times } = this.#announcement;
    if (this.#at === pieces.length) {
      // For ever nothing would be a loop without end.
      if (!this.#isSounding || (times !== 0 && --this.#timesLeft <= 0)) return false;
      this.#at = 0;
      this.#isSounding = false;
    }
    const source = this.#open(pieces[this.#at++]!);
    if (typeof source === 'string') this.#fail(source);
    else this.#source = source;
    return true;
  }

  /** @returns why it cannot be played */
  #open(piece: Piece): Source | string {
    const { number } = this.#slot;
    if ('file' in piece) {
      const reader = WavReader.open(join(this.#folder, piece.file), piece.fromMs ?? 0, this.#tools.g711);
      if (typeof reader === 'string') return `${piece.file}: ${reader}`;
      this.#tools.beginPiece(number);
      return { is: 'file', reader };
    }
    if ('silenceMs' in piece) return { is: 'silence', samplesLeft: Math.round(piece.silenceMs * 16) };
    try {
      this.#tools.tones.play(number, piece.tone, piece.levelDbm0);
    } catch (error) {
      return `a tone: ${(error as Error).message}`;
    }
    return { is: 'tone', samplesLeft: Math.round(piece.ms * 16) };
  }

  #read(source: Source): Int16Array | null {
    if (source.is === 'file') {
      const row = this.#tools.row(source.reader.rateHz);
      const samples = source.reader.read(row);
      if (samples === 0) return null;
      row.fill(0, samples);
      return this.#tools.toPlay(this.#slot.number, source.reader.rateHz);
    }
    if (source.samplesLeft <= 0) return null;
    const row = this.#tools.row(16_000);
    const samples = Math.min(row.length, source.samplesLeft);
    source.samplesLeft -= samples;
    if (source.is === 'silence') row.fill(0);
    else this.#writeTone(samples, source.samplesLeft === 0);
    return row;
  }

  /** The last part of it fades out in what is left of its block, or in the millisecond before its end. */
  #writeTone(samples: number, isLast: boolean): void {
    const { number } = this.#slot;
    const rows = this.#tools.rows(16_000);
    const sounding = isLast ? Math.max(0, Math.min(samples, rows.samples - fadeSamples)) : samples;
    this.#tools.tones.write(number, rows, 0, 0, sounding);
    if (!isLast) return;
    this.#tools.tones.stop(number);
    this.#tools.tones.write(number, rows, 0, sounding, rows.samples);
  }

  #fail(text: string): void {
    if (!this.#hasFailed) this.#unplayable(text);
    this.#hasFailed = true;
  }
}

/** 1.5 ms at 16 kHz: the edges of tones. */
const fadeSamples = 24;
