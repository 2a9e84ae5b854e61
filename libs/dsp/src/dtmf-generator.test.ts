import { expect, test } from 'vitest';
import { dtmfDigit, DtmfGenerators } from './dtmf-generator.ts';
import { DtmfReceivers, type DtmfEvent } from './dtmf-receiver.ts';
import { dbm0, dtmfDigits, testDsp } from './test-support.ts';
import { ToneGenerators } from './tone-generator.ts';

test('a string is heard as it was dialled, with level, twist and times as asked for', () => {
  const { generators, play } = bed();
  expect(generators.dial(0, dtmfDigits, { levelDbm0: -12, twistDb: -3, onMs: 60, offMs: 45 })).toBe(true);
  const { events } = play(2_000);
  const ends = events.filter(({ kind }) => kind === 'end');
  expect(ends.map(({ digit }) => digit).join('')).toBe(dtmfDigits);
  for (const [index, { startSample, durationSamples, levelDbm0, twistDb }] of ends.entries()) {
    expect(Math.abs(startSample - index * 105 * 8)).toBeLessThan(20);
    expect(Math.abs(durationSamples - 480)).toBeLessThan(20);
    expect(Math.abs(levelDbm0 + 12)).toBeLessThan(0.3);
    expect(Math.abs(twistDb + 3)).toBeLessThan(0.3);
  }
  expect(generators.pending(0)).toBe(0);
});

test('the frequencies are those of Q.23 within 0.1 Hz', () => {
  for (const digit of dtmfDigits) {
    const { generators, play } = bed();
    generators.dial(0, digit, { onMs: 1_000, levelDbm0: -10, twistDb: 0 });
    const { samples } = play(1_000);
    const { frequenciesHz } = dtmfDigit(digit as '1').segments[0]!;
    for (const hertz of frequenciesHz) {
      const power = (at: number): number => {
        let real = 0, imaginary = 0;
        for (let n = 16; n < 7_984; n++) {
          const window = 1 - Math.cos((2 * Math.PI * (n - 16)) / 7_968);
          real += samples[n]! * window * Math.cos((2 * Math.PI * at * n) / 8_000);
          imaginary += samples[n]! * window * Math.sin((2 * Math.PI * at * n) / 8_000);
        }
        return real * real + imaginary * imaginary;
      };
      // Symmetric around the frequency, where it is greatest.
      expect(Math.abs(Math.log(power(hertz - 0.5) / power(hertz + 0.5))), `${digit}: ${hertz} Hz`).toBeLessThan(0.1);
      expect(power(hertz)).toBeGreaterThan(power(hertz + 0.5));
    }
  }
});

test('a comma is a pause, and digits come behind what is queued', () => {
  const { generators, play } = bed();
  generators.dial(0, '1,2', { pauseMs: 500 });
  generators.dial(0, '3');
  const starts = play(2_000).events.filter(({ kind }) => kind === 'begin').map(({ digit, startSample }) => `${digit} ${Math.round(startSample / 80) / 100}`);
  expect(starts).toEqual(['1 0', '2 0.66', '3 0.82']);
});

test('a digit that is held lasts until it is released, and as long as it must', () => {
  const { generators, play } = bed();
  generators.hold(0, '8', { onMs: 50 });
  play(400);
  generators.release(0);
  const long = play(300).events.find(({ kind }) => kind === 'end')!;
  expect(Math.abs(long.durationSamples - 3_200)).toBeLessThan(20);
  generators.hold(0, '9', { onMs: 50 });
  generators.release(0);
  const short = play(300).events.find(({ kind }) => kind === 'end')!;
  expect(short.digit).toBe('9');
  expect(Math.abs(short.durationSamples - 400)).toBeLessThan(20);
});

test('the queue takes 64 digits, all or none of a string', () => {
  const { generators, play } = bed();
  expect(generators.dial(0, '1'.repeat(63))).toBe(true);
  expect(generators.dial(0, '23')).toBe(false);
  expect(generators.pending(0)).toBe(63);
  expect(generators.hold(0, '2')).toBe(true);
  expect(generators.hold(0, '2')).toBe(false);
  generators.stop(0);
  expect(generators.pending(0)).toBe(0);
  expect(dbm0(play(100).samples)).toBe(-Infinity);
});

test('stopped within a digit it is silent after 1 ms, and what is dialled then is whole', () => {
  const { generators, play } = bed();
  generators.dial(0, '5', { onMs: 1_000 });
  play(100);
  generators.stop(0);
  generators.dial(0, '6');
  const { samples, events } = play(300);
  expect(Math.abs(samples[0]!)).toBeLessThan(20_000);
  expect(events.filter(({ kind }) => kind === 'end').map(({ digit }) => digit)).toEqual(['5', '6']);
});

test('what cannot be played is refused', () => {
  const { generators } = bed();
  expect(() => generators.dial(0, '12e')).toThrow(/"e" is not a DTMF digit/);
  expect(generators.pending(0)).toBe(0);
  expect(() => generators.dial(0, '1', { levelDbm0: 3 })).toThrow(RangeError);
  expect(() => generators.dial(0, '1', { onMs: Number.NaN })).toThrow(RangeError);
});

test('at 48 kHz a digit is as long and as loud', () => {
  const dsp = testDsp();
  const generators = new DtmfGenerators(dsp, 1, { rate: 48_000 });
  const audio = dsp.rows(1, 4_800);
  generators.dial(0, '1', { levelDbm0: 0, twistDb: 0, onMs: 50 });
  generators.write(0, audio, 0);
  expect(dbm0(audio.row(0), 48, 2_352)).toBeCloseTo(0, 0);
  expect(dbm0(audio.row(0), 2_450)).toBe(-Infinity);
});

test('a digit is added to what is heard, and is a tone for the generator of tones', () => {
  const dsp = testDsp();
  const audio = dsp.rows(4, 8_000);
  const tones = new ToneGenerators(dsp, 1);
  tones.play(0, dtmfDigit('7'), -10);
  tones.write(0, audio, 1);
  audio.row(0).fill(100);
  const generators = new DtmfGenerators(dsp, 1);
  generators.dial(0, '4', { levelDbm0: -10 });
  generators.add(0, audio, 0);
  expect(audio.row(0)[7_999]).toBe(100);
  const receivers = new DtmfReceivers(dsp, 4);
  expect(receivers.process(0, audio)).toBe(3);
  expect([receivers.take(0)?.digit, receivers.take(1)?.digit]).toEqual(['4', '7']);
});

function bed(): { generators: DtmfGenerators; play(ms: number): { samples: Int16Array; events: DtmfEvent[] } } {
  const dsp = testDsp();
  const generators = new DtmfGenerators(dsp, 1);
  const receivers = new DtmfReceivers(dsp, 4);
  const audio = dsp.rows(4, 160);
  return {
    generators,
    play(ms) {
      const samples = new Int16Array(ms * 8);
      const events: DtmfEvent[] = [];
      for (let at = 0; at < samples.length; at += 160) {
        generators.write(0, audio, 0);
        samples.set(audio.row(0).subarray(0, Math.min(160, samples.length - at)), at);
        receivers.process(0, audio);
        for (let event = receivers.take(0); event !== undefined; event = receivers.take(0)) events.push({ ...event });
      }
      return { samples, events };
    },
  };
}
