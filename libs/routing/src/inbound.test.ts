import type { Party } from '@tipring/telephony';
import { describe, expect, test } from 'vitest';
import { idOf, OfficeBed, WorldBed } from './office-bed.ts';
import type { RoutingTable } from './routing-table.ts';

const site = { country: 'US', timeZone: 'America/New_York', areaCode: '212', outsidePrefix: '9', mainNumber: '+12125550100', permissionId: null };

/** Two extensions, a trunk and two lines; who rings is said by the endpoint. */
function office(): { readonly bed: OfficeBed; readonly desk: string; readonly sales: string; readonly trunk: string; readonly line: string } {
  const bed = new OfficeBed({ site });
  const [desk, sales] = [bed.extension('101'), bed.extension('102')];
  return { bed, desk, sales, trunk: bed.trunk('carrier'), line: bed.line('1', { number: '+12125550111' }) };
}

function rings(table: RoutingTable, endpoint: string, number: string, from: Party = { number: '+13105550199' }, world = new WorldBed()): string {
  const { outcome } = table.resolve({ endpoint, from, number }, world, 'call');
  return outcome.ok ? outcome.route.attempts.map(({ endpoints }) => endpoints.join('+')).join(' then ') : outcome.cause;
}

const d101 = idOf('dev', '101');
const d102 = idOf('dev', '102');

describe('rules', () => {
  test('the first that fits decides: by number, trunk, line, group and caller', () => {
    const { bed, desk, sales, trunk, line } = office();
    const second = bed.line('2');
    const group = bed.group('lines', [second]);
    bed.inbound('sales', { called: ['+1212555020x'] }, { type: 'extension', id: sales });
    bed.inbound('boss', { callers: ['+49x.'], via: [{ type: 'trunk', id: trunk }] }, { type: 'extension', id: sales });
    bed.inbound('group', { via: [{ type: 'lineGroup', id: group }] }, { type: 'extension', id: sales });
    bed.inbound('line', { via: [{ type: 'line', id: line }], called: ['+12125550111'] }, { type: 'extension', id: sales });
    bed.inbound('rest', { called: ['+1212x.'] }, { type: 'extension', id: desk });
    const table = bed.table();
    expect(rings(table, trunk, '+12125550205')).toBe(d102);
    expect(rings(table, trunk, '+12125550300')).toBe(d101);
    expect(rings(table, trunk, '+12125550300', { number: '+493012345678' })).toBe(d102);
    expect(rings(table, line, '')).toBe(d102);
    expect(rings(table, second, '')).toBe(d102);
    expect(rings(table, trunk, '+13105550000')).toBe('unallocatedNumber');
  });

  test('equal positions are asked by key, and a rule that is switched off is not asked', () => {
    const { bed, desk, sales, trunk } = office();
    bed.inbound('b', {}, { type: 'extension', id: desk }, { position: 1 });
    bed.inbound('a', {}, { type: 'extension', id: sales }, { position: 1 });
    bed.inbound('off', {}, { type: 'refusal', as: 'busy' }, { position: 0, isEnabled: false });
    expect(rings(bed.table(), trunk, '1')).toBe(d102);
  });

  test('by the hours of a schedule, at the instant that is asked for', () => {
    const { bed, desk, sales, trunk } = office();
    const scheduleId = bed.schedule('day', { week: [{ days: ['wednesday'], from: '09:00', to: '17:00' }] });
    bed.inbound('day', { schedule: { scheduleId, is: 'open' } }, { type: 'extension', id: desk });
    bed.inbound('night', { schedule: { scheduleId, is: 'closed' } }, { type: 'extension', id: sales });
    const table = bed.table();
    const world = new WorldBed();
    expect(rings(table, trunk, '1', undefined, world)).toBe(d101);
    world.at = Date.parse('2026-11-25T22:00:00Z');
    expect(rings(table, trunk, '1', undefined, world)).toBe(d102);
  });

  test('callers who withhold their number are not those whose number is not known', () => {
    const { bed, desk, sales, trunk, line } = office();
    bed.inbound('withheld', { anonymous: true }, { type: 'extension', id: sales });
    bed.inbound('shown', { anonymous: false }, { type: 'extension', id: desk });
    const table = bed.table();
    expect(rings(table, trunk, '1', { number: 'anonymous', anonymous: true })).toBe(d102);
    expect(rings(table, line, '', { number: '' })).toBe(d101);
  });

  test('a refusal says what the caller is told', () => {
    const { bed, trunk } = office();
    bed.inbound('busy', { called: ['1'] }, { type: 'refusal', as: 'busy' });
    bed.inbound('gone', { called: ['2'] }, { type: 'refusal', as: 'unallocated' });
    bed.inbound('no', { called: ['3'] }, { type: 'refusal', as: 'rejected' });
    const table = bed.table();
    expect(['1', '2', '3'].map((number) => rings(table, trunk, number))).toEqual(['userBusy', 'unallocatedNumber', 'rejected']);
  });
});

