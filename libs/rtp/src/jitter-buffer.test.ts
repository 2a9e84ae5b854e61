import { describe, expect, test } from 'vitest';
import { JitterBuffer } from './jitter-buffer.ts';

function push(buffer: JitterBuffer, sequence: number, ssrc = 1): boolean {
  return buffer.push(Uint8Array.of(0, sequence & 0xff, sequence >> 8), 1, 2, ssrc, sequence);
}

/** What a tick of 20 ms gets: the sequence number, or why not. */
function pull(buffer: JitterBuffer): number | string {
  const pulled = buffer.pull();
  if (pulled === 'none' || pulled === 'lost') return pulled;
  const payload = buffer.payload();
  return payload[0]! + payload[1]! * 256;
}

describe('a jitter buffer', () => {
  test('gathers two packets, then gives them in order whatever order they came in, also over the wrap of numbers', () => {
    const buffer = new JitterBuffer();
    push(buffer, 65_535);
    expect(pull(buffer)).toBe('none');
    push(buffer, 1);
    push(buffer, 0);
    push(buffer, 2);
    expect([pull(buffer), pull(buffer), pull(buffer), pull(buffer), pull(buffer)]).toEqual([65_535, 0, 1, 2, 'none']);
  });

  test('an older packet that comes before the first was given is given first', () => {
    const buffer = new JitterBuffer({ ahead: 3 });
    for (const sequence of [11, 10, 12]) push(buffer, sequence);
    expect([pull(buffer), pull(buffer), pull(buffer)]).toEqual([10, 11, 12]);
  });

  test('a missing packet is lost once a later one is due, and late when it comes after all', () => {
    const buffer = new JitterBuffer();
    for (const sequence of [5, 6, 8]) push(buffer, sequence);
    expect([pull(buffer), pull(buffer), pull(buffer)]).toEqual([5, 6, 'lost']);
    expect(buffer.peek()).toEqual(Uint8Array.of(8, 0));
    expect(push(buffer, 7)).toBe(false);
    expect([pull(buffer), buffer.lost, buffer.late]).toEqual([8, 1, 1]);
  });

  test('where nothing came in time the delay grows by that much, and no packet is given up', () => {
    const buffer = new JitterBuffer();
    push(buffer, 1);
    push(buffer, 2);
    expect([pull(buffer), pull(buffer), pull(buffer), pull(buffer)]).toEqual([1, 2, 'none', 'none']);
    push(buffer, 3);
    push(buffer, 4);
    push(buffer, 5);
    expect([pull(buffer), pull(buffer), buffer.lost]).toEqual([3, 4, 0]);
  });

  test('more than needed for five seconds is told as excess, and no more once one was left out', () => {
    const buffer = new JitterBuffer();
    let sequence = 0;
    for (let kept = 0; kept < 4; kept++) push(buffer, sequence++);
    const seen: string[] = [];
    for (let tick = 0; tick < 1_000; tick++) {
      push(buffer, sequence++);
      let pulled = buffer.pull();
      seen.push(pulled);
      buffer.payload();
      if (pulled === 'excess') {
        buffer.leftOut();
        pulled = buffer.pull();
        expect(pulled).toBe('packet');
        buffer.payload();
      }
    }
    expect(seen.indexOf('excess')).toBe(249);
    expect(buffer.kept).toBeLessThanOrEqual(2);
    expect(buffer.kept).toBeGreaterThanOrEqual(1);
    expect(buffer.lost).toBe(0);
  });

  test('after a pause of the talker it gathers again', () => {
    const buffer = new JitterBuffer();
    push(buffer, 1);
    push(buffer, 2);
    pull(buffer);
    pull(buffer);
    for (let tick = 0; tick < 10; tick++) expect(pull(buffer)).toBe('none');
    push(buffer, 3);
    expect(pull(buffer)).toBe('none');
    push(buffer, 4);
    expect(pull(buffer)).toBe(3);
  });

  test('another source, and numbers from far away, begin anew', () => {
    const buffer = new JitterBuffer();
    for (const sequence of [1, 2, 3]) push(buffer, sequence);
    pull(buffer);
    push(buffer, 900, 2);
    push(buffer, 901, 2);
    expect(pull(buffer)).toBe(900);
    push(buffer, 40_000, 2);
    push(buffer, 40_001, 2);
    expect(pull(buffer)).toBe(40_000);
  });

  test('keeps to its bounds whatever comes', () => {
    const buffer = new JitterBuffer({ packets: 8, octets: 4, ahead: 2 });
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let step = 0; step < 20_000; step++) {
      if (random() < 0.6) buffer.push(new Uint8Array(8), 0, Math.floor(random() * 6), Math.floor(random() * 2), Math.floor(random() * 65_536) >> (random() < 0.5 ? 12 : 0));
      else if (['packet', 'excess'].includes(buffer.pull())) expect(buffer.payload().length).toBeLessThanOrEqual(4);
      expect(buffer.kept).toBeGreaterThanOrEqual(0);
      expect(buffer.kept).toBeLessThanOrEqual(8);
    }
  });
});
