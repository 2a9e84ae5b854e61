export { AudioRows, Dsp, lanes } from './dsp.ts';
export type { Address } from './dsp.ts';
export { Gains } from './gain.ts';
export type { Tone, ToneSegment } from './tone.ts';
export type { WebAssemblyModule } from './web-assembly.ts';
