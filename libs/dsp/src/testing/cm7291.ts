import { DtmfReceivers, type DtmfReceiverSettings } from '../dtmf-receiver.ts';
import type { AudioRows, Dsp } from '../dsp.ts';
import { dtmfDigits, dtmfSignal, joined, silenceMs, type DtmfSignal } from './dtmf-signal.ts';
import { gaussianNoise, seededRandom } from './signals.ts';

/**
 * The sequence of the Mitel test tape CM7291 for DTMF receivers, generated: pulses of 50 ms with pauses of 50 ms, each a little
 * different from the one before, and it counts which of them are heard. Every pulse begins at another place of the receiver's
 * windows and with other phases.
 */
export class Cm7291 {
  readonly #receivers: DtmfReceivers;
  readonly #audio: AudioRows;

  constructor(dsp: Dsp, settings: DtmfReceiverSettings = {}) {
    this.#receivers = new DtmfReceivers(dsp, 4);
    this.#audio = dsp.rows(4, 160);
    for (let channel = 0; channel < 4; channel++) this.#receivers.set(channel, settings);
  }

  /** Test 1: how many of ten pulses of each digit are heard as that digit and as nothing else. */
  decoded(digit: string): number {
    const pulses = Array.from({ length: 10 }, (): DtmfSignal => ({ digit }));
    return count(this.#pulsesHeard([pulses])[0]!);
  }

  /**
   * Test 2, in steps of 0.1 %: the worst of both sides and both tones. `accepted`: heard at all steps up to this one; `rejected`:
   * not heard from this step on, up to 6 %.
   */
  bandwidth(digit: string): { readonly acceptedPercent: number; readonly rejectedPercent: number } {
    const steps = Array.from({ length: 61 }, (_, step) => step / 10);
    const sides: DtmfSignal[][] = [
      steps.map((percent) => ({ digit, lowOffPercent: percent })),
      steps.map((percent) => ({ digit, lowOffPercent: -percent })),
      steps.map((percent) => ({ digit, highOffPercent: percent })),
      steps.map((percent) => ({ digit, highOffPercent: -percent })),
    ];
    const heard = this.#pulsesHeard(sides);
    return {
      acceptedPercent: Math.min(...heard.map((side) => steps[firstMissed(side) - 1] ?? -1)),
      rejectedPercent: Math.max(...heard.map((side) => (side.lastIndexOf(true) + 1) / 10)),
    };
  }

  /** Tests 3 and 4, in steps of 0.1 dB up to 15 dB: how much stronger either tone may be. `…Refused`: heard at no step from this one on. */
  amplitudeRatio(digit: string): { readonly highOverLowDb: number; readonly lowOverHighDb: number; readonly highOverLowRefusedDb: number; readonly lowOverHighRefusedDb: number } {
    const steps = Array.from({ length: 151 }, (_, step) => step / 10);
    const [high, low] = this.#pulsesHeard([steps.map((db) => ({ digit, lowDbm0: -10 - db })), steps.map((db) => ({ digit, highDbm0: -10 - db }))]);
    return {
      highOverLowDb: (firstMissed(high!) - 1) / 10,
      lowOverHighDb: (firstMissed(low!) - 1) / 10,
      highOverLowRefusedDb: (high!.lastIndexOf(true) + 1) / 10,
      lowOverHighRefusedDb: (low!.lastIndexOf(true) + 1) / 10,
    };
  }

  /** Test 5: from 0 dBm0 for each tone (clipped by 16 bits) downwards in steps of 1 dB, how many dB until a pulse is missed. */
  dynamicRangeDb(digit: string): number {
    const pulses = Array.from({ length: 61 }, (_, db): DtmfSignal => ({ digit, lowDbm0: -db, highDbm0: -db }));
    return firstMissed(this.#pulsesHeard([pulses])[0]!) - 1;
  }

  /** Test 6: pulses of 49 to 10 ms, ten of each. `accepted`: all of this length and longer are heard; `rejected`: none of this length and shorter. */
  guardTime(digit: string): { readonly acceptedMs: number; readonly rejectedMs: number } {
    const lengths = Array.from({ length: 40 }, (_, step) => 49 - step);
    const heard = this.#pulsesHeard([lengths.flatMap((ms) => Array.from({ length: 10 }, (): DtmfSignal => ({ digit, ms })))])[0]!;
    return { acceptedMs: lengths[Math.floor(firstMissed(heard) / 10) - 1] ?? 50, rejectedMs: lengths[Math.floor(heard.lastIndexOf(true) / 10) + 1] ?? 9 };
  }

  /** Test 7: how many of `pulses` of a digit are heard once each in white noise of 4 kHz, `snrDb` below one of its tones. */
  heardInNoise(digit: string, snrDb: number, pulses = 1_000, seed = 7_291): number {
    const signals = Array.from({ length: 4 }, () => Array.from({ length: pulses / 4 }, (): DtmfSignal => ({ digit })));
    return this.#pulsesHeard(signals, { noiseDbm0: -10 - snrDb, seed }).reduce((sum, heard) => sum + count(heard), 0);
  }

  /** Test 8: what is heard in speech, a row of up to four recordings at a time. Calls `hit` with the recording and the digit. */
  talkOff(recordings: readonly ArrayLike<number>[], hit: (recording: number, digit: string, atSample: number) => void): void {
    this.hear(recordings, (channel, digit, start) => hit(channel, digit, start));
  }

  /** Up to four signals, each to a receiver of its own. */
  hear(signals: readonly ArrayLike<number>[], heard: (channel: number, digit: string, startSample: number) => void): void {
    for (let channel = 0; channel < 4; channel++) this.#receivers.reset(channel);
    const length = Math.max(...signals.map((signal) => signal.length));
    for (let at = 0; at < length; at += 160) {
      for (const [channel, signal] of signals.entries()) {
        const row = this.#audio.row(channel);
        for (let n = 0; n < 160; n++) row[n] = Math.max(-32_768, Math.min(32_767, Math.round(signal[at + n] ?? 0)));
      }
      if (this.#receivers.process(0, this.#audio) === 0) continue;
      for (let channel = 0; channel < 4; channel++) {
        for (let event = this.#receivers.take(channel); event !== undefined; event = this.#receivers.take(channel)) {
          if (event.kind === 'begin' && channel < signals.length) heard(channel, event.digit, event.startSample);
        }
      }
    }
  }

  /** For each pulse of each row whether it is heard exactly once and as its digit. */
  #pulsesHeard(rows: readonly (readonly DtmfSignal[])[], { noiseDbm0, seed = 7_291 }: { readonly noiseDbm0?: number; readonly seed?: number } = {}): boolean[][] {
    const random = seededRandom(seed);
    const begins: number[][] = [];
    const signals = rows.map((pulses, row) => {
      const parts: Float64Array[] = [silenceMs(50)];
      begins[row] = [];
      let at = parts[0]!.length;
      for (const [index, pulse] of pulses.entries()) {
        begins[row].push(at);
        // The whole pulse and pause are 100 ms and a part of a window's 5 ms, another for each.
        const tone = dtmfSignal(pulse, [2 * Math.PI * random(), 2 * Math.PI * random()]);
        const pause = silenceMs(100 - (pulse.ms ?? 50) + (index % 40) / 8);
        parts.push(tone, pause);
        at += tone.length + pause.length;
      }
      const clean = joined(...parts, silenceMs(50));
      if (noiseDbm0 === undefined) return clean;
      const noise = gaussianNoise(noiseDbm0, clean.length, random);
      return clean.map((sample, n) => sample + noise[n]!);
    });
    const times = rows.map((pulses) => pulses.map(() => 0));
    this.hear(signals, (row, digit, start) => {
      const pulse = begins[row]!.findLastIndex((begin) => begin <= start + 80);
      const right = rows[row]![pulse]?.digit === digit;
      times[row]![Math.max(0, pulse)]! += right ? 1 : 2;
    });
    return times.map((row) => row.map((heard) => heard === 1));
  }
}

/** Test 1 to 6 are made for each. */
export const cm7291Digits: readonly string[] = [...dtmfDigits];

function firstMissed(heard: readonly boolean[]): number {
  const first = heard.indexOf(false);
  return first < 0 ? heard.length : first;
}

function count(heard: readonly boolean[]): number {
  return heard.filter(Boolean).length;
}
