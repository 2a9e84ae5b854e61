import { buildSnapshot, type ConfigurationRows, type Snapshot } from '@tipring/config';
import { emergencyNumbersOf } from '@tipring/line';
import type { Availability, CallEvent, CallView, EndpointId, LegView } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { demoOffice } from '../demo-office.ts';
import { OfficeRouting } from './office-routing.ts';

const at = Date.parse('2026-11-24T15:00:00.000Z');

test('what goes outside is counted from its beginning to its end, and an explanation counts nothing', () => {
  const bed = office((rows) => ({ ...rows, settings: { ...rows.settings, fraud: { ...rows.settings.fraud, concurrent: 1 } } }));
  const ask = () => bed.routing.explain({ endpoint: bed.phone, from: { number: '101' }, number: '912125550190', at, states: new Map() }).outcome.ok;
  expect([ask(), ask(), ask()]).toEqual([true, true, true]);
  expect(bed.call('one').ok).toBe(true);
  expect(bed.call('two')).toMatchObject({ ok: false, cause: 'notAllowed' });
  expect(ask()).toBe(false);
  bed.ends('one');
  expect(bed.call('three').ok).toBe(true);
});

test('a supposed state of a trunk changes the order of an explanation, not that of a call', () => {
  const bed = office();
  const first = (states: ReadonlyMap<EndpointId, 'down'>) => {
    const { outcome } = bed.routing.explain({ endpoint: bed.phone, from: { number: '101' }, number: '912125550190', at, states });
    return outcome.ok ? outcome.route.attempts[0]?.name : outcome.cause;
  };
  expect(first(new Map())).toBe('trunk carrier');
  expect(first(new Map([[bed.trunk, 'down']]))).toMatch(/^line /);
  expect(first(new Map())).toBe('trunk carrier');
});

test('a new configuration routes the next call', () => {
  const bed = office();
  expect(bed.call('one').ok).toBe(true);
  bed.configuration.snapshot = snapshotOf({ ...bed.rows, outboundRoutes: [] });
  expect(bed.call('two')).toMatchObject({ ok: false });
});

test('who calls back after an emergency call reaches the telephone it came from', () => {
  const bed = office();
  const workshop = [...bed.configuration.snapshot.stations.values()].find(({ key }) => key === 'workshop')!.id;
  const line = bed.rows.lines[0]!.id;
  const launched = view('help', [leg(workshop, 'caller'), leg(line, 'called')], '911');
  bed.routing.hear({ type: 'call.emergency', at, call: launched, number: '911', isTest: false, explanation: null });
  const back = bed.routing.resolve({ endpoint: line, from: { number: '9115550100' }, number: '' });
  // Together with the reception, which rings anyway.
  expect(back.ok && back.route.attempts[0]?.endpoints).toContain(workshop);
  bed.routing.hear({ type: 'call.ended', at, call: launched, cause: 'normalClearing' });
});

test('who calls back by a trunk reaches the telephone whose call showed that number, also when the trunk was not the first way', () => {
  const bed = office((rows) => ({ ...rows, settings: { ...rows.settings, site: { ...rows.settings.site, mainNumber: '+12125550142' } } }));
  const workshop = [...bed.configuration.snapshot.stations.values()].find(({ key }) => key === 'workshop')!.id;
  bed.routing.resolve({ call: 'help', endpoint: workshop, from: { number: '118' }, number: '911' });
  const legs = [leg(workshop, 'caller'), leg(bed.trunk, 'called')];
  const rerouted: CallEvent = { type: 'call.rerouted', at, call: view('help', legs, '911'), rerouting: {} as never };
  bed.routing.hear(rerouted);
  const rings = (number: string) => {
    const back = bed.routing.resolve({ endpoint: bed.trunk, from: { number: '+12125559999' }, number });
    return back.ok && back.route.attempts[0]!.endpoints.includes(workshop);
  };
  expect([rings('+12125550142'), rings('+12125550143')]).toEqual([true, false]);
});

