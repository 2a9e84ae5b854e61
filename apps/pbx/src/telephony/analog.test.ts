import { buildSnapshot } from '@tipring/config';
import { FakeTimers } from '@tipring/clock';
import { fakeCard, FakeGateway } from '@tipring/gateway';
import { GatewayMedia } from '@tipring/sip-endpoint';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { demoOffice } from '../demo-office.ts';
import type { Storage } from '../storage.ts';
import { startAnalog } from './analog.ts';

test('ports are asked for once calls that lived on were taken back, though the gateway came up before', () => {
  const timers = new FakeTimers();
  const gateway = new FakeGateway({ timers, cards: [fakeCard('SIM-1', ['fxo', 'fxo'])] });
  const media = new GatewayMedia(gateway);
  gateway.goDown();
  const analog = startAnalog(office(), media, { exchange: { offer: () => 'call' } }, () => [['911'], ['933']], timers, pino({ level: 'silent' }));
  gateway.comeUp();
  timers.advance(1_000);
  expect(sent(gateway)).toEqual(['audit']);
  media.audit();
  analog.follow();
  timers.advance(10);
  expect(sent(gateway).slice(0, 4)).toEqual(['audit', 'audit', 'cards', 'openPort']);
  gateway.goDown();
  gateway.comeUp();
  timers.advance(10);
  expect(sent(gateway).filter((command) => command === 'cards')).toHaveLength(2);
});

function sent(gateway: FakeGateway): readonly string[] {
  return gateway.sent.map((command) => command.do);
}

function office(): Storage {
  const now = '2026-11-22T18:00:00.000Z';
  const { rows } = demoOffice('tipring', now, { simulated: true });
  const built = buildSnapshot(rows);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return { configuration: { snapshot: built.value, observe: () => () => {} }, events: { append: () => {} } } as unknown as Storage;
}
