import type { DialogState, MessageCounts, PresenceState, PresenceView } from '@tipring/presence';

/** What a NOTIFY told: kept of the last one of each subscription, for people and for the next one. */
export interface Told {
  /** Of the state it was made of (`PresenceView.revision`). */
  readonly revision: number;
  readonly state: PresenceState;
  readonly isReachable: boolean;
  /** Those that are over are told once, and then left out. */
  readonly dialogs: readonly { readonly id: string; readonly state: DialogState }[];
  readonly messages: MessageCounts | null;
}

/** `view`: undefined when it is not there any more, and all that its watcher knows of is over. */
export function toldOf(view: PresenceView | undefined, last: Told | null): Told {
  const dialogs = (view?.dialogs ?? []).map(({ id, state }): Told['dialogs'][number] => ({ id, state }));
  for (const { id, state } of last?.dialogs ?? []) if (state !== 'terminated' && !dialogs.some((dialog) => dialog.id === id)) dialogs.push({ id, state: 'terminated' });
  return {
    revision: view?.revision ?? (last?.revision ?? 0) + 1,
    state: view?.state ?? 'idle',
    isReachable: view?.reachability.isReachable ?? false,
    dialogs,
    messages: view?.messages ?? null,
  };
}
