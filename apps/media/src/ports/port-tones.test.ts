import { expect, test } from 'vitest';
import type { Tone, WatchedTone } from '@tipring/dsp';
import { speechLike, syntheticMusic } from '@tipring/dsp/test-support';
import { PortBed } from './testing/port-bed.ts';

const cadence = (frequenciesHz: readonly number[], ...durations: readonly number[]): Tone => ({
  segments: durations.map((durationMs, n) => ({ frequenciesHz: n % 2 === 0 ? frequenciesHz : [], durationMs })),
});
const steady = (...frequenciesHz: number[]): Tone => ({ segments: [{ frequenciesHz, durationMs: null }] });

/** Of North America, Germany and the United Kingdom. */
const plans: Record<string, readonly WatchedTone[]> = {
  US: [
    { id: 'dial', tone: steady(350, 440) },
    { id: 'ringing', tone: cadence([440, 480], 2_000, 4_000) },
    { id: 'busy', tone: cadence([480, 620], 500, 500) },
    { id: 'congestion', tone: cadence([480, 620], 250, 250) },
  ],
  DE: [
    { id: 'dial', tone: steady(425) },
    { id: 'ringing', tone: cadence([425], 1_000, 4_000) },
    { id: 'busy', tone: cadence([425], 480, 480) },
    { id: 'congestion', tone: cadence([425], 240, 240) },
  ],
  GB: [
    { id: 'dial', tone: steady(350, 440) },
    { id: 'ringing', tone: cadence([400, 450], 400, 200, 400, 2_000) },
    { id: 'busy', tone: cadence([400], 375, 375) },
  ],
};

function line(tones: readonly WatchedTone[], silentMs = 10_000) {
  const bed = new PortBed();
  const office = bed.office('S/1', { dialTone: null });
  bed.open('S/1', { tones, silentMs });
  bed.command('S/1', { do: 'hook', hook: 'off' });
  bed.wait(500);
  return { bed, office };
}

test.each(Object.entries(plans).flatMap(([country, plan]) => plan.map(({ id, tone }) => [country, id, tone] as const)))('%s: %s is told, again with each cycle, and its end; and it is no voice', (country, id, tone) => {
  const { bed, office } = line(plans[country]!);
  bed.listen('S/1', { tones: true, voice: true });
  office.mouth.play(tone, -15);
  const cycleMs = tone.segments.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  bed.wait(Math.max(4_000, 3.6 * cycleMs));
  const told = bed.of('S/1', 'tone');
  expect([...new Set(told.map((is) => is.tone.id))]).toEqual([id]);
  expect(told.every(({ isContinuous }) => isContinuous === (cycleMs === 0))).toBe(true);
  if (cycleMs === 0) expect(told).toHaveLength(1);
  else expect(told.map(({ tone: { cycles } }) => Math.floor(cycles))).toEqual(Array.from({ length: told.length }, (_, n) => n + Math.floor(told[0]!.tone.cycles)));
  if (cycleMs > 0) expect(told.length).toBeGreaterThan(1);
  for (const { levelDbm0 } of told) expect(Math.abs(levelDbm0 + 15)).toBeLessThan(2.5);
  expect(bed.of('S/1', 'toneEnded')).toEqual([]);
  office.mouth.play(null);
  bed.wait(Math.max(2_000, 1.5 * cycleMs));
  expect(bed.of('S/1', 'toneEnded').map((is) => is.id)).toEqual([id]);
  expect(bed.of('S/1', 'voice')).toEqual([]);
  bed.unit.close();
});

test('what is heard already is told to who begins to listen', () => {
  const { bed, office } = line(plans['DE']!);
  bed.listen('S/1', { tones: true });
  office.mouth.play(steady(425), -15);
  bed.wait(3_000);
  bed.listen('S/1', { tones: true, digits: true });
  bed.wait(100);
  expect(bed.of('S/1', 'tone').map((is) => is.tone.id)).toEqual(['dial', 'dial']);
  bed.unit.close();
});

test('a steady cadence that nobody described is learned, one that is known is not', () => {
  const { bed, office } = line(plans['DE']!);
  bed.listen('S/1', { learns: true });
  office.mouth.play(cadence([425], 480, 480), -15);
  bed.wait(8_000);
  expect(bed.of('S/1', 'toneLearned')).toEqual([]);
  office.mouth.play(cadence([620], 330, 670), -15);
  bed.wait(8_000);
  const [first] = bed.of('S/1', 'toneLearned');
  const [on, off] = first!.learned.tone.segments;
  expect(Math.abs(on!.frequenciesHz[0]! - 620)).toBeLessThan(3);
  expect(Math.abs(on!.durationMs! - 330)).toBeLessThan(20);
  expect(Math.abs(off!.durationMs! - 670)).toBeLessThan(20);
  bed.unit.close();
});

test('speech is a voice, and so is music', () => {
  for (const [seconds, sound] of [[6, speechLike(-20, 6).clean], [6, syntheticMusic(6, 3)]] as const) {
    const { bed, office } = line(plans['US']!);
    bed.listen('S/1', { tones: true, voice: true });
    bed.wait(500);
    office.mouth.say(sound);
    bed.wait(1_500);
    expect(bed.of('S/1', 'voice')).toHaveLength(1);
    bed.wait(seconds * 1_000);
    expect(bed.of('S/1', 'voiceEnded').length).toBe(bed.of('S/1', 'voice').length);
    expect(bed.of('S/1', 'tone')).toEqual([]);
    bed.unit.close();
  }
});

test('digits are no voice', () => {
  const { bed, office } = line([]);
  bed.listen('S/1', { digits: true, voice: true });
  office.mouth.dial('1234567890');
  bed.wait(2_500);
  expect(bed.of('S/1', 'digit')).toHaveLength(10);
  expect(bed.of('S/1', 'voice')).toEqual([]);
  bed.unit.close();
});

test('silence of either side is told once, and its end', () => {
  const { bed, office } = line([], 2_000);
  bed.listen('S/1', { voice: true });
  const link = bed.connect('S/1');
  const { clean } = speechLike(-15, 2);
  bed.wait(5_000);
  const silent = (side: 'line' | 'far') => bed.of('S/1', 'silent').filter((is) => is.side === side);
  const heard = (side: 'line' | 'far') => bed.of('S/1', 'heard').filter((is) => is.side === side);
  expect([silent('line').length, silent('far').length, heard('line').length, heard('far').length]).toEqual([1, 1, 0, 0]);
  office.mouth.say(clean);
  bed.wait(1_000);
  expect([heard('line').length, heard('far').length]).toEqual([1, 0]);
  for (let at = 0; at < 8_000; at += 160) {
    link.say(clean.subarray(at, at + 160));
    bed.wait(20);
  }
  expect(heard('far')).toHaveLength(1);
  bed.wait(5_000);
  expect([silent('line').length, silent('far').length]).toEqual([2, 2]);
  bed.unit.close();
});
