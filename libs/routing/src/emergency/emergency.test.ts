import type { Snapshot } from '@tipring/config';
import type { AvailabilityState, RouteOutcome } from '@tipring/telephony';
import { describe, expect, test } from 'vitest';
import { dials, idOf, OfficeBed, usFacts, WorldBed } from '../office-bed.ts';
import { Dice, insideEndpoints, RandomOffices, randomWorld } from '../random-office.ts';
import { RoutingTable } from '../routing-table.ts';

const d101 = idOf('dev', '101');
const policy = { path: 'analogFirst', numbers: ['999'], testNumbers: ['933'], preempts: true, locationId: null, webhooks: [] } as const;
const site = { country: 'US', timeZone: 'America/New_York', areaCode: null, outsidePrefix: '9', mainNumber: '+12125550100', permissionId: null };

function office(emergency: Partial<Record<keyof typeof policy, unknown>> = {}): { readonly bed: OfficeBed; readonly lines: readonly string[]; readonly trunks: readonly string[] } {
  const bed = new OfficeBed({ site, emergency: { ...policy, ...emergency } as never });
  bed.extension('101');
  return { bed, lines: ['1', '2', '3'].map((name) => bed.line(name)), trunks: ['a', 'b'].map((name) => bed.trunk(name)) };
}

function order(outcome: RouteOutcome): readonly string[] {
  if (!outcome.ok) throw new Error(outcome.cause);
  return outcome.route.attempts.map(({ endpoints, priority }) => `${endpoints[0]!.slice(4).replace(/0+$/, '')}${priority === undefined ? '' : '!'}`);
}

describe('who calls for help', () => {
  test.each([
    // Lines 1 to 3, trunks a and b.
    ['ready ready ready ready ready', '1! 2! 3! a! b!'],
    ['busy ready resting ready ready', '2! 3! 1! a! b!'],
    ['busy busy busy down ready', '1! 2! 3! b! a!'],
    ['degraded ready ready full ready', '2! 3! 1! b! a!'],
    ['down absent inUseElsewhere down ready', 'b! 3! 2! 1! a!'],
    ['down down down down absent', '1! 2! 3! a! b!'],
    ['disabled ready ready disabled ready', '2! 3! b! 1! a!'],
  ])('%s: %s', (states, wanted) => {
    const { bed, lines, trunks } = office();
    const world = new WorldBed();
    [...lines, ...trunks].forEach((id, at) => world.set(id, states.split(' ')[at] as AvailabilityState));
    expect(order(bed.table().resolve(dials(d101, '911'), world, 'call').outcome)).toEqual(wanted.split(' '));
  });

  test('takes a busy line from its talkers, but not from one who calls for help already', () => {
    const { bed, lines } = office();
    const world = new WorldBed().set(lines[0]!, 'busy', { isEmergency: true }).set(lines[1]!, 'busy').set(lines[2]!, 'busy');
    expect(order(bed.table().resolve(dials(d101, '911'), world, 'call').outcome)).toEqual(['2!', '3!', 'a!', 'b!', '1!']);
  });

  test('takes no line where that is not wanted, nor with a test number', () => {
    const { bed, lines } = office({ preempts: false });
    const world = new WorldBed().set(lines[0]!, 'busy');
    expect(order(bed.table().resolve(dials(d101, '911'), world, 'call').outcome)).toEqual(['2', '3', 'a!', 'b!', '1']);
    const tested = office().bed.table().resolve(dials(d101, '9933'), world, 'call').outcome;
    expect(order(tested)).toEqual(['2', '3', 'a', 'b', '1']);
    expect(tested).toMatchObject({ route: { emergency: { number: '933', isTest: true } } });
  });

  test.each(['9*67911', '*679911', '+1911', '+1112'])('is known as %s: hiding one’s number behind the prefix, or written as E.164', (dialled) => {
    expect(office().bed.table().resolve(dials(d101, dialled), new WorldBed(), 'call').outcome).toMatchObject({ ok: true, route: { emergency: { isTest: false } } });
  });

  test('dialled at another PBX whose people dial as ours goes out too, and back to that one last', () => {
    const { bed } = office();
    const other = bed.trunk('other', { inboundForm: 'asGiven' });
    const outcome = bed.table().resolve(dials(other, '911'), new WorldBed(), 'call').outcome;
    expect(outcome).toMatchObject({ ok: true, route: { emergency: { number: '911', isTest: false } } });
    expect(outcome.ok && outcome.route.attempts.at(-1)?.endpoints).toEqual([other]);
  });

  test('that is only for tests is not told to lines as one: they are not to be kept for it', () => {
    const table = office().bed.table();
    expect(table.emergencyTestNumbers).toEqual(['933']);
    expect(table.emergencyNumbers).not.toContain('933');
  });

  test('goes by trunks first where the site wants it', () => {
    const { bed, lines, trunks } = office({ path: 'trunkFirst' });
    const world = new WorldBed().set(trunks[0]!, 'down').set(lines[2]!, 'busy');
    expect(order(bed.table().resolve(dials(d101, '911'), world, 'call').outcome)).toEqual(['b!', '1!', '2!', '3!', 'a!']);
  });

  test('is given to lines whose exchange knows the number before others', () => {
    const { bed } = office();
    bed.line('0de', { region: 'DE' });
    const table = bed.table();
    expect(order(table.resolve(dials(d101, '110'), new WorldBed(), 'call').outcome)[0]).toBe('0de!');
    expect(order(table.resolve(dials(d101, '911'), new WorldBed(), 'call').outcome).slice(0, 4)).toEqual(['1!', '2!', '3!', '0de!']);
    // Of the configuration: everywhere.
    expect(order(table.resolve(dials(d101, '9999'), new WorldBed(), 'call').outcome)[0]).toBe('0de!');
  });

  test('shows where help is to call back, and is never anonymous', () => {
    const { bed, trunks } = office({ locationId: idOf('loc', 'east') });
    bed.location('east', { callbackNumber: '+12125550177' });
    bed.location('west');
    bed.extension('102', { calling: { permissionId: null, locationId: idOf('loc', 'west'), shownNumber: '+12125550102', isLocked: true } });
    const table = bed.table();
    const shown = (endpoint: string) => {
      const { outcome, explanation } = table.resolve(dials(endpoint, '911', { from: { number: '101', name: 'Ann', anonymous: true } }), new WorldBed(), 'call');
      return [outcome.ok && outcome.route.attempts.find(({ endpoints }) => endpoints[0] === trunks[0])?.from, explanation.steps.find(({ code }) => code === 'location')?.text];
    };
    expect(shown(d101)).toEqual([{ number: '+12125550177', name: 'Ann' }, 'the caller is at 1 Main Street, east']);
    expect(shown(idOf('dev', '102'))).toEqual([{ number: '+12125550102', name: 'Ann' }, 'the caller is at 1 Main Street, west']);
  });
});

