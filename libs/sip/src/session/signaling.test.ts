import { expect, test } from 'vitest';
import { signaling } from './signaling.ts';
import type { SignalingInput, SignalingState } from './signaling.ts';

test('offer and answer alternate; nobody offers while an offer is open, nobody answers without one (RFC 3264 4)', () => {
  const states: SignalingState[] = ['none', 'localOffer', 'remoteOffer', 'stable'];
  const inputs: SignalingInput[] = ['sendOffer', 'receiveOffer', 'sendAnswer', 'receiveAnswer', 'withdraw'];
  const rows = states.map((state) => `${state}: ${inputs.map((input) => signaling(state, input) ?? '-').join(' ')}`);
  expect(rows).toEqual([
    'none: localOffer remoteOffer - - -',
    'localOffer: - - - stable stable',
    'remoteOffer: - - stable - stable',
    'stable: localOffer remoteOffer - - -',
  ]);
});
