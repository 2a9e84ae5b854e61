import type { WebAssemblyModule } from '@tipring/dsp';
import type { AudioBridgesSettings, PlayersMemory } from './audio-bridges.ts';

/** What a worker tells the main thread; a batch of them is one message. `generation` is that of the termination (`MediaPlane.begin`). */
export type WorkerEvent =
  | { readonly type: 'ready'; readonly kind: 'native' | 'fallback'; readonly wakeHandle: number | null; /** Null when it was had. */ readonly realtimeRefused: string | null }
  | { readonly type: 'opened'; readonly pair: number; /** Null when both ports are open. */ readonly error: string | null }
  | { readonly type: 'closed'; readonly pair: number }
  /** By a player's slot: all of that announcement has been played. */
  | { readonly type: 'announced'; readonly player: number; readonly announcement: number; readonly how: 'ended' | 'failed' }
  | { readonly type: 'started'; readonly pair: number; readonly generation: number; readonly address: string; readonly port: number }
  | { readonly type: 'digit'; readonly pair: number; readonly generation: number; readonly digit: string; readonly durationMs: number; readonly relayed: boolean }
  /** Payload type of the audio that comes from it: the first after each `remote`, and when it changes. */
  | { readonly type: 'spoke'; readonly pair: number; readonly generation: number; readonly payloadType: number }
  | { readonly type: 'timeout' | 'resumed'; readonly pair: number; readonly generation: number; readonly silentMs: number };

/** What a worker is started with. */
export interface WorkerSettings {
  /** The addon's path, '' for the fallback. */
  readonly native: string;
  readonly pairs: number;
  readonly ring: SharedArrayBuffer;
  readonly statistics: SharedArrayBuffer;
  readonly mediaTimeoutMs: number;
  readonly cname: string;
  /** Compiled once for all workers. */
  readonly dsp: WebAssemblyModule;
  readonly bridges: AudioBridgesSettings;
  readonly players: PlayersMemory;
}
