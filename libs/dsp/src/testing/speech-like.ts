import { addSamples, gaussianNoise, scaleTo, seededRandom } from './signals.ts';

/**
 * Something with the shape of speech at 8 kHz, deterministic: four syllables a second (150 ms voiced, of a gliding pitch with formants;
 * 100 ms pause), a rest of half a second after each two seconds, in noise of `noiseDbm0`. The level is that of the syllables.
 */
export function speechLike(levelDbm0: number, seconds: number, { noiseDbm0 = -65, seed = 1 }: { readonly noiseDbm0?: number; readonly seed?: number } = {}) {
  const random = seededRandom(seed);
  const samples = Math.round(seconds * 8_000);
  const speech = new Float64Array(samples);
  const active: boolean[] = new Array<boolean>(samples).fill(false);
  const spoken: number[] = [];
  for (let start = 0; start < samples; start += 2_000) {
    const pitch = 95 + 90 * random();
    const formants = [300 + 500 * random(), 900 + 1_200 * random(), 2_300 + 700 * random()];
    const glide = (random() - 0.5) * 0.3;
    if ((start / 2_000) % 10 >= 8) continue;
    let phase = 0;
    for (let n = 0; n < 1_200 && start + n < samples; n++) {
      phase += (2 * Math.PI * pitch * (1 + (glide * n) / 1_200)) / 8_000;
      let value = 0;
      for (let harmonic = 1; harmonic * pitch < 3_400; harmonic++) {
        const weight = formants.reduce((sum, formant, index) => sum + 0.5 ** index / (1 + ((harmonic * pitch - formant) / 120) ** 2), 0.003);
        value += weight * Math.sin(harmonic * phase + harmonic * harmonic);
      }
      speech[start + n] = value * Math.sin((Math.PI * n) / 1_200);
      active[start + n] = true;
      spoken.push(speech[start + n]!);
    }
  }
  const factor = scaleTo(spoken, levelDbm0)[600]! / spoken[600]!;
  const clean = speech.map((value) => value * factor);
  return { clean, active, noisy: addSamples(clean, gaussianNoise(noiseDbm0, samples, random)) };
}
