import type { Timer } from '@tipring/clock';
import type { PlayerGatewayEvent } from '@tipring/gateway';
import type { RoomVoiceSurroundings } from './room-voice.ts';

/**
 * Records a room: a player with a seat that is not heard, in a context of its own. When the gateway was restarted, or the context was released because
 * it is no call's, it begins again and goes on in its file.
 */
export class RoomRecorder {
  readonly #room: string;
  readonly #file: string;
  readonly #around: Pick<RoomVoiceSurroundings, 'media' | 'timers' | 'newId'>;
  readonly #ended: () => void;
  #context = '';
  #look: Timer | null = null;
  #isStopping = false;

  /** Begins, or goes on in `file`. `ended` once: when the file is whole, or it could not be had. */
  constructor(room: string, file: string, around: Pick<RoomVoiceSurroundings, 'media' | 'timers' | 'newId'>, ended: () => void) {
    this.#room = room;
    this.#file = file;
    this.#around = around;
    this.#ended = ended;
    this.#begin();
  }

  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#look?.stop();
    this.#look = this.#around.timers.start(lastWordMs, () => this.#end());
    this.#around.media.send({ do: 'release', context: this.#context });
  }

  #begin(): void {
    const { media, timers, newId } = this.#around;
    const context = `recorder-${newId()}`;
    const [player, seat] = [`${context}-player`, `${context}-seat`];
    this.#context = context;
    media.listen(player, (event: PlayerGatewayEvent) => {
      if (event.event !== 'recorded' || this.#context !== context) return;
      if (this.#isStopping || event.how !== 'released') this.#end();
    });
    media.send({ do: 'addPlayer', context, termination: player });
    media.send({ do: 'addSeat', context, termination: seat, room: this.#room, isMuted: true });
    media.send({ do: 'topology', context, joined: [[player, seat]] });
    media.send({ do: 'record', context, termination: player, file: this.#file, maxMs: longestMs, isAppended: true }, (_reply, refusal) => {
      // A gateway that forgot the context, or is away, is asked again by `check`; any other has said that it does not record.
      if (this.#context === context && !this.#isStopping && refusal !== null && refusal.code !== 'noSuchContext' && refusal.code !== 'gone') this.#end();
    });
    this.#look = timers.start(againMs, () => this.#check());
  }

  /** Is it still there? */
  #check(): void {
    const { media, timers } = this.#around;
    this.#look = timers.start(againMs, () => this.#check());
    const context = this.#context;
    media.send({ do: 'inspect', context }, (_reply, refusal) => {
      if (this.#isStopping || this.#context !== context || refusal?.code !== 'noSuchContext') return;
      this.#look?.stop();
      media.unlisten(`${context}-player`);
      this.#begin();
    });
  }

  #end(): void {
    this.#isStopping = true;
    this.#look?.stop();
    this.#look = null;
    const { media } = this.#around;
    media.unlisten(`${this.#context}-player`);
    // What ended by itself is there still.
    media.send({ do: 'release', context: this.#context });
    this.#ended();
  }
}

const againMs = 5_000;
const lastWordMs = 2_000;
/** A day. */
const longestMs = 86_400_000;
