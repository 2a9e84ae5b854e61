import { endpointConformance } from '@tipring/telephony';
import { describe, expect, test } from 'vitest';
import { codecs } from '../phone-bed.ts';
import { trunk, TrunkBed } from './trunk-bed.ts';

describe.each(['early', 'late'] as const)('%s offer', (offer) => {
  endpointConformance(test, async () => {
    const bed = new TrunkBed();
    const carrier = bed.carrier();
    await bed.configure(trunk({ offer }));
    const [endpoint] = bed.pbx.trunks.find('trk-1');
    if (endpoint === undefined) throw new Error('no endpoint');
    return {
      endpoint,
      request: { context: 'c', from: { number: '+4930111' }, number: '+4989222', media: { codecs, digits: 'rtpEvent' } },
      settle: () => bed.pass(),
      farEnd: {
        ring: () => carrier.take().provisional(180),
        answer: () => carrier.answer(),
        reject: () => carrier.incoming.at(-1)?.refuse(486),
        hangUp: () => carrier.session?.end(),
      },
      end: async () => {
        expect(bed.pbx.trunks.live('trk-1')?.calls).toEqual({ inbound: 0, outbound: 0 });
        const closed = bed.pbx.trunks.close();
        bed.pass(40_000);
        await closed;
        // The termination is the call's to release.
        expect([bed.pbx.transactions.size.clients, bed.pbx.media.size]).toEqual([0, 0]);
      },
    };
  });
});