test('whatever ten thousand offices are like, an emergency number goes out by every line and trunk there is, or is refused for lack of them', () => {
  const dice = new Dice(911);
  const offices = new RandomOffices();
  let refusals = 0;
  for (let round = 0; round < 10_000; round += 1) {
    const snapshot = offices.next(dice);
    const table = RoutingTable.compile(snapshot, usFacts);
    const world = randomWorld(snapshot, dice);
    const { number, dialled } = dice.one(emergencyNumbers(snapshot));
    const endpoint = dice.one(insideEndpoints(snapshot));
    const where = JSON.stringify({ round, endpoint, dialled });
    const { outcome } = table.resolve({ endpoint, from: { number: '101', anonymous: dice.is(0.3) }, number: dialled, ...(dice.is(0.2) ? { pin: '0' } : {}) }, world, dice.one(['all', 'call']));
    const lines = [...snapshot.lines.values()].filter(({ isEnabled }) => isEnabled).map(({ id }) => id);
    const trunks = [...snapshot.trunks.values()].filter(({ isEnabled }) => isEnabled).map(({ id }) => id);
    if (!outcome.ok) {
      expect([outcome.cause, lines, trunks], where).toEqual(['noCircuit', [], []]);
      refusals += 1;
      continue;
    }
    const { attempts, emergency } = outcome.route;
    expect(emergency, where).toEqual({ number, isTest: snapshot.settings.emergency.testNumbers.includes(number) });
    // Neither recorded nor forwarded, and every way is tried whatever became of the one before.
    expect([outcome.route.features, outcome.route.diversions, ...new Set(attempts.flatMap(({ on, after, delays, answerMode }) => [on, after, delays, answerMode]))], where).toEqual([undefined, undefined, undefined]);
    expect(attempts.map(({ endpoints }) => endpoints[0]).sort(), where).toEqual([...lines, ...trunks].sort());
    for (const attempt of attempts) {
      const isTest = snapshot.settings.emergency.testNumbers.includes(number);
      expect([attempt.number, attempt.endpoints.length, attempt.timeoutMs >= 180_000, attempt.from?.anonymous], where).toEqual([number, 1, true, undefined]);
      if (!isTest && (snapshot.settings.emergency.preempts || trunks.includes(attempt.endpoints[0]!))) expect(attempt.priority, where).toBe('emergency');
      if (isTest) expect(attempt.priority, where).toBe(undefined);
    }
    if (snapshot.settings.emergency.path === 'analogFirst') {
      const firstTrunk = attempts.findIndex(({ endpoints }) => trunks.includes(endpoints[0]!) && !['down', 'absent', 'disabled'].includes(world.availability(endpoints[0]!)?.state ?? 'unknown'));
      attempts.forEach(({ endpoints: [id] }, at) => {
        if (firstTrunk !== -1 && lines.includes(id!) && ['ready', 'degraded', 'resting'].includes(world.availability(id!)?.state ?? '')) expect(at, where).toBeLessThan(firstTrunk);
      });
    }
  }
  expect(refusals).toBeGreaterThan(50);
});

/** All there are, with and without what is dialled before numbers outside. */
function emergencyNumbers({ settings, lines, stations, outboundRoutes }: Snapshot): readonly { readonly number: string; readonly dialled: string }[] {
  const regions = new Set([settings.site.country, ...[...lines.values(), ...stations.values()].map(({ region }) => region)]);
  const numbers = [...[...regions].flatMap((region) => usFacts.emergencyNumbers(region)), ...settings.emergency.numbers, ...settings.emergency.testNumbers];
  const prefixes = ['', settings.site.outsidePrefix, ...[...outboundRoutes.values()].filter(({ isEnabled }) => isEnabled).map(({ match }) => match.prefix)];
  return numbers.flatMap((number) => prefixes.map((prefix) => ({ number, dialled: prefix + number })));
}
