import { expect, test } from 'vitest';
import { FaxToneDetectors, type FaxTone, type FaxToneEvent } from './fax-tones.ts';
import { answerTone, hdlcFlags, v21Signal } from './testing/fax-signals.ts';
import { addSamples, aLawRoundTrip, gaussianNoise, readWave, seededRandom, silence, sine, speechPrompts, testDsp } from './test-support.ts';

const random = seededRandom(30);
const second = 8_000;

/** All that the four channels of one group hear, each with its own signal. */
function listen(...signals: readonly ArrayLike<number>[]): readonly (readonly FaxToneEvent[])[] {
  const dsp = testDsp();
  const detectors = new FaxToneDetectors(dsp, 4);
  const audio = dsp.rows(4, 160);
  const heard: FaxToneEvent[][] = signals.map(() => []);
  const length = Math.max(...signals.map((signal) => signal.length)) + 400;
  for (let at = 0; at < length; at += 160) {
    signals.forEach((signal, channel) => {
      for (let n = 0; n < 160; n++) audio.row(channel)[n] = Math.max(-32_768, Math.min(32_767, Math.round(signal[at + n] ?? 0)));
    });
    const waiting = detectors.process(0, audio);
    for (let channel = 0; channel < signals.length; channel++) {
      if ((waiting & (1 << channel)) === 0) continue;
      for (let event = detectors.take(channel); event !== undefined; event = detectors.take(channel)) heard[channel]!.push(event);
    }
  }
  return heard;
}

function tones(signal: ArrayLike<number>): readonly FaxTone[] {
  return listen(signal)[0]!.map(({ tone }) => tone);
}

function joined(...parts: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}

function cng(frequencyHz: number, levelDbm0: number, onMs = 500): Float64Array {
  return joined(silence(1_000), sine(frequencyHz, levelDbm0, onMs * 8), silence(1_000));
}

test('CNG: 1100 Hz ± 38 Hz for 0.5 s ± 15 %, down to -43 dBm0 (T.30)', () => {
  for (const frequencyHz of [1_062, 1_100, 1_138]) {
    for (const onMs of [425, 500, 575]) expect([frequencyHz, onMs, tones(aLawRoundTrip(cng(frequencyHz, -13, onMs)))]).toEqual([frequencyHz, onMs, ['cng']]);
    expect([frequencyHz, tones(aLawRoundTrip(cng(frequencyHz, -43)))]).toEqual([frequencyHz, ['cng']]);
  }
});

test('CNG: where it began and its level', () => {
  const [event] = listen(cng(1_100, -20))[0]!;
  expect(Math.abs(event!.at - 1_000)).toBeLessThanOrEqual(40);
  expect(event!.levelDbm0).toBeCloseTo(-20, 0);
});

test('CNG: every burst is told, at 10 dB of signal-to-noise ratio too', () => {
  const bursts = joined(cng(1_100, -25), silence(2.75 * second), cng(1_100, -25));
  expect(tones(addSamples(bursts, gaussianNoise(-35, bursts.length, random)))).toEqual(['cng', 'cng']);
});

test('CNG: a lost packet does not hide it; other lengths and frequencies are none', () => {
  const gap = cng(1_100, -20);
  gap.fill(0, 2_600, 2_760);
  expect(tones(gap)).toEqual(['cng']);
  for (const onMs of [350, 700, 2_000]) expect(tones(cng(1_100, -13, onMs))).toEqual([]);
  for (const frequencyHz of [1_020, 1_180]) expect(tones(cng(frequencyHz, -13))).toEqual([]);
});

test('CED: 2100 Hz ± 15 Hz, once, after 300 ms (T.30, V.25)', () => {
  for (const frequencyHz of [2_085, 2_100, 2_115]) {
    for (const levelDbm0 of [0, -13, -43]) expect([frequencyHz, levelDbm0, tones(aLawRoundTrip(answerTone(levelDbm0, 3 * second, { frequencyHz })))]).toEqual([frequencyHz, levelDbm0, ['ced']]);
  }
  expect(tones(answerTone(-13, 0.28 * second))).toEqual([]);
  for (const frequencyHz of [2_050, 2_150]) expect(tones(answerTone(-13, second, { frequencyHz }))).toEqual([]);
});

test('ANSam: the modulation by 15 Hz tells it from CED (V.8)', () => {
  for (const levelDbm0 of [-6, -30, -43]) expect(tones(aLawRoundTrip(answerTone(levelDbm0, 3 * second, { modulated: true })))).toEqual(['ansam']);
  const noisy = answerTone(-25, 3 * second, { modulated: true });
  expect(tones(addSamples(noisy, gaussianNoise(-37, noisy.length, random)))).toEqual(['ansam']);
});

test('phase reversals every 450 ms ± 25 ms are told after the second one (V.8, V.25)', () => {
  for (const reversalMs of [425, 450, 475]) {
    for (const frequencyHz of [2_085, 2_100, 2_115]) {
      const settings = { reversalMs, frequencyHz };
      expect([reversalMs, tones(aLawRoundTrip(answerTone(-13, 3 * second, settings)))]).toEqual([reversalMs, ['ced', 'ced-reversed']]);
      expect([reversalMs, tones(aLawRoundTrip(answerTone(-30, 3 * second, { ...settings, modulated: true })))]).toEqual([reversalMs, ['ansam', 'ansam-reversed']]);
    }
  }
  for (const reversalMs of [300, 600]) expect(tones(answerTone(-13, 3 * second, { reversalMs }))).toEqual(['ced']);
});

