export { dialogMachine } from './dialog-machine.ts';
export type { DialogEffect, DialogInput, DialogStep } from './dialog-machine.ts';
export { PresenceAgent } from './presence-agent.ts';
export type {
  DialogState, LiveDialogState, MessageCounts, PresenceListener, PresenceState, PresenceView, Reachability, WatchedDialog, WatchedEntity, WatchedId, WatchedKind,
} from './watched.ts';
