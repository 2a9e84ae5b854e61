import { endpointConformance, type EndpointUnderTest } from '@tipring/telephony';
import { describe, expect, test } from 'vitest';
import { anyMedia, LineBed } from './line-bed.ts';

describe('a station', () => {
  endpointConformance(test, () => {
    const bed = new LineBed();
    return {
      ...under(bed, 'station-1'),
      farEnd: {
        // A bell rings as soon as it is called.
        ring: () => {},
        answer: () => bed.lift(1),
        reject: () => bed.gateway.removeCard('SIM-1'),
        hangUp: () => bed.hangUp(1),
      },
    };
  });
});

describe('a line', () => {
  endpointConformance(test, () => {
    const bed = new LineBed();
    return {
      ...under(bed, 'line-3'),
      settle: () => {
        for (let n = 0; n < 6; n++) {
          bed.pass(500);
          if (bed.state('line-3') === 'awaitingDialTone') bed.tone(3, 'dial');
          else if (bed.state('line-3') === 'outpulsing') bed.happen(3, { type: 'soundEnded' });
        }
      },
      farEnd: {
        ring: () => bed.tone(3, 'ringing', 1),
        answer: () => bed.happen(3, { type: 'polarity', polarity: bed.lines.live('line-3')?.polarity === 'reversed' ? 'normal' : 'reversed' }),
        reject: () => bed.tone(3, 'busy'),
        hangUp: () => {
          bed.happen(3, { type: 'battery', present: false, volts: 0 });
          bed.pass(400);
          bed.happen(3, { type: 'battery', present: true, volts: 48 });
        },
      },
    };
  });
});

function under(bed: LineBed, id: string): Omit<EndpointUnderTest, 'farEnd'> {
  const [endpoint] = bed.lines.find(id);
  if (endpoint === undefined) throw new Error(`no ${id}`);
  return {
    endpoint,
    request: { context: 'context', from: { number: '103' }, number: '5551234', media: anyMedia },
    settle: () => bed.pass(3_000),
    end: () => {
      bed.pass(20_000);
      expect([bed.media.size, bed.bugs]).toEqual([0, []]);
    },
  };
}
