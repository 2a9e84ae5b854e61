import { describe, expect, test } from 'vitest';
import type { Attempt, RouteOutcome } from '@tipring/telephony';
import { dials, idOf, OfficeBed, WorldBed } from '../office-bed.ts';

const extension = (id: string) => ({ type: 'extension', id }) as const;
const number = (digits: string) => ({ type: 'number', number: digits }) as const;
const nowhere = { always: null, busy: null, noAnswer: null, unreachable: null };

function attemptsOf(outcome: RouteOutcome): readonly Attempt[] {
  if (!outcome.ok) throw new Error(`${outcome.cause}: ${outcome.evidence.text}`);
  return outcome.route.attempts;
}

/** `d101`, `vmbann` … each with its delay; what it comes behind, and on what. */
function told({ endpoints, delays, given, on, after }: Attempt): string {
  const rung = endpoints.map((id) => `${short(id)}${delays?.[id] === undefined ? '' : `+${delays[id]}`}${given?.[id] === undefined ? '' : `=${given[id].number}`}`).join(' ');
  return `${rung}${on === undefined ? '' : ` on ${on[0]}`}${after === undefined ? '' : ' …'}`;
}

function short(id: string): string {
  const [, kind = '', name = ''] = /^([a-z]{3})_(.+?)0*$/.exec(id) ?? [];
  return id.includes(':') ? id : `${kind}-${name}`;
}

function causeOf(outcome: RouteOutcome): string {
  return outcome.ok ? 'routed' : outcome.cause;
}

/**
 * What would be tried after the first attempt ended with this cause, as telephony goes on: what an attempt says of `after` and `on`.
 */
function then(attempts: readonly Attempt[], ...causes: readonly string[]): Attempt | undefined {
  let at = 0;
  for (const cause of causes) {
    const last: Attempt = attempts[at]!;
    const next = attempts.findIndex((one, place) => place > at && (one.after === undefined || one.after === last.label) && (one.on === undefined ? cause === 'temporaryFailure' : (one.on as readonly string[]).includes(cause)));
    if (next === -1) return undefined;
    at = next;
  }
  return attempts[at];
}

/** Desks 101 to 104, a trunk behind 9. */
function office(change: ConstructorParameters<typeof OfficeBed>[0] = {}) {
  const bed = new OfficeBed(change);
  const trunk = bed.trunk('t');
  const line = bed.line('l');
  bed.outbound('out', { prefix: '9' }, [{ type: 'trunk', id: trunk }, { type: 'line', id: line }]);
  return { bed, trunk, line };
}

const d = (name: string) => idOf('dev', name);
const world = new WorldBed();

