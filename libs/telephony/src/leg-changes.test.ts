import { expect, test } from 'vitest';
import { ExchangeBed, pcmu } from './exchange-bed.ts';

test('each change of a leg is told: by what it means for the call, else by the legs alone', () => {
  const bed = new ExchangeBed({ release: { ms: 10 } });
  const states = (): string[] => bed.legChanges.splice(0).map((call) => call.legs.map(({ state }) => state).join(' '));
  bed.dial('102');
  expect(states()).toEqual(['trying trying trying']);
  bed.desk.leg.say({ type: 'ringing' });
  expect(states()).toEqual([]);
  bed.soft.leg.say({ type: 'ringing' });
  expect(states()).toEqual(['trying ringing ringing']);
  bed.desk.leg.say({ type: 'released', cause: 'rejected', evidence: { kind: 'far', text: '603' } });
  expect(states()).toEqual(['trying released ringing']);
  bed.soft.leg.say({ type: 'answered', supervision: 'signalled', media: pcmu });
  expect(states()).toEqual([]);
  bed.soft.leg.say({ type: 'digit', digit: '1', durationMs: 100 });
  expect(states()).toEqual([]);
  bed.exchange.hangUp('call-1');
  bed.timers.advance(10);
  expect(bed.events.map(({ type }) => type)).toEqual(['call.started', 'call.ringing', 'call.answered', 'call.ended']);
});
