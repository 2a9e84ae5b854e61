import { residentBytes } from '../../testbed/process-figures.ts';

/** Reads the resident memory of a process again and again; a process that is being restarted is passed over. */
export class ResidentWatch {
  readonly samples: { readonly atMs: number; readonly bytes: number }[] = [];
  readonly #pid: () => number;
  readonly #reading: NodeJS.Timeout;
  readonly #began = performance.now();

  constructor(pid: () => number, everyMs: number) {
    this.#pid = pid;
    this.read();
    this.#reading = setInterval(() => this.read(), everyMs);
  }

  read(): void {
    try {
      this.samples.push({ atMs: performance.now() - this.#began, bytes: residentBytes(this.#pid()) });
    } catch {
      // It is down for the moment.
    }
  }

  get firstMb(): number {
    return megabytes(this.samples[0]?.bytes ?? Number.NaN);
  }

  get peakMb(): number {
    return megabytes(Math.max(...this.samples.map((sample) => sample.bytes)));
  }

  get lastMb(): number {
    return megabytes(this.samples.at(-1)?.bytes ?? Number.NaN);
  }

  stop(): void {
    clearInterval(this.#reading);
    this.read();
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
