import { expect, test } from 'vitest';
import { ToneGenerators } from '@tipring/dsp';
import { dbm0, testDsp } from '@tipring/dsp/test-support';
import { toneNames } from './tone-plan.ts';
import { regions } from './regions.ts';

test.each([-10, -28])('every tone of every plan can be played at %i dBm0, with that level while it sounds', (level) => {
  const dsp = testDsp();
  const generators = new ToneGenerators(dsp, 1);
  const audio = dsp.rows(1, 160);
  for (const { code, tones } of regions) {
    for (const name of toneNames) {
      const fact = tones[name];
      for (const tone of fact === undefined ? [] : [fact.tone, ...(fact.alternates ?? [])]) {
        generators.play(0, tone, level);
        // The first 40 ms are sound in every tone but the shortest bursts; their level is that of the whole tone where nothing beats.
        generators.write(0, audio, 0);
        generators.write(0, audio, 0);
        const [first] = tone.segments;
        const pure = first!.frequenciesHz.length === 1 && first!.modulation === undefined && (first!.durationMs ?? 40) >= 40;
        if (pure) expect({ code, name, level: Math.round(dbm0(audio.row(0)) * 2) / 2 }).toEqual({ code, name, level });
        else expect(dbm0(audio.row(0))).toBeGreaterThan(level - 20);
        generators.stop(0);
        generators.write(0, audio, 0);
      }
    }
  }
});
