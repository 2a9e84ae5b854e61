import { fakeCard, FakeGateway, type PortGatewayEvent } from '@tipring/gateway';
import { expect, test } from 'vitest';
import { GatewayMedia } from './gateway-media.ts';

test('what calls ask of players and recordings; a recording that was refused has an end too', async () => {
  const gateway = new FakeGateway();
  const media = new GatewayMedia(gateway);
  const recorded: string[] = [];
  media.onRecorded = ({ termination, file, ms }) => void recorded.push(`${termination} ${file} ${ms}`);
  media.musicOf = (classId) => (classId === null ? [{ file: 'music/site.wav' }] : []);
  media.music('c', 'p', null);
  media.record('c', 'p', 'calls/1.wav');
  media.record('c', 'p', 'calls/2.wav');
  media.recording('c', 'p', 'paused');
  await new Promise<void>((resolve) => media.send({ do: 'inspect', context: 'c' }, () => resolve()));
  expect(gateway.player('c', 'p')).toMatchObject({ playing: { pieces: [{ file: 'music/site.wav' }], times: 0 }, recording: { file: 'calls/1.wav', is: 'paused' } });
  expect(recorded).toEqual(['p calls/2.wav 0']);
  media.music('c', 'p', 'nothing in it');
  media.recording('c', 'p', 'stopped');
  await new Promise<void>((resolve) => media.send({ do: 'inspect', context: 'c' }, () => resolve()));
  expect(gateway.player('c', 'p')).toMatchObject({ playing: null, recording: null });
  expect(recorded).toEqual(['p calls/2.wav 0', 'p calls/1.wav 0']);
});

test('what happens at ports is handed through, and what is asked at `up` is answered after the audit', async () => {
  const gateway = new FakeGateway({ cards: [fakeCard('SIM-1', ['fxs'])] });
  const media = new GatewayMedia(gateway);
  const port = 'SIM-1/1';
  const told: PortGatewayEvent[] = [];
  const order: string[] = [];
  media.onPortEvent = (event) => told.push(event);
  media.audited = (_held, ports) => void order.push(`audited with ${ports.join()}`);
  await new Promise<void>((resolve) => media.send({ do: 'openPort', port }, () => resolve()));
  gateway.emitPort(port, { type: 'hook', hook: 'off' });
  expect(told.map((event) => event.event === 'port' && event.is)).toContainEqual({ type: 'hook', hook: 'off' });

  const opened = new Promise<void>((resolve) => {
    media.onState = (state) => {
      order.push(state);
      if (state === 'up') media.send({ do: 'openPort', port }, () => (order.push('opened'), resolve()));
    };
  });
  gateway.goDown();
  expect(media.state).toBe('down');
  gateway.comeUp();
  await opened;
  expect(order).toEqual(['down', 'up', `audited with ${port}`, 'opened']);
});
