import type { Piece, SoundFile } from '@tipring/gateway';
import type { WebAssemblyModule } from '@tipring/dsp';

/** What the main thread tells the sounds thread, by players' slots. Announcements and recordings have numbers of their own. */
export type SoundsRequest =
  /** In place of what was played there. `times` 0: until `hush`. */
  | { readonly do: 'announce'; readonly slot: number; readonly number: number; readonly pieces: readonly Piece[]; readonly times: number }
  | { readonly do: 'hush'; readonly slot: number }
  | { readonly do: 'record'; readonly slot: number; readonly number: number; readonly file: SoundFile; readonly maxMs: number; readonly silenceMs: number | null; readonly isAppended: boolean }
  | { readonly do: 'stopRecording'; readonly slot: number; readonly number: number; readonly how: 'stopped' | 'released' }
  /** Files are closed, and the thread ends. */
  | { readonly do: 'end' };

/** What the sounds thread tells. */
export type SoundsTold =
  /** A piece of an announcement; the rest goes on. */
  | { readonly is: 'unplayable'; readonly slot: number; readonly number: number; readonly text: string }
  /** Its file is whole. Once for each `record`. */
  | { readonly is: 'recorded'; readonly number: number; readonly file: SoundFile; readonly ms: number; readonly how: 'stopped' | 'silence' | 'maximum' | 'failed' | 'released'; readonly text: string | null };

/** What the thread is started with. */
export interface SoundsWorkerData {
  /** Where all files are. */
  readonly folder: string;
  readonly memory: SharedArrayBuffer;
  readonly slots: number;
  readonly dsp: WebAssemblyModule;
}
