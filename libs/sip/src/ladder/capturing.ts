import type { Hop, Transport } from '../transport/flow.ts';
import type { Ladders } from './ladders.ts';

/** The transport, with everything that is sent by it in the ladders. `now`: ms since the epoch. */
export function capturing(transport: Transport, ladders: Ladders, now: () => number): Transport {
  return {
    send(hop: Hop, bytes: Uint8Array, failed: (reason: string) => void): void {
      ladders.sent(bytes, hop, now());
      transport.send(hop, bytes, failed);
    },
    hopFor: (hop, size) => transport.hopFor(hop, size),
    advertised: (hop) => transport.advertised(hop),
  };
}
