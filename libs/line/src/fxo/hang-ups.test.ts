import { expect, test } from 'vitest';
import type { DisconnectSignal } from '../regions/line-profile.ts';
import { regions } from '../regions/regions.ts';
import type { Region } from '../regions/region.ts';
import { mulberry32 } from '../testing/mulberry32.ts';
import { FxoBed } from './fxo-bed.ts';
import { regionalFxoSettings } from './regional-settings.ts';

/** What a country's lines do when the far end hangs up; dial tone sooner or later everywhere. */
function signalsOf({ supervision, tones }: Region): readonly DisconnectSignal[] {
  const known = supervision === undefined ? [] : [supervision.disconnect.is, ...(supervision.disconnect.alternates ?? []), ...(supervision.disconnect.byOperator ?? [])].flat();
  return [{ by: 'tone', tone: 'dial' }, { by: 'tone', tone: 'busy' }, ...(tones.congestion === undefined ? [] : [{ by: 'tone', tone: 'congestion' } as const]), ...known];
}

/** The far end's exchange, and a detector that recognises after two cycles, or 700 ms of what is continuous. Ms until the last event. */
function hangUp(bed: FxoBed, signal: DisconnectSignal, { tones }: Region): number {
  switch (signal.by) {
    case 'none': return 0;
    case 'batteryDenial':
      bed.say({ type: 'batteryLost' });
      bed.advance(signal.ms);
      bed.say({ type: 'batteryReturned' });
      return signal.ms;
    case 'polarityReversal':
      bed.say({ type: 'polarityReversed' });
      return 0;
    case 'tone': {
      const tone = tones[signal.tone]?.tone;
      if (tone === undefined) return 0;
      const cycle = tone.segments.slice(tone.repeatFrom ?? 0);
      const ms = cycle.length === 1 ? 700 : 2 * cycle.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
      bed.advance(ms);
      bed.say({ type: 'tone', tone: { id: signal.tone, tone, cycles: cycle.length === 1 ? null : 2, confidence: 0.95, levelDbm0: -24 } });
      return ms;
    }
  }
}

test.each(regions.map((region) => [region.name, region] as const))('%s: whatever its lines do when the far end hangs up, the line is on-hook a second after it was certain, and says why', (_name, region) => {
  for (const signal of signalsOf(region)) {
    if (signal.by === 'none' || (signal.by === 'tone' && region.tones[signal.tone] === undefined)) continue;
    for (const begun of ['called', 'calling'] as const) {
      const bed = FxoBed.idle(regionalFxoSettings(region));
      if (begun === 'called') bed.answered();
      else bed.talking();
      bed.advance(60_000);
      hangUp(bed, signal, region);
      bed.advance(1_000);
      const said = bed.did.filter((did) => did.startsWith('released normalClearing'));
      expect({ signal, hook: bed.hook, said }).toEqual({ signal, hook: 'onHook', said: [expect.stringMatching(/battery denial|polarity reversal|tone/)] });
    }
  }
});

test('two hours of talk, music, digits and fax on an answered call, twenty times: no false hang-up', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = mulberry32(seed);
    const bed = FxoBed.idle();
    if (seed % 2 === 0) bed.answered();
    else bed.talking();
    const hangsUpAt = bed.now + 2 * 60 * 60 * 1_000;
    while (bed.now < hangsUpAt) scenes[Math.floor(random() * scenes.length)]!(bed, random);
    expect({ seed, at: bed.at, hook: bed.hook, incidents: bed.incidents }).toEqual({ seed, at: 'up', hook: 'offHook', incidents: [] });
  }
});

/** What detectors make of calls that go on. */
const scenes: readonly ((bed: FxoBed, random: () => number) => void)[] = [
  (bed, random) => {
    // Somebody talks, with pauses.
    bed.say({ type: 'heard', side: 'line' }, { type: 'voice' });
    bed.advance(500 + 4_000 * random());
    bed.say({ type: 'voiceEnded' });
    bed.advance(200 + 2_000 * random());
  },
  (bed, random) => {
    // A long pause to think, on both sides.
    bed.say({ type: 'silent', side: 'line', silentMs: 5_000 }, { type: 'silent', side: 'far', silentMs: 5_000 });
    bed.advance(90_000 * random());
    bed.say({ type: 'heard', side: 'far' });
  },
  (bed, random) => {
    // Music: now and then a note is taken for a tone, and none repeats itself for long.
    bed.say({ type: 'voice' });
    bed.advance(10_000);
    bed.tone(random() < 0.5 ? 'busy' : 'congestion', 2, 0.4 + 0.4 * random(), -20);
    bed.advance(300);
    bed.say({ type: 'toneEnded', id: 'busy' }, { type: 'toneEnded', id: 'congestion' }, { type: 'voice' });
    bed.advance(10_000);
    bed.tone('dial', null, 0.8);
    bed.advance(700);
    bed.say({ type: 'toneEnded', id: 'dial' });
  },
  (bed) => {
    for (const digit of ['1', '2', '#']) {
      bed.say({ type: 'digit', digit, durationMs: 100 });
      bed.advance(200);
    }
  },
  (bed, random) => {
    // A third party of the far end's conference has hung up, and they talk on.
    for (let cycle = 1; cycle < 30; cycle++) {
      bed.tone('busy', cycle, 0.75, -30);
      bed.advance(700 * random());
      bed.say({ type: 'voice' });
      bed.advance(500);
    }
    bed.say({ type: 'toneEnded', id: 'busy' });
  },
  (bed) => {
    // And a busy tone far away that nobody speaks over.
    for (let cycle = 1; cycle < 60; cycle++) {
      bed.tone('busy', cycle, 0.95, -47);
      bed.advance(1_000);
    }
    bed.say({ type: 'toneEnded', id: 'busy' });
  },
  (bed) => {
    // Call waiting, ringing of a transfer, an announcement after a special information tone.
    for (const id of ['callWaiting', 'ringing', 'specialInformation']) {
      bed.tone(id, 3);
      bed.advance(5_000);
      bed.say({ type: 'toneEnded', id });
    }
  },
  (bed, random) => {
    // The exchange switches: the loop is open for less than a tenth of a second.
    bed.say({ type: 'batteryLost' });
    bed.advance(95 * random());
    bed.say({ type: 'batteryReturned' });
    bed.advance(10_000);
  },
  (bed) => {
    bed.say({ type: 'held' }, { type: 'silent', side: 'line', silentMs: 0 }, { type: 'silent', side: 'far', silentMs: 0 });
    bed.advance(600_000);
    bed.say({ type: 'heard', side: 'line' }, { type: 'resumed' });
  },
];
