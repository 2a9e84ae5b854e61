import { scaleTo } from './signals.ts';
import { speechPrompts } from './speech-prompts.ts';
import { readWave } from './wave-file.ts';

/**
 * English prompts one after the other, each at the level, with their own pauses: real speech for a far or a near party.
 * Undefined where asterisk-core-sounds-en-wav is not installed.
 *
 * @param first where in the list of prompts to begin: two parties should not say the same
 */
export function speech(levelDbm0: number, samples: number, first = 0): Float64Array | undefined {
  const prompts = speechPrompts().filter((path) => path.includes('/en_'));
  if (prompts.length === 0) return undefined;
  const said = new Float64Array(samples);
  let at = 0;
  for (let k = first; at < samples; k++) {
    const { rate, samples: prompt } = readWave(prompts[k % prompts.length]!);
    // Very short ones are single letters and digits: no speech to converge on.
    if (rate !== 8_000 || prompt.length < 12_000) continue;
    said.set(scaleTo(prompt, levelDbm0).subarray(0, samples - at), at);
    at += prompt.length;
  }
  return said;
}
