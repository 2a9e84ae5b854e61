import { buildSnapshot, type ConfigurationRows, type Destination, firstFeatureCodes, type Kind, kindNames, kinds, type RowOf, type Snapshot, type SystemSettings, usualExtension } from '@tipring/config';
import type { Availability, AvailabilityState, RouteRequest } from '@tipring/telephony';
import { idOf, OfficeBed, WorldBed } from './office-bed.ts';

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  one<Of>(of: readonly Of[]): Of {
    return of[Math.floor(this.next() * of.length)]!;
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }
}

/**
 * Configurations without end, made of rows that were checked once: of everything there are some versions, and each office has one of them, or has it not. All of them try to keep
 * somebody from calling for help: extensions and rules with emergency numbers, locks, PINs, limits, lists, closed schedules, permissions for nothing.
 */
export class RandomOffices {
  readonly #versions: readonly Snapshot[] = [0, 1, 2, 3].map((version) => versionOf(version));

  next(dice: Dice): Snapshot {
    const gone = new Set<string>();
    if (dice.is(0.1)) for (const id of this.#versions[0]!.lines.keys()) gone.add(id);
    if (dice.is(0.1)) for (const id of this.#versions[0]!.trunks.keys()) gone.add(id);
    const rows: Record<string, readonly object[]> = {};
    for (const kind of kindNames) rows[kinds[kind].rows] = this.#some(kind, gone, dice);
    // Some refer to what comes after them.
    for (let before = -1; before < gone.size; ) {
      before = gone.size;
      for (const { rows: name } of Object.values(kinds)) rows[name] = rows[name]!.filter((row) => stays(row, gone));
    }
    const built = buildSnapshot({ ...rows, settings: this.#settings(dice) } as unknown as ConfigurationRows);
    if (!built.ok) throw new Error(JSON.stringify(built.problems));
    return built.value;
  }

  /** What names something that is not there is not there either. */
  #some(kind: Kind, gone: Set<string>, dice: Dice): readonly object[] {
    const chosen: object[] = [];
    for (const id of (this.#versions[0]![kinds[kind].rows] as ReadonlyMap<string, object>).keys()) {
      const row = (dice.one(this.#versions)[kinds[kind].rows] as ReadonlyMap<string, object>).get(id)!;
      if (gone.has(id) || dice.is(optional.has(kind) ? 0.4 : seldom.has(kind) ? 0.02 : 0) || !stays(row, gone)) gone.add(id);
      else chosen.push(row);
    }
    return chosen;
  }

  #settings(dice: Dice): SystemSettings {
    return dice.one(this.#versions).settings;
  }
}

/** Its own id is the first. */
function stays(row: object, gone: Set<string>): boolean {
  const ids = idsIn(row);
  if (!ids.some((one) => gone.has(one))) return true;
  gone.add(ids[0]!);
  return false;
}

/** The ids in a row, its own too. */
function idsIn(row: object): readonly string[] {
  let ids = known.get(row);
  if (ids === undefined) known.set(row, (ids = JSON.stringify(row).match(/[a-z]{3}_[a-z0-9]{20,40}/g) ?? []));
  return ids;
}

const known = new WeakMap<object, readonly string[]>();
const optional: ReadonlySet<Kind> = new Set(['device', 'station', 'line', 'lineGroup', 'trunk', 'inboundRoute', 'outboundRoute', 'blocklist']);
/** Extensions refer to them, and would go with them. */
const seldom: ReadonlySet<Kind> = new Set(['ringGroup', 'queue', 'voicemailBox', 'ivr', 'conference', 'parkingLot', 'directory']);

function versionOf(version: number): Snapshot {
  const is = (...versions: readonly number[]): boolean => versions.includes(version);
  const bed = new OfficeBed({
    site: { country: is(3) ? 'DE' : 'US', timeZone: 'America/New_York', areaCode: is(1) ? '212' : null, outsidePrefix: ['9', '', '0', '9'][version]!, mainNumber: is(0) ? null : '+12125550100', permissionId: is(0, 2) ? null : idOf('prm', 'nothing') },
    emergency: { path: is(2) ? 'trunkFirst' : 'analogFirst', numbers: is(1, 2) ? ['999'] : [], testNumbers: is(1) ? ['933'] : [], preempts: !is(3), locationId: is(1) ? idOf('loc', 'house') : null, webhooks: [] },
    featureCodes: is(0) ? firstFeatureCodes : { ...firstFeatureCodes, voicemail: is(2) ? null : '#911', pickup: is(1) ? '#112' : '*112', lock: is(2) ? '#9' : null },
    recording: { calls: (['never', 'asExtensionsSay', 'outside', 'all'] as const)[version]!, keepDays: null },
    fraud: is(0) ? { concurrent: 0, callsPerHour: 0, costlyPerHour: 0, spendPerDay: 0 } : { concurrent: 10, callsPerHour: null, costlyPerHour: 5, spendPerDay: 20 },
  });
  const nothing = bed.permission('nothing', { denied: ['x.', '+x.'] });
  const some = bed.permission('some', { classes: is(0) ? ['national', 'mobile', 'international'] : ['national', 'premium', 'unknown'], countries: is(0) ? ['DE'] : null, allowed: ['+1310x.'], denied: is(2) ? ['911', '112'] : [] });
  const schedule = bed.schedule('hours', { week: is(0) ? [] : [{ days: ['monday', 'tuesday', 'wednesday'], from: '08:00', to: is(1) ? '02:00' : '18:00' }], override: is(3) ? 'closed' : null, timeZone: is(2) ? 'Europe/Berlin' : 'America/New_York' });
  const pins = bed.pinSet('pins', [{ label: 'Ann', pin: '482917306' }]);
  bed.location('house', { callbackNumber: is(2) ? '+12125550199' : null });
  const blocked = is(0) ? (['x.', '+x.'] as const) : is(1) ? (['911', '112', '999'] as const) : (['+1310x.'] as const);
  bed.blocklist('in', { numbers: blocked, anonymous: is(0, 2), as: is(2) ? 'rejected' : is(1) ? 'busy' : 'unallocated', isEnabled: !is(3) });
  bed.blocklist('out', { direction: 'outbound', numbers: blocked, as: is(1) ? 'rejected' : 'unallocated', isEnabled: !is(3) });

  const calling = { permissionId: is(0) ? nothing : is(1) ? some : null, locationId: is(2) ? idOf('loc', 'house') : null, shownNumber: is(1) ? '+12125550150' : null, isLocked: is(0, 3) };
  const target = destinations(version);
  const numbers = [['101', '911', '101', '112'], ['102', '9911', '102', '9112'], ['11', '12', '11', '9999'], ['2125550123', '103', '0911', '103']] as const;
  const extensions = numbers.map((versions, at) => {
    const id = idOf('ext', `n${at}`);
    bed.add('extension', { id, key: `n${at}`, number: versions[version]!, displayName: `Desk ${at}`, ...usualExtension, ringTimeoutMs: 20_000 + at * 1_000, version: 1, createdAt, updatedAt: createdAt, ...(is(at) ? {} : { calling }),
      forwarding: { always: at === 1 && is(1, 2) ? target(at) : null, busy: is(0, 1) ? target(at + 1) : null, noAnswer: is(2, 3) ? target(at + 2) : null, unreachable: is(1) ? target(at + 3) : null },
      followMe: { isEnabled: !is(3), steps: is(at) ? [] : [{ target: { type: 'number', number: ['913105550123', '911', '0493012345678', '102'][version]! }, afterMs: version * 1_000, ringMs: 20_000 }] },
      isDoNotDisturb: at === 2 && is(0, 3),
      callers: { allowed: is(2) ? ['x.'] : [], blocked: is(at) ? ['x.', '+x.', '911'] : [], anonymous: is(1) ? 'refused' : 'taken', others: is(3) && at === 3 ? 'refused' : 'taken' },
      voicemailBoxId: is(0, 2) ? idOf('vmb', 'box') : null, isCallWaiting: !is(2), record: is(1) ? 'always' : 'onDemand', supervises: is(3) ? [idOf('ext', 'n0')] : [],
    });
    bed.device(`a${at}`, id, { enabled: !is(1) });
    bed.device(`b${at}`, id);
    return id;
  });
  // In a circle, with numbers that help has elsewhere.
  bed.application('voicemailBox', 'box', { number: is(1) ? '933' : '801', operator: is(2) ? target(0) : null });
  bed.ringGroup('one', [extensions[0]!, extensions[1]!, { target: { type: 'number', number: is(0) ? '913105550123' : '911' }, afterMs: is(1) ? 5_000 : 0 }], {
    number: ['600', '110', '999', null][version]!, strategy: (['all', 'linear', 'roundRobin', 'leastRecent'] as const)[version]!, skipsBusy: is(1, 2), callerNamePrefix: is(0) ? 'One: ' : null, otherwise: is(3) ? null : target(version),
  });
  bed.ringGroup('two', [extensions[version]!], { number: '601', otherwise: { type: 'ringGroup', id: idOf('rgp', 'one') } });
  bed.application('queue', 'queue', { number: is(2) ? '9933' : '810', record: is(1) ? 'always' : 'never' });
  bed.application('ivr', 'menu', {
    number: is(3) ? '0112' : '820', unless: is(0) ? [] : [{ schedule: { scheduleId: schedule, is: is(1) ? 'open' : 'closed' }, destination: target(version + 1) }], choices: [{ digits: '1', label: 'One', destination: target(0) }],
  });
  bed.application('conference', 'room', { number: '830' });
  bed.application('parkingLot', 'lot', { number: is(0) ? '700' : null, slots: is(2) ? { first: '113', last: '118' } : { first: '701', last: '709' } });
  bed.application('directory', 'names', { number: is(1) ? '9999911' : '840' });
  bed.station('hall', extensions[0]!, { isEnabled: !is(2), region: is(3) ? 'DE' : 'US' });
  bed.station('lift', extensions[1]!);

  const lines = [0, 1, 2, 3].map((at) => bed.line(`l${at}`, {
    region: at === 3 && is(1, 3) ? 'DE' : 'US', isEnabled: !(at === 0 && is(1)) && !is(2), isCommissioned: !(at === 1 && is(0, 3)), number: at === 2 ? '+12125550111' : null,
    inbound: is(0) ? null : is(1) ? { type: 'number', number: is(1) ? '911' : '101' } : { type: 'extension', id: extensions[at]! },
  }));
  const group = bed.group('g', lines.slice(0, 3), { hunt: (['linear', 'roundRobin', 'leastRecentlyUsed', 'mostIdle'] as const)[version]!, fromTheEnd: is(1, 2), tariff: is(2) ? tariff(0.02) : null });
  const trunks = [0, 1, 2].map((at) => bed.trunk(`t${at}`, {
    isEnabled: !(at === 1 && is(2)), inboundForm: (['e164', 'national', 'asGiven', 'e164Digits'] as const)[(at + version) % 4]!, tariff: at === 0 ? null : tariff(at * 0.01),
    calledForm: { format: (['e164', 'national', 'e164Digits', 'asDialled'] as const)[(at + version) % 4]!, strip: is(3) ? 2 : 0, prepend: is(2) ? '77' : '' },
  }));
  const attempts = [{ type: 'trunk', id: trunks[0]! }, { type: 'lineGroup', id: group }, { type: 'trunk', id: trunks[1]! }, { type: 'line', id: lines[3]! }, { type: 'trunk', id: trunks[2]! }] as const;
  const via = attempts.slice(version, version + 2);
  bed.inbound('did', { called: ['+1212555xxxx', '911'], schedule: is(1) ? { scheduleId: schedule, is: 'open' } : null }, is(2) ? { type: 'refusal', as: 'busy' } : { type: 'extension', id: extensions[0]! }, { callerNamePrefix: is(0) ? 'Sales: ' : null });
  bed.inbound('via', { via: via.map((one) => one), anonymous: is(0) ? null : is(1) }, is(3) ? { type: 'extension', id: extensions[1]! } : { type: 'number', number: ['913105550123', '911', '102', '0'][version]! });
  bed.inbound('rest', { callers: is(0) ? [] : ['+1x.', 'x.'] }, { type: 'extension', id: extensions[2]! }, { isEnabled: !is(1) });
  // The longest prefix first, and one way alone.
  bed.outbound('one', { prefix: '91' }, [{ type: 'line', id: lines[3]! }], { isEnabled: is(1, 3) });
  bed.outbound('captures', { prefix: is(0) ? '' : '9', numbers: is(1) ? ['911', '112', '999'] : ['x.'] }, is(2) ? [] : [via[0]!], { pinSetId: is(0) ? pins : null });
  bed.outbound('classes', { prefix: is(2) ? '0' : '9', classes: is(0) ? ['international', 'premium'] : ['national', 'mobile', 'tollFree'], schedule: is(3) ? { scheduleId: schedule, is: 'open' } : null }, via, { order: 'leastCost' });
  bed.outbound('few', { prefix: '', numbers: ['+1310x.', '+49x.'], callers: is(1) ? [extensions[3]!] : [] }, attempts, { order: is(2) ? 'leastCost' : 'listed', pinSetId: is(3) ? pins : null });
  bed.outbound('out', { prefix: ['9', '', '0', '9'][version]! }, attempts.slice(0, 1 + version), { isEnabled: !is(3) });
  return bed.snapshot();
}

/** A world in which anything may be broken. */
export function randomWorld({ lines, trunks, extensions, devices, stations, lineGroups }: Snapshot, dice: Dice): WorldBed {
  const world = new (class extends WorldBed {
    override availability(id: string): Availability | undefined {
      return this.states.has(id) ? super.availability(id) : undefined;
    }
  })();
  world.at = Date.parse('2026-11-23T00:00:00Z') + Math.floor(dice.next() * 7 * 86_400_000);
  const allAlike = dice.is(0.3) ? dice.one(states) : undefined;
  for (const id of [...lines.keys(), ...trunks.keys()]) {
    if (dice.is(0.1)) continue;
    world.set(id, allAlike ?? dice.one(states), { isEmergency: dice.is(0.3), idleSince: dice.is(0.3) ? null : Math.floor(dice.next() * 1e6), usedMs: Math.floor(dice.next() * 1e6) });
  }
  for (const id of extensions.keys()) world.uses.set(id, { concurrent: Math.floor(dice.next() * 12), lastHour: Math.floor(dice.next() * 100), costlyLastHour: Math.floor(dice.next() * 8), spentToday: dice.next() * 30 });
  const [group] = lineGroups.values();
  if (group !== undefined && dice.is(0.7)) world.taken.set(group.id, dice.one(group.lines));
  for (const id of extensions.keys()) if (dice.is(0.3)) world.extensions.set(id, dice.one(['ringing', 'busy', 'unreachable'] as const));
  const telephones = [...devices.keys(), ...stations.keys()];
  for (const id of [...lines.keys(), ...trunks.keys()]) if (dice.is(0.2) && telephones.length > 0) world.helped.set(`${id} ${lines.has(id) ? '' : '+12125550123'}`, [dice.one(telephones), 'dev_gone']);
  return world;
}

export function insideEndpoints({ devices, stations }: Snapshot): readonly string[] {
  return [...devices.keys(), ...stations.keys(), 'nobody'];
}

/** Anybody dials anything. */
export function randomCall(snapshot: Snapshot, dice: Dice): RouteRequest {
  const endpoint = dice.one([...insideEndpoints(snapshot), ...snapshot.lines.keys(), ...snapshot.trunks.keys()]);
  const number = dice.is(0.2) ? Array.from({ length: Math.floor(dice.next() * 14) }, () => dice.one([...'0123456789*#+ a'])).join('') : dice.one(numbers);
  const from = dice.one([{ number: '101' }, { number: '+13105550199', name: 'Ann' }, { number: 'anonymous', anonymous: true }, { number: '' }, { number: '2125550150' }]);
  return { endpoint, from, number, ...(dice.is(0.3) ? { pin: dice.one(['482917306', '0000']) } : {}), ...(dice.is(0.2) ? { diversions: Array.from({ length: Math.floor(dice.next() * 7) }, (_, at) => ({ number: `+1212555012${at}`, reason: 'unconditional' as const })) } : {}) };
}

const states: readonly AvailabilityState[] = ['ready', 'degraded', 'busy', 'full', 'resting', 'inUseElsewhere', 'absent', 'down', 'disabled'];
const numbers = [
  '101', '102', '103', '11', '911', '9911', '0911', '112', '9112', '999', '933', '2125550123', '+12125550123', '92125550123', '913105550123', '13105550123', '013105550123', '+13105550123', '+493012345678', '9011493012345678', '919005550123',
  '*72101', '*97', '#911', '*911', '*112911', '**101', '*80101', '*52101', '701', '114', '600', '601', '110', '801', '810', '820', '830', '700', '840', '*43', '*9911',
  '9411', '95551234', '9', '0', '', '*98', '+12125550111', '12125550123', '+870773111632', 'alice', '9'.repeat(80),
];
const createdAt = '2026-11-22T18:00:00.000Z';

/** Where calls may be sent: anywhere, also to where they came from, and to help. */
function destinations(version: number): (at: number) => Destination {
  const all: readonly Destination[] = [
    { type: 'extension', id: idOf('ext', 'n1') }, { type: 'ringGroup', id: idOf('rgp', 'one') }, { type: 'voicemail', id: idOf('vmb', 'box') }, { type: 'ivr', id: idOf('ivr', 'menu') }, { type: 'number', number: '913105550123' },
    { type: 'number', number: '911' }, { type: 'queue', id: idOf('que', 'queue') }, { type: 'extension', id: idOf('ext', 'n0') }, { type: 'refusal', as: 'busy' }, { type: 'number', number: '*43' }, { type: 'ringGroup', id: idOf('rgp', 'two') },
    { type: 'number', number: '*72911' }, { type: 'conference', id: idOf('cnf', 'room') }, { type: 'application', name: 'echoTest' }, { type: 'parkingLot', id: idOf('plt', 'lot') }, { type: 'number', number: '912125550150' },
  ];
  return (at) => all[(at * 3 + version * 5) % all.length]!;
}

function tariff(perMinute: number): NonNullable<RowOf<'trunk'>['tariff']> {
  return { currency: 'USD', rates: [{ prefix: '+1', perMinute, perCall: 0, incrementS: 60 }, { prefix: '+49', perMinute: 0.05 - perMinute, perCall: 0.01, incrementS: 1 }] };
}
