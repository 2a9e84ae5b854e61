import { expect, test } from 'vitest';
import { digitOfEvent, eventOfDigit, type HeardEvent, TelephoneEventReader, TelephoneEventWriter } from './telephone-event.ts';

interface Sent {
  readonly payload: Uint8Array;
  readonly timestamp: number;
  readonly marker: boolean;
}

function sent(digit: string, timestamp: number, duration = 1600): Sent[] {
  const writer = new TelephoneEventWriter(eventOfDigit(digit) ?? 0, duration, 160);
  const packets: Sent[] = [];
  while (!writer.done) {
    const payload = new Uint8Array(4);
    packets.push({ marker: writer.write(payload, 0), payload, timestamp });
  }
  return packets;
}

function heard(packets: readonly Sent[]): HeardEvent[] {
  const reader = new TelephoneEventReader();
  const events: HeardEvent[] = [];
  for (const { payload, timestamp, marker } of packets) reader.receive(payload, 0, timestamp, marker, (event) => events.push(event));
  reader.silence((event) => events.push(event));
  return events;
}

test('a digit is sent as growing durations and three ends, the marker on the first only (RFC 4733 2.5.1)', () => {
  const packets = sent('5', 1000, 480);
  expect(packets.map(({ payload, marker }) => [...payload, marker])).toEqual([
    [5, 10, 0, 160, true],
    [5, 10, 1, 64, false],
    [5, 0x8a, 1, 224, false],
    [5, 0x8a, 1, 224, false],
    [5, 0x8a, 1, 224, false],
  ]);
});

test('a digit is heard once with its duration, though its end comes three times', () => {
  expect(heard(sent('#', 1000))).toEqual([{ event: 11, duration: 1600 }]);
});

test('the same digit twice is two digits', () => {
  expect(heard([...sent('7', 1000), ...sent('7', 4000)])).toHaveLength(2);
});

test('any single packet may be lost, doubled or late and the digit is still heard once', () => {
  const packets = sent('3', 1000);
  for (let i = 0; i < packets.length; i++) {
    const one = packets[i] as Sent;
    expect(heard(packets.toSpliced(i, 1))).toEqual([{ event: 3, duration: 1600 }]);
    expect(heard(packets.toSpliced(i, 0, one))).toEqual([{ event: 3, duration: 1600 }]);
    expect(heard([...packets.toSpliced(i, 1), one, ...sent('4', 9000)])).toMatchObject([{ event: 3 }, { event: 4 }]);
  }
});

test('a digit whose ends were all lost is told at silence or when the next begins, with the duration known', () => {
  const headless = sent('1', 1000).slice(0, 4);
  expect(heard(headless)).toEqual([{ event: 1, duration: 640 }]);
  expect(heard([...headless, ...sent('2', 5000)])).toEqual([{ event: 1, duration: 640 }, { event: 2, duration: 1600 }]);
});

test('only the last packet arriving is enough', () => {
  expect(heard(sent('9', 1000).slice(-1))).toEqual([{ event: 9, duration: 1600 }]);
});

test('a packet of an earlier digit that was overtaken is ignored', () => {
  const first = sent('1', 1000);
  expect(heard([...first, ...sent('2', 5000), first[2] as Sent])).toHaveLength(2);
});

test('timestamps wrap between and within events', () => {
  expect(heard([...sent('1', 0x7fffff00), ...sent('2', 0x80000100 | 0), ...sent('3', -100), ...sent('4', 3000)])).toHaveLength(4);
});

test('a long event in segments is one event (RFC 4733 2.5.1.3)', () => {
  const packet = (timestamp: number, duration: number, end: boolean): Sent => ({ payload: Uint8Array.from([6, end ? 0x8a : 10, duration >> 8, duration & 0xff]), timestamp, marker: false });
  expect(heard([packet(0, 65_000, false), packet(0, 65_535, false), packet(65_535, 160, false), packet(65_535, 800, true)])).toEqual([{ event: 6, duration: 66_335 }]);
});

test('events have the names of keys (RFC 4733 3.2)', () => {
  expect([0, 9, 10, 11, 12, 15, 16].map(digitOfEvent)).toEqual(['0', '9', '*', '#', 'A', 'D', null]);
  expect(['0', '*', 'D', 'x', ''].map(eventOfDigit)).toEqual([0, 10, 15, null, null]);
});
