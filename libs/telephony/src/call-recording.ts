import type { CallLog } from './call-log.ts';
import type { CallMedia, Recorded } from './call-media.ts';
import type { TerminationId } from './media.ts';

/** A call's recording: one file for each segment in which somebody talks, so that each is owned by one. */
export class CallRecording {
  readonly #log: CallLog;
  readonly #media: CallMedia;
  /** The file that is being written. */
  #file: string | null = null;

  constructor(log: CallLog, media: CallMedia) {
    this.#log = log;
    this.#media = media;
  }

  /** Whom those who talk are heard by; null: it is not recorded now. */
  get recorder(): TerminationId | null {
    return this.#file === null ? null : this.#name;
  }

  /** @returns what it is now, for who follows; null: as it was */
  do(what: 'start' | 'pause' | 'resume' | 'stop'): 'running' | 'paused' | 'stopped' | null {
    const { state } = this.#log;
    const { recording } = state;
    if (what === 'stop') {
      if (recording === undefined) return null;
      delete state.recording;
      this.#end();
      this.#media.drop(state.id, this.#name);
      return 'stopped';
    }
    const is = what === 'pause' ? 'paused' : 'running';
    if (recording === undefined ? what !== 'start' : recording.is === is) return null;
    state.recording = { is, files: recording?.files ?? state.segments.reduce((count, { recordings }) => count + recordings.length, 0) };
    if (recording === undefined) this.#media.addPlayer(state.id, this.#name);
    if (this.#file !== null) this.#media.recording(state.id, this.#name, is);
    else this.follow();
    return is;
  }

  /** Another segment has begun; or the gateway was restarted, and what it wrote is over (`lost`). */
  follow(is: 'segment' | 'lost' = 'segment'): void {
    const { state } = this.#log;
    const segment = state.segments.at(-1);
    if (is === 'lost') {
      this.#file = null;
      if (state.recording !== undefined) this.#media.addPlayer(state.id, this.#name);
    }
    if (this.#file !== null && segment?.recordings.some(({ file }) => file === this.#file) !== true) this.#end();
    if (this.#file !== null || state.recording?.is !== 'running' || segment?.is !== 'talking') return;
    const files = state.recording.files + 1;
    state.recording = { is: 'running', files };
    this.#file = `recordings/${state.id}.${files}.wav`;
    segment.recordings.push({ file: this.#file, ms: null });
    this.#media.record(state.id, this.#name, this.#file);
  }

  /** After a restart: the gateway has gone on. */
  adopt(): void {
    const { state } = this.#log;
    const open = state.recording === undefined ? undefined : state.segments.at(-1);
    if (open?.endedAt === null) this.#file = open.recordings.at(-1)?.file ?? null;
  }

  recorded({ file, ms }: Recorded): void {
    for (const { recordings } of this.#log.state.segments) for (const recording of recordings) if (recording.file === file) recording.ms = Math.round(ms);
    if (file === this.#file) this.#file = null;
  }

  #end(): void {
    if (this.#file === null) return;
    this.#media.recording(this.#log.state.id, this.#name, 'stopped');
    this.#file = null;
  }

  get #name(): TerminationId {
    return `${this.#log.state.id}.recorder`;
  }
}
