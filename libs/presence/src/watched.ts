import type { CallId, EndpointId, LegId, Party } from '@tipring/telephony';

/** What can be watched. `parkingSlot`: a place of a parking lot; `mailbox`: a voicemail box. */
export type WatchedKind = 'extension' | 'station' | 'line' | 'trunk' | 'parkingSlot' | 'queue' | 'mailbox';

/** A row's id; of a parking slot `LOT/SLOT`. */
export type WatchedId = string;

/** Something to be watched, as it is configured. */
export interface WatchedEntity {
  readonly id: WatchedId;
  readonly kind: WatchedKind;
  /** Stable human name, unique among its kind. */
  readonly key: string;
  /** By which it is dialled; null: it has none. */
  readonly number: string | null;
  /** For people. */
  readonly name: string;
  /** Whose legs are its own. An endpoint may belong to several: a station is watched by itself and as its extension. */
  readonly endpoints: readonly EndpointId[];
  /** It does not want to be called: of an extension, as it is set. */
  readonly isDoNotDisturb?: boolean;
}

/** Of a dialog that goes on. `held`: confirmed, and the entity has put the other side on hold. RFC 4235 3.7.1 has the rest. */
export type LiveDialogState = 'trying' | 'early' | 'confirmed' | 'held';
export type DialogState = LiveDialogState | 'terminated';

/** One entity's part in one call: all its legs there are one dialog, whose state is that of the leg that is furthest. */
export interface WatchedDialog {
  /** Unique, also after its end. */
  readonly id: string;
  /** Null: it is in use without a call of ours. */
  readonly call: CallId | null;
  /** The leg that is furthest; of one that rings, the one to be replaced for a pickup. */
  readonly leg: LegId | null;
  /** Who began it. */
  readonly direction: 'initiator' | 'recipient';
  readonly state: LiveDialogState;
  /** Whom it talks to; his number and name are withheld when he is anonymous. */
  readonly remote: Party;
  /** Ms since the epoch: since when it is in this state. */
  readonly since: number;
}

/** Of all its dialogs together: what a lamp would show. A call that waits while another is up leaves it `inUse`; `dialogs` tells both. */
export type PresenceState = 'idle' | 'calling' | 'ringing' | 'inUse' | 'held';

/** Whether a call could reach it. `text`: a sentence for people. */
export interface Reachability {
  readonly isReachable: boolean;
  readonly text: string;
}

/** Messages of a mailbox. */
export interface MessageCounts {
  readonly new: number;
  readonly old: number;
  readonly newUrgent: number;
  readonly oldUrgent: number;
}

/** An entity as it stands: a copy. */
export interface PresenceView {
  readonly entity: WatchedEntity;
  readonly state: PresenceState;
  /** Ms since the epoch: since when `state` is this. */
  readonly since: number;
  readonly reachability: Reachability;
  /** Oldest first; those that are over are not among them. */
  readonly dialogs: readonly WatchedDialog[];
  /** Null: it is no mailbox. */
  readonly messages: MessageCounts | null;
  /** Counts its changes. */
  readonly revision: number;
}

/** Told at each change, once; null: it is not there any more. */
export type PresenceListener = (id: WatchedId, view: PresenceView | null) => void;
