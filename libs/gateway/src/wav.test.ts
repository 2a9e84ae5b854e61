import { expect, test } from 'vitest';
import { readWav, wavHeaderOctets, writeWavHeader } from './wav.ts';

const bytes = (...parts: (string | readonly number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((one) => one.charCodeAt(0)) : [...part])));
const u32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
const u16 = (value: number): number[] => [value & 255, value >> 8];
const format = (tag: number, bits: number, rate = 8000, channels = 1): number[] => [...u16(tag), ...u16(channels), ...u32(rate), ...u32((rate * channels * bits) / 8), ...u16((channels * bits) / 8), ...u16(bits)];

test('what is written is read again, and its length is that of its header', () => {
  for (const rateHz of [8000, 16_000]) {
    expect(readWav(writeWavHeader(rateHz, 32_000), 1_000_000)).toEqual({ encoding: 'pcm16', rateHz, channels: 1, dataAt: wavHeaderOctets, dataOctets: 32_000 });
  }
});

test('a file whose writer died has what is in it: whole samples, as its size says', () => {
  expect(readWav(writeWavHeader(8000, 0), 44 + 1601)).toMatchObject({ dataOctets: 1600 });
  expect(readWav(writeWavHeader(8000, 50_000), 44 + 1600)).toMatchObject({ dataOctets: 1600 });
  expect(readWav(writeWavHeader(8000, 0xffff_ffff), 44)).toMatchObject({ dataOctets: 0 });
});

test('A-law, µ-law, stereo and the extensible form are read, behind chunks of other things', () => {
  const list = ['LIST', u32(5), 'INFOx', [0]] as const;
  const file = (fmt: readonly number[]): Uint8Array => bytes('RIFF', u32(0), 'WAVE', ...list, 'fmt ', u32(fmt.length), fmt, 'data', u32(800));
  expect(readWav(file(format(6, 8)), 5000)).toMatchObject({ encoding: 'PCMA', rateHz: 8000, dataOctets: 800 });
  expect(readWav(file([...format(7, 8), 0, 0]), 5000)).toMatchObject({ encoding: 'PCMU', dataOctets: 800 });
  expect(readWav(file(format(1, 16, 48_000, 2)), 5000)).toMatchObject({ encoding: 'pcm16', rateHz: 48_000, channels: 2 });
  const extensible = [...format(0xfffe, 16, 16_000), ...u16(22), ...u16(16), ...u32(4), ...u16(1), ...new Array<number>(14).fill(0)];
  expect(readWav(file(extensible), 5000)).toMatchObject({ encoding: 'pcm16', rateHz: 16_000, dataAt: 12 + 14 + 8 + 40 + 8 });
});

test('what is no WAV file, or none that is known, is said in words, and nothing throws', () => {
  expect(readWav(bytes('ID3'), 3)).toBe('it is no WAV file');
  expect(readWav(bytes('RIFF', u32(0), 'WAVE', 'data', u32(8)), 50)).toBe('its audio comes before its format');
  expect(readWav(bytes('RIFF', u32(0), 'WAVE', 'fmt ', u32(16), format(1, 24)), 50)).toContain('24 bits');
  const good = writeWavHeader(8000, 1000);
  for (let length = 0; length < good.length; length++) expect(typeof readWav(good.subarray(0, length), length)).toBe('string');
  for (let seed = 1, round = 0; round < 2000; round++) {
    const damaged = good.slice();
    for (let change = 0; change < 3; change++) damaged[(seed = (seed * 48_271) % 0x7fff_ffff) % 44] = seed >> 8;
    readWav(damaged, 2000);
  }
});
