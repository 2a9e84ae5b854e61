/** For the tests of this room and of those who use it. */
export { testDsp } from './testing/test-dsp.ts';
export { speechLike } from './testing/speech-like.ts';
export { addSamples, aLawRoundTrip, dbm0, gaussianNoise, muLawRoundTrip, rms, rms0Dbm0, scaleTo, seededRandom, silence, sine } from './testing/signals.ts';
export type { Random } from './testing/signals.ts';
export { Cm7291, cm7291Digits } from './testing/cm7291.ts';
export { dtmfDigits, dtmfSignal, highGroupHz, joined, lowGroupHz, silenceMs } from './testing/dtmf-signal.ts';
export type { DtmfSignal } from './testing/dtmf-signal.ts';
export { readWave } from './testing/wave-file.ts';
export { speechPrompts } from './testing/speech-prompts.ts';
export { bell202, fskBits, fskSignal, v23 } from './testing/fsk-signal.ts';
export type { FskSignal } from './testing/fsk-signal.ts';
export { answerTone, hdlcFlags, v21Signal } from './testing/fax-signals.ts';
