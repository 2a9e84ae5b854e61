import { expect, test } from 'vitest';
import { AlertToneDetectors, type AlertToneEvent } from './alert-tone.ts';
import { addSamples, aLawRoundTrip, gaussianNoise, readWave, scaleTo, seededRandom, silence, sine, speechPrompts, testDsp } from './test-support.ts';

const random = seededRandom(2_130);

function listen(signal: ArrayLike<number>): readonly AlertToneEvent[] {
  const dsp = testDsp();
  const detectors = new AlertToneDetectors(dsp, 4);
  const audio = dsp.rows(4, 160);
  const heard: AlertToneEvent[] = [];
  for (let at = 0; at < signal.length + 320; at += 160) {
    for (let n = 0; n < 160; n++) audio.row(2)[n] = Math.max(-32_768, Math.min(32_767, Math.round(signal[at + n] ?? 0)));
    if (detectors.process(0, audio) !== 0) heard.push(detectors.take(2)!);
  }
  return heard;
}

interface Alert {
  readonly low?: number;
  readonly high?: number;
  readonly off?: number;
  readonly ms?: number;
  readonly before?: number;
}

function alert({ low = -20, high = -20, off = 1, ms = 80, before = 1_234 }: Alert = {}): Float64Array {
  const samples = Math.round(ms * 8);
  return Float64Array.from([...silence(before), ...addSamples(sine(2_130 * off, low, samples), sine(2_750 * off, high, samples)), ...silence(1_000)]);
}

test('CAS: -14 to -32 dBm0 a tone, 6 dB of twist, 0.5 % of frequency, 75 to 85 ms (ANSI/TIA-777)', () => {
  for (const off of [0.995, 1, 1.005]) {
    for (const ms of [75, 80, 85]) {
      for (const [low, high] of [[-14, -14], [-32, -32], [-20, -26], [-26, -20]] as const) {
        expect([off, ms, low, high, listen(aLawRoundTrip(alert({ off, ms, low, high, before: 1_234 + Math.floor(random() * 40) }))).length]).toEqual([off, ms, low, high, 1]);
      }
    }
  }
});

test('DT-AS on-hook: 100 ms ± 10 ms, down to -40 dBm0 (ETSI EN 300 659-1)', () => {
  for (const ms of [90, 100, 110]) expect([ms, listen(aLawRoundTrip(alert({ ms, low: -40, high: -40 }))).length]).toEqual([ms, 1]);
});

test('where it began, how long it was, and the level of each tone', () => {
  const [event] = listen(alert({ low: -18, high: -22, ms: 82 }));
  expect(Math.abs(event!.at - 1_234)).toBeLessThanOrEqual(40);
  expect(Math.abs(event!.durationMs - 82)).toBeLessThan(3);
  expect(Math.abs(event!.lowDbm0 + 18)).toBeLessThan(1.5);
  expect(Math.abs(event!.highDbm0 + 22)).toBeLessThan(1.5);
});

test('other frequencies, lengths, twists and levels are none', () => {
  for (const wrong of [{ off: 0.98 }, { off: 1.02 }, { ms: 50 }, { ms: 150 }, { ms: 2_000 }, { low: -20, high: -34 }, { low: -48, high: -48 }]) expect([wrong, listen(alert(wrong))]).toEqual([wrong, []]);
  expect(listen(Float64Array.from([...silence(800), ...sine(2_130, -15, 640), ...silence(800), ...sine(2_750, -15, 640), ...silence(800)]))).toEqual([]);
});

test('noise at 15 dB of signal-to-noise ratio does not hide it', () => {
  let heard = 0;
  for (let run = 0; run < 50; run++) {
    const signal = alert({ before: 800 + run });
    heard += listen(addSamples(signal, gaussianNoise(-17 - 15, signal.length, random))).length;
  }
  expect(heard).toBe(50);
});

test('full-scale noise and a constant leave nothing behind', () => {
  const extreme = Float64Array.from({ length: 8_000 }, (_, n) => (n < 4_000 && random() < 0.5 ? -32_768 : 32_767));
  expect(listen(Float64Array.from([...extreme, ...alert()])).length).toBe(1);
});

test('near speech is no alert, and does not hide one 6 dB above it (TIA-777 talk-off and talk-down)', { timeout: 60_000 }, ({ skip }) => {
  const prompts = speechPrompts().filter((path) => !path.includes('beep'));
  if (prompts.length === 0) return skip('needs asterisk-core-sounds-en-wav');
  const dsp = testDsp();
  const detectors = new AlertToneDetectors(dsp, 4);
  const audio = dsp.rows(4, 160);
  const heard: string[] = [];
  const queues = [0, 1, 2, 3].map((channel) => prompts.filter((_, index) => index % 4 === channel));
  for (let k = 0; k < Math.max(...queues.map(({ length }) => length)); k++) {
    const files = queues.map((queue) => (queue[k] === undefined ? new Int16Array(0) : readWave(queue[k]!).samples));
    for (let at = 0; at < Math.max(...files.map(({ length }) => length)); at += 160) {
      files.forEach((samples, channel) => {
        audio.row(channel).fill(0);
        audio.row(channel).set(samples.subarray(at, at + 160));
      });
      if (detectors.process(0, audio) === 0) continue;
      for (let channel = 0; channel < 4; channel++) if (detectors.take(channel) !== undefined) heard.push(queues[channel]![k]!);
    }
  }
  expect(heard).toEqual([]);

  let found = 0;
  const long = prompts.filter((path) => readWave(path).samples.length > 16_000).slice(0, 100);
  for (const path of long) {
    const speech = scaleTo(readWave(path).samples.subarray(0, 12_000), -23);
    found += listen(addSamples(speech, alert({ before: 6_000 }))).length;
  }
  expect(found / long.length).toBeGreaterThanOrEqual(0.95);
});
