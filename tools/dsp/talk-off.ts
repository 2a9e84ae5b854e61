import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Dsp, type LearnedTone, type RecognisedTone, ToneAnalyzers, ToneDetectors, ToneLearner, type ToneSet } from '@tipring/dsp';
import { readWave, speechPrompts } from '@tipring/dsp/test-support';

/** Pieces of audio that are no tones, one after the other. */
export interface Piece {
  readonly name: string;
  readonly samples: Int16Array;
}

export interface FalseTone {
  readonly name: string;
  readonly atSecond: number;
  readonly recognised?: RecognisedTone;
  readonly learned?: LearnedTone;
}

export interface TalkOff {
  readonly minutes: number;
  readonly falseTones: readonly FalseTone[];
}

/** Every `every`-th of the speech prompts that are installed. */
export function speechPieces(every = 1): Piece[] {
  return speechPrompts().filter((_, index) => index % every === 0).map(piece);
}

/** The music on hold of Debian's asterisk-moh-opsound-wav; empty where it is not installed. */
export function musicOnHold(): Piece[] {
  return existsSync(installedMusic) ? readdirSync(installedMusic).filter((name) => name.endsWith('.wav')).map((name) => piece(join(installedMusic, name))) : [];
}

/** Plays the pieces on four channels, each through detector and learner; nothing should be found. */
export function talkOff(dsp: Dsp, pieces: readonly Piece[], set: ToneSet): TalkOff {
  const analyzers = new ToneAnalyzers(dsp, 4);
  const detectors = new ToneDetectors(analyzers);
  const audio = dsp.rows(4, tick);
  const channels = spread(pieces);
  const learners = channels.map((_, channel) => {
    detectors.watch(channel, set);
    return new ToneLearner();
  });
  const falseTones: FalseTone[] = [];
  const longest = Math.max(...channels.map(({ samples }) => samples));
  for (let at = 0; at < longest; at += tick) {
    for (const [channel, one] of channels.entries()) one.read(at, audio.row(channel));
    analyzers.process(0, audio);
    for (const [channel, one] of channels.entries()) {
      const recognised = detectors.listen(channel) ?? undefined;
      const learned = learners[channel]!.learn(detectors.history(channel)) ?? undefined;
      if (recognised !== undefined || learned !== undefined) falseTones.push({ ...one.where(at), ...(recognised && { recognised }), ...(learned && { learned }) });
    }
  }
  return { minutes: channels.reduce((sum, { samples }) => sum + samples, 0) / 8_000 / 60, falseTones };
}

function spread(pieces: readonly Piece[]): Channel[] {
  const channels = Array.from({ length: 4 }, () => new Channel());
  for (const one of pieces.toSorted((a, b) => b.samples.length - a.samples.length)) channels.reduce((a, b) => (a.samples <= b.samples ? a : b)).add(one);
  return channels;
}

class Channel {
  samples = 0;
  readonly #pieces: (Piece & { readonly from: number })[] = [];
  #at = 0;

  add(one: Piece): void {
    this.#pieces.push({ ...one, from: this.samples });
    this.samples += one.samples.length;
  }

  /** Forward only. */
  read(at: number, row: Int16Array): void {
    row.fill(0);
    for (let index = this.#at; index < this.#pieces.length && this.#pieces[index]!.from < at + row.length; index++) {
      const { from, samples } = this.#pieces[index]!;
      if (from + samples.length <= at) this.#at = index + 1;
      else row.set(samples.subarray(Math.max(0, at - from), at + row.length - from), Math.max(0, from - at));
    }
  }

  where(at: number): { name: string; atSecond: number } {
    const one = this.#pieces.findLast(({ from }) => from <= at);
    return { name: one?.name ?? 'silence after the last', atSecond: (at - (one?.from ?? 0)) / 8_000 };
  }
}

function piece(path: string): Piece {
  return { name: path, samples: readWave(path).samples };
}

const installedMusic = '/usr/share/asterisk/moh';
const tick = 160;
