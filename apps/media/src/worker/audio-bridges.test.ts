import { readDspModule } from '@tipring/dsp/node';
import { expect, test } from 'vitest';
import { playerMemory } from '../sounds/player-slot.ts';
import { AudioBridges } from './audio-bridges.ts';
import type { BridgedEnd } from './bridge-seat.ts';

const memory = new Uint8Array(2048);
const players = { memory: playerMemory(2), slots: 2 };
const end: () => BridgedEnd = () => ({ place: () => ({ bytes: memory, at: 0, room: memory.length }), say: () => {}, heardDigit: () => {} });

test('memory that is taken once suffices for channels that have needed every codec, and all of them come back', async () => {
  const channels = 8;
  const bridges = await AudioBridges.open(readDspModule(), { channels, opus: channels, conferences: 2 }, players);
  for (const encoding of ['PCMU', 'PCMA', 'G722', 'opus', 'PCMU'] as const) {
    const everybody = Array.from({ length: channels }, (_, seat) => ({ kind: 'rtp' as const, end: end(), isGiven: true, encoding, hears: [seat ^ 1], inBandDigits: 'none' as const }));
    const members = bridges.bridge(1, everybody, 0);
    expect(new Set(members.map((member) => member?.channel)).size).toBe(channels);
    bridges.tick(20_000);
    bridges.bridge(1, [], 20_000);
    expect(bridges.idle).toBe(true);
  }
});

test('whom there is no room for is left out, and nobody hears somebody else in his place', async () => {
  const bridges = await AudioBridges.open(readDspModule(), { channels: 4, opus: 0, conferences: 1 }, players);
  const heard = (['PCMU', 'opus', 'PCMA'] as const).map(() => new Uint8Array(2048));
  const seats = (['PCMU', 'opus', 'PCMA'] as const).map((encoding, seat) => ({
    kind: 'rtp' as const, isGiven: true, end: { ...end(), place: () => ({ bytes: heard[seat]!, at: 0, room: 2048 }) }, encoding, hears: [(seat + 1) % 3], inBandDigits: 'none' as const,
  }));
  const members = bridges.bridge(1, seats, 0);
  expect(members.map((member) => member !== undefined)).toEqual([true, false, true]);
  // Both that are there are loud: the first hears the absent one, the last hears the first.
  const loud = Uint8Array.from({ length: 160 }, (_, n) => ((n & 4) === 0 ? 0x90 : 0x10));
  for (let packet = 0; packet < 10; packet++) {
    for (const member of members) member?.push(loud, 0, loud.length, 1, packet);
    bridges.tick((packet + 1) * 20_000);
  }
  const isSilent = (bytes: Uint8Array): boolean => bytes.subarray(12, 172).every((byte) => byte === 0xff || byte === 0x7f);
  expect([isSilent(heard[0]!), isSilent(heard[2]!)]).toEqual([true, false]);
});
