import { expect, test } from 'vitest';
import { seededRandom } from '../testing/signals.ts';
import { CallerIdAssembler } from './assembler.ts';
import { decodeCallerId } from './decode.ts';
import { encodeCallerId } from './encode.ts';
import { checksumOf, type CallerIdMessage, type CallSetup } from './message.ts';

/** A message from its type and content; length and checksum are made. */
function frame(type: number, ...content: readonly (number | string)[]): Uint8Array {
  const octets = content.flatMap((part) => (typeof part === 'number' ? [part] : Array.from(part, (character) => character.charCodeAt(0))));
  const bytes = [type, octets.length, ...octets];
  return Uint8Array.of(...bytes, checksumOf(bytes));
}

function encoded(message: CallerIdMessage): Uint8Array {
  const result = encodeCallerId(message);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const time = { month: 11, day: 22, hour: 20, minute: 33 };

test('SDMF: time and number; the checksum is the two’s complement of the sum (GR-30)', () => {
  const bytes = Uint8Array.of(0x04, 0x12, ...Buffer.from('093012246095551212'), 0x51);
  expect(decodeCallerId(bytes)).toEqual({ ok: true, value: { type: 'call-setup', format: 'sdmf', time: { month: 9, day: 30, hour: 12, minute: 24 }, number: { shown: '6095551212' } } });
});

test('SDMF: O is out of area, P is private (GR-30)', () => {
  expect(decodeCallerId(frame(0x04, '11222033P'))).toMatchObject({ value: { number: { absent: 'private' } } });
  expect(decodeCallerId(frame(0x04, '11222033O'))).toMatchObject({ value: { number: { absent: 'unavailable' } } });
  expect(decodeCallerId(frame(0x04, '112220335'))).toMatchObject({ value: { number: { shown: '5' } } });
});

test('MDMF: time, number and name (GR-30, EN 300 659-3 5.2.1)', () => {
  const message = frame(0x80, 0x01, 8, '11222033', 0x02, 10, '6095551212', 0x07, 5, 'SMITH');
  expect(decodeCallerId(message)).toEqual({ ok: true, value: { type: 'call-setup', format: 'mdmf', time, number: { shown: '6095551212' }, name: { shown: 'SMITH' } } });
});

test('MDMF: what EN 300 659-3 adds, and parameters that are not known', () => {
  const message = frame(0x80, 0x03, 4, '2042', 0x04, 1, 'P', 0x06, 1, 'L', 0x08, 1, 'O', 0x11, 1, 0x81, 0x12, 3, '100', 0x15, 1, 2, 0x16, 1, 4, 0x1a, 3, '101', 0xe0, 2, 1, 2);
  expect(decodeCallerId(message)).toEqual({
    ok: true,
    value: {
      ...{ type: 'call-setup', format: 'mdmf', number: { absent: 'private' }, name: { absent: 'unavailable' }, calledNumber: '2042' },
      ...{ isLongDistance: true, callType: 0x81, firstCalledNumber: '100', forwardingType: 2, callerType: 4, redirectingNumber: '101' },
      others: [{ type: 0xe0, value: [1, 2] }],
    },
  });
});

test('message waiting: SDMF 0x06, MDMF 0x82 (GR-1401, EN 300 659-3 5.2.2)', () => {
  expect(decodeCallerId(frame(0x06, 'BBB'))).toEqual({ ok: true, value: { type: 'message-waiting', format: 'sdmf', isWaiting: true } });
  expect(decodeCallerId(frame(0x06, 'ooo'))).toMatchObject({ value: { isWaiting: false } });
  expect(decodeCallerId(frame(0x82, 0x0b, 1, 0xff, 0x13, 1, 3))).toEqual({ ok: true, value: { type: 'message-waiting', format: 'mdmf', isWaiting: true, count: 3 } });
});

test('every malformed frame is refused by its fault', () => {
  const good = frame(0x80, 0x02, 3, '123');
  const refusals = [
    [Uint8Array.of(0x80, 0), { reason: 'short' }],
    [good.subarray(0, -1), { reason: 'length', expected: 8, actual: 7 }],
    [Uint8Array.of(...good, 0), { reason: 'length', expected: 8, actual: 9 }],
    [good.map((octet, n) => (n === 5 ? octet ^ 1 : octet)), { reason: 'checksum' }],
    [frame(0x86, 0x02, 1, '1'), { reason: 'message-type', value: 0x86 }],
    [frame(0x80, 0x02, 9, '123'), { reason: 'parameter', parameter: 0x02, problem: 'overrun' }],
    [frame(0x80, 0x02), { reason: 'parameter', parameter: 0x02, problem: 'overrun' }],
    [frame(0x80, 0x02, 0), { reason: 'parameter', parameter: 0x02, problem: 'length' }],
    [frame(0x80, 0x02, 3, '1x3'), { reason: 'parameter', parameter: 0x02, problem: 'characters' }],
    [frame(0x80, 0x02, 1, '1', 0x02, 1, '2'), { reason: 'parameter', parameter: 0x02, problem: 'repeated' }],
    [frame(0x80, 0x02, 1, '1', 0x04, 1, 'P'), { reason: 'contradiction', parameter: 0x02 }],
    [frame(0x80, 0x07, 1, 'A', 0x08, 1, 'P'), { reason: 'contradiction', parameter: 0x07 }],
    [frame(0x80, 0x01, 8, '13222033'), { reason: 'parameter', parameter: 0x01, problem: 'value' }],
    [frame(0x80, 0x01, 7, '1122203'), { reason: 'parameter', parameter: 0x01, problem: 'length' }],
    [frame(0x80, 0x07, 2, 'A\n'), { reason: 'parameter', parameter: 0x07, problem: 'characters' }],
    [frame(0x80, 0x04, 1, 'X'), { reason: 'parameter', parameter: 0x04, problem: 'value' }],
    [frame(0x80, 0x11, 2, 'XX'), { reason: 'parameter', parameter: 0x11, problem: 'length' }],
    [frame(0x82, 0x02, 1, '1'), { reason: 'missing', parameter: 0x0b }],
    [frame(0x80), { reason: 'missing', parameter: 0x02 }],
    [frame(0x80, 0x01, 8, '11222033', 0x50, 1, 0), { reason: 'missing', parameter: 0x02 }],
    [frame(0x82, 0x0b, 1, 7), { reason: 'parameter', parameter: 0x0b, problem: 'value' }],
    [frame(0x04, '1122203'), { reason: 'parameter', parameter: 0x01, problem: 'length' }],
    [frame(0x04, '11222033'), { reason: 'parameter', parameter: 0x02, problem: 'length' }],
    [frame(0x06, 'BB'), { reason: 'parameter', parameter: 0x0b, problem: 'length' }],
    [frame(0x06, 'BBo'), { reason: 'parameter', parameter: 0x0b, problem: 'value' }],
  ] as const;
  for (const [bytes, error] of refusals) expect(decodeCallerId(bytes)).toEqual({ ok: false, error });
});

test('parity: even and odd are checked and taken away, or ignored', () => {
  const message = { type: 'call-setup', format: 'sdmf', time, number: { shown: '5551212' } } as const;
  for (const parity of ['even', 'odd'] as const) {
    const bytes = encodeCallerId(message, { parity });
    expect(bytes.ok && decodeCallerId(bytes.value, { parity })).toEqual({ ok: true, value: message });
    expect(bytes.ok && decodeCallerId(bytes.value, { parity: 'ignored' })).toEqual({ ok: true, value: message });
    expect(bytes.ok && decodeCallerId(bytes.value, { parity: parity === 'even' ? 'odd' : 'even' })).toEqual({ ok: false, error: { reason: 'parity' } });
  }
});

const random = seededRandom(300_659);
const below = (most: number): number => Math.floor(random() * most);
const maybe = <Value>(value: Value): Value | undefined => (random() < 0.5 ? value : undefined);
const digits = (): string => Array.from({ length: 1 + below(20) }, () => '0123456789*#+'[below(13)]).join('');
const presented = (shown: string): NonNullable<CallSetup['number']> => (random() < 0.7 ? { shown } : { absent: random() < 0.5 ? 'private' : 'unavailable' });

function randomMessage(): CallerIdMessage {
  const when = { month: 1 + below(12), day: 1 + below(31), hour: below(24), minute: below(60) };
  const name = Array.from({ length: 1 + below(15) }, () => String.fromCharCode(0x20 + below(0x5f))).join('');
  if (random() < 0.1) return { type: 'message-waiting', format: 'sdmf', isWaiting: random() < 0.5 };
  if (random() < 0.2) return { type: 'call-setup', format: 'sdmf', time: when, number: presented(digits()) };
  const shared = { format: 'mdmf', time: maybe(when), number: maybe(presented(digits())), name: maybe(presented(name)), others: maybe([{ type: 0x50, value: [below(256), below(256)] }]) } as const;
  const message = random() < 0.2
    ? { type: 'message-waiting', ...shared, isWaiting: random() < 0.5, count: maybe(below(256)) }
    : { type: 'call-setup', ...shared, number: presented(digits()), calledNumber: maybe(digits()), redirectingNumber: maybe(digits()), firstCalledNumber: maybe(digits()), callType: maybe(below(256)), callerType: maybe(below(256)), forwardingType: maybe(below(256)), isLongDistance: maybe(true) };
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined)) as unknown as CallerIdMessage;
}

