import type { Piece, Said } from '@tipring/prompts';
import type { Timers } from '@tipring/clock';
import type { Codec, ContextId, EndpointId, LegId, TerminationId } from '@tipring/telephony';
import type { WallClock } from './wall-clock.ts';

/**
 * Port. The media gateway, as far as applications need it; `GatewayMedia` of sip-endpoint is one. Nothing throws; what a gateway that is gone does
 * not do is refused as `gone`.
 */
export interface PlayerMedia {
  listen(termination: TerminationId, listener: (event: PlayerEvent) => void): void;
  unlisten(termination: TerminationId): void;
  send<C extends PlayerCommand>(command: C, done?: (reply: PlayerReplies[C['do']] | null, refusal: { readonly code: string; readonly text: string } | null) => void): void;
}

/** Of the gateway contract, a player's and a seat's part. */
export type PlayerCommand =
  | (Place & { readonly do: 'addPlayer' })
  | (Place & { readonly do: 'hush' | 'subtract' })
  | (Place & { readonly do: 'addSeat'; readonly room: string; readonly isMuted?: boolean })
  | (Place & { readonly do: 'modifySeat'; readonly isMuted: boolean })
  | (Place & { readonly do: 'announce'; readonly pieces: readonly Piece[]; readonly times?: number })
  | (Place & { readonly do: 'record'; readonly file: string; readonly maxMs: number; readonly silenceMs?: number; readonly isAppended?: boolean })
  | (Place & { readonly do: 'recording'; readonly is: 'paused' | 'running' | 'stopped' })
  | { readonly do: 'inspect'; readonly context: ContextId };

interface Place {
  readonly context: ContextId;
  readonly termination: TerminationId;
}

/** Nothing in those that are only done. */
export type PlayerReplies = Readonly<Record<Exclude<PlayerCommand['do'], 'inspect'>, unknown>> & {
  readonly inspect: { readonly terminations: readonly { readonly termination: TerminationId; readonly isPlaying?: boolean; readonly isRecording?: boolean }[] };
};

export type PlayerEvent =
  | (Place & { readonly event: 'announced'; readonly how: 'ended' | 'failed'; readonly text?: string })
  | (Place & { readonly event: 'recorded'; readonly file: string; readonly ms: number; readonly how: 'stopped' | 'silence' | 'maximum' | 'failed' | 'released'; readonly text?: string });

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