describe('the number that was called, as the trunk writes it', () => {
  test.each([
    ['e164', '+12125550205', true], ['e164', '12125550205', false], ['e164Digits', '12125550205', true], ['e164Digits', '+12125550205', true], ['national', '2125550205', true], ['national', '5550205', true],
    ['asGiven', '+12125550205', true], ['asGiven', '12125550205', false],
  ] as const)('%s: %s', (inboundForm, number, isRead) => {
    const { bed, desk } = office();
    const trunk = bed.trunk('other', { inboundForm });
    bed.inbound('one', { called: ['+12125550205'] }, { type: 'extension', id: desk });
    expect(rings(bed.table(), trunk, number)).toBe(isRead ? d101 : 'unallocatedNumber');
  });

  test('patterns without + are for what was given', () => {
    const { bed, desk, trunk } = office();
    bed.inbound('one', { called: ['2xx'] }, { type: 'extension', id: desk });
    expect(rings(bed.table(), trunk, '205')).toBe(d101);
  });
});

describe('where no rule fits', () => {
  test('the only extension that shows the number outside has it', () => {
    const { bed, trunk } = office();
    bed.extension('201', { calling: { permissionId: null, locationId: null, shownNumber: '+12125550201', isLocked: false } });
    bed.extension('202', { calling: { permissionId: null, locationId: null, shownNumber: '+12125550202', isLocked: false } });
    bed.extension('203', { calling: { permissionId: null, locationId: null, shownNumber: '+12125550202', isLocked: false } });
    const table = bed.table();
    expect(rings(table, trunk, '+12125550201')).toBe(idOf('dev', '201'));
    expect(rings(table, trunk, '+12125550202')).toBe('unallocatedNumber');
  });

  test('a line has a destination of its own; without, nobody is called', () => {
    const { bed, desk, line } = office();
    const [second, third] = [bed.line('2', { inbound: { type: 'extension', id: desk } }), bed.line('3', { inbound: { type: 'refusal', as: 'busy' } })];
    const table = bed.table();
    expect(rings(table, second, '')).toBe(d101);
    expect(rings(table, third, '')).toBe('userBusy');
    expect(rings(table, line, '')).toBe('noRouteToDestination');
  });

  test('another PBX dials our extensions, a carrier does not', () => {
    const { bed, trunk } = office();
    const branch = bed.trunk('branch', { inboundForm: 'asGiven' });
    const table = bed.table();
    expect(rings(table, branch, '101')).toBe(d101);
    expect(rings(table, trunk, '101')).toBe('unallocatedNumber');
  });
});

describe('the caller', () => {
  const shown = (from: Party, change: { readonly inboundForm?: 'national'; readonly prefix?: string } = {}): Party | undefined => {
    const bed = new OfficeBed({ site });
    const desk = bed.extension('101');
    const trunk = bed.trunk('carrier', change.inboundForm === undefined ? {} : { inboundForm: change.inboundForm });
    bed.inbound('all', {}, { type: 'extension', id: desk }, { callerNamePrefix: change.prefix ?? null });
    const { outcome } = bed.table().resolve({ endpoint: trunk, from, number: '1' }, new WorldBed(), 'call');
    return outcome.ok ? outcome.route.from : undefined;
  };

  test('is shown as E.164 where his number can be read so', () => {
    expect(shown({ number: '3105550199', name: 'Ann' }, { inboundForm: 'national' })).toEqual({ number: '+13105550199', name: 'Ann' });
    expect(shown({ number: '+13105550199' })).toBe(undefined);
    expect(shown({ number: 'ann' })).toBe(undefined);
  });

  test('has the rule’s words before his name', () => {
    expect(shown({ number: '+13105550199', name: 'Ann' }, { prefix: 'Sales: ' })).toEqual({ number: '+13105550199', name: 'Sales: Ann' });
    expect(shown({ number: '+13105550199' }, { prefix: 'Sales: ' })).toEqual({ number: '+13105550199', name: 'Sales: +13105550199' });
    expect(shown({ number: 'anonymous', anonymous: true }, { prefix: 'Sales: ' })).toEqual({ number: 'anonymous', anonymous: true, name: 'Sales: anonymous' });
  });
});

