import { expect, test } from 'vitest';
import { PhoneBed } from './phone-bed.ts';

function talk() {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  anna.call('102');
  bed.pass();
  ben.answer();
  bed.pass();
  const context = bed.pbx.exchange.calls()[0]?.id ?? '';
  const silence = (leg: 1 | 2) => bed.gateway.emit({ event: 'mediaTimeout', context, termination: `${context}.${leg}`, silentMs: 30_000 });
  const resume = (leg: 1 | 2) => bed.gateway.emit({ event: 'mediaResumed', context, termination: `${context}.${leg}`, silentMs: 35_000 });
  return { bed, anna, ben, silence, resume };
}

test('both phones fall silent: after a minute each is sent a BYE, and there is one record', () => {
  const { bed, anna, ben, silence } = talk();
  silence(1);
  silence(2);
  bed.pass(29_000);
  expect(bed.pbx.exchange.size).toBe(1);
  bed.pass(1_100);
  expect([anna.of('ended'), ben.of('ended')]).toMatchObject([[{ detail: 'BYE' }], [{ detail: 'BYE' }]]);
  expect(bed.pbx.records).toMatchObject([{ evidence: { text: 'no audio from either side for 60 s' } }]);
});

test('silence that began before kill -9 of the controller is known to the next one', () => {
  const { bed, silence } = talk();
  silence(1);
  silence(2);
  bed.restart();
  bed.pass(31_000);
  expect(bed.pbx.records).toMatchObject([{ recovered: true, evidence: { kind: 'silence' } }]);
});

test('audio that came back while the gateway could not tell saves the call', () => {
  const { bed, silence, resume } = talk();
  silence(1);
  silence(2);
  bed.restart();
  const [call] = bed.pbx.exchange.calls();
  bed.pbx.kill();
  resume(1);
  bed.restart();
  bed.pass(120_000);
  expect(bed.pbx.exchange.calls()).toMatchObject([{ id: call?.id, state: 'talking' }]);
});