test('V.21: the preamble is known by its flags, down to -43 dBm0 (T.30 5.3.1)', () => {
  for (const levelDbm0 of [-6, -13, -43]) {
    for (const offsetHz of [-12, 0, 12]) expect([levelDbm0, offsetHz, tones(aLawRoundTrip(joined(silence(800), v21Signal(hdlcFlags(37), levelDbm0, { offsetHz }))))]).toEqual([levelDbm0, offsetHz, ['v21-preamble']]);
  }
  const noisy = joined(silence(800), v21Signal(hdlcFlags(37), -25));
  expect(tones(addSamples(noisy, gaussianNoise(-37, noisy.length, random)))).toEqual(['v21-preamble']);
  const [event] = listen(joined(silence(800), v21Signal(hdlcFlags(37), -25)))[0]!;
  expect(event!.at).toBeGreaterThanOrEqual(800);
  expect(event!.at).toBeLessThan(1_100);
  expect(event!.levelDbm0).toBeCloseTo(-25, 0);
});

test('V.21: the same energy with other bits is no preamble', () => {
  const others = [
    Array.from({ length: 900 }, () => (random() < 0.5 ? 1 : 0)),
    Array.from({ length: 900 }, (_, n) => n % 2),
    Array.from({ length: 900 }, (_, n) => (n % 5 < 3 ? 1 : 0)),
    Array.from({ length: 900 }, () => 1),
    hdlcFlags(110).map((bit) => 1 - bit),
  ];
  for (const bits of others) expect(tones(v21Signal(bits, -13))).toEqual([]);
});

test('each channel hears its own', () => {
  const heard = listen(cng(1_100, -13), answerTone(-20, second), silence(second), v21Signal(hdlcFlags(40), -30));
  expect(heard.map((events) => events.map(({ tone }) => tone))).toEqual([['cng'], ['ced'], [], ['v21-preamble']]);
});

test('a channel that is reset begins anew, and counts from there', () => {
  const dsp = testDsp();
  const detectors = new FaxToneDetectors(dsp, 1);
  const audio = dsp.rows(4, 4_000);
  audio.row(0).set(answerTone(-13, 4_000));
  detectors.process(0, audio);
  detectors.reset(0);
  expect(detectors.take(0)).toBeUndefined();
  detectors.process(0, audio);
  expect(detectors.take(0)).toMatchObject({ tone: 'ced', at: 0 });
});

test('DTMF, special information, dial, busy and alerting tones are none of them', () => {
  const pairs = [697, 770, 852, 941].flatMap((low) => [1_209, 1_336, 1_477, 1_633].map((high) => addSamples(sine(low, -9, second / 2), sine(high, -9, second / 2))));
  const information = [950, 1_400, 1_800].map((frequencyHz) => sine(frequencyHz, -13, 2_640));
  const progress = [[350, 440], [425], [480, 620], [440, 480], [1_004], [2_600], [2_130, 2_750], [1_700], [1_900]].map((frequencies) => addSamples(...frequencies.map((frequencyHz) => sine(frequencyHz, -13, second / 2))));
  const parts = [...pairs, ...information, ...progress].flatMap((part) => [part, silence(400)]);
  expect(tones(joined(...parts))).toEqual([]);
});

test('a constant, full-scale noise and square waves leave nothing behind', () => {
  const extreme = joined(new Float64Array(second).fill(32_767), Float64Array.from({ length: second }, () => (random() < 0.5 ? -32_768 : 32_767)), Float64Array.from({ length: second }, (_, n) => (n % 160 < 80 ? 32_767 : -32_768)), silence(400));
  expect(tones(joined(extreme, cng(1_100, -30)))).toEqual(['cng']);
  const offset = cng(1_100, -43).map((value) => value + 800);
  expect(tones(offset)).toEqual(['cng']);
});

test('two hours of speech hold no fax', { timeout: 60_000 }, ({ skip }) => {
  const prompts = speechPrompts();
  if (prompts.length === 0) return skip('needs asterisk-core-sounds-en-wav');
  const dsp = testDsp();
  const detectors = new FaxToneDetectors(dsp, 4);
  const audio = dsp.rows(4, 160);
  const heard: string[] = [];
  // Four channels at a time, each with every fourth file.
  const queues = [0, 1, 2, 3].map((channel) => prompts.filter((path, index) => index % 4 === channel && !path.includes('beep')));
  for (let k = 0; k < Math.max(...queues.map(({ length }) => length)); k++) {
    const files = queues.map((queue) => (queue[k] === undefined ? new Int16Array(0) : readWave(queue[k]!).samples));
    for (let at = 0; at < Math.max(...files.map(({ length }) => length)); at += 160) {
      files.forEach((samples, channel) => {
        audio.row(channel).fill(0);
        audio.row(channel).set(samples.subarray(at, at + 160));
      });
      if (detectors.process(0, audio) === 0) continue;
      for (let channel = 0; channel < 4; channel++) {
        for (let event = detectors.take(channel); event !== undefined; event = detectors.take(channel)) heard.push(`${event.tone} in ${queues[channel]![k]}`);
      }
    }
  }
  expect(heard).toEqual([]);
});
