import { expect, test } from 'vitest';
import { encodings, rtpUnits } from './codec.ts';
import { G711Codec } from './g711-codec.ts';
import { G722Codec } from './g722-codec.ts';
import { aLawRoundTrip, gaussianNoise, muLawRoundTrip, rms, seededRandom, sine, testDsp } from './test-support.ts';

test('RTP clocks: 20 ms are 160 units of PCMU, PCMA and of G.722, whose clock is half its rate (RFC 3551 4.5.2)', () => {
  const dsp = testDsp();
  expect([rtpUnits(new G711Codec(dsp, 'PCMU'), 160), rtpUnits(new G711Codec(dsp, 'PCMA'), 160), rtpUnits(new G722Codec(dsp), 320)]).toEqual([160, 160, 160]);
  expect(Object.values(encodings).map(({ name, payloadType, rtpClockHz }) => [name, payloadType, rtpClockHz])).toEqual([['PCMU', 0, 8_000], ['PCMA', 8, 8_000], ['G722', 9, 8_000], ['opus', undefined, 48_000]]);
});

for (const [law, roundTrip] of [['PCMA', aLawRoundTrip], ['PCMU', muLawRoundTrip]] as const) {
  test(`${law}: a leg hears what was encoded 3.75 ms later, packets of 10 to 60 ms, inside of the Dsp and out`, () => {
    const dsp = testDsp();
    const codec = new G711Codec(dsp, law);
    const audio = dsp.rows(2, 480);
    const inside = dsp.bytes(dsp.allocate(480), 480);
    const outside = new Uint8Array(500);
    const signal = Int16Array.from(gaussianNoise(-15, 4_800, seededRandom(1)), (value) => value | 1);
    const heard: number[] = [];
    for (let at = 0, turn = 0; at < 4_800; turn++) {
      const count = Math.min([80, 160, 240, 480][turn % 4]!, 4_800 - at);
      const row = audio.row(0).subarray(0, count);
      row.set(signal.subarray(at, at + count));
      const payload = turn % 2 === 0 ? inside : outside;
      expect(codec.encode(row, payload)).toBe(count);
      expect(codec.decode(payload.subarray(0, count), audio.row(1))).toBe(count);
      heard.push(...audio.row(1).subarray(0, count));
      at += count;
    }
    expect(heard.slice(30)).toEqual(Array.from(roundTrip(signal).subarray(0, -30)));
  });
}

test('a lost packet keeps the level of a tone, and after a reset nothing of it is left', () => {
  const dsp = testDsp();
  const codec = new G711Codec(dsp, 'PCMA');
  const row = dsp.rows(1, 160).row(0);
  const tone = Int16Array.from(sine(425, -13, 1_600));
  const payload = new Uint8Array(160);
  for (let packet = 0; packet < 10; packet++) {
    row.set(tone.subarray(packet * 160, packet * 160 + 160));
    codec.encode(row, payload);
    if (packet === 7) codec.conceal(row);
    else codec.decode(payload, row);
    if (packet > 0) expect(Math.abs(20 * Math.log10(rms(row) / rms(tone))), `packet ${packet}`).toBeLessThan(1.2);
  }
  codec.reset();
  codec.conceal(row);
  expect(row.every((value) => value === 0)).toBe(true);
});

test('payloads of any length and content, in any order with losses: the codecs of a leg recover within 100 ms', () => {
  const dsp = testDsp();
  const random = seededRandom(64);
  for (const codec of [new G711Codec(dsp, 'PCMU'), new G711Codec(dsp, 'PCMA'), new G722Codec(dsp)]) {
    const samples = codec.sampleRateHz / 50;
    const row = dsp.rows(1, samples).row(0);
    const tone = Int16Array.from(sine(600, -15, samples * 12, { rate: codec.sampleRateHz }));
    for (let round = 0; round < 300; round++) {
      const length = round % 10 === 0 ? 0 : Math.floor(random() * (round % 7 === 0 ? 4_000 : 200));
      if (random() < 0.2) codec.conceal(row.subarray(0, Math.floor(random() * samples)));
      else expect(codec.decode(Uint8Array.from({ length }, () => random() * 256), row)).toBeLessThanOrEqual(samples);
    }
    const payload = new Uint8Array(samples);
    for (let packet = 0; packet < 12; packet++) {
      row.set(tone.subarray(packet * samples, (packet + 1) * samples));
      codec.decode(payload.subarray(0, codec.encode(row, payload)), row);
      if (packet > 4) expect(Math.abs(20 * Math.log10(rms(row) / rms(tone))), `${codec.encoding.name}, packet ${packet}`).toBeLessThan(1);
    }
  }
});

test('what does not fit is refused on the way out, and left out on the way in', () => {
  const dsp = testDsp();
  const codec = new G711Codec(dsp, 'PCMU');
  const row = dsp.rows(1, 160).row(0);
  expect(() => codec.encode(row, new Uint8Array(159))).toThrow(RangeError);
  expect(() => codec.encode(new Int16Array(160), new Uint8Array(160))).toThrow(TypeError);
  expect(codec.decode(new Uint8Array(400), row)).toBe(160);
});
