import { expect, test } from 'vitest';
import { CommandRing, ringMemory } from './command-ring.ts';
import { longestRecord, type MediaPlane, MediaPlaneWriter, readMediaPlane } from './media-plane.ts';

function recorder(): { plane: MediaPlane; calls: unknown[] } {
  const calls: unknown[] = [];
  const plane = new Proxy({}, { get: (_none, name) => (...given: unknown[]) => void calls.push([name, ...given]) }) as MediaPlane;
  return { plane, calls };
}

function readAll(ring: CommandRing, plane: MediaPlane): void {
  const record = new Int32Array(longestRecord);
  while (ring.read(record) > 0) readMediaPlane(record, plane);
}

test('every call comes out at the other end as it went in', () => {
  const ring = new CommandRing(ringMemory(4096));
  const { plane, calls } = recorder();
  const sent: unknown[] = [];
  const writer = new MediaPlaneWriter(ring, () => {});
  const call = <M extends keyof MediaPlane>(method: M, ...given: Parameters<MediaPlane[M]>): void => {
    sent.push([method, ...given]);
    (writer[method] as (...all: unknown[]) => void).apply(writer, given);
  };
  call('openPair', 3, '2001:db8::1', 20_000);
  call('begin', 3, 2 ** 31 - 1);
  call('remote', 3, { address: '192.0.2.1', port: 4000, rtcpAddress: null, rtcpPort: 4001, rtcpMux: true, codecs: [{ payloadType: 0, kind: 1, clockRate: 8000 }, { payloadType: 101, kind: 2, clockRate: 8000 }], multicastTtl: 1 });
  call('remote', 3, { address: null, port: 9, rtcpAddress: '192.0.2.2', rtcpPort: 1, rtcpMux: false, codecs: [], multicastTtl: 255 });
  call('closePair', 3);
  call('bridge', 4, [{ kind: 'rtp', pair: 3, encoding: 'G722', payloadType: 9, clockRate: 8000, isGiven: false, hears: [] }, { kind: 'player', player: 7, hears: [0, 2] }, { kind: 'seat', seat: 9, room: 2, isMuted: true, hears: [0] }]);
  call('mode', 3, true, false);
  call('routes', 3, [{ pair: 4, payloadTypes: [[0, 0], [101, 96]] }, { pair: 5, payloadTypes: [] }]);
  call('digit', 3, 11, 160);
  call('end', 3);
  readAll(ring, plane);
  expect(calls).toEqual(sent);
  writer.stop();
  readAll(ring, plane);
  expect(calls.at(-1)).toEqual(['stop']);
});

test('what a full ring has no room for waits and keeps its order, over many wraps', () => {
  const ring = new CommandRing(ringMemory(64));
  const { plane, calls } = recorder();
  const writer = new MediaPlaneWriter(ring, () => {});
  for (let i = 0; i < 500; i++) {
    writer.begin(i, i);
    if (i % 40 === 39) readAll(ring, plane);
  }
  while (!writer.drain()) readAll(ring, plane);
  readAll(ring, plane);
  expect(calls).toEqual(Array.from({ length: 500 }, (_none, i) => ['begin', i, i]));
});
