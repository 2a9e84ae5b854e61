import { expect, test } from 'vitest';
import type { AudioRows } from './dsp.ts';
import { EchoCancellers } from './echo-canceller.ts';
import { dbm0, gaussianNoise, seededRandom, testDsp } from './test-support.ts';

const tick = 160;

/** An echo path of a few reflections, 10 dB below what is sent. */
function echoOf(far: ArrayLike<number>, delay = 40): Float64Array {
  const taps = [0.1, 0.25, -0.18, 0.05, -0.03];
  return Float64Array.from({ length: far.length }, (_, n) => taps.reduce((sum, tap, k) => sum + tap * (far[n - delay - k] ?? 0), 0));
}

function fill(audio: AudioRows, channel: number, signal: ArrayLike<number>, at: number): void {
  const row = audio.row(channel);
  for (let n = 0; n < tick; n++) row[n] = signal[at + n] ?? 0;
}

test('echo of noise is cancelled by more than 30 dB within a second, and in place', () => {
  const dsp = testDsp();
  const cancellers = new EchoCancellers(dsp, { channels: 4, tailMs: 64 });
  cancellers.set(2, { suppress: false });
  const far = dsp.rows(4, tick);
  const near = dsp.rows(4, tick);
  const sent = gaussianNoise(-16, 8_000, seededRandom(1));
  const echo = echoOf(sent);
  const left = new Float64Array(sent.length);
  for (let at = 0; at < sent.length; at += tick) {
    fill(far, 2, sent, at);
    fill(near, 2, echo, at);
    cancellers.process(0, far, near, near);
    left.set(near.row(2), at);
  }
  expect(dbm0(echo, 7_000) - dbm0(left, 7_000)).toBeGreaterThan(30);
});
