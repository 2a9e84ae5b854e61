import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../launcher/places.mjs';

/** Another echo canceller, from a library of the distribution, in a C program of its own. */
export interface EchoPeer {
  /** What is left of near on one channel. */
  residual(far: Int16Array, near: Int16Array, tailMs: number): Int16Array;
  /** Nanoseconds of CPU a sample: of the first samples, and of those after them. */
  time(far: Int16Array, near: Int16Array, tailMs: number, convergingSamples: number): { readonly converging: number; readonly settled: number };
}

export type EchoPeerName = 'spandsp' | 'speexdsp';

/** Compiled with -O3 -march=native for one run of the bench; undefined where the library or a compiler is missing. */
export function echoPeer(name: EchoPeerName, atEnd: (undo: () => unknown) => void): EchoPeer | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-echo-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, name);
  const flags = ['-O3', '-march=native', '-Wall', '-Wextra', '-Werror', `-D${name.toUpperCase()}`];
  try {
    execFileSync(process.env['CC'] || 'cc', [...flags, '-o', program, join(root, 'tools/bench/native/echo-peers.c'), `-l${name}`], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const run = (what: string, far: Int16Array, near: Int16Array, tailMs: number, ...more: readonly number[]): Buffer => {
    const pairs = new Int16Array(2 * far.length);
    for (let n = 0; n < far.length; n++) {
      pairs[2 * n] = far[n]!;
      pairs[2 * n + 1] = near[n]!;
    }
    return execFileSync(program, [what, String(tailMs * 8), ...more.map(String)], { input: Buffer.from(pairs.buffer), maxBuffer: 2 ** 28 });
  };
  return {
    residual: (far, near, tailMs) => {
      const bytes = run('residual', far, near, tailMs);
      // Libraries work in frames of their own; what does not fill the last one is missing.
      const out = new Int16Array(near);
      out.set(new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
      return out;
    },
    time: (far, near, tailMs, convergingSamples) => JSON.parse(run('time', far, near, tailMs, convergingSamples).toString()) as { converging: number; settled: number },
  };
}
