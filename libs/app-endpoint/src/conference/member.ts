import type { Party } from '@tipring/telephony';

/** One who is in a conference. Plain JSON: it is in the state of his call, from which the conference is put together again after a restart. */
export interface Member {
  /** Of the configuration. */
  readonly conference: string;
  /** From the first who came to the last who went; names its recordings. */
  readonly session: string;
  readonly leg: string;
  readonly party: Party;
  readonly role: Role;
  /** A file in which he says it. */
  readonly name: string | null;
  readonly isMuted: boolean;
  /** It was being recorded when this was told last. */
  readonly isRecorded: boolean;
  /** Ms since the epoch. */
  readonly since: number;
}

export type Role = 'participant' | 'moderator';

/** What those who are in a conference ask it and tell it. */
export type ConferenceAsk =
  /** Whose PIN this is. */
  | { readonly ask: 'checkPin'; readonly pin: string }
  | { readonly ask: 'enter'; readonly leg: string; readonly party: Party; readonly role: Role; readonly name: string | null; readonly at: number }
  /** What happens to him next; asked again after each answer. Also by who was in it before a restart. */
  | { readonly ask: 'watch'; readonly member: Member; /** For a moderator. */ readonly isWaiting: boolean }
  | { readonly ask: 'mute'; readonly member: Member; readonly isMuted: boolean }
  /** By a moderator: all who are none. */
  | { readonly ask: 'muteOthers'; readonly member: Member }
  | { readonly ask: 'record'; readonly member: Member; readonly is: 'started' | 'stopped' }
  | { readonly ask: 'leave'; readonly leg: string }
  | { readonly ask: 'discardName'; readonly file: string };

export type ConferenceAnswer =
  | { readonly to: 'checkPin'; readonly role: Role | null }
  /** `waiting`: for a moderator. */
  | { readonly to: 'enter'; readonly is: 'full' }
  | { readonly to: 'enter'; readonly is: 'in' | 'waiting'; readonly member: Member; readonly isFirst: boolean }
  | { readonly to: 'watch'; readonly is: 'open'; readonly isFirst: boolean }
  | { readonly to: 'watch'; readonly is: 'muted' | 'unmuted' | 'removed' | 'over' }
  | { readonly to: 'watch'; readonly is: 'recorded' | 'notRecorded' };
