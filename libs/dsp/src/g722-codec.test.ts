import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { G722Codec } from './g722-codec.ts';
import type { Address, Dsp } from './dsp.ts';
import { rms, seededRandom, sine, testDsp } from './test-support.ts';

test('encoder and decoder give the bits of the ITU-T Software Tool Library (G.191, module g722, mode 1)', ({ skip }) => {
  // Its licence keeps the vectors out of this repository: src/g722/test_data/inpsp.bin, and the hashes of codspw.cod (a byte a word) and outsp1.bin.
  const input = join(process.env['TIPRING_ITU_G722'] ?? '', 'inpsp.bin');
  if (!existsSync(input)) return skip('needs TIPRING_ITU_G722, the folder src/g722/test_data of the ITU-T Software Tool Library');
  const file = readFileSync(input);
  const coded = encoded(new Int16Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length)));
  expect(sha256(coded)).toBe('6b3db3aef3fb4b3ded0f93ee152b964f5390895251d42f21fe5237991d4fb513');
  expect(sha256(decoded(coded))).toBe('870002d31c2dffa5086dca7db271855ec7a63a4f56d80ad96ee8aa61800d629b');
});

test('noise of all levels to full scale, and random payloads, give the bits of the reference code of the ITU-T (G.191)', () => {
  // The reference's answers to the same input, as hashes.
  const coded = encoded(signal(32_000));
  expect(sha256(coded)).toBe('dc7a59ae7e0a64159a281bbff684027450093e00c50f57c7f85f99b0dbe8fdb9');
  expect(sha256(decoded(coded))).toBe('756e37e6597bb44df7d12fce935c2755b5056744597b34227ef1a377a646041c');
  const random = seededRandom(64);
  const bytes = Uint8Array.from({ length: 16_000 }, (_, n) => (n < 400 ? 0 : n < 800 ? 255 : n < 1_200 ? (n % 2) * 192 + 63 : random() * 256));
  expect(sha256(decoded(bytes))).toBe('96e64401e221cad624ae2500e1a17f475af5165c0cc571d218439304c3b136d2');
});

test('tones within 50 to 7,000 Hz come back at their level, delayed by 22 samples (G.722 2.2)', () => {
  for (const frequency of [80, 300, 1_000, 2_500, 3_400, 4_600, 6_000, 6_900]) {
    const tone = Int16Array.from(sine(frequency, -12, 8_000, { rate: 16_000 }));
    const back = decoded(encoded(tone));
    const error = Float64Array.from({ length: 4_000 }, (_, n) => back[n + 4_000]! - tone[n + 4_000 - 22]!);
    const ratio = 20 * Math.log10(rms(tone, 4_000) / rms(error));
    expect(ratio, `${frequency} Hz`).toBeGreaterThan(frequency < 3_800 ? 28 : 12);
    expect(20 * Math.log10(rms(back, 4_000) / rms(tone, 4_000)), `${frequency} Hz`).toBeCloseTo(0, 0);
  }
});

test('any bytes decode, and are forgotten: afterwards the decoder follows its encoder again', () => {
  const coded = encoded(signal(32_000));
  const expected = decoded(coded);
  for (let seed = 1; seed <= 8; seed++) {
    const random = seededRandom(seed);
    const noise = Uint8Array.from({ length: 4_000 }, (_, n) => (seed === 1 ? 0 : seed === 2 ? 255 : seed === 3 ? (n % 2) * 255 : random() * 256));
    const back = decoded(Uint8Array.from([...noise, ...coded])).subarray(8_000);
    const error = Float64Array.from({ length: 8_000 }, (_, n) => back[n + 24_000]! - expected[n + 24_000]!);
    expect(rms(error), `seed ${seed}`).toBeLessThan(0.02 * rms(expected, 24_000, 32_000) + 2);
  }
});

test('the codec of a leg: payloads in and out of the Dsp, lost packets, reset', () => {
  const dsp = testDsp();
  const codec = new G722Codec(dsp);
  const audio = dsp.rows(2, 320);
  const outside = new Uint8Array(160);
  const inside = dsp.bytes(dsp.allocate(160), 160);
  const tone = Int16Array.from(sine(440, -12, 3_200, { rate: 16_000 }));
  const run = (payload: Uint8Array): readonly Int16Array[] => {
    codec.reset();
    return Array.from({ length: 10 }, (_, packet) => {
      audio.row(0).set(tone.subarray(packet * 320, packet * 320 + 320));
      expect(codec.encode(audio.row(0), payload)).toBe(160);
      if (packet === 6) codec.conceal(audio.row(1));
      else expect(codec.decode(payload, audio.row(1))).toBe(320);
      return audio.row(1).slice();
    });
  };
  const heard = run(outside);
  expect(run(inside)).toEqual(heard);
  for (const packet of [4, 5, 6, 7, 8, 9]) expect(Math.abs(20 * Math.log10(rms(heard[packet]!) / rms(tone))), `packet ${packet}`).toBeLessThan(1.5);
  expect(codec.accepts(321)).toBe(false);
  expect(() => codec.encode(audio.row(0).subarray(0, 319), outside)).toThrow(RangeError);
  expect(() => codec.encode(new Int16Array(320), outside)).toThrow(TypeError);
});

interface Exports {
  g722_size(): number;
  g722_init(state: Address): void;
  g722_encode(state: Address, samples: Address, payload: Address, bytes: number): void;
  g722_decode(state: Address, payload: Address, samples: Address, bytes: number): void;
}

function encoded(samples: Int16Array): Uint8Array {
  const { dsp, c, state } = fresh();
  const audio = dsp.allocate(samples.length * 2);
  const payload = dsp.allocate(samples.length / 2);
  dsp.int16(audio, samples.length).set(samples);
  c.g722_encode(state, audio, payload, samples.length / 2);
  return dsp.bytes(payload, samples.length / 2).slice();
}

function decoded(bytes: Uint8Array): Int16Array {
  const { dsp, c, state } = fresh();
  const audio = dsp.allocate(bytes.length * 4);
  const payload = dsp.allocate(bytes.length);
  dsp.bytes(payload, bytes.length).set(bytes);
  c.g722_decode(state, payload, audio, bytes.length);
  return dsp.int16(audio, bytes.length * 2).slice();
}

function fresh(): { readonly dsp: Dsp; readonly c: Exports; readonly state: Address } {
  const dsp = testDsp();
  const c = dsp.exports as Exports;
  const state = dsp.allocate(c.g722_size());
  c.g722_init(state);
  return { dsp, c, state };
}

/** A second each of noise that grows to full scale, and of noise without its treble: no sines, so the same numbers everywhere. */
function signal(samples: number): Int16Array {
  const random = seededRandom(722);
  let smooth = 0;
  return Int16Array.from({ length: samples }, (_, n) => {
    if (n < samples / 2) return 2 ** Math.ceil((32 * n) / samples) * (random() - 0.5);
    smooth += (random() - 0.5 - smooth) / 8;
    return 32_768 * smooth;
  });
}

function sha256(data: Uint8Array | Int16Array): string {
  return createHash('sha256').update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest('hex');
}
