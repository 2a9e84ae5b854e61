import { expect, test } from 'vitest';
import { DtmfReceivers, type DtmfEvent, type DtmfReceiverSettings } from './dtmf-receiver.ts';
import {
  addSamples, aLawRoundTrip, Cm7291, dtmfDigits, dtmfSignal, gaussianNoise, joined, muLawRoundTrip, readWave, scaleTo, seededRandom, silence, silenceMs, sine, speechPrompts, testDsp,
} from './test-support.ts';

test('a digit is told with its begin, length, level and twist', () => {
  for (const [index, digit] of [...dtmfDigits].entries()) {
    const lead = 100 + index * 0.875;
    const events = eventsOf(joined(silenceMs(lead), dtmfSignal({ digit, lowDbm0: -14, highDbm0: -12, ms: 80 }), silenceMs(100)));
    expect(events.map(({ kind, digit: heard }) => `${kind} ${heard}`)).toEqual([`begin ${digit}`, `end ${digit}`]);
    const end = events[1]!;
    expect(Math.abs(end.startSample - lead * 8), `${digit} starts at ${end.startSample}`).toBeLessThan(16);
    expect(Math.abs(end.durationSamples - 640), `${digit} lasts ${end.durationSamples}`).toBeLessThan(16);
    expect(Math.abs(end.levelDbm0 - -9.88)).toBeLessThan(0.3);
    expect(Math.abs(end.twistDb - 2)).toBeLessThan(0.3);
    expect(events[0]!.durationSamples).toBe(0);
  }
});

test('four channels are heard apart from each other', () => {
  const signals = ['1', '5', '9', 'D'].map((digit, index) => joined(silenceMs(20 * index), dtmfSignal({ digit }), silenceMs(100)));
  const heard: string[] = [];
  new Cm7291(testDsp()).hear(signals, (channel, digit) => heard.push(`${channel}${digit}`));
  expect(heard).toEqual(['01', '15', '29', '3D']);
});

test('forty milliseconds of tone and of pause are heard as so many digits (Q.24 table A-1)', () => {
  expect(digitsOf(joined(...[...'1122334455667788*#'].map((digit) => joined(dtmfSignal({ digit, ms: 40 }), silenceMs(40)))))).toBe('1122334455667788*#');
});

test('with short tones, 23 ms of tone and of pause are enough', () => {
  const dialled = joined(...[...'0011223399**ABCD'].map((digit, n) => joined(dtmfSignal({ digit, ms: 23 }), silenceMs(23 + n / 8))));
  expect(digitsOf(joined(dialled, silenceMs(50)), { shortTones: true })).toBe('0011223399**ABCD');
});

test('an interruption of up to 10 ms does not make two digits of one, and is part of its length (Q.24)', () => {
  for (let late = 0; late < 40; late += 3) {
    for (const shortTones of [false, true]) {
      const events = eventsOf(joined(silenceMs(50 + late / 8), dtmfSignal({ digit: '7', ms: 40 }), silenceMs(10), dtmfSignal({ digit: '7', ms: 40 }), silenceMs(60)), { shortTones });
      expect(events.map(({ kind }) => kind), `${late}`).toEqual(['begin', 'end']);
      expect(Math.abs(events[1]!.durationSamples - 720)).toBeLessThan(40);
    }
  }
});

test('clicks within a digit do not make two of it', () => {
  const random = seededRandom(11);
  for (const digit of dtmfDigits) {
    const tone = dtmfSignal({ digit, lowDbm0: -25, highDbm0: -25, ms: 400 });
    for (let click = 0; click < 8; click++) tone.fill(random() < 0.5 ? -16_000 : 16_000, 400 + click * 320, 401 + click * 320 + click / 2);
    const events = eventsOf(joined(silenceMs(30), tone, silenceMs(60)));
    expect(events.map(({ kind }) => kind), digit).toEqual(['begin', 'end']);
    expect(Math.abs(events[1]!.durationSamples - 3_200)).toBeLessThan(80);
    expect(Math.abs(events[1]!.levelDbm0 + 22)).toBeLessThan(0.5);
  }
});

test('tones one after another without a pause are two digits', () => {
  expect(digitsOf(joined(dtmfSignal({ digit: '1' }), dtmfSignal({ digit: '6' }), silenceMs(50)))).toBe('16');
});

