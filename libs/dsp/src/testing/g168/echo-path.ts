import g168 from './g168.json' with { type: 'json' };

/** Impulse response of an echo path at 8 kHz, its first tap without delay. */
export type EchoPath = Float64Array;

export type AnnexDPath = keyof typeof g168.annexD;

/** ITU-T G.168 Annex D: the models of measured hybrids. */
export const annexDPaths = Object.keys(g168.annexD) as readonly AnnexDPath[];

/** @param delayMs flat delay before the hybrid */
export function annexDPath(name: AnnexDPath, { erlDb, delayMs = 0 }: { readonly erlDb: number; readonly delayMs?: number }): EchoPath {
  const { coefficients, gain } = g168.annexD[name];
  return delayed(scaled(Float64Array.from(coefficients), gain * 10 ** (-erlDb / 20)), delayMs);
}

/** Test 5: infinite return loss. */
export const openPath: EchoPath = new Float64Array(1);

export function scaled(path: EchoPath, factor: number): EchoPath {
  return path.map((tap) => tap * factor);
}

export function delayed(path: EchoPath, delayMs: number): EchoPath {
  const taps = new Float64Array(Math.round(delayMs * 8) + path.length);
  taps.set(path, Math.round(delayMs * 8));
  return taps;
}

/** Several reflections at once: the sum. */
export function joined(...paths: readonly EchoPath[]): EchoPath {
  const taps = new Float64Array(Math.max(...paths.map(({ length }) => length)));
  for (const path of paths) for (const [n, tap] of path.entries()) taps[n]! += tap;
  return taps;
}

/** The echo of samples [from, to) of `far`, added to `sum`. */
export function addEcho(path: EchoPath, far: ArrayLike<number>, sum: Float64Array, from: number, to: number): void {
  const first = path.findIndex((tap) => tap !== 0);
  if (first < 0) return;
  const sent = Float64Array.from(far);
  const taps = path.subarray(first);
  let sounded = -Infinity;
  for (let n = Math.max(first, from - path.length); n < to; n++) {
    const newest = n - first;
    if (sent[newest] !== 0) sounded = newest;
    // Two minutes of silence have no echo.
    if (n < from || newest - sounded >= taps.length) continue;
    let echo = 0;
    for (let tap = 0, last = Math.min(taps.length - 1, newest); tap <= last; tap++) echo += taps[tap]! * sent[newest - tap]!;
    sum[n]! += echo;
  }
}
