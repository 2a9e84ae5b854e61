import type { RouteOutcome } from '@tipring/telephony';
import { describe, expect, test } from 'vitest';
import { dials, idOf, OfficeBed, usFacts, WorldBed } from './office-bed.ts';
import type { RoutingTable } from './routing-table.ts';

const site = { country: 'US', timeZone: 'America/New_York', areaCode: '212', outsidePrefix: '9', mainNumber: '+12125550100', permissionId: null };
const d101 = idOf('dev', '101');
const calling = { permissionId: null, locationId: null, shownNumber: null, isLocked: false };

function office(change: Partial<typeof site> = {}): { readonly bed: OfficeBed; readonly desk: string; readonly trunk: string; readonly lines: readonly string[]; readonly group: string } {
  const bed = new OfficeBed({ site: { ...site, ...change } });
  const desk = bed.extension('101');
  const lines = ['1', '2', '3', '4'].map((name) => bed.line(name));
  return { bed, desk, trunk: bed.trunk('carrier'), lines, group: bed.group('lines', lines) };
}

/** `endpoint number` of each attempt, or the cause. */
function tried(outcome: RouteOutcome): readonly string[] | string {
  return outcome.ok ? outcome.route.attempts.map(({ endpoints, number }) => `${endpoints.join('+')} ${number}`) : outcome.cause;
}

function dial(table: RoutingTable, number: string, world = new WorldBed(), endpoint = d101): readonly string[] | string {
  return tried(table.resolve(dials(endpoint, number), world, 'call').outcome);
}

describe('rules', () => {
  test('by prefix, pattern, class, caller and schedule; the first that fits decides', () => {
    const { bed, trunk, lines, group } = office();
    const boss = bed.extension('102');
    const scheduleId = bed.schedule('day', { week: [{ days: ['wednesday'], from: '09:00', to: '17:00' }] });
    bed.outbound('local', { prefix: '9', numbers: ['555xxxx'] }, [{ type: 'lineGroup', id: group }]);
    bed.outbound('abroad', { prefix: '9', classes: ['international'] }, [{ type: 'trunk', id: trunk }]);
    bed.outbound('boss', { prefix: '9', callers: [boss] }, [{ type: 'line', id: lines[3]! }]);
    bed.outbound('california', { prefix: '9', numbers: ['+1310x.'] }, [{ type: 'line', id: lines[2]! }]);
    bed.outbound('day', { prefix: '9', schedule: { scheduleId, is: 'open' } }, [{ type: 'line', id: lines[1]! }]);
    bed.outbound('rest', { prefix: '9' }, [{ type: 'line', id: lines[0]! }]);
    const table = bed.table();
    expect(dial(table, '95551234')).toEqual(lines.map((line) => `${line} 5551234`));
    expect(dial(table, '9011493012345678')).toEqual([`${trunk} +493012345678`]);
    expect(dial(table, '914155550123', undefined, idOf('dev', '102'))).toEqual([`${lines[3]} 14155550123`]);
    expect(dial(table, '913105550123')).toEqual([`${lines[2]} 13105550123`]);
    expect(dial(table, '914155550123')).toEqual([`${lines[1]} 14155550123`]);
    const night = new WorldBed();
    night.at = Date.parse('2026-11-25T23:00:00Z');
    expect(dial(table, '914155550123', night)).toEqual([`${lines[0]} 14155550123`]);
  });

  test('a number with + needs no prefix, and visual separators mean nothing', () => {
    const { bed, trunk, lines } = office();
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }, { type: 'line', id: lines[0]! }]);
    const table = bed.table();
    expect(dial(table, '+13105550123')).toEqual([`${trunk} +13105550123`, `${lines[0]} 13105550123`]);
    expect(dial(table, '+1 (310) 555-0123')).toEqual([`${trunk} +13105550123`, `${lines[0]} 13105550123`]);
    expect(dial(table, '13105550123')).toBe('unallocatedNumber');
  });

  test('without attempts they refuse; where none fits the caller is told which', () => {
    const { bed, trunk } = office();
    bed.outbound('never', { prefix: '9', numbers: ['+1900x.'] }, []);
    bed.outbound('some', { prefix: '9', numbers: ['+1310x.'] }, [{ type: 'trunk', id: trunk }]);
    const table = bed.table();
    expect(dial(table, '919005550123')).toBe('notAllowed');
    expect(dial(table, '914155550123')).toBe('noRouteToDestination');
    expect(dial(table, '9')).toBe('invalidNumberFormat');
    expect(dial(table, '8123')).toBe('unallocatedNumber');
    expect(dial(table, `9${'1'.repeat(70)}`)).toBe('invalidNumberFormat');
    for (const number of ['alice', '9alice', '9+13105550123', '+', '']) expect(['unallocatedNumber', 'noRouteToDestination', 'invalidNumberFormat']).toContain(dial(table, number));
  });
});