describe('forwarding', () => {
  test('of all calls goes there without ringing here, and says why', () => {
    const { bed } = office();
    const target = bed.extension('102');
    bed.extension('101', { forwarding: { ...nowhere, always: extension(target) } });
    bed.extension('103');
    const { outcome, explanation } = bed.table().resolve(dials(d('103'), '101'), world, 'call');
    expect(attemptsOf(outcome).map(told)).toEqual(['dev-102']);
    expect(outcome).toMatchObject({ route: { diversions: [{ number: '101', reason: 'unconditional' }] } });
    expect(explanation.steps.map(({ code }) => code)).toContain('forwarded');
    // Who is forwarded to reaches who forwards.
    expect(attemptsOf(bed.table().resolve(dials(d('102'), '101'), world, 'call').outcome).map(told)).toEqual(['dev-101']);
  });

  test('each way of not taking a call has its own, and none of them is another’s', () => {
    const { bed } = office();
    const busy = bed.extension('102', { forwarding: { ...nowhere, noAnswer: extension(idOf('ext', '104')) } });
    const box = bed.application('voicemailBox', 'a', {});
    bed.extension('103');
    bed.extension('104');
    bed.extension('101', { forwarding: { ...nowhere, busy: extension(busy), noAnswer: number('913105550123') }, voicemailBoxId: box });
    const attempts = attemptsOf(bed.table().resolve(dials(d('103'), '101'), world, 'call').outcome);
    expect(then(attempts, 'userBusy')?.endpoints).toEqual([d('102')]);
    expect(then(attempts, 'rejected')?.endpoints).toEqual([d('102')]);
    expect(then(attempts, 'userBusy', 'noAnswer')?.endpoints).toEqual([d('104')]);
    expect(then(attempts, 'noAnswer')).toMatchObject({ endpoints: [idOf('trk', 't')], number: expect.stringContaining('3105550123') as string, diversions: [{ number: '101', reason: 'noAnswer' }] });
    expect(then(attempts, 'noAnswer', 'temporaryFailure')?.endpoints).toEqual([idOf('lin', 'l')]);
    // The trunk’s end is not the telephone’s.
    expect(then(attempts, 'noAnswer', 'noAnswer')).toBeUndefined();
    expect(then(attempts, 'userBusy', 'userBusy')).toBeUndefined();
    expect(then(attempts, 'subscriberAbsent')).toMatchObject({ endpoints: [box], diversions: [{ number: '101', reason: 'unavailable' }] });
    expect(then(attempts, 'normalClearing')).toBeUndefined();
  });

  test('to a voicemail box tells why the caller comes', () => {
    const { bed } = office();
    const box = bed.application('voicemailBox', 'a', { number: '801' });
    bed.extension('101', { voicemailBoxId: box });
    const attempts = attemptsOf(bed.table().resolve(dials('nobody', '101'), world, 'call').outcome);
    expect(['userBusy', 'noAnswer', 'subscriberAbsent'].map((cause) => then(attempts, cause)?.diversions?.at(-1)?.reason)).toEqual(['userBusy', 'noAnswer', 'unavailable']);
    expect(then(attempts, 'noAnswer')).toMatchObject({ endpoints: [box], number: '801' });
  });

  test('an extension that has all as usual is called as ever', () => {
    const { bed } = office();
    bed.extension('101');
    expect(attemptsOf(bed.table().resolve(dials('nobody', '101'), world, 'call').outcome)).toEqual([{ endpoints: [d('101')], number: '101', name: 'extension 101', timeoutMs: 30_000 }]);
  });

  test('without a telephone goes on at once', () => {
    const { bed } = office();
    const box = bed.application('voicemailBox', 'a', {});
    bed.add('extension', { ...bed.row('extension', bed.extension('101')), id: idOf('ext', 'none'), key: 'none', number: '109', voicemailBoxId: box });
    expect(attemptsOf(bed.table().resolve(dials(d('101'), '109'), world, 'call').outcome).map(told)).toEqual(['vmb-a']);
  });

  test('in a circle ends, whoever is in it', () => {
    const { bed } = office();
    const ids = ['101', '102', '103'].map((one) => idOf('ext', one));
    ids.forEach((_, at) => bed.extension(`10${at + 1}`, { forwarding: { ...nowhere, always: extension(ids[(at + 1) % 3]!) } }));
    bed.extension('104');
    const { outcome, explanation } = bed.table().resolve(dials(d('104'), '101'), world, 'call');
    expect(outcome).toMatchObject({ ok: false, cause: 'noRouteToDestination', evidence: { text: expect.stringContaining('the call was there before') as string } });
    expect(explanation.steps.at(-1)).toMatchObject({ what: { kind: 'loopGuard' }, verdict: 'refused' });
  });

  test('however deep, leaves little to try and to tell', () => {
    const { bed } = office();
    const ids = Array.from({ length: 8 }, (_, at) => idOf('ext', `10${at + 1}`));
    const box = bed.application('voicemailBox', 'a', {});
    ids.forEach((_, at) => {
      const next = extension(ids[(at + 1) % ids.length]!);
      bed.extension(`10${at + 1}`, { forwarding: { always: null, busy: next, noAnswer: next, unreachable: next }, voicemailBoxId: box });
    });
    const { outcome, explanation } = bed.table().resolve(dials('nobody', '101'), world, 'call');
    const attempts = attemptsOf(outcome);
    expect(attempts.length).toBeLessThan(50);
    expect(JSON.stringify(explanation).length).toBeLessThan(40_000);
    expect(then(attempts, 'userBusy', 'noAnswer', 'subscriberAbsent')?.endpoints).toEqual([box]);
  });

  test('to a number outside needs the right of who forwards, not of who calls', () => {
    const { bed } = office();
    const all = bed.permission('all', { classes: ['national', 'mobile', 'international', 'premium'] });
    const none = bed.permission('none', {});
    const forwarding = { ...nowhere, always: number('913105550123') };
    bed.extension('101', { forwarding, calling: { permissionId: none, locationId: null, shownNumber: null, isLocked: false } });
    bed.extension('102', { forwarding, calling: { permissionId: all, locationId: null, shownNumber: '+12125550102', isLocked: false } });
    bed.extension('103', { calling: { permissionId: none, locationId: null, shownNumber: null, isLocked: true } });
    expect(causeOf(bed.table().resolve(dials(d('103'), '101'), world, 'call').outcome)).toBe('notAllowed');
    const { outcome, explanation } = bed.table().resolve(dials(d('103'), '102'), world, 'call');
    expect(outcome).toMatchObject({ ok: true, route: { direction: 'outbound', diversions: [{ number: '+12125550102', reason: 'unconditional' }] } });
    expect(explanation.outside).toEqual([{ extensionId: idOf('ext', '102'), e164: '+13105550123', class: 'national' }]);
  });

  test('is never to an emergency number, nor to what is for telephones inside', () => {
    const { bed } = office();
    bed.application('parkingLot', 'p', { slots: { first: '701', last: '702' } });
    for (const [at, target] of ['911', '9911', '*72', '701'].entries()) bed.extension(`10${at + 1}`, { forwarding: { ...nowhere, always: number(target) } });
    for (const one of ['101', '102', '103', '104']) expect(causeOf(bed.table().resolve(dials('nobody', one), world, 'call').outcome), one).toBe('notAllowed');
  });

  test('to one’s own number outside does not go out', () => {
    const { bed } = office();
    bed.extension('101', { forwarding: { ...nowhere, always: number('912125550102') }, calling: { permissionId: null, locationId: null, shownNumber: '+12125550102', isLocked: false } });
    expect(bed.table().resolve(dials('nobody', '101'), world, 'call').outcome).toMatchObject({ ok: false, cause: 'noRouteToDestination' });
  });
});

