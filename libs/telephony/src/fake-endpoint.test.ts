import { FakeTimers } from '@tipring/clock';
import { test } from 'vitest';
import { endpointConformance } from './endpoint-conformance.ts';
import { FakeEndpoint } from './fake-endpoint.ts';

endpointConformance(test, () => {
  const timers = new FakeTimers();
  const endpoint = new FakeEndpoint('fake', timers, { release: { ms: 5 } });
  const media = { codecs: [{ name: 'PCMA', clockRate: 8000 }], digits: 'rtpEvent' } as const;
  return {
    endpoint,
    request: { context: 'c', from: { number: '101' }, number: '102', media },
    settle: () => timers.advance(100),
    farEnd: {
      ring: () => endpoint.leg.say({ type: 'ringing' }),
      answer: () => endpoint.leg.say({ type: 'answered', supervision: 'signalled', media }),
      reject: () => endpoint.leg.say({ type: 'released', cause: 'rejected', evidence: { kind: 'fake', text: 'rejected' } }),
      hangUp: () => endpoint.leg.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'hung up' } }),
    },
    end: () => {},
  };
});
