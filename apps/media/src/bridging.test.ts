import { expect, test } from 'vitest';
import { BridgeLedger, bridgeRoom } from './bridging.ts';
import { CommandRing, ringMemory } from './worker/command-ring.ts';
import { longestRecord, type MediaPlane, MediaPlaneWriter, type PlaneSeat, readMediaPlane } from './worker/media-plane.ts';

/** So many who all hear each other. */
function mesh(count: number): readonly PlaneSeat[] {
  return Array.from({ length: count }, (_, seat) => ({ kind: 'rtp' as const, pair: seat, encoding: 'PCMU' as const, payloadType: 0, clockRate: 8000, isGiven: true, hears: Array.from({ length: count }, (_none, other) => other).filter((other) => other !== seat) }));
}

/** Who all listen to the first two. */
function page(count: number): readonly PlaneSeat[] {
  return mesh(count).map((seat, index) => ({ ...seat, hears: [0, 1].filter((speaker) => speaker !== index) }));
}

test('the largest bridges there is room for reach their worker whole, and what is too large is refused', () => {
  const ledger = (): BridgeLedger => new BridgeLedger(bridgeRoom(512));
  const largestMesh = Array.from({ length: 257 }, (_, count) => count).findLast((count) => ledger().swap([], mesh(count)))!;
  expect(largestMesh).toBeGreaterThan(150);
  expect([ledger().swap([], page(256)), ledger().swap([], page(257)), ledger().swap([], mesh(256))]).toEqual([true, false, false]);
  for (const seats of [mesh(largestMesh), page(256)]) {
    const ring = new CommandRing(ringMemory(65_536));
    new MediaPlaneWriter(ring, () => {}).bridge(7, seats);
    const record = new Int32Array(longestRecord);
    expect(ring.read(record)).toBeGreaterThan(0);
    let read: readonly PlaneSeat[] = [];
    readMediaPlane(record, { bridge: (_bridge: number, came: readonly PlaneSeat[]) => void (read = came) } as unknown as MediaPlane);
    expect(read).toEqual(seats);
  }
});