describe('who may disturb', () => {
  test('do-not-disturb is busy to all but those who are allowed', () => {
    const { bed } = office();
    const box = bed.application('voicemailBox', 'a', {});
    bed.extension('101', { isDoNotDisturb: true, callers: { allowed: ['102', '+1310x.'], blocked: [], anonymous: 'taken', others: 'taken' } });
    bed.extension('102');
    bed.extension('103', { isDoNotDisturb: true, voicemailBoxId: box });
    const table = bed.table();
    expect(attemptsOf(table.resolve(dials(d('102'), '101'), world, 'call').outcome).map(told)).toEqual(['dev-101']);
    expect(causeOf(table.resolve(dials(d('103'), '101'), world, 'call').outcome)).toBe('userBusy');
    expect(table.resolve(dials(d('102'), '103'), world, 'call').outcome).toMatchObject({ ok: true, route: { attempts: [{ endpoints: [box] }], diversions: [{ reason: 'userBusy' }] } });
  });

  test.each([
    ['blocked', { blocked: ['102'] }, '102', false, 'rejected'],
    ['allowed before blocked', { blocked: ['1xx'], allowed: ['102'] }, '102', false, 'routed'],
    ['only those', { allowed: ['103'], others: 'refused' }, '102', false, 'rejected'],
    ['only those, and it is one', { allowed: ['102'], others: 'refused' }, '102', false, 'routed'],
    ['anonymous', { anonymous: 'refused' }, '102', true, 'rejected'],
    ['anonymous, whom no list is for', { allowed: ['102'], others: 'refused' }, '102', true, 'routed'],
  ] as const)('lists: %s', (_what, lists, from, anonymous, expected) => {
    const { bed } = office();
    bed.extension('101', { callers: { allowed: [], blocked: [], anonymous: 'taken', others: 'taken', ...lists } });
    bed.extension(from);
    const request = dials(d(from), '101', { from: { number: 'what it says of itself', ...(anonymous ? { anonymous } : {}) } });
    expect(causeOf(bed.table().resolve(request, world, 'call').outcome)).toBe(expected);
  });

  test('without call waiting a second call meets busy', () => {
    const { bed } = office();
    const id = bed.extension('101', { isCallWaiting: false });
    const busy = new WorldBed();
    busy.extensions.set(id, 'busy');
    expect(causeOf(bed.table().resolve(dials('nobody', '101'), busy, 'call').outcome)).toBe('userBusy');
    expect(causeOf(bed.table().resolve(dials('nobody', '101'), world, 'call').outcome)).toBe('routed');
  });
});

