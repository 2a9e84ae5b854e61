// The machines as they are, for tools that draw them; requests are sent and answered through TransactionLayer.
export { InviteClient } from './transaction/invite-client.ts';
export { InviteServer } from './transaction/invite-server.ts';
export { NonInviteClient } from './transaction/non-invite-client.ts';
export { NonInviteServer } from './transaction/non-invite-server.ts';
export type { Machinery } from './transaction/timing.ts';
export { WaitState } from './transaction/wait-state.ts';
export { signaling } from './session/signaling.ts';
export type { SignalingInput, SignalingState } from './session/signaling.ts';
export { newSubscription, subscription } from './events/subscription.ts';
export type { Subscription, SubscriptionEffect, SubscriptionInput, SubscriptionTimer } from './events/subscription.ts';
