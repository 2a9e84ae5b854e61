import { describe, expect, test } from 'vitest';
import { CallbackMemory } from './callback-memory.ts';
import { FraudLedger } from './fraud-ledger.ts';
import { HuntMemory } from './hunt-memory.ts';

const minute = 60_000;
const hour = 60 * minute;
const noon = Date.parse('2026-11-25T12:00:00Z');
const price = { currency: 'USD', perMinute: 0.6, perCall: 0.1, incrementS: 30 };

describe('the ledger', () => {
  test('counts calls of the last hour, and those that are still there', () => {
    const ledger = new FraudLedger();
    ledger.started({ id: 'a', extensionId: 'ext', at: noon, isCostly: false });
    ledger.started({ id: 'b', extensionId: 'ext', at: noon + 30 * minute, isCostly: true });
    ledger.started({ id: 'b', extensionId: 'ext', at: noon + 30 * minute, isCostly: true });
    expect(ledger.outsideUse('ext', noon + 31 * minute)).toEqual({ concurrent: 2, lastHour: 2, costlyLastHour: 1, spentToday: 0 });
    ledger.ended('a', { at: noon + 32 * minute });
    ledger.ended('a', { at: noon + 32 * minute });
    expect(ledger.outsideUse('ext', noon + 60 * minute)).toMatchObject({ concurrent: 1, lastHour: 2 });
    expect(ledger.outsideUse('ext', noon + 61 * minute)).toMatchObject({ concurrent: 1, lastHour: 1, costlyLastHour: 1 });
    ledger.ended('b', { at: noon + 3 * hour });
    expect(ledger.outsideUse('ext', noon + 3 * hour)).toEqual({ concurrent: 0, lastHour: 0, costlyLastHour: 0, spentToday: 0 });
    expect(ledger.outsideUse('other', noon)).toMatchObject({ lastHour: 0 });
  });

  test('spends from the answer on, begun increments whole, for 24 hours', () => {
    const ledger = new FraudLedger();
    ledger.started({ id: 'a', extensionId: 'ext', at: noon, isCostly: true });
    expect(ledger.outsideUse('ext', noon + minute).spentToday).toBe(0);
    ledger.answered('a', noon + minute, price);
    expect(ledger.outsideUse('ext', noon + minute).spentToday).toBeCloseTo(0.4);
    expect(ledger.outsideUse('ext', noon + 2 * minute + 1).spentToday).toBeCloseTo(0.1 + 0.9);
    ledger.ended('a', { at: noon + 11 * minute });
    expect(ledger.outsideUse('ext', noon + 23 * hour).spentToday).toBeCloseTo(6.1);
    expect(ledger.outsideUse('ext', noon + 24.5 * hour).spentToday).toBe(0);
    // Another that is not answered, one without a rate.
    ledger.restore({ id: 'b', extensionId: 'ext', at: noon, isCostly: true }, null, noon + minute, price);
    ledger.restore({ id: 'c', extensionId: 'ext', at: noon, isCostly: true }, noon, noon + hour, null);
    expect(ledger.outsideUse('ext', noon + hour).spentToday).toBeCloseTo(6.1);
  });

  test('agrees with a list of all calls, a slice too long at most', () => {
    const ledger = new FraudLedger();
    const starts: number[] = [];
    let at = noon;
    for (let call = 0; call < 2_000; call += 1) {
      at += ((call * 7919) % 240) * 1_000;
      starts.push(at);
      ledger.restore({ id: `c${call}`, extensionId: 'ext', at, isCostly: false }, null, at, null);
      const since = (ms: number): number => starts.filter((start) => start > at - ms).length;
      const { lastHour } = ledger.outsideUse('ext', at);
      expect(lastHour).toBeGreaterThanOrEqual(since(hour));
      expect(lastHour).toBeLessThanOrEqual(since(hour + minute));
    }
  });

  test('forgets extensions that called nobody for a day', () => {
    const ledger = new FraudLedger();
    for (let n = 0; n < 5_000; n += 1) ledger.restore({ id: `c${n}`, extensionId: `e${n}`, at: noon + n * minute, isCostly: false }, null, noon + n * minute, null);
    expect(ledger.size).toBeLessThan(26 * 60 + 1_000);
  });
});

test('the line that was taken last is remembered for each of its groups', () => {
  const memory = new HuntMemory();
  expect(memory.lastTaken('g1')).toBe(null);
  memory.taken('a', ['g1', 'g2']);
  memory.taken('b', ['g2']);
  expect([memory.lastTaken('g1'), memory.lastTaken('g2')]).toEqual(['a', 'b']);
  memory.keepOnly(new Map([['g2', {}]]));
  expect([memory.lastTaken('g1'), memory.lastTaken('g2')]).toEqual([null, 'b']);
});

describe('who called for help', () => {
  const launch = { at: noon, from: 'dev1', via: 'trunk', shown: '+12125550100' };

  test('is reached by the number that was shown, whichever trunk brings the call; the last first', () => {
    const memory = new CallbackMemory();
    memory.launched(launch);
    memory.launched({ ...launch, from: 'dev2', at: noon + 1 });
    expect(memory.emergencyCallers('other', '+12125550100', noon + hour)).toEqual(['dev2', 'dev1']);
    expect(memory.emergencyCallers('trunk', '+12125550101', noon + hour)).toEqual([]);
    memory.launched({ ...launch, at: noon + 2 });
    expect(memory.emergencyCallers('trunk', '+12125550100', noon + hour)).toEqual(['dev1', 'dev2']);
    expect(memory.launches()).toHaveLength(2);
  });

  test('is reached by the line that it went by, and by nothing after three hours', () => {
    const memory = new CallbackMemory();
    memory.launched({ ...launch, via: 'line', shown: null });
    expect(memory.emergencyCallers('line', '', noon + 3 * hour - 1)).toEqual(['dev1']);
    expect(memory.emergencyCallers('trunk', '+12125550100', noon + 1)).toEqual([]);
    expect(memory.emergencyCallers('line', '', noon + 3 * hour)).toEqual([]);
  });

  test('two hundred calls are kept at most', () => {
    const memory = new CallbackMemory();
    for (let n = 0; n < 500; n += 1) memory.launched({ ...launch, from: `dev${n}` });
    expect(memory.launches()).toHaveLength(200);
    expect(memory.emergencyCallers('trunk', '+12125550100', noon)[0]).toBe('dev499');
  });
});
