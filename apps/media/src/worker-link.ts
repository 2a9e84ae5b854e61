import type { WebAssemblyModule } from '@tipring/dsp';
import { Worker } from 'node:worker_threads';
import { wakeNative } from './packet-io/native-packet-io.ts';
import type { AudioBridgesSettings, PlayersMemory } from './worker/audio-bridges.ts';
import { CommandRing, ringMemory } from './worker/command-ring.ts';
import { type MediaPlane, MediaPlaneWriter, type Urgency } from './worker/media-plane.ts';
import { statisticsBytes } from './worker/statistics-table.ts';
import type { WorkerEvent, WorkerSettings } from './worker/worker-event.ts';

export interface WorkerLinkSettings {
  readonly native: string;
  readonly pairs: number;
  readonly mediaTimeoutMs: number;
  readonly cname: string;
  readonly dsp: WebAssemblyModule;
  readonly bridges: AudioBridgesSettings;
  readonly players: PlayersMemory;
}

/** The main thread's end of one worker: commands into its ring, its statistics in shared memory, its events. */
export class WorkerLink {
  /** What the worker writes and we read (statistics-table.ts). */
  readonly statistics: Float64Array;
  /** Every call here is a command to the worker. */
  readonly plane: MediaPlane;
  readonly kind: 'native' | 'fallback';
  /** Why it has no real-time priority; null when it has. */
  realtimeRefused: string | null = null;

  readonly #worker: Worker;
  readonly #writer: MediaPlaneWriter;
  readonly #wakeNative: ((handle: number) => void) | null;
  #wakeHandle: number | null = null;
  #wakeIsDue = false;
  #bell: NodeJS.Timeout | null = null;
  #ended = false;

  /** `onEvents` gets a round's events; `onDeath` when the thread ends without having been told to. */
  constructor(settings: WorkerLinkSettings, onEvents: (events: readonly WorkerEvent[]) => void, onDeath: (error: Error) => void) {
    const statistics = new SharedArrayBuffer(statisticsBytes(settings.pairs));
    const ring = ringMemory(ringWords);
    this.statistics = new Float64Array(statistics);
    this.kind = settings.native === '' ? 'fallback' : 'native';
    this.#wakeNative = settings.native === '' ? null : wakeNative(settings.native);
    this.#writer = new MediaPlaneWriter(new CommandRing(ring), (urgency) => this.#wakeLater(urgency));
    this.plane = this.#writer;
    const workerData: WorkerSettings = { ...settings, ring, statistics };
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./worker/media-worker.${extension}`, import.meta.url), { workerData });
    this.#worker.on('message', (events: readonly WorkerEvent[]) => {
      for (const event of events) {
        if (event.type !== 'ready') continue;
        this.#wakeHandle = event.wakeHandle;
        this.realtimeRefused = event.realtimeRefused;
        // Commands of before had no handle to wake it with.
        this.#wake();
      }
      onEvents(events);
    });
    this.#worker.on('error', (error) => onDeath(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => {
      if (!this.#ended) onDeath(new Error(`a media worker ended with code ${code}`));
    });
  }

  /** Has the worker say goodbye on its streams and close its sockets; resolves when the thread has ended. */
  async end(): Promise<void> {
    this.#ended = true;
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#writer.stop();
    this.#wake();
    const late = setTimeout(() => void this.#worker.terminate(), 500);
    await ended;
    clearTimeout(late);
  }

  /**
   * A worker reads its ring before the packets of each round, so a command holds for every packet that comes after it in any
   * case. Waking is for when no packets come, and dear: the worker runs at once, on this thread's core if there is no other.
   */
  #wakeLater(urgency: Urgency): void {
    if (urgency === 'awaited' && !this.#wakeIsDue) {
      this.#wakeIsDue = true;
      setImmediate(this.#wake);
    } else if (urgency === 'soon' && this.#bell === null) {
      this.#bell = setTimeout(this.#wake, bellMs);
    }
  }

  #wake = (): void => {
    this.#wakeIsDue = false;
    if (this.#bell !== null) clearTimeout(this.#bell);
    this.#bell = null;
    const drained = this.#writer.drain();
    if (this.#wakeNative === null) this.#worker.postMessage(null);
    else if (this.#wakeHandle !== null) this.#wakeNative(this.#wakeHandle);
    if (!drained) this.#wakeLater('awaited');
  };
}

/** The longest a command waits when there are no packets: a digit to be sent, a goodbye. */
const bellMs = 5;
/** 256 KB: some thousand commands. */
const ringWords = 65_536;