describe('follow-me', () => {
  const step = (target: { type: 'number'; number: string } | { type: 'extension'; id: string }, afterMs: number) => ({ target, afterMs, ringMs: 40_000 });

  test('rings others too, each from its time on, a mobile by its trunk with its own number', () => {
    const { bed } = office();
    const other = bed.extension('102');
    const id = bed.extension('101', { followMe: { isEnabled: true, steps: [step(extension(other), 5_000), step(number('913105550123'), 10_000)] } });
    bed.station('wall', id);
    const [attempt] = attemptsOf(bed.table().resolve(dials('nobody', '101'), world, 'call').outcome);
    expect(told(attempt!)).toBe(`dev-101 sta-wall dev-102+5000 trk-t+10000=${attempt!.given?.[idOf('trk', 't')]?.number}`);
    expect(attempt!.given?.[idOf('trk', 't')]).toMatchObject({ number: expect.stringContaining('3105550123') as string, from: { name: 'Desk 101' } });
    expect(attempt!.timeoutMs).toBe(50_000);
  });

  test('rings nobody who is not to be disturbed, nobody outside without the right, and nobody twice', () => {
    const { bed } = office();
    const quiet = bed.extension('102', { isDoNotDisturb: true });
    const steps = [step(extension(quiet), 0), step(number('913105550123'), 0), step(number('913105550124'), 0), step(number('911'), 0), step(number('101'), 0)];
    bed.extension('101', { followMe: { isEnabled: true, steps }, calling: { permissionId: bed.permission('no', { allowed: ['+13105550124'] }), locationId: null, shownNumber: null, isLocked: false } });
    const { outcome, explanation } = bed.table().resolve(dials('nobody', '101'), world, 'call');
    expect(told(attemptsOf(outcome)[0]!)).toMatch(/^dev-101 trk-t=.*24$/);
    expect(explanation.steps.filter(({ verdict }) => verdict === 'passed').map(({ code }) => code)).toEqual(expect.arrayContaining(['doNotDisturb', 'notReached']));
  });

  test('that is switched off rings nobody', () => {
    const { bed } = office();
    bed.extension('101', { followMe: { isEnabled: false, steps: [step(number('913105550123'), 0)] } });
    expect(attemptsOf(bed.table().resolve(dials('nobody', '101'), world, 'call').outcome).map(told)).toEqual(['dev-101']);
  });
});

