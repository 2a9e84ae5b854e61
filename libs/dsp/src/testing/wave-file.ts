import { readFileSync } from 'node:fs';

/** Mono 16-bit PCM of a RIFF/WAVE file; throws on any other. */
export function readWave(path: string): { readonly rate: number; readonly samples: Int16Array } {
  const file = readFileSync(path);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') throw new Error(`${path} is not a WAVE file.`);
  let rate = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const chunk = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    if (chunk === 'fmt ') {
      if (file.readUInt16LE(at + 8) !== 1 || file.readUInt16LE(at + 10) !== 1 || file.readUInt16LE(at + 22) !== 16) throw new Error(`${path} is not mono 16-bit PCM.`);
      rate = file.readUInt32LE(at + 12);
    }
    if (chunk === 'data') {
      const bytes = file.subarray(at + 8, Math.min(file.length, at + 8 + length));
      return { rate, samples: new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1))) };
    }
    at += 8 + length + (length & 1);
  }
  throw new Error(`${path} has no audio.`);
}
