import type { Evidence } from '@tipring/telephony';

/* Why a call on a port ends that nobody has hung up. */

export const driverLost: Evidence = { kind: 'driverLost', text: 'the agent of the card is gone, and let go of the port' };
export const gatewayLost: Evidence = { kind: 'gatewayLost', text: 'the media gateway is not connected' };
export const gatewayRestarted: Evidence = { kind: 'gatewayRestarted', text: 'the media gateway was restarted, and the port let go of its call' };
