import { expect, test } from 'vitest';
import { gatewayConformance } from './conformance.ts';
import type { GatewayEvent } from './contract.ts';
import { FakeGateway } from './fake-gateway.ts';

gatewayConformance(test, async (ports) => {
  const gateway = new FakeGateway(ports);
  return { gateway, lose: () => gateway.goDown(), comeBack: () => gateway.comeUp(), end: async () => gateway.close() };
});

test('a fake that was restarted has forgotten its contexts', async () => {
  const gateway = new FakeGateway();
  await new Promise<void>((resolve) => gateway.send({ do: 'add', context: 'c', termination: 'a' }, () => resolve()));
  gateway.goDown();
  gateway.comeUp('restarted');
  const audit = await new Promise((resolve) => gateway.send({ do: 'audit' }, resolve));
  expect(audit).toEqual({ gateway: 'fake', contexts: [] });
});

test('a fake refuses what the test planned, once, and tells events as from the wire', async () => {
  const gateway = new FakeGateway();
  const events: GatewayEvent[] = [];
  gateway.onEvent = (event) => events.push(event);
  gateway.refuseNext('add', 'overloaded');
  const codes: (string | undefined)[] = [];
  for (const termination of ['a', 'b']) await new Promise<void>((resolve) => gateway.send({ do: 'add', context: 'c', termination }, (_reply, refusal) => resolve(void codes.push(refusal?.code))));
  gateway.emit({ event: 'mediaTimeout', context: 'c', termination: 'b', silentMs: 30_000 });
  expect(codes).toEqual(['overloaded', undefined]);
  expect(events).toHaveLength(1);
});