describe('what each is given', () => {
  test('the number as the attempt has it, else as the trunk; a line dials what was dialled, or the number as its country dials it', () => {
    const { bed, lines } = office();
    const digits = bed.trunk('digits', { calledForm: { format: 'e164Digits', strip: 0, prepend: '' } });
    const german = bed.line('de', { region: 'DE' });
    bed.outbound('out', { prefix: '9' }, [
      { type: 'trunk', id: digits },
      { via: { type: 'line', id: lines[0]! }, number: { format: 'asDialled', strip: 0, prepend: '1010' }, shown: null },
      { type: 'line', id: lines[1]! },
      { type: 'line', id: german },
    ]);
    const table = bed.table();
    expect(dial(table, '95551234')).toEqual([`${digits} 12125551234`, `${lines[0]} 10105551234`, `${lines[1]} 5551234`, `${german} 0012125551234`]);
    expect(dial(table, '9011493012345678')).toEqual([`${digits} 493012345678`, `${lines[0]} 1010011493012345678`, `${lines[1]} 011493012345678`, `${german} 03012345678`]);
    expect(dial(table, '9*67')).toBe('notAllowed');
  });

  test('a local number that cannot be read goes to no carrier that would take it for an international one', () => {
    const { bed, lines, trunk } = office({ areaCode: null as never });
    const asDialled = bed.trunk('national', { calledForm: { format: 'national', strip: 0, prepend: '' } });
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }, { type: 'trunk', id: asDialled }, { type: 'line', id: lines[0]! }]);
    const table = bed.table({ ...usFacts, shortNumber: (_region, number) => (number === '988' ? 'tollFree' : null) });
    // Ascension, if it were international.
    expect(dial(table, '924761234')).toEqual([`${asDialled} 24761234`, `${lines[0]} 24761234`]);
    expect(dial(table, '9988')).toEqual([`${trunk} 988`, `${asDialled} 988`, `${lines[0]} 988`]);
    expect(table.resolve(dials(d101, '924761234'), new WorldBed(), 'call').explanation.candidates.find(({ endpoint }) => endpoint === trunk)).toMatchObject({ tried: false, stateText: expect.stringContaining('area code') });
  });

  test('the shown number: the attempt’s, the trunk’s fixed one, the extension’s, the office’s, the trunk’s', () => {
    const { bed, desk, lines } = office({ mainNumber: null as never });
    const own = bed.extension('102', { calling: { ...calling, shownNumber: '+12125550102' } });
    expect([desk, own]).toHaveLength(2);
    const usual = { caller: 'caller', number: '+12125550199', asserted: 'none', privacy: 'none', diversion: 'none', trusted: true } as const;
    const [plain, fixed] = [bed.trunk('plain', { identity: usual }), bed.trunk('fixed', { identity: { ...usual, caller: 'fixed' }, callerForm: { format: 'national', strip: 1, prepend: '' } })];
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: plain }, { type: 'trunk', id: fixed }, { type: 'line', id: lines[0]! }]);
    bed.outbound('shown', { prefix: '8' }, [{ via: { type: 'trunk', id: fixed }, number: null, shown: '+12125550150' }]);
    const table = bed.table();
    const shown = (endpoint: string, number: string, anonymous?: boolean) => {
      const { outcome } = table.resolve(dials(endpoint, number, { from: { number: '10x', name: 'Ann', ...(anonymous === undefined ? {} : { anonymous }) } }), new WorldBed(), 'call');
      return outcome.ok ? outcome.route.attempts.map(({ from }) => (from === undefined ? null : `${from.number}${from.anonymous === true ? ' withheld' : ''}`)) : outcome.cause;
    };
    expect(shown(idOf('dev', '102'), '913105550123')).toEqual(['+12125550102', '2125550199', null]);
    expect(shown(d101, '913105550123')).toEqual(['+12125550199', '2125550199', null]);
    expect(shown(d101, '813105550123')).toEqual(['2125550150']);
    expect(shown(idOf('dev', '102'), '913105550123', true)).toEqual(['+12125550102 withheld', '2125550199 withheld', null]);
    const main = office();
    main.bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: main.trunk }]);
    const { outcome } = main.bed.table().resolve(dials(d101, '913105550123'), new WorldBed(), 'call');
    expect(outcome).toMatchObject({ route: { attempts: [{ from: { number: '+12125550100', name: 'Desk 101' }, name: 'trunk tcarrier', timeoutMs: 180_000 }] } });
  });
});

