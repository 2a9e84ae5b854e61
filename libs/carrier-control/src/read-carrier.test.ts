import { expect, test } from 'vitest';
import { demoCarrier, demoCarrierPlan } from './demo-carrier.ts';
import { readCarrierPlan, readCarrierRequest } from './read-carrier.ts';

test('the demo’s plan is read as it was written, and a plan with a fault is refused with its place', () => {
  const plan = demoCarrierPlan(5_555);
  expect(plan.listen.map(({ port }) => port)).toEqual([5_555, 5_555]);
  expect(readCarrierPlan(JSON.stringify(plan))).toEqual({ ok: true, plan });
  expect(readCarrierPlan(JSON.stringify({ ...plan, customers: [{ type: 'registration', username: 'a' }] }))).toEqual({ ok: false, text: 'customers[0].password: a text of at most 256 characters' });
  expect(readCarrierPlan('{')).toEqual({ ok: false, text: 'no JSON' });
});

test('the numbers of the demo differ in their last seven digits', () => {
  const { known, numbers } = demoCarrier;
  const all = [...Object.values(known), ...numbers].map((number) => number.slice(-7));
  expect(new Set(all).size).toBe(all.length);
});

test.each([
  ['{"n":1,"act":{"do":"fail","failure":{"is":"silentAfter","status":183,"of":"call"}}}', undefined],
  ['{"n":2,"act":{"do":"call","from":null,"to":"+12125550110","sound":{"hz":440}}}', undefined],
  ['{"n":3,"ask":"messages","after":0}', undefined],
  ['{"n":4,"act":{"do":"fail","failure":{"is":"silentAfter","status":200,"of":"call"}}}', 'act.failure.status: one of 100, 180, 183'],
  ['{"n":5,"act":{"do":"call","from":"1","to":"2","from2":1}}', 'act.from2: not known'],
  ['{"n":6,"act":{"do":"fly"}}', expect.stringContaining('act.do: one of call, answer') as string],
  ['{"n":7}', 'ask: one of state, messages'],
  ['7', 'it: an object'],
])('%s', (line, fault) => {
  const read = readCarrierRequest(line);
  expect(read.ok ? undefined : read.text).toEqual(fault);
});
