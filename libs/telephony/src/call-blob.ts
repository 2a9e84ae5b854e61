import type { CallLogState } from './call-log.ts';
import type { LegId, LegSnapshot } from './leg.ts';

/**
 * What a call leaves in the gateway so that it can be taken back after a crash of this process. `talking`: both parties
 * had answered; otherwise the call was being set up.
 */
export interface CallBlob {
  readonly version: 1;
  readonly log: CallLogState;
  readonly talking: { readonly caller: LegId; readonly called: LegId; readonly held: readonly LegId[] } | null;
  /** Of every leg that was not released. */
  readonly snapshots: Readonly<Record<LegId, LegSnapshot>>;
}

/** undefined: not a blob of ours, or of a version this process does not know. */
export function parseBlob(text: string): CallBlob | undefined {
  try {
    const blob = JSON.parse(text) as Partial<CallBlob> | null;
    if (blob?.version !== 1 || blob.log === undefined || blob.snapshots === undefined || blob.talking === undefined) return undefined;
    if (!Array.isArray(blob.log.legs) || !Array.isArray(blob.log.story)) return undefined;
    return blob as CallBlob;
  } catch {
    return undefined;
  }
}
