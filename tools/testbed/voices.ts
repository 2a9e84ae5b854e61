import { speechLike } from '@tipring/dsp/test-support';
import type { Voice } from './ip-phone.ts';

/** Something with the shape of speech, ten seconds over and over; each party begins elsewhere. */
export function talking(party: number): Voice {
  talk ??= Int16Array.from(speechLike(-20, 10).noisy, Math.round);
  return looped(talk, party * 9_000);
}

/** These samples over and over. */
export function looped(samples: Int16Array, from = 0): Voice {
  let at = from % samples.length;
  return (into) => {
    for (let n = 0; n < into.length; n++) {
      into[n] = samples[at]!;
      at = (at + 1) % samples.length;
    }
  };
}

let talk: Int16Array | undefined;
