import { expect, test } from 'vitest';
import { Mixer } from './mixer.ts';
import { addSamples, dbm0, gaussianNoise, seededRandom, sine, testDsp } from './test-support.ts';

function conference(members: number, { rate = 8_000, samples = 160 } = {}) {
  const dsp = testDsp();
  const mixer = new Mixer(dsp, { channels: members, rate });
  const group = mixer.group(members);
  for (let seat = 0; seat < members; seat++) group.seat(seat, seat);
  const spoken = dsp.rows(members, samples);
  const given = dsp.rows(members, samples);
  return { group, spoken, given, mix: () => mixer.mix(group, spoken, given) };
}

/** The sum of the named rows, as it should be where no limit is reached. */
function sum(rows: readonly Int16Array[]): number[] {
  return Array.from(addSamples(...rows));
}

for (const [rate, samples] of [[8_000, 160], [16_000, 320], [48_000, 960]] as const) {
  test(`each of 40 members hears the sum of the others, bit-exactly, at ${rate} Hz`, () => {
    const { spoken, given, mix } = conference(40, { rate, samples });
    const random = seededRandom(7);
    for (let member = 0; member < 40; member++) spoken.row(member).set(gaussianNoise(-36, samples, random));
    mix();
    for (const member of [0, 17, 39]) {
      const others = Array.from({ length: 40 }, (_, row) => row).filter((row) => row !== member);
      expect(Array.from(given.row(member))).toEqual(sum(others.map((row) => spoken.row(row))));
    }
  });
}

test('who hears whom is free: a supervisor whispers to the agent, a listener is not heard, and who left is gone', () => {
  const { group, spoken, given, mix } = conference(5);
  const [agent, caller, supervisor, listener, gone] = [0, 1, 2, 3, 4];
  for (let member = 0; member < 5; member++) spoken.row(member).fill(2 ** member);
  for (const deaf of [caller, listener, gone]) group.disconnect(deaf, supervisor);
  for (let other = 0; other < 5; other++) group.disconnect(other, listener);
  group.leave(gone);
  given.row(gone).fill(7);
  mix();
  // The agent hears caller and supervisor, the caller only the agent, the supervisor both, the listener the two who talk aloud.
  expect([agent, caller, supervisor, listener, gone].map((member) => given.row(member)[100])).toEqual([2 + 4, 1, 1 + 2, 1 + 2, 7]);
});

test('a limited sum stays below full scale without clipping, and its tone stays a tone', () => {
  const { spoken, given, mix } = conference(5);
  const length = 160 * 50;
  const tone = sine(1_000, -3, length);
  const heard: number[] = [];
  for (let at = 0; at < length; at += 160) {
    for (let member = 0; member < 5; member++) spoken.row(member).set(tone.subarray(at, at + 160));
    mix();
    heard.push(...given.row(0));
  }
  expect(Math.max(...heard.map(Math.abs))).toBeLessThan(32_700);
  // Settled: what is left after the best-fitting sine is taken away.
  const tail = heard.slice(-4_000);
  const [inPhase, quadrature] = [0, Math.PI / 2].map((phase) => {
    const reference = sine(1_000, 0, 4_000, { phase });
    return tail.reduce((total, value, n) => total + value * reference[n]!, 0) / reference.reduce((total, value) => total + value * value, 0);
  });
  const fitted = addSamples(sine(1_000, 0, 4_000).map((value) => value * inPhase!), sine(1_000, 0, 4_000, { phase: Math.PI / 2 }).map((value) => value * quadrature!));
  const distortion = tail.map((value, n) => value - fitted[n]!);
  expect(dbm0(distortion) - dbm0(tail)).toBeLessThan(-40);
});

test('sums up to -3 dBm0 pass untouched; after a loud moment the gain is back within a second', () => {
  const { spoken, given, mix } = conference(3);
  spoken.row(0).set(sine(1_004, -3, 160));
  mix();
  expect(given.row(1)).toEqual(spoken.row(0));
  spoken.row(0).fill(32_767);
  spoken.row(2).fill(32_767);
  mix();
  expect(given.row(1)[159]).toBeLessThan(32_700);
  expect(given.row(1)[159]).toBeGreaterThan(25_000);
  spoken.row(0).set(sine(1_004, -6, 160));
  spoken.row(2).fill(0);
  mix();
  expect(dbm0(given.row(1))).toBeLessThan(-8);
  for (let tick = 0; tick < 50; tick++) mix();
  expect(given.row(1)).toEqual(spoken.row(0));
});

test('in a room of 200 each hears the sum of those who speak without itself, and who only listens hears all', () => {
  const dsp = testDsp();
  const mixer = new Mixer(dsp, { channels: 256 });
  const [spoken, given] = [dsp.rows(256, 160), dsp.rows(256, 160)];
  // Every fifth is muted.
  const channels = Array.from({ length: 200 }, (_, index) => (index * 7) % 251);
  channels.forEach((channel, index) => {
    spoken.row(channel).fill(index + 1);
    mixer.place(index, channel, index % 5 !== 0);
  });
  spoken.row(255).fill(9999);
  mixer.mixRoom(200, spoken, given);
  const all = channels.reduce((sum, _channel, index) => (index % 5 === 0 ? sum : sum + index + 1), 0);
  channels.forEach((channel, index) => expect(given.row(channel)[80]).toBe(index % 5 === 0 ? all : all - (index + 1)));
  expect(given.row(255)[80]).toBe(0);
});
