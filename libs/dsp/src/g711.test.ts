import { expect, test } from 'vitest';
import { G711 } from './g711.ts';
import type { G711Law } from './g711.ts';
import { testDsp } from './test-support.ts';

for (const law of ['PCMA', 'PCMU'] as const) {
  const table = law === 'PCMA' ? '1' : '2';

  test(`${law}: every of 65,536 samples gets the code between whose decision values it lies (G.711 tables ${table}a and ${table}b)`, () => {
    const expected = Uint8Array.from({ length: 65_536 }, (_, index) => codeOf(law, index - 32_768));
    expect(differences(encodeAll(law), expected)).toEqual([]);
  });

  test(`${law}: every of 256 codes becomes its decoder output value (G.711 tables ${table}a and ${table}b, column 8)`, () => {
    const expected = Int16Array.from({ length: 256 }, (_, code) => valueOf(law, code));
    expect(differences(decodeAll(law), expected)).toEqual([]);
  });

  test(`${law}: a code decodes and encodes to itself${law === 'PCMU' ? ', but for the negative zero' : ''}`, () => {
    const dsp = testDsp();
    const g711 = new G711(dsp);
    const audio = dsp.rows(1, 256);
    const again = new Uint8Array(256);
    g711.decode(law, everyByte, audio.row(0));
    g711.encode(law, audio.row(0), again);
    expect(differences(again, everyByte)).toEqual(law === 'PCMU' ? [[0x7f, 0xff, 0x7f]] : []);
  });
}

test('the tables of the Recommendation at their corners', () => {
  // Table 1a: code 11111111 (on the line 10101010) is 4032 of 4096, code 10000000 (11010101) is 1. Table 2a: 10000000 is 8031 of 8159.
  expect([decodeAll('PCMA')[0xaa], decodeAll('PCMA')[0xd5], decodeAll('PCMU')[0x80], decodeAll('PCMU')[0xff]]).toEqual([4_032 * 8, 8, 8_031 * 4, 0]);
});

test('between the laws each code becomes one whose value is nearest or next to it, and the sign stays (G.711 tables 3 and 4)', () => {
  const g711 = new G711(testDsp());
  for (const [from, to] of [['PCMA', 'PCMU'], ['PCMU', 'PCMA']] as const) {
    const converted = new Uint8Array(256);
    g711.convert(from, everyByte, converted);
    const values = magnitudes(to);
    for (const code of everyByte) {
      const value = valueOf(from, code);
      const got = valueOf(to, converted[code]!);
      expect(converted[code]! & 0x80, `${from} ${code}`).toBe(code & 0x80);
      // Of the two output values around it, and never farther.
      const above = values.find((one) => one >= Math.abs(value)) ?? values.at(-1)!;
      const below = values.findLast((one) => one <= Math.abs(value)) ?? 0;
      expect([below, above], `${from} ${code}: ${value} → ${got}`).toContain(Math.abs(got));
    }
  }
});

test('there and back only the values that the Recommendation lists change, by their last bit (G.711 3.6, note 2 of tables 3 and 4)', () => {
  const g711 = new G711(testDsp());
  const there = new Uint8Array(256);
  const back = new Uint8Array(256);
  g711.convert('PCMA', everyByte, there);
  g711.convert('PCMU', there, back);
  // The Recommendation counts A-law's output values from 1 …
  expect(differences(back, everyByte).filter(([code]) => code >= 0x80).map(([code]) => (code ^ 0xd5) + 1).sort((a, b) => a - b)).toEqual([26, 28, 30, 32, 45, 47, 63, 80]);
  expect(differences(back, everyByte).every(([, got, was]) => got === (was ^ 1))).toBe(true);
  g711.convert('PCMU', everyByte, there);
  g711.convert('PCMA', there, back);
  // … and mu-law's from 0.
  expect(differences(back, everyByte).filter(([code]) => code >= 0x80).map(([code]) => ~code & 0x7f).sort((a, b) => a - b)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  expect(differences(back, everyByte).every(([, got, was]) => got === (was ^ 1))).toBe(true);
});

function encodeAll(law: G711Law): Uint8Array {
  const dsp = testDsp();
  const g711 = new G711(dsp);
  const audio = dsp.rows(64, 1_024);
  const codes = new Uint8Array(65_536);
  for (let row = 0; row < 64; row++) {
    audio.row(row).set(Int16Array.from({ length: 1_024 }, (_, index) => row * 1_024 + index - 32_768));
    expect(g711.encode(law, audio.row(row), codes.subarray(row * 1_024, (row + 1) * 1_024))).toBe(1_024);
  }
  return codes;
}

function decodeAll(law: G711Law): Int16Array {
  const dsp = testDsp();
  const row = dsp.rows(1, 256).row(0);
  new G711(dsp).decode(law, everyByte, row);
  return row;
}

/** By the decision values of the Recommendation, in its own units and numbering; a negative sample counts from −1. */
function codeOf(law: G711Law, sample: number): number {
  const units = law === 'PCMA' ? 8 : 4;
  const magnitude = Math.floor((sample < 0 ? -1 - sample : sample) / units);
  const decisions = decisionValues(law);
  let number = 127;
  while (decisions[number]! > magnitude) number--;
  return law === 'PCMA' ? (number | (sample < 0 ? 0 : 0x80)) ^ 0x55 : ~(number | (sample < 0 ? 0x80 : 0)) & 0xff;
}

/** The middle between the decision values; the first of mu-law is 0. */
function valueOf(law: G711Law, code: number): number {
  const [positive, number] = law === 'PCMA' ? [((code ^ 0x55) & 0x80) !== 0, (code ^ 0x55) & 0x7f] : [(code & 0x80) !== 0, ~code & 0x7f];
  const magnitude = magnitudes(law)[number]!;
  return positive || magnitude === 0 ? magnitude : -magnitude;
}

function magnitudes(law: G711Law): readonly number[] {
  const decisions = decisionValues(law);
  const units = law === 'PCMA' ? 8 : 4;
  return Array.from({ length: 128 }, (_, number) => (law === 'PCMU' && number === 0 ? 0 : (units * (decisions[number]! + decisions[number + 1]!)) / 2));
}

/** x1 … x128 of tables 1a and 2a and the virtual decision value after them: number of intervals × size, column 2. */
function decisionValues(law: G711Law): readonly number[] {
  const segments = law === 'PCMA' ? [[32, 2], [16, 4], [16, 8], [16, 16], [16, 32], [16, 64], [16, 128]] : [[1, 1], [15, 2], [16, 4], [16, 8], [16, 16], [16, 32], [16, 64], [16, 128], [16, 256]];
  const values = [0];
  for (const [intervals = 0, size = 0] of segments) for (let interval = 0; interval < intervals; interval++) values.push(values.at(-1)! + size);
  return values;
}

/** [index, got, expected] of the first few. */
function differences(got: ArrayLike<number>, expected: ArrayLike<number>): readonly (readonly [number, number, number])[] {
  return Array.from(expected, (value, index) => [index, got[index]!, value] as const).filter(([, a, b]) => a !== b).slice(0, 64);
}

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