test('who was passed on by a telephone is told as such, inside and outside', () => {
  const { bed, trunk } = office();
  bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }]);
  const table = bed.table();
  const diversions = [{ number: '101', reason: 'noAnswer' }] as const;
  for (const number of ['913105550123', '101']) expect(table.resolve(dials(d101, number, { diversions }), new WorldBed(), 'call').outcome).toMatchObject({ ok: true, route: { diversions } });
});

describe('the order of trying', () => {
  test('trunks that look dead come last, full and disabled ones and lines that cannot are passed over, and each is told of', () => {
    const { bed, trunk, lines, group } = office();
    const [full, off, bad] = [bed.trunk('full'), bed.trunk('off', { isEnabled: false }), bed.trunk('bad')];
    bed.outbound('out', { prefix: '9' }, [trunk, full, off, bad].map((id) => ({ type: 'trunk', id }) as const).concat([{ type: 'lineGroup', id: group } as never]));
    const world = new WorldBed().set(trunk, 'down').set(full, 'full').set(bad, 'degraded').set(lines[0]!, 'busy').set(lines[1]!, 'inUseElsewhere').set(lines[2]!, 'resting');
    const { outcome, explanation } = bed.table().resolve(dials(d101, '913105550123'), world, 'call');
    expect(tried(outcome)).toEqual([`${bad} +13105550123`, `${lines[3]} 13105550123`, `${lines[2]} 13105550123`, `${trunk} +13105550123`]);
    expect(explanation.candidates.map(({ key, state, tried: isTried }) => [key, state, isTried])).toEqual([
      ['tbad', 'degraded', true], ['l4', 'ready', true], ['l3', 'resting', true], ['tcarrier', 'down', true], ['tfull', 'full', false], ['toff', 'disabled', false], ['l1', 'busy', false], ['l2', 'inUseElsewhere', false],
    ]);
  });

  test.each([
    [['busy', 'down'], 'noCircuit'], [['down', 'absent'], 'outOfOrder'], [['disabled', 'disabled'], 'noRouteToDestination'], [['resting', 'down'], 'tried'],
  ] as const)('lines that are %j: %s', (states, cause) => {
    const { bed, lines } = office();
    bed.outbound('out', { prefix: '9' }, lines.slice(0, 2).map((id) => ({ type: 'line', id }) as const));
    const world = new WorldBed();
    states.forEach((state, at) => world.set(lines[at]!, state));
    const outcome = dial(bed.table(), '95551234', world);
    expect(Array.isArray(outcome) ? 'tried' : outcome).toBe(cause);
  });

  test('a line that is in two groups is tried once', () => {
    const { bed, lines, group } = office();
    bed.outbound('out', { prefix: '9' }, [{ type: 'line', id: lines[2]! }, { type: 'lineGroup', id: group }, { type: 'lineGroup', id: group }]);
    expect(dial(bed.table(), '95551234')).toEqual([2, 0, 1, 3].map((at) => `${lines[at]} 5551234`));
  });

  test.each([
    ['linear', false, [0, 1, 2, 3]], ['linear', true, [3, 2, 1, 0]],
    ['roundRobin', false, [2, 3, 0, 1]], ['roundRobin', true, [0, 3, 2, 1]],
    ['leastRecentlyUsed', false, [3, 1, 0, 2]], ['leastRecentlyUsed', true, [3, 1, 2, 0]],
    ['mostIdle', false, [2, 0, 1, 3]], ['mostIdle', true, [2, 1, 0, 3]],
  ] as const)('%s, from the end: %s', (hunt, fromTheEnd, order) => {
    const { bed, lines } = office();
    const group = bed.group('hunted', lines, { hunt, fromTheEnd });
    bed.outbound('out', { prefix: '9' }, [{ type: 'lineGroup', id: group }]);
    const world = new WorldBed();
    world.taken.set(group, lines[1]!);
    [{ idleSince: 500, usedMs: 10 }, { idleSince: 100, usedMs: 10 }, { idleSince: 500, usedMs: 0 }, { idleSince: null, usedMs: 70 }].forEach((change, at) => world.set(lines[at]!, 'ready', change));
    expect(dial(bed.table(), '95551234', world)).toEqual(order.map((at) => `${lines[at]} 5551234`));
  });

  test('least cost: by the first minute, what works badly behind what works well, without a rate last', () => {
    const { bed, group } = office();
    const rate = (perMinute: number, perCall = 0, incrementS = 60) => ({ currency: 'USD', rates: [{ prefix: '+', perMinute: 9, perCall: 0, incrementS: 1 }, { prefix: '+1', perMinute, perCall, incrementS }, { prefix: '+1900', perMinute: 99, perCall: 0, incrementS: 1 }] });
    const dear = bed.trunk('dear', { tariff: rate(0.03) });
    const cheap = bed.trunk('cheap', { tariff: rate(0.01, 0.005) });
    // 40 s at a time: the first minute is 80 s.
    const steps = bed.trunk('steps', { tariff: rate(0.015, 0, 40) });
    const none = bed.trunk('none');
    const euro = bed.trunk('euro', { tariff: { ...rate(0.001), currency: 'EUR' } });
    bed.outbound('out', { prefix: '9' }, [dear, none, euro, steps, cheap].map((id) => ({ type: 'trunk', id }) as const).concat([{ type: 'lineGroup', id: group } as never]), { order: 'leastCost' });
    const table = bed.table();
    const order = (world: WorldBed) => table.resolve(dials(d101, '913105550123'), world, 'call').explanation.candidates.filter(({ kind }) => kind === 'trunk').map(({ endpoint }) => endpoint);
    expect(order(new WorldBed())).toEqual([cheap, steps, dear, none, euro]);
    expect(order(new WorldBed().set(cheap, 'degraded').set(steps, 'down'))).toEqual([dear, none, euro, cheap, steps]);
    expect(table.resolve(dials(d101, '913105550123'), new WorldBed(), 'call').explanation.candidates.map(({ cost }) => cost)).toEqual([0.015, 0.02, 0.03, null, 0.001, null, null, null, null]);
    expect(table.priceOf(cheap, '+19005550123')).toEqual({ currency: 'USD', perMinute: 99, perCall: 0, incrementS: 1 });
  });
});

