import type { WebAssemblyModule } from '@tipring/dsp';
import { Worker } from 'node:worker_threads';
import type { PlayersMemory } from '../worker/audio-bridges.ts';
import { playerMemory, PlayerSlot } from './player-slot.ts';
import type { SoundsRequest, SoundsTold, SoundsWorkerData } from './sounds-message.ts';
import type { Sounds } from './sounds.ts';

/** The main thread's end of the sounds thread, which reads and writes the files of players. */
export class SoundsLink implements Sounds {
  readonly slots: readonly PlayerSlot[];
  /** For the workers that play them. */
  readonly players: PlayersMemory;
  readonly #worker: Worker;
  #ended = false;

  /** `folder`: of all sounds. `onDeath` when the thread ends without having been told to. */
  constructor(folder: string, slots: number, dsp: WebAssemblyModule, onTold: (told: SoundsTold) => void, onDeath: (error: Error) => void) {
    const memory = playerMemory(slots);
    this.players = { memory, slots };
    this.slots = Array.from({ length: slots }, (_, slot) => new PlayerSlot(memory, slot));
    const workerData: SoundsWorkerData = { folder, memory, slots, dsp };
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./sounds-worker.${extension}`, import.meta.url), { workerData });
    this.#worker.on('message', onTold);
    this.#worker.on('error', (error) => onDeath(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => {
      if (!this.#ended) onDeath(new Error(`the sounds thread ended with code ${code}`));
    });
  }

  tell(request: SoundsRequest): void {
    this.#worker.postMessage(request);
  }

  /** Has it write what was heard and close its files. */
  async end(): Promise<void> {
    this.#ended = true;
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.tell({ do: 'end' });
    const late = setTimeout(() => void this.#worker.terminate(), 500);
    await ended;
    clearTimeout(late);
  }
}
