import type { PlayerCommand, PlayerEvent, PlayerMedia, PlayerReplies } from '@tipring/app-endpoint';
import type { GatewayMedia } from '@tipring/sip-endpoint';
import type { TerminationId } from '@tipring/telephony';

/** The players of the media gateway, as applications use them. */
export class GatewayPlayers implements PlayerMedia {
  readonly #media: GatewayMedia;
  readonly #listeners = new Map<TerminationId, (event: PlayerEvent) => void>();

  /** Takes the media's `onPlayerEvent`. */
  constructor(media: GatewayMedia) {
    this.#media = media;
    media.onPlayerEvent = (event) => this.#listeners.get(event.termination)?.(event);
  }

  listen(termination: TerminationId, listener: (event: PlayerEvent) => void): void {
    this.#listeners.set(termination, listener);
  }

  unlisten(termination: TerminationId): void {
    this.#listeners.delete(termination);
  }

  send<C extends PlayerCommand>(command: C, done?: (reply: PlayerReplies[C['do']] | null, refusal: { readonly code: string; readonly text: string } | null) => void): void {
    if (command.do !== 'inspect') return this.#media.send(command, done as Parameters<GatewayMedia['send']>[1]);
    this.#media.send({ do: 'inspect', context: command.context }, (audit, refusal) => {
      const terminations = audit?.terminations.map(({ termination, player }) => ({ termination, isPlaying: player?.isPlaying === true, isRecording: player !== null && player?.recording !== null }));
      done?.((terminations === undefined ? null : { terminations }) as PlayerReplies[C['do']] | null, refusal);
    });
  }
}
