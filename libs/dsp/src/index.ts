export { AudioRows, Dsp, lanes } from './dsp.ts';
export type { Address } from './dsp.ts';
export { EchoCancellers } from './echo-canceller.ts';
export type { EchoReading, EchoSwitches } from './echo-canceller.ts';
export { Gains } from './gain.ts';
export { mostToneSegments, ToneGenerators } from './tone-generator.ts';
export type { Tone, ToneSegment } from './tone.ts';
export type { WebAssemblyModule } from './web-assembly.ts';
