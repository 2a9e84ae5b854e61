import type { Party } from '@tipring/telephony';

/** What is known of a message before it is spoken. Instants are ms since the epoch. */
export interface NewMessage {
  /** The caller's to make, unique for ever. */
  readonly id: string;
  readonly box: string;
  /** A WAV, relative to the folder of sounds. */
  readonly file: string;
  readonly from: Party;
  readonly at: number;
}

/** A message in a voicemail box. */
export interface VoicemailMessage extends NewMessage {
  readonly ms: number;
  readonly isUrgent: boolean;
  readonly isHeard: boolean;
  /** Who passed it on, of a copy. */
  readonly forwardedBy: string | null;
  /** When it was left, heard or put back. */
  readonly changedAt: number;
}

/** What a lamp on a telephone says of a box. */
export interface MessageCounts {
  readonly new: number;
  readonly heard: number;
  /** Of the new ones. */
  readonly urgent: number;
}

/** What the owner of a box has recorded: `unavailable` is what callers hear whom nobody answers, `name` who he is. */
export type GreetingKind = 'unavailable' | 'busy' | 'name';