describe('a ring group', () => {
  const members = (bed: OfficeBed) => ['101', '102', '103'].map((one) => bed.extension(one));

  test('rings all, each from its time on, shows for whom, and then goes where it says', () => {
    const { bed } = office();
    const [a, b, c] = members(bed) as [string, string, string];
    const box = bed.application('voicemailBox', 'a', {});
    bed.ringGroup('g', [a, { target: extension(b), afterMs: 5_000 }, c], { number: '600', callerNamePrefix: 'Sales: ', alertInfo: 'sales', otherwise: { type: 'voicemail', id: box } });
    const { outcome } = bed.table().resolve(dials('nobody', '600', { from: { number: '55', name: 'Ann' } }), world, 'call');
    const attempts = attemptsOf(outcome);
    expect(attempts.map(told)).toEqual(['dev-101 dev-102+5000 dev-103', 'vmb-a on userBusy …']);
    expect(outcome).toMatchObject({ route: { from: { number: '55', name: 'Sales: Ann' } } });
    expect(attempts[0]).toMatchObject({ number: '600', timeoutMs: 60_000, alertInfo: 'sales' });
    expect(then(attempts, 'noAnswer')?.endpoints).toEqual([box]);
  });

  test('one after the other, over and over as long as it rings', () => {
    const { bed } = office();
    bed.ringGroup('g', members(bed), { number: '600', strategy: 'linear', memberRingMs: 15_000, ringMs: 60_000 });
    const attempts = attemptsOf(bed.table().resolve(dials('nobody', '600'), world, 'call').outcome);
    expect(attempts.map(told)).toEqual(['dev-101', 'dev-102 on userBusy …', 'dev-103 on userBusy …', 'dev-101 on userBusy …']);
    expect(then(attempts, 'noAnswer', 'rejected', 'subscriberAbsent')?.endpoints).toEqual([d('101')]);
  });

  test('round robin begins behind who was rung last; least recent with who has rested longest', () => {
    const { bed } = office();
    const [a, b, c] = members(bed) as [string, string, string];
    const round = bed.ringGroup('g', [a, b, c], { number: '600', strategy: 'roundRobin' });
    bed.ringGroup('h', [a, b, c], { number: '601', strategy: 'leastRecent' });
    const later = new WorldBed();
    later.taken.set(round, b);
    later.ended.set(a, 3).set(b, 1).set(c, 2);
    const { outcome, explanation } = bed.table().resolve(dials('nobody', '600'), later, 'call');
    expect(attemptsOf(outcome).slice(0, 3).map(({ endpoints }) => endpoints[0])).toEqual([d('103'), d('101'), d('102')]);
    expect(explanation.turns).toEqual([{ ringGroup: round, member: c }]);
    expect(attemptsOf(bed.table().resolve(dials('nobody', '601'), later, 'call').outcome).slice(0, 3).map(({ endpoints }) => endpoints[0])).toEqual([d('102'), d('103'), d('101')]);
  });

  test('passes over who is busy, and who is not to be disturbed; when nobody is left it goes on at once', () => {
    const { bed } = office();
    const [a, b] = members(bed) as [string, string, string];
    const quiet = bed.extension('104', { isDoNotDisturb: true });
    bed.ringGroup('g', [a, b, quiet], { number: '600', skipsBusy: true, otherwise: { type: 'refusal', as: 'busy' } });
    const busy = new WorldBed();
    busy.extensions.set(a, 'busy');
    expect(attemptsOf(bed.table().resolve(dials('nobody', '600'), busy, 'call').outcome).map(told)).toEqual(['dev-102']);
    busy.extensions.set(b, 'ringing');
    const { outcome, explanation } = bed.table().resolve(dials('nobody', '600'), busy, 'call');
    expect(causeOf(outcome)).toBe('userBusy');
    expect(explanation.steps.map(({ code }) => code)).toEqual(expect.arrayContaining(['memberBusy', 'doNotDisturb', 'nobody']));
  });

  test('is a destination of routes and lines; forwarding of members does not hold', () => {
    const { bed, line } = office();
    const a = bed.extension('101', { forwarding: { ...nowhere, always: number('913105550123') } });
    const group = bed.ringGroup('g', [a]);
    bed.inbound('all', {}, { type: 'ringGroup', id: group });
    const { outcome } = bed.table().resolve(dials(line, '', { from: { number: '+13105550199' } }), world, 'call');
    expect(outcome).toMatchObject({ ok: true, route: { direction: 'inbound' } });
    expect(attemptsOf(outcome).map(told)).toEqual(['dev-101']);
  });
});