test('what was called before a restart counts on, and who called for help is called back', () => {
  const bed = office((rows) => ({ ...rows, settings: { ...rows.settings, fraud: { ...rows.settings.fraud, callsPerHour: 1 } } }));
  const { outcome } = bed.routing.explain({ endpoint: bed.phone, from: { number: '101' }, number: '912125550190', at, states: new Map() });
  const help = bed.routing.explain({ endpoint: bed.phone, from: { number: '101' }, number: '911', at, states: new Map() });
  if (!outcome.ok || !help.outcome.ok) throw new Error('both have ways');
  const line = bed.rows.lines[0]!.id;
  const legs = [bed.phone, line].map((endpoint, place) => ({ id: String(place), endpoint, role: place === 0 ? 'caller' : 'called', reference: '', startedAt: at - 60_000, answeredAt: null, endedAt: at, cause: null, evidence: null, quality: null }) as const);
  const record = { id: 'cal_1', startedAt: at - 60_000, answeredAt: null, endedAt: at - 30_000, answeredBy: null, emergency: null, legs, explanation: outcome.route.explanation! };
  expect(bed.call('before').ok).toBe(true);
  bed.ends('before');
  const after = office((rows) => ({ ...rows, settings: { ...rows.settings, fraud: { ...rows.settings.fraud, callsPerHour: 1 } } }), bed.rows);
  after.routing.remember([record, { ...record, id: 'cal_2', emergency: '911', explanation: help.outcome.route.explanation! }, { ...record, id: 'cal_3', explanation: null }]);
  expect(after.call('one too many')).toMatchObject({ ok: false, cause: 'notAllowed' });
  const back = after.routing.resolve({ endpoint: line, from: { number: '9115550100' }, number: '' });
  expect(back.ok && back.route.attempts[0]?.endpoints).toContain(bed.phone);
});

test('what an extension forwards outside counts for it once it goes there, and not for who called', () => {
  const mobile = { type: 'number', number: '912125550190' } as const;
  const bed = office((rows) => ({
    ...rows, settings: { ...rows.settings, fraud: { ...rows.settings.fraud, concurrent: 1 } },
    extensions: rows.extensions.map((row) => (row.number === '102' ? { ...row, forwarding: { ...row.forwarding, noAnswer: mobile } } : row.number === '103' ? { ...row, forwarding: { ...row.forwarding, always: mobile } } : row)),
  }));
  const dial = (number: string, call?: string) => bed.routing.resolve({ ...(call === undefined ? {} : { call }), endpoint: bed.phone, from: { number: '101' }, number });
  const waysOut = (number: string) => {
    const { outcome } = bed.routing.explain({ endpoint: bed.phone, from: { number: '101' }, number, at, states: new Map() });
    return outcome.ok ? outcome.route.attempts.filter(({ endpoints }) => endpoints.includes(bed.trunk)).length : 0;
  };
  dial('102', 'one');
  expect([waysOut('102'), waysOut('912125550190')]).toEqual([1, 1]);
  const forwarded: CallEvent = { type: 'call.rerouted', at, call: view('one', [leg(bed.phone, 'caller'), leg(bed.trunk, 'called')]), rerouting: {} as never };
  bed.routing.hear(forwarded);
  expect([waysOut('102'), waysOut('103'), waysOut('912125550190')]).toEqual([0, 1, 1]);
  bed.ends('one');
  expect(waysOut('102')).toBe(1);
  dial('103', 'two');
  expect([waysOut('103'), waysOut('912125550190')]).toEqual([0, 1]);
});

test('who transfers a call outside, and again, is held to his limits: each way counts, and costs once it has answered', () => {
  const rate = { prefix: '+1', perMinute: 0, perCall: 5, incrementS: 60 };
  const limited = (fraud: object) => office((rows) => ({
    ...rows, settings: { ...rows.settings, fraud: { ...rows.settings.fraud, ...fraud } }, trunks: rows.trunks.map((row) => ({ ...row, tariff: { currency: 'USD', rates: [rate] } })),
  }));
  const counted = limited({ concurrent: 2 });
  expect([counted.call('one').ok, counted.call('one').ok]).toEqual([true, true]);
  expect(counted.call('two')).toMatchObject({ ok: false, cause: 'notAllowed' });
  counted.ends('one');
  expect(counted.call('two').ok).toBe(true);
  // Answered inside first.
  const spent = limited({ spendPerDay: 10 });
  const up = (place: number): LegView => ({ ...leg(spent.trunk, 'called'), id: String(place), state: 'answered' });
  const legs = [leg(spent.phone, 'caller'), { ...leg(spent.phone, 'called'), state: 'answered' } as const];
  spent.routing.hear({ type: 'call.answered', at, call: view('one', legs) });
  for (const further of [[up(1)], [up(1), up(2)]]) {
    expect(spent.call('one').ok).toBe(true);
    spent.routing.hear({ type: 'call.partiesChanged', at, call: view('one', [...legs, ...further.slice(0, -1)]) });
    expect(spent.call('asks').ok).toBe(true);
    spent.ends('asks');
    spent.routing.hear({ type: 'call.partiesChanged', at, call: view('one', [...legs, ...further]) });
  }
  expect(spent.call('three')).toMatchObject({ ok: false, cause: 'notAllowed' });
});

