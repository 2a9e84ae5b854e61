import { expect, test } from 'vitest';
import type { PortRecorder } from '../port-recorder.ts';
import { officeLine, telephoneLine } from './line-bed.ts';

const tone = { segments: [{ frequenciesHz: [1_000], durationMs: null }] };
/** Of the codecs, as the twin's impulse responses have it. */
const codecDelayMs = 1;

/** Blocks end at whole multiples of 20 ms, and what was heard is forgotten at one of them. */
function forgetAtBlockEnd(bed: { wait(ms: number): void; readonly timers: { now(): number } }, port: PortRecorder): void {
  bed.wait(20 - (bed.timers.now() % 20));
  port.forget();
}

/** Where it sounds, in ms: each stretch of sound from its first to its last sample that is not faint, pauses of less than 5 ms included. */
function stretches(heard: readonly number[]): readonly (readonly [fromMs: number, toMs: number])[] {
  const found: [number, number][] = [];
  heard.forEach((sample, n) => {
    if (Math.abs(sample) < 500) return;
    const last = found.at(-1);
    if (last !== undefined && n / 8 - last[1] < 5) last[1] = n / 8;
    else found.push([n / 8, n / 8]);
  });
  return found;
}

function expectNear(actual: readonly (readonly [number, number])[], expected: readonly (readonly [number, number])[]): void {
  expect(actual.length, JSON.stringify(actual)).toBe(expected.length);
  actual.forEach((stretch, n) => stretch.forEach((ms, k) => expect(Math.abs(ms - expected[n]![k]!), `${JSON.stringify(actual)} beside ${JSON.stringify(expected)}`).toBeLessThanOrEqual(1.5)));
}

test.each([0, 1, 7, 13, 19])('a telephone that hangs up %d ms into a block is heard until then', (offset) => {
  const { bed, telephone, port } = telephoneLine();
  telephone.lift();
  telephone.mouth.play(tone);
  bed.wait(200);
  forgetAtBlockEnd(bed, port);
  bed.wait(100 + offset);
  telephone.hangUp();
  bed.wait(200);
  expectNear(stretches(port.heard), [[0, 100 + offset + codecDelayMs]]);
});

test.each([3, 11])('a telephone that is lifted and speaks %d ms into a block is heard from then on', (offset) => {
  const { bed, telephone, port } = telephoneLine();
  forgetAtBlockEnd(bed, port);
  bed.wait(100 + offset);
  telephone.lift();
  telephone.mouth.play(tone);
  bed.wait(200);
  expectNear(stretches(port.heard.slice(0, 2_400)), [[100 + offset + codecDelayMs, 300]]);
});

test('pulses of 60 and 40 ms are gaps of 60 in what is heard', () => {
  const { bed, telephone, port } = telephoneLine();
  telephone.lift();
  telephone.mouth.play(tone);
  bed.wait(200);
  forgetAtBlockEnd(bed, port);
  bed.wait(33);
  telephone.dialPulses('3');
  bed.wait(407);
  const delayed = (ms: number): number => 33 + codecDelayMs + ms;
  expectNear(stretches(port.heard), [[0, delayed(0)], [delayed(60), delayed(100)], [delayed(160), delayed(200)], [delayed(260), 440]]);
});

test('an open loop of 250 ms silences the line for 250 ms, and a tone of the exchange begins and ends when it does', () => {
  const { bed, office, port } = officeLine({ settings: { dialTone: null } });
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(500);
  forgetAtBlockEnd(bed, port);
  bed.wait(5);
  office.mouth.play(tone);
  bed.wait(100);
  office.openLoop(250);
  bed.wait(352);
  office.mouth.play(null);
  bed.wait(103);
  expectNear(stretches(port.heard), [[5 + codecDelayMs, 105 + codecDelayMs], [355 + codecDelayMs, 457 + codecDelayMs]]);
});

test('what the port sends is interrupted by a flash for as long as it lasts, and ends when it goes on hook', () => {
  const { bed, office, port } = officeLine({ settings: { dialTone: null } });
  bed.obey(port, { do: 'hook', hook: 'off' });
  port.sendTone(1_000);
  bed.wait(500);
  forgetAtBlockEnd(bed, port);
  bed.wait(7);
  bed.obey(port, { do: 'flash', ms: 150 });
  bed.wait(190);
  bed.obey(port, { do: 'hook', hook: 'on' });
  bed.wait(161);
  // The last 400 ms: from 40 before.
  const at = (ms: number): number => 40 + codecDelayMs + ms;
  expectNear(stretches([...office.ear.samples(400)]), [[0, at(7)], [at(157), at(198)]]);
});

test('a block is the same whether something happened within it or not', () => {
  const heardWith = (disturb: (line: { parallelSet(hook: 'on' | 'off'): void }) => void): readonly number[] => {
    const { bed, line, office, port } = officeLine({ settings: { dialTone: null }, line: { cable: { gauge: 'AWG 26', km: 3 }, disturbance: { noiseDbm0: -40, hum: { hz: 60, levelDbm0: -40 } } } });
    bed.obey(port, { do: 'hook', hook: 'off' });
    office.mouth.play(tone);
    port.sendTone(700);
    bed.wait(500);
    forgetAtBlockEnd(bed, port);
    for (let n = 0; n < 50; n++) {
      bed.wait(7);
      disturb(line);
    }
    return port.heard;
  };
  // The line settles again and is what it was.
  expect(heardWith((line) => line.parallelSet('on'))).toEqual(heardWith(() => {}));
});
