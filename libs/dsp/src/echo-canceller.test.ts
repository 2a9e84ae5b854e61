import { expect, test } from 'vitest';
import type { AudioRows } from './dsp.ts';
import { EchoCancellers } from './echo-canceller.ts';
import { addSamples, dbm0, gaussianNoise, seededRandom, silence, sine, testDsp } from './test-support.ts';

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

/** One group of four channels; what leaves the given one. */
function run(cancellers: EchoCancellers, rows: Rows, sent: readonly ArrayLike<number>[], heard: readonly ArrayLike<number>[], channel: number, samples: number): Float64Array {
  const out = new Float64Array(samples);
  for (let at = 0; at < samples; at += tick) {
    for (let lane = 0; lane < 4; lane++) {
      fill(rows.far, lane, sent[lane]!, at);
      fill(rows.near, lane, heard[lane]!, at);
    }
    cancellers.process(0, rows.far, rows.near, rows.near);
    out.set(rows.near.row(channel), at);
  }
  return out;
}

interface Rows {
  readonly far: AudioRows;
  readonly near: AudioRows;
}

function group(): { readonly cancellers: EchoCancellers; readonly rows: Rows } {
  const dsp = testDsp();
  return { cancellers: new EchoCancellers(dsp, { channels: 4, tailMs: 64 }), rows: { far: dsp.rows(4, tick), near: dsp.rows(4, tick) } };
}

function four(signal: ArrayLike<number>): readonly ArrayLike<number>[] {
  return [signal, signal, signal, signal];
}