describe('what plays and listens', () => {
  test('is called by its number, from a route, and by an application by its id', () => {
    const { bed, line } = office();
    const menu = bed.application('ivr', 'main', { number: '800', choices: [{ digits: '1', label: 'Sales', destination: { type: 'application', name: 'echoTest' } }] });
    const queue = bed.application('queue', 'q', {});
    bed.inbound('all', {}, { type: 'ivr', id: menu });
    const table = bed.table();
    expect(attemptsOf(table.resolve(dials('nobody', '800'), world, 'call').outcome)).toMatchObject([{ endpoints: [menu], number: '800' }]);
    expect(attemptsOf(table.resolve(dials(line, ''), world, 'call').outcome)).toMatchObject([{ endpoints: [menu] }]);
    expect(attemptsOf(table.resolve(dials(menu, queue), world, 'call').outcome)).toMatchObject([{ endpoints: [queue] }]);
    // Nobody else dials ids.
    expect(causeOf(table.resolve(dials('nobody', queue), world, 'call').outcome)).toBe('unallocatedNumber');
  });

  test('a menu sends callers outside where it says so, not where they say so', () => {
    const { bed, trunk } = office();
    const menu = bed.application('ivr', 'main', { dialsExtensions: true, choices: [{ digits: '1', label: 'Mobile', destination: number('913105550123') }] });
    bed.extension('101');
    const by = (dialled: string) => bed.table().resolve(dials(menu, dialled), world, 'call').outcome;
    expect(attemptsOf(by('913105550123'))[0]?.endpoints).toEqual([trunk]);
    bed.application('pagingZone', 'z', { number: '190', extensions: [idOf('ext', '101')] });
    bed.application('conference', 'c', { number: '180' });
    expect([causeOf(by('913105550124')), causeOf(by('101')), causeOf(by('*72101')), causeOf(by('180')), causeOf(by('190'))]).toEqual(['notAllowed', 'routed', 'notAllowed', 'routed', 'notAllowed']);
  });

  test('a menu sends calls elsewhere by its schedules', () => {
    const { bed } = office();
    bed.extension('101');
    const schedule = bed.schedule('h', { week: [{ days: ['wednesday'], from: '08:00', to: '18:00' }] });
    bed.application('ivr', 'main', { number: '800', unless: [{ schedule: { scheduleId: schedule, is: 'open' }, destination: extension(idOf('ext', '101')) }], choices: [{ digits: '1', label: 'x', destination: { type: 'refusal', as: 'busy' } }] });
    const by = (at: string) => {
      const then = new WorldBed();
      then.at = Date.parse(at);
      return attemptsOf(bed.table().resolve(dials('nobody', '800'), then, 'call').outcome).map(told);
    };
    expect([by('2026-11-25T15:00:00Z'), by('2026-11-26T15:00:00Z')]).toEqual([['dev-101'], ['ivr-main']]);
  });

  test('who waits in a queue hears its music, and is recorded if it says so', () => {
    const { bed } = office();
    bed.add('musicClass', { id: idOf('moh', 'm'), key: 'm', displayName: 'm', files: ['m.wav'], order: 'listed', version: 1, createdAt: '2026-11-22T18:00:00.000Z', updatedAt: '2026-11-22T18:00:00.000Z' });
    bed.application('queue', 'q', { number: '810', musicClassId: idOf('moh', 'm'), record: 'always' });
    expect(bed.table().resolve(dials('nobody', '810'), world, 'call').outcome).toMatchObject({ route: { features: { music: idOf('moh', 'm'), record: true } } });
  });
});

describe('who is sent on', () => {
  const sent = (from: string, destination: object, connects?: string) => ({ ...dials(from, ''), destination: destination as { readonly type: string }, ...(connects === undefined ? {} : { connects }) });

  test('by a menu to a destination, or by whom a call is redirected to a number, as if it were dialled inside', () => {
    const { bed, line } = office();
    bed.extension('101');
    const menu = bed.application('ivr', 'main', { choices: [{ digits: '1', label: 'x', destination: { type: 'refusal', as: 'busy' } }] });
    const queue = bed.application('queue', 'q', {});
    bed.inbound('all', {}, { type: 'ivr', id: menu });
    const table = bed.table();
    expect(attemptsOf(table.resolve(sent(menu, { type: 'queue', id: queue }), world, 'call').outcome).map(told)).toEqual(['que-q']);
    // Not as the line’s next call.
    expect(attemptsOf(table.resolve(sent(line, number('101')), world, 'call').outcome).map(told)).toEqual(['dev-101']);
    expect(attemptsOf(table.resolve(sent(menu, number('913105550123')), world, 'call').outcome).map(told)[0]).toBe('trk-t');
    expect([causeOf(table.resolve(sent(menu, { type: 'refusal', as: 'busy' }), world, 'call').outcome), causeOf(table.resolve(sent(menu, { type: 'moon' }), world, 'call').outcome)]).toEqual(['userBusy', 'unallocatedNumber']);
  });

  test('is who talks: whether it comes from outside, is recorded and is blocked goes by that party', () => {
    const { bed, line } = office({ recording: { calls: 'outside', keepDays: null } });
    bed.extension('101', { callers: { allowed: [], blocked: ['102'], anonymous: 'taken', others: 'taken' } });
    bed.extension('102');
    bed.extension('103');
    const table = bed.table();
    const by = (connects: string) => table.resolve({ ...dials(d('103'), '101'), connects }, world, 'call').outcome;
    expect(by(line)).toMatchObject({ ok: true, route: { direction: 'inbound', features: { record: true } } });
    expect(causeOf(by(d('102')))).toBe('rejected');
  });
});

