import { expect, test } from 'vitest';
import { givenToCaller, narrowed, offerable, transcoding } from './codec-choice.ts';
import type { Codec, MediaProfile } from './media.ts';

const [pcma, pcmu, g722, g729] = [{ name: 'PCMA', clockRate: 8000 }, { name: 'PCMU', clockRate: 8000 }, { name: 'G722', clockRate: 8000 }, { name: 'G729', clockRate: 8000 }] as const;
const opus: Codec = { name: 'opus', clockRate: 48_000, channels: 2 };
const decoded = [pcma, pcmu, g722, opus];
const of = (...codecs: Codec[]): MediaProfile => ({ codecs, digits: 'rtpEvent' });

test("the called side is offered the caller's codecs in the caller's order, then all others that can be decoded", () => {
  expect(offerable(of(g722, g729, pcmu), decoded).codecs).toEqual([g722, g729, pcmu, pcma, opus]);
});

test('nothing is added, and nothing made, where the caller has all or has nothing that can be decoded', () => {
  const [all, foreign] = [of(opus, pcmu, pcma, g722), of(g729)];
  expect(offerable(all, decoded)).toBe(all);
  expect(offerable(foreign, decoded)).toBe(foreign);
});

test('the caller is given what the called side took; of several, those that both have', () => {
  const took = of(pcmu, pcma);
  expect(givenToCaller(took, of(pcma, pcmu), decoded)).toBe(took);
  expect(givenToCaller(of(g722, pcmu, pcma), of(pcma, pcmu), decoded).codecs).toEqual([pcmu, pcma]);
});

test('without a codec in common the caller is given the first of its own that can be decoded', () => {
  expect(givenToCaller(of(g722), of(g729, opus, pcma), decoded).codecs).toEqual([opus]);
});

test('a called side that puts a codec first which the caller has not is to keep to what both have', () => {
  const took = of(g722, pcma);
  expect(narrowed(took, givenToCaller(took, of(pcma), decoded))?.codecs).toEqual([pcma]);
  const inOrder = of(pcma, g722);
  expect(narrowed(inOrder, givenToCaller(inOrder, of(pcma), decoded))).toBeUndefined();
  expect(narrowed(of(g722), givenToCaller(of(g722), of(pcma), decoded))).toBeUndefined();
});

test('two ends are transcoded when they share no codec; names are compared without case (RFC 3551 6)', () => {
  expect(transcoding([pcma], [g722, opus])).toBe('PCMA ↔ G722');
  expect(transcoding([pcma, g722], [pcmu, g722])).toBeUndefined();
  expect(transcoding([opus], [{ ...opus, name: 'OPUS' }])).toBeUndefined();
  expect(transcoding([], [pcma])).toBeUndefined();
});