/** 2100 Hz, its phase reversed every so often. */
function answerTone(levelDbm0: number, samples: number, { reversedEveryMs = Infinity, frequencyHz = 2_100 } = {}): Float64Array {
  return sine(frequencyHz, levelDbm0, samples).map((value, n) => (Math.floor(n / 8 / reversedEveryMs) % 2 === 0 ? value : -value));
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

test('each tail cancels an echo that comes within it', () => {
  for (const [tailMs, delayMs] of [[32, 25], [64, 57], [128, 121]] as const) {
    const dsp = testDsp();
    const cancellers = new EchoCancellers(dsp, { channels: 4, tailMs });
    cancellers.set(0, { suppress: false });
    const sent = gaussianNoise(-16, 16_000, seededRandom(7));
    const echo = echoOf(sent, delayMs * 8);
    const left = run(cancellers, { far: dsp.rows(4, tick), near: dsp.rows(4, tick) }, four(sent), four(echo), 0, sent.length);
    expect(dbm0(echo, 15_000) - dbm0(left, 15_000), `${tailMs} ms`).toBeGreaterThan(25);
  }
});

test('a lane hears nothing of what the others do, be it a reset, a switch, overload or a modem', () => {
  const sent = gaussianNoise(-14, 12_000, seededRandom(2));
  const heard = addSamples(echoOf(sent), gaussianNoise(-50, sent.length, seededRandom(3)));
  const quiet = group();
  const expected = run(quiet.cancellers, quiet.rows, [silence(1), silence(1), sent, silence(1)], [silence(1), silence(1), heard, silence(1)], 2, sent.length);

  const busy = group();
  const loud = gaussianNoise(3, sent.length, seededRandom(4));
  const talk = gaussianNoise(-5, sent.length, seededRandom(5));
  const loudEcho = echoOf(loud);
  const modem = answerTone(-12, sent.length, { reversedEveryMs: 450 });
  const out = new Float64Array(sent.length);
  for (let at = 0; at < sent.length; at += 2_400) {
    busy.cancellers.reset(0);
    busy.cancellers.set(1, { adapt: at % 4_800 === 0, suppress: at % 4_800 !== 0 });
    const part = (signal: Float64Array): Float64Array => signal.subarray(at, at + 2_400);
    const far = [part(loud), part(loud), part(sent), part(modem)];
    const near = [part(talk), part(loudEcho), part(heard), part(echoOf(modem))];
    out.set(run(busy.cancellers, busy.rows, far, near, 2, 2_400), at);
  }
  expect(out.findIndex((sample, n) => sample !== expected[n])).toBe(-1);
});

test('after a reset a channel does as a fresh one does, and its switches stay', () => {
  const sent = gaussianNoise(-14, 8_000, seededRandom(2));
  const heard = echoOf(sent, 90);
  const { cancellers, rows } = group();
  cancellers.set(1, { suppress: false });
  const first = run(cancellers, rows, four(sent), four(heard), 1, sent.length);
  const learnt = run(cancellers, rows, four(sent), four(heard), 1, 1_600);
  expect(dbm0(learnt)).toBeLessThan(dbm0(first, 0, 1_600) - 10);
  cancellers.reset(1);
  expect(cancellers.read(1).converged).toBe(false);
  const again = run(cancellers, rows, four(sent), four(heard), 1, sent.length);
  // The same but for what is looked at by turns, which goes on.
  expect(dbm0(again, 0, 160)).toBeGreaterThan(dbm0(heard, 0, 160) - 3);
  expect(Math.abs(dbm0(again, 6_400) - dbm0(first, 6_400))).toBeLessThan(2);
});

test('a frozen estimate is still subtracted, and learns nothing', () => {
  const sent = gaussianNoise(-14, 16_000, seededRandom(2));
  const heard = echoOf(sent);
  const { cancellers, rows } = group();
  cancellers.set(0, { suppress: false });
  run(cancellers, rows, four(sent), four(heard), 0, sent.length);
  cancellers.set(0, { adapt: false });
  const same = run(cancellers, rows, four(sent), four(heard), 0, 4_800);
  expect(dbm0(heard) - dbm0(same, 800)).toBeGreaterThan(30);
  run(cancellers, rows, four(sent), four(echoOf(sent, 120).map((value) => 0.3 * value)), 0, 8_000);
  expect(dbm0(heard) - dbm0(run(cancellers, rows, four(sent), four(heard), 0, 4_800), 1_600)).toBeGreaterThan(30);
});

test('a reading tells return loss, enhancement, residual and convergence, and is one object', () => {
  const sent = gaussianNoise(-14, 24_000, seededRandom(2));
  const heard = echoOf(sent);
  const { cancellers, rows } = group();
  const reading = cancellers.read(3);
  expect(reading.converged).toBe(false);
  run(cancellers, rows, four(sent), four(heard), 3, sent.length);
  expect(cancellers.read(3)).toBe(reading);
  expect(reading.erlDb).toBeCloseTo(dbm0(sent) - dbm0(heard), 0);
  expect(reading.erleDb).toBeGreaterThan(28);
  expect(reading.residualDbm0).toBeLessThan(-55);
  expect(reading.converged).toBe(true);
  expect(reading.disabled).toBe(false);
});

test('2100 Hz with phase reversals from either side disables within a second, and near passes bit by bit (G.168 clause 7)', () => {
  for (const side of ['far', 'near'] as const) {
    for (const [levelDbm0, frequencyHz] of [[-12, 2_100], [-31, 2_100], [-20, 2_085], [-20, 2_115]] as const) {
      const tone = addSamples(answerTone(levelDbm0, 8_160, { reversedEveryMs: 450, frequencyHz }), gaussianNoise(levelDbm0 - 20, 8_160, seededRandom(6)));
      const other = gaussianNoise(-60, tone.length, seededRandom(8));
      const { cancellers, rows } = group();
      run(cancellers, rows, four(side === 'far' ? tone : other), four(side === 'far' ? other : tone), 0, tone.length);
      expect(cancellers.read(0).disabled, `${side} ${levelDbm0} dBm0 ${frequencyHz} Hz`).toBe(true);
      const near = gaussianNoise(-20, 800, seededRandom(9)).map(Math.round);
      expect(run(cancellers, rows, four(near), four(near), 0, near.length)).toEqual(near);
    }
  }
});

test('what is not that tone does not disable: no reversals, one reversal, another pace, another frequency, a weak one (G.168 clause 7)', () => {
  const tones: Record<string, Float64Array> = {
    'no reversals': answerTone(-12, 32_000),
    'one reversal': answerTone(-12, 14_000, { reversedEveryMs: 900 }),
    'another pace': answerTone(-12, 32_000, { reversedEveryMs: 250 }),
    'another frequency': answerTone(-12, 32_000, { reversedEveryMs: 450, frequencyHz: 2_200 }),
    'a weak one': answerTone(-39, 32_000, { reversedEveryMs: 450 }),
    noise: gaussianNoise(-12, 32_000, seededRandom(10)),
  };
  for (const [name, tone] of Object.entries(tones)) {
    const { cancellers, rows } = group();
    run(cancellers, rows, four(tone), four(silence(1)), 0, tone.length - (tone.length % tick));
    expect(cancellers.read(0).disabled, name).toBe(false);
  }
  const off = group();
  off.cancellers.set(0, { toneDisabler: false });
  run(off.cancellers, off.rows, four(answerTone(-12, 16_000, { reversedEveryMs: 450 })), four(silence(1)), 0, 16_000);
  expect([off.cancellers.read(0).disabled, off.cancellers.read(1).disabled]).toEqual([false, true]);
});

test('disabled lasts through a gap of 100 ms and while there is signal, and ends after 250 ± 150 ms of quiet (G.168 clause 7, G.164 5.3)', () => {
  const { cancellers, rows } = group();
  const quiet = gaussianNoise(-45, 8_000, seededRandom(12));
  const hold = (signal: Float64Array, samples: number): boolean => {
    run(cancellers, rows, four(quiet), four(signal), 0, samples);
    return cancellers.read(0).disabled;
  };
  run(cancellers, rows, four(answerTone(-12, 16_000, { reversedEveryMs: 450 })), four(silence(1)), 0, 16_000);
  expect(hold(quiet, 800)).toBe(true);
  expect(hold(gaussianNoise(-28, 8_000, seededRandom(11)), 8_000)).toBe(true);
  expect(hold(quiet, 800)).toBe(true);
  expect(hold(quiet, 2_400)).toBe(false);
});

test('it recovers from overload, direct current, howl and silence, and cancels as before', () => {
  const sent = gaussianNoise(-14, 16_000, seededRandom(2));
  const heard = echoOf(sent);
  const extremes: Record<string, readonly [Float64Array, Float64Array]> = {
    'full scale': [gaussianNoise(12, 8_000, seededRandom(13)), gaussianNoise(12, 8_000, seededRandom(14))],
    'square waves': [sine(50, 40, 8_000), sine(333, 40, 8_000)],
    'direct current': [silence(8_000).fill(32_767), silence(8_000).fill(-32_768)],
    howl: [sine(1_800, 3, 8_000), sine(1_800, 3, 8_000)],
    silence: [silence(8_000), silence(8_000)],
  };
  for (const [name, [far, near]] of Object.entries(extremes)) {
    const { cancellers, rows } = group();
    cancellers.set(0, { suppress: false });
    const clipped = (signal: Float64Array): Float64Array => signal.map((value) => Math.max(-32_768, Math.min(32_767, value)));
    run(cancellers, rows, four(sent), four(heard), 0, 8_000);
    run(cancellers, rows, four(clipped(far)), four(clipped(near)), 0, 8_000);
    const left = run(cancellers, rows, four(sent), four(heard), 0, sent.length);
    expect(dbm0(heard) - dbm0(left, 12_000), name).toBeGreaterThan(28);
  }
});
