import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clips, type Language, languages } from '@tipring/prompts';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPrompts, spokenLanguages } from './build.mjs';
import { promptRateHz, readWav } from './sound.ts';

let folder = '';
beforeAll(async () => {
  folder = await buildPrompts();
});

describe.each(languages)('the prompts in %s', (language) => {
  it('are those that can be asked for, no more', () => {
    const found = readdirSync(join(folder, language), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wav'));
    expect(found.sort()).toEqual(clips(language).map(({ id }) => `${id}.wav`).sort());
  });

  it('are wide-band, neither silent nor clipped, and equally loud', () => {
    const heard = measured(language);
    expect(heard.filter(({ sampleRateHz }) => sampleRateHz !== promptRateHz)).toEqual([]);
    expect(heard.filter(({ clippedSamples }) => clippedSamples > 0)).toEqual([]);
    // Those whose peaks forbid the level of the others (a plosive) are quieter.
    expect(heard.filter(({ levelDbm0 }) => levelDbm0 < -24 || levelDbm0 > -15)).toEqual([]);
    expect(heard.filter(({ levelDbm0 }) => levelDbm0 > -19).length).toBeGreaterThan(0.9 * heard.length);
  });

  it('last as long as their texts', () => {
    const heard = measured(language).filter(({ is }) => is === 'text');
    // Whoever speaks says seven to thirty-five characters a second; a clip of another text would not.
    expect(heard.filter(({ text, seconds }) => seconds < 0.12 + text.length / 35 || seconds > 0.9 + text.length / 7)).toEqual([]);
    expect(correlation(heard.map(({ text, seconds }) => [text.length, seconds]))).toBeGreaterThan(0.97);
  });

  it('are all different', () => {
    const byBytes = Map.groupBy(clips(language), ({ id }) => readFileSync(join(folder, language, `${id}.wav`)).toString('latin1'));
    expect([...byBytes.values()].filter((same) => same.length > 1)).toEqual([]);
  });
});

it('the tool knows the languages', () => {
  expect([...spokenLanguages].sort()).toEqual([...languages].sort());
});

function measured(language: Language) {
  return clips(language).map(({ id, text, is }) => {
    const { samples, sampleRateHz } = readWav(readFileSync(join(folder, language, `${id}.wav`)));
    const powers: number[] = [];
    let clippedSamples = 0;
    for (let begin = 0; begin + frame <= samples.length; begin += frame) {
      let sum = 0;
      for (let index = begin; index < begin + frame; index++) {
        const sample = samples[index]!;
        sum += sample * sample;
        if (Math.abs(sample) > 32_000) clippedSamples++;
      }
      powers.push(sum / frame);
    }
    const loudest = Math.max(...powers);
    const active = powers.filter((power) => power > loudest / 1000);
    const levelDbm0 = 10 * Math.log10(active.reduce((sum, power) => sum + power, 0) / active.length / 32_768 ** 2) + 6.15;
    return { id, text, is, sampleRateHz, seconds: samples.length / sampleRateHz, clippedSamples, levelDbm0 };
  });
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  const product = mean(pairs.map(([x, y]) => (x - meanX) * (y - meanY)));
  return product / Math.sqrt(mean(pairs.map(([x]) => (x - meanX) ** 2)) * mean(pairs.map(([, y]) => (y - meanY) ** 2)));
}

const frame = 160;
