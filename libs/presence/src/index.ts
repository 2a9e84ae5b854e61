export { slotId } from './parts-in-call.ts';
export { PresenceAgent } from './presence-agent.ts';
export type {
  DialogState, LiveDialogState, MessageCounts, PresenceListener, PresenceState, PresenceView, Reachability, WatchedDialog, WatchedEntity, WatchedId, WatchedKind,
} from './watched.ts';
