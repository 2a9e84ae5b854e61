import { afterEach, expect, test } from 'vitest';
import { compositeSource } from './testing/g168/composite-source-signal.ts';
import { erleDb, t20Ms } from './testing/g168/echo-measures.ts';
import { annexDPath, annexDPaths, type EchoPath } from './testing/g168/echo-path.ts';
import { EchoTestBed, seconds, type Law } from './testing/g168/echo-test-bed.ts';
import { listed, mean } from './testing/g168/statistics.ts';
import { speech } from './testing/speech.ts';
import { cables, echoReturnLossDb, terminations, twoWirePath, type TwoWireLine } from './testing/two-wire-path.ts';

/* The figures of convergence on other lines than ITU-T G.168 asks for. The whole matrix is in the bench: npm run bench -- echo. */

/** The short ones: with 50 ms before them they still end within a tail of 64 ms. */
const four = ['D.2', 'D.3', 'D.8', 'D.9'] as const;
let bed: EchoTestBed;

afterEach(() => {
  expect(bed.worseningDb, 'never worse than no canceller: dB in the worst 200 ms').toBeLessThan(0.5);
});

test.each([
  { erlDb: 6, law: 'A', delayMs: 0, t20: 280, erle: 36 },
  { erlDb: 20, law: 'A', delayMs: 0, t20: 280, erle: 35.5 },
  { erlDb: 10, law: 'µ', delayMs: 0, t20: 280, erle: 35.5 },
  { erlDb: 10, law: 'A', delayMs: 25, t20: 280, erle: 36 },
  { erlDb: 10, law: 'A', delayMs: 50, t20: 280, erle: 36 },
] as const)('echo return loss $erlDb dB, $law-law, $delayMs ms of flat delay: converges as fast and as deep', ({ erlDb, law, delayMs, t20, erle }) => {
  const measured = converged(four.map((name) => annexDPath(name, { erlDb, delayMs })), { law });
  expect(Math.max(...measured.t20), listed('T20, ms', measured.t20)).toBeLessThanOrEqual(t20);
  expect(mean(measured.erle), listed('ERLE settled, dB', measured.erle)).toBeGreaterThanOrEqual(erle);
});

test.each([
  { tailMs: 32, delayMs: 0, t20: 280, erle: 36.5 },
  // Twice the coefficients learn from the same signal.
  { tailMs: 128, delayMs: 0, t20: 380, erle: 34 },
  { tailMs: 128, delayMs: 100, t20: 600, erle: 32.5 },
] as const)('a tail of $tailMs ms, of which $delayMs are delay', ({ tailMs, delayMs, t20, erle }) => {
  const measured = converged(four.map((name) => annexDPath(name, { erlDb: 10, delayMs })), { tailMs });
  expect(Math.max(...measured.t20), listed('T20, ms', measured.t20)).toBeLessThanOrEqual(t20);
  expect(mean(measured.erle), listed('ERLE settled, dB', measured.erle)).toBeGreaterThanOrEqual(erle);
});

test('hybrids of two-wire lines: card and exchange of different impedances, near and far', () => {
  // The physics is right: a published table of a TBR 21 line has 10.2 dB with a 600 Ω card, 35.1 dB with its own profile.
  expect(echoReturnLossDb(lines.tbr21On600)).toBeCloseTo(10.2, 1);
  expect(echoReturnLossDb({ ...lines.tbr21On600, card: terminations.tbr21 })).toBeCloseTo(35.1, 1);
  const measured = converged(Object.values(lines).map((line) => twoWirePath(line)));
  expect(Math.max(...measured.t20), listed('T20, ms', measured.t20)).toBeLessThanOrEqual(280);
  expect(mean(measured.erle), listed('ERLE settled, dB', measured.erle)).toBeGreaterThanOrEqual(33);
});

test('real speech: 25 dB of echo are gone after 3 s of it', ({ skip }) => {
  const far = speech(-15, seconds(10), 60);
  bed = new EchoTestBed({ paths: annexDPaths.map((name) => annexDPath(name, { erlDb: 10 })) });
  if (far === undefined) return skip('needs asterisk-core-sounds-en-wav');
  const recordings = bed.run(far);
  const early = recordings.map((recording) => erleDb(recording, seconds(3), seconds(5)));
  expect(Math.min(...early), listed('ERLE after 3 s, dB', early)).toBeGreaterThanOrEqual(25);
  const settled = recordings.map((recording) => erleDb(recording, seconds(5)));
  expect(Math.min(...settled), listed('ERLE after 5 s, dB', settled)).toBeGreaterThanOrEqual(28);
});

function converged(paths: readonly EchoPath[], { law = 'A', tailMs = 64 }: { readonly law?: Law; readonly tailMs?: 32 | 64 | 128 } = {}): { readonly t20: readonly number[]; readonly erle: readonly number[] } {
  bed = new EchoTestBed({ paths, law, tailMs });
  const recordings = bed.run(compositeSource(-10, seconds(7)));
  return { t20: recordings.map(t20Ms), erle: recordings.map((recording) => erleDb(recording, seconds(3.5))) };
}

const lines = {
  tbr21On600: { card: terminations.ohms600, cable: cables.awg26, km: 0.2, exchange: terminations.tbr21 },
  longLoop: { card: terminations.ohms600, cable: cables.awg26, km: 4, exchange: terminations.ohms900 },
  ukLine: { card: terminations.ohms600, cable: cables.awg24, km: 1, exchange: terminations.uk },
  matchedFar: { card: terminations.tbr21, cable: cables.awg26, km: 2, exchange: terminations.tbr21 },
} as const satisfies Record<string, TwoWireLine>;
