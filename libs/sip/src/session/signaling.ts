/**
 * Where offer and answer stand in one dialog (RFC 3264 4, RFC 6337 2), as in WebRTC's signalling state.
 *
 *        none ──sendOffer──► localOffer ──receiveAnswer──┐
 *          │                  ▲      │withdraw           ▼
 *          │                  └──────┴── sendOffer ─── stable
 *          │                  ┌──────┬── receiveOffer ─  ▲
 *          │                  ▼      │withdraw           │
 *          └─receiveOffer► remoteOffer ────sendAnswer────┘
 */
export type SignalingState = 'none' | 'localOffer' | 'remoteOffer' | 'stable';

/** `withdraw`: the offer was refused, what stood before holds (RFC 3261 14.1). */
export type SignalingInput = 'sendOffer' | 'receiveOffer' | 'sendAnswer' | 'receiveAnswer' | 'withdraw';

/** The next state, or undefined where RFC 3264 forbids the step. */
export function signaling(state: SignalingState, input: SignalingInput): SignalingState | undefined {
  return table[state][input];
}

const table: Record<SignalingState, Partial<Record<SignalingInput, SignalingState>>> = {
  none: { sendOffer: 'localOffer', receiveOffer: 'remoteOffer' },
  localOffer: { receiveAnswer: 'stable', withdraw: 'stable' },
  remoteOffer: { sendAnswer: 'stable', withdraw: 'stable' },
  stable: { sendOffer: 'localOffer', receiveOffer: 'remoteOffer' },
};
