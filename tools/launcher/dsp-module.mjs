import { buildDsp } from '../dsp/build.mjs';
import { step } from './progress.mjs';

/** @returns {Promise<string>} path of the WebAssembly module of native-dsp, built when its sources changed */
export function dspModule() {
  return step('Building the DSP module', () => buildDsp('dsp'));
}
