import type { ObjectDifference } from '@tipring/config';

/**
 * What became of a change. `applied`: in force until `confirmBy`, and then undone unless it was confirmed. `confirmed`: it stands; so does, from
 * the beginning, what nobody asked to confirm. `rolledBack`: it was undone, by the revision that `rolledBackBy` names.
 */
export type RevisionState = 'applied' | 'confirmed' | 'rolledBack';

/** One change of the configuration: who, when, why. Every change is one, also that of a single row. */
export interface RevisionSummary {
  /** 1, 2, 3 … without gaps, in the order in which they came into force. */
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  /** An API key’s id, or 'system'. */
  readonly actor: string;
  readonly requestId: string | null;
  readonly why: string | null;
  /** For a rollback: the revision whose configuration it put back in force; 0: that before the first. */
  readonly restores: number | null;
  readonly rolledBackBy: number | null;
  /** ISO 8601; null: needs no confirmation. */
  readonly confirmBy: string | null;
  readonly state: RevisionState;
  readonly counts: { readonly added: number; readonly changed: number; readonly removed: number };
}

/** What it changed, for people: no secrets. */
export interface Revision extends RevisionSummary {
  readonly objects: readonly ObjectDifference[];
}

/** A change in force that goes back by itself unless it is confirmed. */
export interface PendingRevision {
  readonly number: number;
  /** ISO 8601. */
  readonly confirmBy: string;
  /** The revision that would be in force again; 0: that before the first. */
  readonly before: number;
}