describe('recording', () => {
  test.each([
    ['asExtensionsSay', 'always', '101', true], ['asExtensionsSay', 'onDemand', '101', undefined], ['never', 'always', '101', undefined], ['all', 'never', '101', true], ['outside', 'never', '101', undefined], ['outside', 'never', '913105550123', true],
  ] as const)('%s, the extension says %s, %s is called: %s', (calls, record, dialled, expected) => {
    const { bed } = office({ recording: { calls, keepDays: null } });
    bed.extension('101', { record });
    bed.extension('102');
    const { outcome } = bed.table().resolve(dials(d('102'), dialled), world, 'call');
    expect(outcome.ok && outcome.route.features?.record).toBe(expected);
  });

  test('never of a call to an emergency number', () => {
    const { bed } = office({ recording: { calls: 'all', keepDays: null } });
    bed.extension('101', { record: 'always' });
    expect(bed.table().resolve(dials(d('101'), '911'), world, 'call').outcome).toMatchObject({ ok: true, route: { emergency: { number: '911' } } });
    expect(bed.table().resolve(dials(d('101'), '911'), world, 'call').outcome).not.toHaveProperty('route.features');
  });
});

describe('feature codes', () => {
  const codes = (bed: OfficeBed) => {
    bed.extension('101', { voicemailBoxId: bed.application('voicemailBox', 'a', {}), supervises: [idOf('ext', '102')] });
    bed.extension('102');
    bed.extension('103', { isDoNotDisturb: true });
    bed.application('parkingLot', 'p', { number: '700', slots: { first: '701', last: '702' } });
    bed.application('directory', 'd', {});
    return bed.table();
  };

  test.each([
    ['*72105', 'feature:forwardAlways:105'], ['*72', 'feature:forwardAlways:'], ['*72105#', 'feature:forwardAlways:105'], ['*81', 'feature:pickupGroup:'], ['**102', 'feature:pickup:102'], ['*68', 'feature:park:'], ['701', 'feature:retrieve:701'],
    ['*88702', 'feature:retrieve:702'], ['700', 'plt-p'], ['*97', 'feature:voicemail:'], ['*99101', 'vmb-a'], ['*41', 'dir-d'], ['*43', 'application:echoTest'], ['*80102', 'dev-102'], ['*550715', 'feature:wakeUp:0715'], ['*52102', 'feature:listen:102'],
  ])('%s is %s', (dialled, expected) => {
    expect(attemptsOf(codes(office().bed).resolve(dials(d('101'), dialled), world, 'call').outcome).map(told)).toEqual([expected]);
  });

  test.each([['**', 'unallocatedNumber'], ['**199', 'unallocatedNumber'], ['*88703', 'unallocatedNumber'], ['*52103', 'notAllowed'], ['*80103', 'userBusy'], ['*99102', 'unallocatedNumber'], ['*811', 'unallocatedNumber'], ['*19', 'unallocatedNumber']])('%s is refused: %s', (dialled, cause) => {
    expect(causeOf(codes(office().bed).resolve(dials(d('101'), dialled), world, 'call').outcome)).toBe(cause);
  });

  test('are for telephones inside; who is outside hears at most his box, a name, the time', () => {
    const { bed, line } = office();
    for (const [at, target] of ['*72105', '*98', '*43'].entries()) bed.inbound(`${at}`, { callers: [`5${at}`] }, number(target));
    const table = codes(bed);
    const by = (from: string) => table.resolve(dials(line, '', { from: { number: from } }), world, 'call').outcome;
    expect([causeOf(by('50')), told(attemptsOf(by('51'))[0]!), told(attemptsOf(by('52'))[0]!)]).toEqual(['notAllowed', 'feature:voicemailOf:', 'application:echoTest']);
    expect(causeOf(table.resolve(dials('nobody', '*81'), world, 'call').outcome)).toBe('notAllowed');
  });

  test('are not for who is sent there from outside', () => {
    const { bed, line } = office();
    const table = codes(bed);
    expect(causeOf(table.resolve({ ...dials(d('101'), '*72102'), connects: line }, world, 'call').outcome)).toBe('notAllowed');
    expect(causeOf(table.resolve({ ...dials(d('101'), '*52102'), connects: d('103') }, world, 'call').outcome)).toBe('notAllowed');
  });

  test('intercom is answered by itself, and not where somebody talks', () => {
    const table = codes(office().bed);
    expect(attemptsOf(table.resolve(dials(d('101'), '*80102'), world, 'call').outcome)).toMatchObject([{ answerMode: 'auto' }]);
    const busy = new WorldBed();
    busy.extensions.set(idOf('ext', '102'), 'busy');
    expect(causeOf(table.resolve(dials(d('101'), '*80102'), busy, 'call').outcome)).toBe('userBusy');
  });

  test('an outbound route that begins like one keeps its numbers', () => {
    const { bed, trunk } = office();
    bed.outbound('star', { prefix: '*7' }, [{ type: 'trunk', id: trunk }]);
    const table = codes(bed);
    expect(attemptsOf(table.resolve(dials(d('101'), '*713105550123'), world, 'call').outcome).map(({ endpoints }) => endpoints[0])).toEqual([trunk]);
    expect(attemptsOf(table.resolve(dials(d('101'), '*97'), world, 'call').outcome).map(told)).toEqual(['feature:voicemail:']);
  });

  test('that are taken away are nothing', () => {
    const { bed } = office();
    const settings = bed.settings.featureCodes;
    const { bed: without } = office({ featureCodes: { ...settings, echoTest: null } });
    expect(causeOf(codes(without).resolve(dials(d('101'), '*43'), world, 'call').outcome)).toBe('unallocatedNumber');
  });
});

