import { Playback } from './playback.ts';
import type { PlayerSlot } from './player-slot.ts';
import { Recording, type RecordingEnd, type RecordingRequest } from './recording.ts';
import type { SoundTools } from './sound-tools.ts';
import type { SoundsRequest, SoundsTold } from './sounds-message.ts';

interface OpenRecording {
  readonly recording: Recording;
  readonly request: RecordingRequest;
}

/** What the sounds thread does for all players: files are read ahead of what is played, and what is heard is written. */
export class SoundsUnit {
  readonly #folder: string;
  readonly #slots: readonly PlayerSlot[];
  readonly #tools: SoundTools;
  readonly #tell: (told: SoundsTold) => void;
  readonly #playing = new Map<number, Playback>();
  readonly #recording = new Map<number, OpenRecording>();

  constructor(folder: string, slots: readonly PlayerSlot[], tools: SoundTools, tell: (told: SoundsTold) => void) {
    this.#folder = folder;
    this.#slots = slots;
    this.#tools = tools;
    this.#tell = tell;
  }

  /** Whether there is nothing to do from time to time. */
  get idle(): boolean {
    return this.#playing.size === 0 && this.#recording.size === 0;
  }

  execute(request: Exclude<SoundsRequest, { do: 'end' }>): void {
    const { slot } = request;
    switch (request.do) {
      case 'announce': {
        this.#hush(slot);
        const { number } = request;
        const playback = new Playback(request, { number: slot, memory: this.#slots[slot]! }, this.#tools, this.#folder, (text) => this.#tell({ is: 'unplayable', slot, number, text }));
        if (!playback.fill()) this.#playing.set(slot, playback);
        return;
      }
      case 'hush':
        return this.#hush(slot);
      case 'record':
        this.#recording.set(slot, { recording: new Recording(request, { number: slot, memory: this.#slots[slot]! }, this.#tools, this.#folder), request });
        return;
      case 'stopRecording': {
        const open = this.#recording.get(slot);
        // It has ended by itself, and that was told.
        if (open?.request.number !== request.number) return;
        this.#ended(slot, open, open.recording.end(request.how));
      }
    }
  }

  /** Some times a second. */
  pump(): void {
    for (const [slot, playback] of this.#playing) if (playback.fill()) this.#playing.delete(slot);
    for (const [slot, open] of this.#recording) {
      const end = open.recording.pump();
      if (end !== null) this.#ended(slot, open, end);
    }
  }

  /** What was heard is written, and all files are closed. */
  close(): void {
    for (const slot of [...this.#playing.keys()]) this.#hush(slot);
    for (const [slot, open] of this.#recording) this.#ended(slot, open, open.recording.end('released'));
  }

  #hush(slot: number): void {
    this.#playing.get(slot)?.close();
    this.#playing.delete(slot);
  }

  #ended(slot: number, { request }: OpenRecording, end: RecordingEnd): void {
    this.#recording.delete(slot);
    this.#tell({ is: 'recorded', number: request.number, file: request.file, ...end });
  }
}
