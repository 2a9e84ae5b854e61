import type { Tone } from '@tipring/dsp';
import type { ContextId, TerminationId } from './identifiers.ts';

/*
 * Terminations without a far end. A player plays to those who are joined with it and records what they say; a seat puts those who are joined
 * with it into a room. Both have neither ports nor packets and are joined like any other end, also one way. `modify` and `signal` of
 * one are refused as `badCommand`; so is what is a player's of another.
 */

/** Conferences: who has a seat in a room hears all others in it, and not himself. A room spans contexts: it begins with its first seat and ends with its last. */
export type RoomId = string;

/**
 * A file below the gateway's `sounds` folder: '/' between its parts, none of them empty or of dots alone, at most 255 characters. WAV: PCM of 16 bits
 * at 8, 16 or 48 kHz, A-law or µ-law at 8 kHz; of several channels the first is played.
 */
export type SoundFile = string;

/** Of what a player plays. */
export type Piece =
  /** `fromMs`: what is before is left out. */
  | { readonly file: SoundFile; readonly fromMs?: number }
  /** Level as of `Signal`. */
  | { readonly tone: Tone; readonly levelDbm0: number; readonly ms: number }
  | { readonly silenceMs: number };

export type PlayerGatewayCommand =
  /** It plays and records also while it is joined with nobody. Refused as `overloaded` when no room is left. */
  | { readonly do: 'addPlayer'; readonly context: ContextId; readonly termination: TerminationId }
  /** All seats of a context are in one room: another is refused as `badCommand`. */
  | { readonly do: 'addSeat'; readonly context: ContextId; readonly termination: TerminationId; readonly room: RoomId; /** Hears, and is not heard. */ readonly isMuted?: boolean }
  | { readonly do: 'modifySeat'; readonly context: ContextId; readonly termination: TerminationId; readonly isMuted: boolean }
  /** These one after the other, in place of what it played. `times`: all of them so often, 1 when absent, 0: until `hush`. */
  | { readonly do: 'announce'; readonly context: ContextId; readonly termination: TerminationId; readonly pieces: readonly Piece[]; readonly times?: number }
  | { readonly do: 'hush'; readonly context: ContextId; readonly termination: TerminationId }
  /**
   * What those say who are joined with the player, mixed, as mono WAV of 16 bits; what it plays itself is not in it. At 8 kHz, or at 16 where a
   * wide-band end is heard when it begins. `isAppended`: at the end of the file, if there is one; else in place of it. Ends after `maxMs` of sound,
   * after `silenceMs` of silence, which is left out, by `recording`, or with the player. Refused as `alreadyRecording` while another goes on.
   */
  | { readonly do: 'record'; readonly context: ContextId; readonly termination: TerminationId; readonly file: SoundFile; readonly maxMs: number; readonly silenceMs?: number; readonly isAppended?: boolean }
  /** `paused`: nothing is written, and time does not count. Refused as `notRecording` when there is none. */
  | { readonly do: 'recording'; readonly context: ContextId; readonly termination: TerminationId; readonly is: 'paused' | 'running' | 'stopped' };

export interface PlayerGatewayReplies {
  addPlayer: Record<string, never>;
  addSeat: Record<string, never>;
  modifySeat: Record<string, never>;
  announce: Record<string, never>;
  hush: Record<string, never>;
  record: Record<string, never>;
  recording: Record<string, never>;
}

/** What happens while no controller is connected is kept, and told to the next one after the reply to its `audit`. */
export type PlayerGatewayEvent =
  /** What was announced has been played. `failed`: a piece of it could not be, as `text` says; the others were. Not told of what was replaced or hushed. */
  | { readonly event: 'announced'; readonly context: ContextId; readonly termination: TerminationId; readonly how: 'ended' | 'failed'; readonly text?: string }
  /**
   * Exactly once for each `record` that was accepted, and after its file is whole. `ms`: of sound that this recording wrote. `released`: with its player.
   */
  | { readonly event: 'recorded'; readonly context: ContextId; readonly termination: TerminationId; readonly file: SoundFile; readonly ms: number; readonly how: 'stopped' | 'silence' | 'maximum' | 'failed' | 'released'; readonly text?: string };

/** What an audit tells of a player. */
export interface PlayerAudit {
  readonly isPlaying: boolean;
  readonly recording: { readonly file: SoundFile; readonly is: 'paused' | 'running' } | null;
}

/** And of a seat. */
export interface SeatAudit {
  readonly room: RoomId;
  readonly isMuted: boolean;
}

export type PlayerGatewayRefusalCode = 'alreadyRecording' | 'notRecording';
