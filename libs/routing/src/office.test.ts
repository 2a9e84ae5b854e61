import { usualExtension } from '@tipring/config';
import type { RouteOutcome } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { dials, idOf, OfficeBed, WorldBed } from './office-bed.ts';
import type { RoutingState } from './routing-state.ts';

/* What the office did before there were rules: extensions, and lines behind a prefix of their own. */

test('a number rings all enabled devices of its extension together, as long as the extension says', () => {
  const bed = new OfficeBed();
  const first = bed.extension('101');
  bed.device('101b', first);
  bed.device('101c', first, { enabled: false });
  const { outcome, explanation } = bed.table().resolve(dials('dev_1', '101'), world, 'call');
  expect(outcome).toEqual({ ok: true, route: { direction: 'internal', attempts: [{ endpoints: [idOf('dev', '101'), idOf('dev', '101b')], number: '101', name: 'extension 101', timeoutMs: 30_000 }], explanation } });
  expect(explanation).toMatchObject({ decision: { is: 'routed', direction: 'internal', to: '101', class: 'internal' }, candidates: [{ kind: 'device', tried: true }, { kind: 'device', tried: true }] });
});

test('a number that nobody has is unallocated; one without a device that is enabled is absent', () => {
  const bed = new OfficeBed();
  bed.add('extension', { id: idOf('ext', '101'), key: 'e101', number: '101', displayName: 'Desk', ...usualExtension, version: 1, createdAt: now, updatedAt: now });
  bed.device('101', idOf('ext', '101'), { enabled: false });
  const table = bed.table();
  expect(table.resolve(dials('dev_1', '999'), world, 'call').outcome).toMatchObject({ ok: false, cause: 'unallocatedNumber' });
  expect(table.resolve(dials('dev_1', '101'), world, 'call').outcome).toMatchObject({ ok: false, cause: 'subscriberAbsent' });
});

test('stations of an extension ring with its devices; a call from a line is inbound', () => {
  const bed = new OfficeBed();
  const first = bed.extension('101');
  bed.station('on', first);
  bed.station('off', first, { isEnabled: false });
  const line = bed.line('1');
  const table = bed.table();
  expect(table.resolve(dials('dev_1', '101'), world, 'call').outcome).toMatchObject({ ok: true, route: { direction: 'internal', attempts: [{ endpoints: [idOf('dev', '101'), idOf('sta', 'on')] }] } });
  expect(table.resolve(dials(line, '101'), world, 'call').outcome).toMatchObject({ ok: true, route: { direction: 'inbound' } });
});

test('a number behind a prefix tries the lines of its rule one after the other, without the prefix; the first rule that fits decides', () => {
  const bed = new OfficeBed();
  const lines = [bed.line('1'), bed.line('2'), bed.line('3', { isEnabled: false }), bed.line('4', { isCommissioned: false })];
  const fifth = bed.line('5');
  bed.outbound('ninety-nine', { prefix: '99' }, [{ type: 'line', id: fifth }]);
  bed.outbound('nine', { prefix: '9' }, lines.map((id) => ({ type: 'line', id })));
  const table = bed.table();
  const attempts = (number: string, endpoint = 'dev_1') => tried(table.resolve(dials(endpoint, number), world, 'call').outcome);
  expect(attempts('95551234')).toEqual([`${lines[0]} 5551234`, `${lines[1]} 5551234`]);
  expect(attempts('9951234')).toEqual([`${fifth} 51234`]);
  expect(attempts('9')).toBe('invalidNumberFormat');
  expect(attempts('85551234')).toBe('unallocatedNumber');
});

test('lines that nobody has commissioned make no calls, and the refusal says what to do', () => {
  const bed = new OfficeBed();
  bed.outbound('out', { prefix: '9' }, [{ type: 'line', id: bed.line('1', { isCommissioned: false }) }]);
  expect(bed.table().resolve(dials('dev_1', '95551234'), world, 'call').outcome).toMatchObject({ ok: false, cause: 'noRouteToDestination', evidence: { text: expect.stringContaining('commissioned') } });
});

test('a call that a line passes on does not go out on the same line', () => {
  const bed = new OfficeBed();
  const first = bed.line('1', { inbound: { type: 'number', number: '95551234' } });
  const second = bed.line('2');
  bed.outbound('out', { prefix: '9' }, [first, second].map((id) => ({ type: 'line', id })));
  expect(tried(bed.table().resolve(dials(first, ''), world, 'call').outcome)).toEqual([`${second} 5551234`]);
  const alone = new OfficeBed();
  alone.line('1', { inbound: { type: 'number', number: '95551234' } });
  alone.outbound('out', { prefix: '9' }, [{ type: 'line', id: first }]);
  expect(alone.table().resolve(dials(first, ''), world, 'call').outcome).toMatchObject({ ok: false, cause: 'noRouteToDestination', evidence: { text: expect.stringContaining('came in on it') } });
});

test('an emergency number goes out over every line, behind the prefix too, and before an extension of that number', () => {
  const bed = new OfficeBed();
  const uncommissioned = bed.line('1', { isCommissioned: false });
  const line = bed.line('2');
  bed.line('3', { isEnabled: false });
  bed.outbound('eight', { prefix: '8' }, [{ type: 'line', id: line }]);
  bed.extension('911');
  const table = bed.table();
  const wanted = { ok: true, route: { direction: 'outbound', emergency: { number: '911' }, attempts: [{ endpoints: [line], number: '911', priority: 'emergency' }, { endpoints: [uncommissioned], number: '911', priority: 'emergency' }] } };
  for (const number of ['911', '9911', '8911', '+911', '911#', '*67911', '#31#9911', 'sos', 'urn:service:sos.police']) expect(table.resolve(dials('dev_1', number), world, 'call').outcome).toMatchObject(wanted);
  // Who calls in on a line is not in our building.
  expect(table.resolve(dials(line, '911'), world, 'call').outcome).toMatchObject({ ok: true, route: { direction: 'inbound' } });
});

test('an emergency number that nothing leads to is refused as a lack of circuits, never as unknown', () => {
  const bed = new OfficeBed();
  bed.extension('101');
  expect(bed.table().resolve(dials(idOf('dev', '101'), '911'), world, 'call').outcome).toMatchObject({ ok: false, cause: 'noCircuit' });
  // Also where nobody knows what the emergency number is.
  expect(bed.table({ emergencyNumbers: () => [] }).resolve(dials(idOf('dev', '101'), 'urn:service:sos'), world, 'call').outcome).toMatchObject({ ok: false, cause: 'noCircuit', evidence: { text: expect.stringContaining('112') } });
});

function tried(outcome: RouteOutcome): readonly string[] | string {
  return outcome.ok ? outcome.route.attempts.map((attempt) => [...attempt.endpoints, attempt.number].join(' ')) : outcome.cause;
}

const now = '2026-11-22T18:00:00.000Z';
const world: RoutingState = new WorldBed();
