import { afterEach, expect, test } from 'vitest';
import { rtpUnits } from '@tipring/dsp';
import { addSamples, gaussianNoise, rms, seededRandom, sine } from '@tipring/dsp/test-support';
import { OpusCodec } from './opus.ts';
import type { OpusSettings } from './opus.ts';

const opened: OpusCodec[] = [];

afterEach(() => {
  for (const codec of opened.splice(0)) codec.close();
});

for (const sampleRateHz of [8_000, 16_000, 48_000] as const) {
  test(`${sampleRateHz} Hz: tones come back at their level, 20 ms are 960 units of RTP time (RFC 7587 4.1)`, async () => {
    const codec = await open({ sampleRateHz });
    expect(rtpUnits(codec, sampleRateHz / 50)).toBe(960);
    const tones = Int16Array.from(addSamples(sine(400, -18, sampleRateHz, { rate: sampleRateHz }), sine(1_300, -18, sampleRateHz, { rate: sampleRateHz })));
    const back = packets(codec, tones).flatMap((payload) => Array.from(heard(codec, payload)));
    expect(back.length).toBe(tones.length);
    expect(20 * Math.log10(rms(back, sampleRateHz / 2) / rms(tones))).toBeCloseTo(0, 0);
  });
}

test('packets of 2.5 to 60 ms (RFC 6716 2.1.4), and no others', async () => {
  const codec = await open({ sampleRateHz: 16_000 });
  for (const ms of [2.5, 5, 10, 20, 40, 60]) {
    const samples = Int16Array.from(sine(500, -20, ms * 16, { rate: 16_000 }));
    const payload = new Uint8Array(1_275);
    const bytes = codec.encode(samples, payload);
    expect(codec.decode(payload.subarray(0, bytes), new Int16Array(1_920))).toBe(ms * 16);
  }
  expect([161, 480, 1_920, 0].map((samples) => codec.accepts(samples))).toEqual([false, false, false, false]);
  expect(() => codec.encode(new Int16Array(161), new Uint8Array(100))).toThrow(RangeError);
});

test('the payload never exceeds the room it is given', async () => {
  const codec = await open({ sampleRateHz: 16_000 });
  const noise = Int16Array.from(gaussianNoise(-10, 320, seededRandom(1)));
  for (const room of [8, 20, 60]) expect(codec.encode(noise, new Uint8Array(room))).toBeLessThanOrEqual(room);
});

test('a lost packet is made up at the level of the voice, and many sink to the background that the decoder has heard', async () => {
  const codec = await open({ sampleRateHz: 16_000 });
  // Words with pauses between them, and a little noise.
  const noise = gaussianNoise(-60, 60 * 320, seededRandom(2));
  const voice = voiceOf(60).map((value, n) => (n % 6_400 < 3_200 ? noise[n]! : value + noise[n]!));
  for (const payload of packets(codec, voice)) heard(codec, payload);
  const into = new Int16Array(320);
  codec.conceal(into);
  expect(rms(into)).toBeGreaterThan(0.3 * rms(voice));
  for (let lost = 0; lost < 100; lost++) codec.conceal(into);
  expect(rms(into)).toBeLessThan(0.05 * rms(voice));
  // Any length is filled.
  into.fill(9_999);
  codec.conceal(into.subarray(0, 313));
  expect(Math.max(...into.subarray(0, 313))).toBeLessThan(9_999);
});

test('the packet after a lost one repairs it (in-band FEC, RFC 6716 2.1.7) better than making it up does', async () => {
  const voice = voiceOf(60);
  const errors = { fec: 0, madeUp: 0 };
  for (const way of ['fec', 'madeUp'] as const) {
    const codec = await open({ sampleRateHz: 16_000, expectedLossPercent: 20 });
    const sent = packets(codec, voice);
    const whole = await open({ sampleRateHz: 16_000 });
    for (const [number, payload] of sent.entries()) {
      const expected = heard(whole, payload).slice();
      const into = new Int16Array(320);
      if (number % 6 === 5) codec.conceal(into, way === 'fec' ? sent[number + 1] : undefined);
      else codec.decode(payload, into);
      if (number % 6 === 5) errors[way] += rms(Float64Array.from(into, (value, n) => value - expected[n]!)) ** 2;
    }
  }
  expect(errors.fec).toBeLessThan(0.7 * errors.madeUp);
});

test('after a reset nothing is heard of the leg before', async () => {
  const codec = await open({ sampleRateHz: 16_000 });
  for (const payload of packets(codec, voiceOf(20))) heard(codec, payload);
  codec.reset();
  const into = new Int16Array(320);
  codec.conceal(into);
  expect(rms(into)).toBeLessThan(2);
  expect(rms(heard(codec, packets(codec, new Int16Array(320))[0]!))).toBeLessThan(2);
});

test('any bytes are decoded or refused, and the next good packets are heard', async () => {
  const codec = await open({ sampleRateHz: 16_000 });
  const random = seededRandom(7_587);
  const voice = voiceOf(30);
  const sent = packets(codec, voice);
  const into = new Int16Array(960);
  expect(codec.decode(new Uint8Array(0), into)).toBe(0);
  for (let round = 0; round < 400; round++) {
    const payload = round % 2 === 0 ? Uint8Array.from({ length: 1 + Math.floor(random() * 200) }, () => random() * 256) : sent[round % sent.length]!.map((byte) => (random() < 0.05 ? byte ^ (random() * 256) : byte));
    const samples = codec.decode(payload, into);
    expect(samples).toBeLessThanOrEqual(960);
  }
  const back = sent.flatMap((payload) => Array.from(heard(codec, payload)));
  expect(Math.abs(20 * Math.log10(rms(back, 6_400) / rms(voice, 6_400)))).toBeLessThan(3);
});

async function open(settings: OpusSettings): Promise<OpusCodec> {
  const codec = await OpusCodec.open(settings);
  opened.push(codec);
  return codec;
}

function packets(codec: OpusCodec, samples: Int16Array): Uint8Array[] {
  const frame = codec.sampleRateHz / 50;
  return Array.from({ length: Math.floor(samples.length / frame) }, (_, number) => {
    const payload = new Uint8Array(400);
    return payload.subarray(0, codec.encode(samples.subarray(number * frame, (number + 1) * frame), payload));
  });
}

function heard(codec: OpusCodec, payload: Uint8Array): Int16Array {
  const into = new Int16Array(codec.sampleRateHz / 50);
  expect(codec.decode(payload, into)).toBe(into.length);
  return into;
}

/** So many packets of 20 ms at 16 kHz of a gliding voice-like sound. */
function voiceOf(count: number): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: count * 320 }, (_, n) => {
    phase += (2 * Math.PI * (130 + 30 * Math.sin(n / 4_000))) / 16_000;
    let sum = 0;
    for (let harmonic = 1; harmonic < 20; harmonic++) sum += Math.sin(harmonic * phase) / harmonic;
    return 3_500 * sum * (0.6 + 0.4 * Math.sin(n / 1_500));
  });
}
