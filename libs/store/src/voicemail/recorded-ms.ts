import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readWav, wavBeginning } from '@tipring/gateway';

/** How long a recording of the gateway is, also one that nobody ended. 0: there is nothing. */
export function recordedMs(path: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return 0;
  }
  try {
    const beginning = Buffer.alloc(wavBeginning);
    const { size } = fstatSync(descriptor);
    const audio = readWav(beginning.subarray(0, readSync(descriptor, beginning, 0, wavBeginning, 0)), size);
    return typeof audio === 'string' ? 0 : Math.floor((audio.dataOctets * 1000) / (audio.rateHz * audio.channels * (audio.encoding === 'pcm16' ? 2 : 1)));
  } catch {
    return 0;
  } finally {
    closeSync(descriptor);
  }
}