test('members of a ring group take turns from call to call, and who talks without call waiting is busy', () => {
  const bed = office((rows) => {
    const [a, b] = rows.extensions as [(typeof rows.extensions)[number], (typeof rows.extensions)[number]];
    const members = [a, b].map(({ id }) => ({ target: { type: 'extension', id } as const, afterMs: 0 }));
    const group = {
      id: `rgp_${'0'.repeat(26)}`, key: 'g', displayName: 'G', number: '600', members, strategy: 'roundRobin', skipsBusy: false, memberRingMs: 15_000, ringMs: 60_000, callerNamePrefix: null, alertInfo: null, otherwise: null,
      version: 1, createdAt: a.createdAt, updatedAt: a.updatedAt,
    } as const;
    return { ...rows, ringGroups: [...rows.ringGroups, group], extensions: rows.extensions.map((row) => (row.id === a.id ? { ...row, isCallWaiting: false } : row)) };
  });
  const first = (call?: string) => {
    const outcome = bed.routing.resolve({ ...(call === undefined ? {} : { call }), endpoint: bed.phone, from: { number: '101' }, number: '600' });
    return outcome.ok ? bed.configuration.snapshot.devices.get(outcome.route.attempts[0]!.endpoints[0]!)?.extensionId : outcome.cause;
  };
  const [a, b] = bed.rows.extensions.map(({ id }) => id);
  expect([first('one'), first('two'), first(), first('three')]).toEqual([a, b, a, a]);
  const telephone = bed.configuration.snapshot.devicesOf(a!)[0]!.id;
  bed.routing.hear({ type: 'call.answered', at, call: view('talk', [leg(telephone, 'caller'), leg(bed.trunk, 'called')]) });
  const dial = () => bed.routing.resolve({ endpoint: 'nobody', from: { number: '5' }, number: bed.rows.extensions[0]!.number });
  expect(dial()).toMatchObject({ ok: false, cause: 'userBusy' });
  expect([first('four'), first('five')]).toEqual([b, b]);
  bed.ends('talk');
  expect(dial()).toMatchObject({ ok: true });
  bed.routing.resume([view('kept', [leg(telephone, 'caller')])]);
  expect(dial()).toMatchObject({ ok: false, cause: 'userBusy' });
});

function office(change: (rows: ConfigurationRows) => ConfigurationRows = (rows) => rows, given = demoOffice('tipring', '2026-11-24T10:00:00.000Z', { simulated: true }).rows) {
  const rows = change(given);
  const configuration = { snapshot: snapshotOf(rows) };
  const ready: Availability = { state: 'ready', text: 'ready', idleSince: null, usedMs: 0, isEmergency: false };
  const routing = new OfficeRouting({ configuration, facts: { emergencyNumbers: emergencyNumbersOf }, availabilities: { availability: () => ready }, wallClock: () => at });
  const phone = configuration.snapshot.deviceByUsername('101')!.id;
  return {
    rows, configuration, routing, phone, trunk: rows.trunks[0]!.id,
    call: (id: string) => routing.resolve({ call: id, endpoint: phone, from: { number: '101' }, number: '912125550190' }),
    ends: (id: string) => routing.hear({ type: 'call.ended', at, call: view(id, []), cause: 'normalClearing' } satisfies CallEvent),
  };
}

function snapshotOf(rows: ConfigurationRows): Snapshot {
  const built = buildSnapshot(rows);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return built.value;
}

function view(id: string, legs: readonly LegView[], emergency: string | null = null): CallView {
  return { id, state: 'trying', direction: 'outbound', startedAt: at, answeredAt: null, from: { number: '101' }, to: '', legs, recovered: false, emergency, parked: null, recording: null };
}

function leg(endpoint: EndpointId, role: 'caller' | 'called'): LegView {
  return { id: `${endpoint}-leg`, endpoint, role, state: 'trying', reference: '', party: { number: '102' }, isMuted: false, startedAt: at, answeredAt: null };
}