test('what is encoded is decoded to the same', () => {
  for (let n = 0; n < 2_000; n++) {
    const message = randomMessage();
    expect(decodeCallerId(encoded(message))).toEqual({ ok: true, value: message });
  }
});

test('20,000 mutants: never an exception; what still passes can be sent again and means the same', () => {
  const outcomes = new Map<string, number>();
  for (let n = 0; n < 20_000; n++) {
    let bytes = Array.from(encoded(randomMessage()));
    for (let k = below(4); k >= 0; k--) {
      const at = below(bytes.length);
      const kind = below(4);
      if (kind === 0) bytes[at]! ^= 1 << below(8);
      if (kind === 1) bytes[at] = below(256);
      if (kind === 2) bytes.splice(at, 1 + below(3));
      if (kind === 3) bytes.splice(at, 0, below(256));
    }
    bytes = bytes.slice(0, 258);
    // Half of them with a length and a checksum that fit, so that what is inside is looked at.
    if (n % 2 === 0 && bytes.length >= 3) {
      bytes[1] = bytes.length - 3;
      bytes[bytes.length - 1] = checksumOf(bytes, bytes.length - 1);
    }
    const result = decodeCallerId(Uint8Array.from(bytes));
    outcomes.set(result.ok ? 'message' : result.error.reason, (outcomes.get(result.ok ? 'message' : result.error.reason) ?? 0) + 1);
    if (!result.ok) continue;
    const again = encodeCallerId(result.value, { nameLength: 250 });
    // Only numbers longer than may be sent are received and cannot be sent.
    if (!again.ok) expect(again.error.problem).toBe('length');
    else expect(decodeCallerId(again.value)).toMatchObject({ ok: true });
  }
  for (const outcome of ['message', 'short', 'length', 'checksum', 'message-type', 'parameter', 'missing']) expect([outcome, (outcomes.get(outcome) ?? 0) > 0]).toEqual([outcome, true]);
});