describe('block lists', () => {
  test('come before rules, by number as given or as E.164, and withheld ones', () => {
    const { bed, desk, trunk } = office();
    bed.inbound('all', {}, { type: 'extension', id: desk });
    bed.blocklist('spam', { numbers: ['+1310555xxxx'], as: 'busy' });
    bed.blocklist('withheld', { anonymous: true, as: 'rejected' });
    bed.blocklist('off', { numbers: ['+44x.'], isEnabled: false });
    const table = bed.table();
    expect(rings(table, trunk, '1', { number: '+13105550199' })).toBe('userBusy');
    expect(rings(table, trunk, '1', { number: 'anonymous', anonymous: true })).toBe('rejected');
    expect(rings(table, trunk, '1', { number: '+442071234567' })).toBe(d101);
  });

  test('who calls back after an emergency call reaches the telephone that called, and whoever would ring anyway', () => {
    const { bed, desk, sales, trunk, line } = office();
    bed.inbound('all', {}, { type: 'extension', id: sales });
    bed.blocklist('all', { numbers: ['x.', '+x.'], anonymous: true });
    bed.station('kitchen', desk);
    const table = bed.table();
    const world = new WorldBed();
    world.helped.set(`${trunk} +12125550100`, [idOf('sta', 'kitchen'), idOf('dev', 'gone')]).set(`${line} `, [d101]);
    expect(rings(table, trunk, '+12125550100', { number: 'anonymous', anonymous: true }, world)).toBe(`${d101}+${idOf('sta', 'kitchen')}+${d102}`);
    expect(rings(table, line, '', { number: '' }, world)).toBe(`${d101}+${idOf('sta', 'kitchen')}+${d102}`);
    expect(rings(table, trunk, '+12125550101', { number: 'anonymous', anonymous: true }, world)).toBe('rejected');
  });

  test('who calls back is not refused by a rule, nor passed on', () => {
    const { bed, trunk, line } = office();
    bed.inbound('mobile', { called: ['+12125550100'] }, { type: 'number', number: '93105550000' });
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }]);
    const table = bed.table();
    const world = new WorldBed();
    world.helped.set(`${trunk} +12125550100`, [d101]).set(`${line} `, [d101]);
    expect(rings(table, trunk, '+12125550100', undefined, world)).toBe(d101);
    expect(rings(table, line, '', undefined, world)).toBe(d101);
  });
});

describe('a call that is passed on', () => {
  test('goes by the outbound routes, shows its first caller, and says by whom it was passed on', () => {
    const { bed, trunk } = office();
    const other = bed.trunk('other', { callerForm: { format: 'e164Digits', strip: 0, prepend: '' }, calledForm: { format: 'national', strip: 1, prepend: '' } });
    bed.inbound('mobile', {}, { type: 'number', number: '93105550000' });
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: other }]);
    // Whoever wrote the rule has permitted it.
    bed.blocklist('none', { direction: 'outbound', numbers: ['+44x.'] });
    const { outcome } = bed.table().resolve({ endpoint: trunk, from: { number: '+13105550199', name: 'Ann' }, number: '+12125550100', diversions: [{ number: '+14155550123', reason: 'noAnswer' }] }, new WorldBed(), 'call');
    expect(outcome).toMatchObject({
      ok: true,
      route: {
        direction: 'outbound',
        attempts: [{ endpoints: [other], number: '3105550000', from: { number: '13105550199', name: 'Ann' } }],
        diversions: [{ number: '+14155550123', reason: 'noAnswer' }, { number: '+12125550100', reason: 'unconditional' }],
      },
    });
  });

  test('rings inside when the number is an extension’s, and calls for help when it is an emergency number', () => {
    const { bed, trunk, line } = office();
    bed.inbound('inside', { called: ['1'] }, { type: 'number', number: '102' });
    bed.inbound('help', { called: ['2'] }, { type: 'number', number: '9911' });
    const table = bed.table();
    expect(rings(table, trunk, '1')).toBe(d102);
    expect(rings(table, trunk, '2')).toBe(`${line} then ${trunk}`);
  });

  test('does not come back to where it was: by itself, by another rule, or by what the far end tells', () => {
    const { bed, trunk } = office();
    bed.inbound('self', { called: ['+12125550101'] }, { type: 'number', number: '92125550101' });
    bed.inbound('a', { called: ['+12125550102'] }, { type: 'number', number: '92125550103' });
    bed.inbound('b', { called: ['+12125550103'] }, { type: 'number', number: '95550102' });
    bed.inbound('out', { called: ['+12125550104'] }, { type: 'number', number: '93105550000' });
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }]);
    const table = bed.table();
    for (const number of ['+12125550101', '+12125550102', '+12125550103']) expect(rings(table, trunk, number)).toBe('noRouteToDestination');
    // Out by the trunk it came in on is no loop.
    expect(rings(table, trunk, '+12125550104')).toBe(trunk);
    const diverted = (numbers: readonly string[]) => table.resolve({ endpoint: trunk, from: { number: '' }, number: '+12125550104', diversions: numbers.map((number) => ({ number, reason: 'unconditional' })) }, new WorldBed(), 'all');
    expect(diverted(['+13105550000']).explanation).toMatchObject({ decision: { is: 'refused' }, steps: expect.arrayContaining([expect.objectContaining({ code: 'loop' })]) });
    expect(diverted(['+1', '+2', '+3', '+4']).outcome.ok).toBe(true);
    expect(diverted(['+1', '+2', '+3', '+4', '+5']).outcome.ok).toBe(false);
  });

  test('is refused where a PIN would be asked for', () => {
    const { bed, trunk } = office();
    bed.inbound('out', {}, { type: 'number', number: '93105550000' });
    bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }], { pinSetId: bed.pinSet('all', [{ label: 'Ann', pin: '1234' }]) });
    expect(rings(bed.table(), trunk, '1')).toBe('notAllowed');
  });
});
