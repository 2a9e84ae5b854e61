import type { Timers } from '@tipring/clock';
import type { ContextId, EndpointId, LegId, TerminationId } from '@tipring/telephony';
import type { LocalTime, Piece, Said } from './said.ts';

/**
 * Port. The media gateway, as far as applications need it; `GatewayMedia` of sip-endpoint is one. Nothing throws; what a gateway that is gone does
 * not do is refused as `gone`.
 */
export interface PlayerMedia {
  readonly state: 'up' | 'down';
  listen(termination: TerminationId, listener: (event: PlayerEvent) => void): void;
  unlisten(termination: TerminationId): void;
  send(command: PlayerCommand, done?: (reply: unknown, refusal: { readonly code: string; readonly text: string } | null) => void): void;
}

/** Of the gateway contract, a player's and a seat's part. */
export type PlayerCommand =
  | { readonly do: 'addPlayer'; readonly context: ContextId; readonly termination: TerminationId }
  | { readonly do: 'addSeat'; readonly context: ContextId; readonly termination: TerminationId; readonly room: string; readonly isMuted?: boolean }
  | { readonly do: 'announce'; readonly context: ContextId; readonly termination: TerminationId; readonly pieces: readonly Piece[]; readonly times?: number }
  | { readonly do: 'hush'; readonly context: ContextId; readonly termination: TerminationId }
  | { readonly do: 'record'; readonly context: ContextId; readonly termination: TerminationId; readonly file: string; readonly maxMs: number; readonly silenceMs?: number; readonly isAppended?: boolean }
  | { readonly do: 'recording'; readonly context: ContextId; readonly termination: TerminationId; readonly is: 'paused' | 'running' | 'stopped' }
  | { readonly do: 'subtract'; readonly context: ContextId; readonly termination: TerminationId };

export type PlayerEvent =
  | { readonly event: 'announced'; readonly context: ContextId; readonly termination: TerminationId; readonly how: 'ended' | 'failed'; readonly text?: string }
  | { readonly event: 'recorded'; readonly context: ContextId; readonly termination: TerminationId; readonly file: string; readonly ms: number; readonly how: 'stopped' | 'silence' | 'maximum' | 'failed' | 'released'; readonly text?: string };

/** Port. The spoken set and the grammar of its languages. Synchronous; never throws: what cannot be said is left out. */
export interface Phrases {
  pieces(language: string, said: readonly Said[]): readonly Piece[];
}

/** Port. */
export interface WallClock {
  /** Ms since the epoch. */
  now(): number;
  /** On the wall of the site. */
  local(at: number): LocalTime;
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
}
