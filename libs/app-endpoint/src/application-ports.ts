import type { GatewayCommand, GatewayReplies, PlayerGatewayCommand, PlayerGatewayEvent } from '@tipring/gateway';
import type { Piece, Said } from '@tipring/prompts';
import type { Timers } from '@tipring/clock';
import type { Codec, ContextId, EndpointId, LegId, TerminationId } from '@tipring/telephony';
import type { WallClock } from './wall-clock.ts';

/** Of the gateway contract, what applications need of it. */
export type PlayerCommand =
  | PlayerGatewayCommand
  | { readonly do: 'subtract'; readonly context: ContextId; readonly termination: TerminationId }
  /** A group of loudspeakers. */
  | Extract<GatewayCommand, { do: 'add' }>
  /** Of contexts that are the applications' own: what a room is told, what is recorded of it. */
  | { readonly do: 'topology'; readonly context: ContextId; readonly joined: readonly (readonly [TerminationId, TerminationId])[] }
  | { readonly do: 'release'; readonly context: ContextId }
  | { readonly do: 'inspect'; readonly context: ContextId };

/**
 * Port. The media gateway; `GatewayMedia` of sip-endpoint is one. Nothing throws; what a gateway that is gone does not do is refused as `gone`. `done` is
 * never called inside `send`.
 */
export interface PlayerGateway {
  send<C extends PlayerCommand>(command: C, done?: (reply: GatewayReplies[C['do']] | null, refusal: { readonly code: string; readonly text: string } | null) => void): void;
}

/** The gateway, and who is to hear of which player. */
export interface PlayerMedia extends PlayerGateway {
  listen(termination: TerminationId, listener: (event: PlayerGatewayEvent) => void): void;
  unlisten(termination: TerminationId): void;
}

/** Port. The spoken set and the grammar of its languages. Synchronous; never throws: what cannot be said is left out. */
export interface Phrases {
  pieces(language: string, said: readonly Said[]): readonly Piece[];
}

/** Port. Whoever looks after applications. Must not throw, must not wait. */
export interface ApplicationLog {
  /** Our own code failed: this leg was released. */
  bug(endpoint: EndpointId, leg: LegId, error: unknown): void;
}

export interface ApplicationSurroundings {
  readonly media: PlayerMedia;
  readonly phrases: Phrases;
  readonly clock: WallClock;
  readonly timers: Timers;
  readonly log: ApplicationLog;
  /** That the gateway decodes, in order of preference. */
  readonly codecs: readonly Codec[];
}