test('both tones 1.5 % + 2 Hz off are accepted together, 3.5 % off refused, for 40 ms of every digit (Q.24)', () => {
  for (const digit of dtmfDigits) {
    for (const [low, high] of [[1, 1], [1, -1], [-1, 1], [-1, -1]] as const) {
      const off = { lowOffPercent: 1.5 * low, lowOffHz: 2 * low, highOffPercent: 1.5 * high, highOffHz: 2 * high };
      expect(digitsOf(joined(silenceMs(40), dtmfSignal({ digit, ...off, ms: 40 }), silenceMs(50))), `${digit} ${low} ${high}`).toBe(digit);
    }
    for (const off of [-3.5, 3.5]) {
      expect(digitsOf(joined(dtmfSignal({ digit, lowOffPercent: off, ms: 500 }), silenceMs(50)))).toBe('');
      expect(digitsOf(joined(dtmfSignal({ digit, highOffPercent: off, ms: 500 }), silenceMs(50)))).toBe('');
    }
  }
});

test('G.711 does not hinder, down to -40 dBm0 for each tone', () => {
  for (const level of [0, -10, -25, -40]) {
    const dialled = joined(...[...dtmfDigits].map((digit) => joined(dtmfSignal({ digit, lowDbm0: level, highDbm0: level, ms: 40 }), silenceMs(40))), silenceMs(50));
    expect(digitsOf(aLawRoundTrip(dialled)), `A-law ${level}`).toBe(dtmfDigits);
    expect(digitsOf(muLawRoundTrip(dialled)), `µ-law ${level}`).toBe(dtmfDigits);
  }
});

test('dial tone of any country is tolerated: 3 dB below the digit always, 10 dB above it where asked for', () => {
  const digits = joined(...[...dtmfDigits].map((digit) => joined(dtmfSignal({ digit, lowDbm0: -19, highDbm0: -19, ms: 40 }), silenceMs(40))), silenceMs(50));
  const long = digits.length;
  const dialTones = [addSamples(sine(350, 0, long), sine(440, 0, long)), sine(425, 0, long), sine(400, 0, long), sine(450, 0, long)];
  for (const [index, tone] of dialTones.entries()) {
    expect(digitsOf(addSamples(digits, scaleTo(tone, -19))), `${index}`).toBe(dtmfDigits);
    expect(digitsOf(addSamples(digits, scaleTo(tone, -6)), { dialTone: true }), `${index}, asked for`).toBe(dtmfDigits);
  }
});

test('hum, a direct current and an echo are tolerated', () => {
  const digits = joined(...[...dtmfDigits].map((digit) => joined(dtmfSignal({ digit, lowDbm0: -15, highDbm0: -15 }), silenceMs(50))), silenceMs(50));
  const hum = addSamples(sine(50, -20, digits.length), sine(150, -26, digits.length), digits.map(() => 1_500));
  expect(digitsOf(addSamples(digits, hum))).toBe(dtmfDigits);
  for (const delayMs of [8, 20, 35]) {
    const echo = joined(silenceMs(delayMs), digits).map((sample) => sample * 0.25);
    expect(digitsOf(addSamples(digits, echo)), `echo ${delayMs} ms late`).toBe(dtmfDigits);
  }
});

test('one tone, three tones, noise, square waves and full scale are no digits, and the next digit is heard', () => {
  const random = seededRandom(24);
  const second = 8_000;
  const sounds: Readonly<Record<string, Float64Array>> = {
    'low tone': sine(770, -10, second),
    'high tone': sine(1_336, -10, second),
    'three tones': addSamples(sine(770, -10, second), sine(1_336, -10, second), sine(1_633, -16, second)),
    'two low tones': addSamples(sine(770, -10, second), sine(941, -10, second)),
    noise: gaussianNoise(-6, second, random),
    square: sine(697, 0, second).map((sample) => Math.sign(sample) * 32_767),
    'full scale': silence(second).fill(32_767),
    'both signs': silence(second).map((_, n) => (n % 2 === 0 ? 32_767 : -32_768)),
  };
  for (const [name, sound] of Object.entries(sounds)) {
    expect(digitsOf(joined(sound, silenceMs(20), dtmfSignal({ digit: '#', lowDbm0: -30, highDbm0: -30 }), silenceMs(50))), name).toBe('#');
  }
});

