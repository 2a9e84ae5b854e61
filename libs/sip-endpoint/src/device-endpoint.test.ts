import { endpointConformance } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { codecs, PhoneBed } from './phone-bed.ts';

endpointConformance(test, () => {
  const bed = new PhoneBed();
  const ben = bed.phone('102', '102', 12);
  const [endpoint] = bed.pbx.endpoints.find('d-102');
  if (endpoint === undefined) throw new Error('no endpoint');
  return {
    endpoint,
    request: { context: 'c', from: { number: '101' }, number: '102', media: { codecs, digits: 'rtpEvent' } },
    settle: () => bed.pass(),
    farEnd: {
      ring: () => ben.ring(),
      answer: () => ben.answer(),
      reject: () => ben.incoming.at(-1)?.refuse(486),
      hangUp: () => ben.session?.end(),
    },
    end: () => {
      bed.pass(40_000);
      // The termination is the call's to release.
      expect([bed.pbx.transactions.size.clients, bed.pbx.media.size]).toEqual([0, 0]);
    },
  };
});