test('what cannot be sent is refused; names are brought into what telephones show', () => {
  const call = { type: 'call-setup', format: 'mdmf' } as const;
  expect(encodeCallerId({ ...call, number: { shown: '12x' } })).toEqual({ ok: false, error: { field: 'number', problem: 'characters' } });
  expect(encodeCallerId({ ...call, number: { shown: '1'.repeat(21) } })).toEqual({ ok: false, error: { field: 'number', problem: 'length' } });
  expect(encodeCallerId({ ...call, time: { ...time, month: 13 } })).toEqual({ ok: false, error: { field: 'time', problem: 'value' } });
  expect(encodeCallerId({ type: 'call-setup', format: 'sdmf', time })).toEqual({ ok: false, error: { field: 'number', problem: 'missing' } });
  expect(encodeCallerId({ ...call, time })).toEqual({ ok: false, error: { field: 'number', problem: 'missing' } });
  expect(encodeCallerId({ ...call, number: { shown: '1' }, others: [{ type: 0x50, value: Array.from({ length: 254 }, () => 0) }] })).toEqual({ ok: false, error: { field: 'message', problem: 'length' } });
  const bytes = encoded({ ...call, name: { shown: 'Dvořák & Gößling 東京' } });
  expect(decodeCallerId(bytes)).toMatchObject({ value: { name: { shown: 'Dvorák & Gößlin' } } });
});

function feed(assembler: CallerIdAssembler, bytes: readonly number[], markBits: number): readonly unknown[] {
  return bytes.map((value, n) => assembler.push({ type: 'character', value, at: 0, markBits: n === 0 ? markBits : 0 })).filter((result) => result !== undefined);
}

test('a message is found after seizure and mark, or after mark alone', () => {
  const bytes = Array.from(encoded({ type: 'call-setup', format: 'mdmf', number: { shown: '4' } }));
  const assembler = new CallerIdAssembler();
  for (let n = 0; n < 30; n++) expect(assembler.push({ type: 'character', value: 0x55, at: 0, markBits: 0 })).toBeUndefined();
  expect(feed(assembler, bytes, 180)).toEqual([decodeCallerId(Uint8Array.from(bytes))]);
  expect(feed(assembler, bytes, 80)).toHaveLength(1);
});

test('a character of noise before the message does not hide it; an incomplete one is refused when the carrier goes', () => {
  const bytes = Array.from(encoded({ type: 'call-setup', format: 'mdmf', number: { shown: '80044' } }));
  const assembler = new CallerIdAssembler();
  expect(feed(assembler, [0xff, 0x04, ...bytes], 100)).toMatchObject([{ ok: true }]);
  expect(feed(assembler, bytes.slice(0, -2), 100)).toEqual([]);
  expect(assembler.push({ type: 'carrier-lost', at: 0, levelDbm0: -60 })).toEqual({ ok: false, error: { reason: 'length', expected: bytes.length, actual: bytes.length - 2 } });
  expect(assembler.push({ type: 'carrier-lost', at: 0, levelDbm0: -60 })).toBeUndefined();
});

test('endless noise neither fills the memory nor makes messages', () => {
  const assembler = new CallerIdAssembler();
  let messages = 0;
  for (let n = 0; n < 200_000; n++) if (assembler.push({ type: 'character', value: below(256), at: 0, markBits: below(5) })?.ok === true) messages++;
  expect(messages).toBeLessThan(3);
});
