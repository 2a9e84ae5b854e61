import { buildDsp } from '../dsp/build.mjs';

/** vitest's global set-up: the DSP as its sources are now, for the tests and the programs they start. */
export async function setup(): Promise<void> {
  process.env['TIPRING_DSP'] = await buildDsp('dsp');
  process.env['TIPRING_DSP_EXERCISE'] = await buildDsp('exercise');
}