test('a muted digit leaves less than another receiver hears, and everything around it as it was', () => {
  const speech = scaleTo(gaussianNoise(-30, 8_000, seededRandom(5)), -30);
  const before = joined(speech, silenceMs(20), ...[...dtmfDigits].map((digit, n) => joined(dtmfSignal({ digit, ms: 60 }), silenceMs(60 + n / 8))), speech).map(Math.round);
  const after = muted(before);
  expect(digitsOf(before)).toBe(dtmfDigits);
  expect(digitsOf(after)).toBe('');
  expect(after.subarray(0, 8_000)).toEqual(Int16Array.from(before.subarray(0, 8_000)));
  const end = before.length - (before.length % 160);
  expect(after.subarray(end - 7_000, end)).toEqual(Int16Array.from(before.subarray(end - 7_000, end)));
});

test('of a muted digit at most the first 18 ms are heard, wherever it begins and however loud it is', () => {
  for (const level of [-3, -20, -40]) {
    for (let late = 0; late < 40; late++) {
      const lead = 400 + late;
      const before = joined(silence(lead), dtmfSignal({ digit: dtmfDigits[late % 16]!, lowDbm0: level, highDbm0: level, ms: 100 }), silenceMs(60));
      const after = muted(before);
      expect(after.findLastIndex((sample) => sample !== 0) - lead, `${level} dBm0, ${late}`).toBeLessThan(18 * 8);
    }
  }
});

test('events that nobody takes are counted, and a reset forgets all but the settings', () => {
  const dsp = testDsp();
  const receivers = new DtmfReceivers(dsp, 4);
  const audio = dsp.rows(4, 8 * 1_000);
  receivers.set(2, { minimumDbm0: -20 });
  audio.row(2).set(joined(...[...'12345'].map((digit) => joined(dtmfSignal({ digit, ms: 100 }), silenceMs(100)))).map(Math.round));
  expect(receivers.process(0, audio)).toBe(4);
  expect(receivers.lost(2)).toBe(2);
  receivers.reset(2);
  expect(receivers.take(2)).toBeUndefined();
  expect(receivers.lost(2)).toBe(0);
  audio.row(2).set(joined(dtmfSignal({ digit: '1', lowDbm0: -24, highDbm0: -24, ms: 500 }), dtmfSignal({ digit: '2', ms: 500 })).map(Math.round));
  receivers.process(0, audio);
  expect(receivers.take(2)).toMatchObject({ digit: '2', kind: 'begin' });
});

test('ten minutes of speech prompts are no digits (CM7291 test 8)', ({ skip }) => {
  const prompts = speechPrompts();
  if (prompts.length === 0) return skip('needs asterisk-core-sounds-en-wav');
  const tape = new Cm7291(testDsp(), { dialTone: true });
  const hits: string[] = [];
  let samples = 0;
  for (let at = 0; samples < 8_000 * 600 && at + 4 <= prompts.length; at += 4) {
    const four = prompts.slice(at, at + 4);
    const recordings = four.map((path) => readWave(path).samples);
    samples += recordings.reduce((sum, { length }) => sum + length, 0);
    tape.talkOff(recordings, (recording, digit, start) => hits.push(`${digit} at ${start / 8_000} s of ${four[recording]}`));
  }
  expect(hits).toEqual([]);
});

/** What is left of a signal, but for the part of a tick at its end. */
function muted(signal: Float64Array): Int16Array {
  const dsp = testDsp();
  const receivers = new DtmfReceivers(dsp, 4);
  const audio = dsp.rows(4, 160);
  receivers.set(0, { mute: true });
  const after = new Int16Array(signal.length);
  for (let at = 0; at + 160 <= signal.length; at += 160) {
    audio.row(0).set(signal.subarray(at, at + 160).map(Math.round));
    receivers.process(0, audio);
    after.set(audio.row(0), at);
  }
  return after;
}

function digitsOf(signal: ArrayLike<number>, settings: DtmfReceiverSettings = {}): string {
  let digits = '';
  new Cm7291(testDsp(), settings).hear([signal], (_, digit) => (digits += digit));
  return digits;
}

function eventsOf(signal: ArrayLike<number>, settings: DtmfReceiverSettings = {}): DtmfEvent[] {
  const dsp = testDsp();
  const receivers = new DtmfReceivers(dsp, 4);
  const audio = dsp.rows(4, 160);
  receivers.set(0, settings);
  const events: DtmfEvent[] = [];
  for (let at = 0; at < signal.length; at += 160) {
    audio.row(0).set(Array.from({ length: 160 }, (_, n) => Math.round(signal[at + n] ?? 0)));
    receivers.process(0, audio);
    for (let event = receivers.take(0); event !== undefined; event = receivers.take(0)) events.push({ ...event });
  }
  return events;
}
