import type { PortGatewayEvent, PortHappening } from '@tipring/gateway';
import { beforeEach, expect, test } from 'vitest';
import { PortNotices } from './port-notices.ts';

let nowMs: number;
let told: string[];
let notices: PortNotices;

beforeEach(() => {
  nowMs = 0;
  told = [];
  notices = new PortNotices(() => nowMs);
  notices.onEvent = (event) => void told.push(event.event === 'card' ? event.change : `${event.atMs} ${event.is.type}`);
});

const happened = (atMs: number, is: PortHappening): PortGatewayEvent => ({ event: 'port', port: 'c/1', atMs, is });
const hook = (atMs: number, hook: 'off' | 'on'): PortGatewayEvent => happened(atMs, { type: 'hook', hook });

test('what a port tells before the answer to its opening waits for it', () => {
  const opened = notices.opening('c/1');
  notices.take([hook(1, 'on')]);
  expect([told, notices.open]).toEqual([[], []]);
  opened(true);
  notices.take([hook(2, 'off')]);
  expect([told, notices.open]).toEqual([['1 hook', '2 hook'], ['c/1']]);
});

test('after the controller has changed, happenings are kept until the port was opened again, and told once, in order', () => {
  notices.opening('c/1')(true);
  notices.controllerChanged();
  notices.take([hook(1, 'off'), hook(2, 'on')]);
  expect([told, notices.open]).toEqual([[], ['c/1']]);
  notices.opening('c/1')(true);
  expect(told).toEqual(['1 hook', '2 hook']);
  notices.controllerChanged();
  notices.opening('c/1')(true);
  expect(told).toHaveLength(2);
});

test('an opening that was asked for by a controller that is gone claims nothing for the next', () => {
  const opened = notices.opening('c/1');
  notices.controllerChanged();
  opened(true);
  notices.take([hook(1, 'off')]);
  expect([told, notices.open]).toEqual([[], ['c/1']]);
});

test('a port that was refused is not open, and one that is closed is forgotten', () => {
  notices.opening('c/1')(false);
  expect(notices.open).toEqual([]);
  notices.opening('c/1')(true);
  notices.closing('c/1');
  notices.take([hook(1, 'off')]);
  expect([told, notices.open]).toEqual([[], []]);
});

test('the end of a card that nobody was told of waits for a controller', () => {
  notices.opening('c/1')(true);
  notices.controllerChanged();
  notices.take([happened(1, { type: 'absent' })]);
  expect(notices.open).toEqual([]);
  notices.opening('c/1')(false);
  expect(told).toEqual([]);
  notices.opening('c/1')(true);
  expect(told).toEqual(['1 absent']);
});

test('hooks are known with the instant since which they are so', () => {
  notices.opening('c/1')(true);
  expect([...notices.hooks()]).toEqual([]);
  nowMs = 5;
  notices.take([happened(1, { type: 'portHook', hook: 'off' })]);
  nowMs = 9;
  notices.take([happened(2, { type: 'portHook', hook: 'off' })]);
  expect([...notices.hooks()]).toEqual([{ port: 'c/1', kind: 'fxo', hook: 'off', sinceMs: 5 }]);
});