test('who calls back after an emergency rings, whatever the extension says, and before anything answers by itself', () => {
  const { bed, line } = office();
  const box = bed.application('voicemailBox', 'a', {});
  const menu = bed.application('ivr', 'main', { choices: [{ digits: '1', label: 'x', destination: { type: 'refusal', as: 'busy' } }] });
  bed.extension('101', { isDoNotDisturb: true, forwarding: { ...nowhere, always: number('913105550123') }, voicemailBoxId: box, callers: { allowed: [], blocked: ['x.', '+x.'], anonymous: 'refused', others: 'refused' } });
  bed.inbound('all', {}, { type: 'ivr', id: menu });
  const helped = new WorldBed();
  helped.helped.set(`${line} `, [d('101')]);
  const attempts = attemptsOf(bed.table().resolve(dials(line, '', { from: { number: 'anonymous', anonymous: true } }), helped, 'call').outcome);
  expect(attempts[0]).toMatchObject({ endpoints: [d('101')], timeoutMs: 180_000 });
  expect(then(attempts, 'noAnswer')?.endpoints).toEqual([menu]);
});

test('who is woken is sent to his wake-up call, which is no destination of the configuration', () => {
  const { bed } = office();
  bed.extension('101');
  const { outcome } = bed.table().resolve({ ...dials(d('101'), '101'), destination: { type: 'wakeUp' } }, world, 'call');
  expect(attemptsOf(outcome).map(({ endpoints }) => endpoints)).toEqual([['application:wakeUp']]);
});
