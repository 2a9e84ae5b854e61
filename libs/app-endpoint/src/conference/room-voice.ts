import type { Said } from '@tipring/prompts';
import type { Timer, Timers } from '@tipring/clock';
import type { PlayerGatewayEvent } from '@tipring/gateway';
import type { Phrases, PlayerMedia } from '../application-ports.ts';

export interface RoomVoiceSurroundings {
  readonly media: PlayerMedia;
  readonly phrases: Phrases;
  readonly timers: Timers;
  /** Unique, also over restarts: contexts of its own are named by it. */
  readonly newId: () => string;
}

interface Sentence {
  readonly language: string;
  readonly said: readonly Said[];
}

/**
 * Says something to all who are in a room: a player with a seat, in a context of its own that lasts for one sentence. One after the other; when
 * many come and go at once, the last of what nobody can follow is left out. A gateway that is gone has nobody in the room either.
 */
export class RoomVoice {
  readonly #room: string;
  readonly #around: RoomVoiceSurroundings;
  readonly #waiting: Sentence[] = [];
  #speaking: { readonly context: string; readonly late: Timer } | null = null;

  constructor(room: string, around: RoomVoiceSurroundings) {
    this.#room = room;
    this.#around = around;
  }

  say(language: string, said: readonly Said[]): void {
    if (this.#waiting.length >= mostWaiting) return;
    this.#waiting.push({ language, said });
    this.#next();
  }

  /** Nobody is there any more. */
  close(): void {
    this.#waiting.length = 0;
    this.#end();
  }

  #next(): void {
    const { media, phrases, timers, newId } = this.#around;
    const sentence = this.#speaking === null ? this.#waiting.shift() : undefined;
    if (sentence === undefined) return;
    const context = `voice-${newId()}`;
    const [player, seat] = [`${context}-player`, `${context}-seat`];
    this.#speaking = { context, late: timers.start(longestMs, () => this.#end()) };
    media.listen(player, (event: PlayerGatewayEvent) => event.event === 'announced' && this.#speaking?.context === context && this.#end());
    media.send({ do: 'addPlayer', context, termination: player });
    media.send({ do: 'addSeat', context, termination: seat, room: this.#room });
    media.send({ do: 'topology', context, joined: [[player, seat]] });
    media.send({ do: 'announce', context, termination: player, pieces: phrases.pieces(sentence.language, sentence.said) }, (_reply, refusal) => {
      if (refusal !== null && this.#speaking?.context === context) this.#end();
    });
  }

  #end(): void {
    if (this.#speaking === null) return;
    const { context, late } = this.#speaking;
    this.#speaking = null;
    late.stop();
    this.#around.media.unlisten(`${context}-player`);
    this.#around.media.send({ do: 'release', context });
    this.#next();
  }
}

const mostWaiting = 4;
/** Longer than any name with what is said behind it. */
const longestMs = 15_000;