describe('who may', () => {
  test('without a permission all but premium, satellite and unknown numbers', () => {
    const { bed, trunk } = office();
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }]);
    const table = bed.table();
    for (const number of ['913105550123', '9011493012345678', '918005550123', '95551234']) expect(Array.isArray(dial(table, number))).toBe(true);
    for (const number of ['919005550123', '9011870773111632', '9411', '9*67', '+449001234567']) expect(dial(table, number)).toBe('notAllowed');
    // Somebody inside without an extension may as much.
    expect(dial(table, '919005550123', undefined, 'api')).toBe('notAllowed');
    expect(Array.isArray(dial(table, '913105550123', undefined, 'api'))).toBe(true);
  });

  test('by the extension’s permission, else the site’s: classes, countries, what is allowed and denied besides', () => {
    const bed = new OfficeBed({ site: { ...site, permissionId: idOf('prm', 'site') } });
    bed.permission('site', { classes: ['national'] });
    const wide = bed.permission('wide', { classes: ['national', 'international'], countries: ['DE'], allowed: ['+19005550123', '411'], denied: ['+1310x.'] });
    bed.extension('101');
    bed.extension('102', { calling: { ...calling, permissionId: wide } });
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: bed.trunk('carrier') }]);
    const table = bed.table();
    const may = (name: string) => ['914155550123', '913105550123', '9011493012345678', '9011442071234567', '919005550123', '9411'].map((number) => Array.isArray(dial(table, number, undefined, idOf('dev', name))));
    expect(may('101')).toEqual([true, true, false, false, false, false]);
    expect(may('102')).toEqual([true, false, true, false, true, true]);
  });

  test('a locked extension calls inside and for help', () => {
    const { bed, trunk } = office();
    bed.extension('102', { calling: { ...calling, isLocked: true } });
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }]);
    const table = bed.table();
    const locked = idOf('dev', '102');
    expect(dial(table, '913105550123', undefined, locked)).toBe('notAllowed');
    expect(dial(table, '101', undefined, locked)).toEqual([`${d101} 101`]);
    expect(Array.isArray(dial(table, '911', undefined, locked))).toBe(true);
  });

  test('numbers that nobody may call are refused as their list says', () => {
    const { bed, trunk } = office();
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }]);
    bed.blocklist('never', { direction: 'outbound', numbers: ['+1310x.'], as: 'unallocated' });
    expect(dial(bed.table(), '93105550123')).toBe('unallocatedNumber');
  });

  test('a PIN is asked for after everything else, and stands in the explanation by its label alone', () => {
    const { bed, trunk } = office();
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }], { pinSetId: bed.pinSet('abroad', [{ label: 'Ann', pin: '482915' }, { label: 'Bob', pin: '739104' }]) });
    const table = bed.table();
    const asked = (pin?: string, number = '93105550123') => table.resolve(dials(d101, number, pin === undefined ? {} : { pin }), new WorldBed(), 'all');
    expect(asked().outcome).toMatchObject({ ok: false, asks: 'pin', cause: 'notAllowed' });
    expect(asked('000000').outcome).toMatchObject({ ok: false, asks: 'pin' });
    expect(asked('739104').outcome).toMatchObject({ ok: true });
    expect(asked('739104').explanation.steps.map(({ text }) => text)).toContain('PIN of Bob');
    expect(JSON.stringify([asked(), asked('000000'), asked('739104')])).not.toMatch(/482915|739104/);
    expect(asked(undefined, '919005550123').outcome).not.toHaveProperty('asks');
  });

  test.each([
    [{ concurrent: 3 }, '913105550123', false], [{ concurrent: 2 }, '913105550123', true],
    [{ lastHour: 20 }, '913105550123', false], [{ costlyLastHour: 5 }, '913105550123', true], [{ costlyLastHour: 5 }, '9011493012345678', false], [{ spentToday: 10 }, '913105550123', false], [{ spentToday: 9.99 }, '913105550123', true],
  ] as const)('limits: after %o, %s is let out: %s', (use, number, isLetOut) => {
    const bed = new OfficeBed({ site, fraud: { concurrent: 3, callsPerHour: 20, costlyPerHour: 5, spendPerDay: 10 } });
    const desk = bed.extension('101');
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: bed.trunk('carrier') }]);
    const world = new WorldBed();
    world.uses.set(desk, { concurrent: 0, lastHour: 0, costlyLastHour: 0, spentToday: 0, ...use });
    expect(Array.isArray(dial(bed.table(), number, world))).toBe(isLetOut);
    expect(dial(bed.table(), '911', world)).toHaveLength(1);
  });
});
