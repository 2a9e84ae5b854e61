import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { buildSnapshot, type ConfigurationRows, emptyRows, firstSettings, type Snapshot, usualExtension, usualTrunk } from '@tipring/config';
import { type Detail, RoutingTable, type RoutingState } from '@tipring/routing';
import type { Availability, RouteRequest } from '@tipring/telephony';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'Where a call may go, in an office of 10,000 extensions';
export const explains =
  'Time to make a table of a configuration, its memory, and the microseconds of one resolution: calls inside, in by 200 trunks, out by a thousand rules, and to an emergency number. Half of the numbers outside were never read before. ' +
  'Baseline: JSON.parse of one explanation, in the same run; the ratio is of both p99. Every call is made in five passes and its best counts, so that what others on the machine take is not ours; beside it all passes. Targets: table < 50 ms, p99 of a resolution < 200 µs.';
export const options = {
  extensions: { default: 10_000, explains: 'extensions, each with a device and a number outside' },
  rules: { default: 1_000, explains: 'inbound and outbound routes together' },
  trunks: { default: 200, explains: 'trunks, each with a tariff of 500 rates' },
  calls: { default: 10_000, explains: 'resolutions of each kind' },
};

export function run(context: BenchContext): Promise<Figures> {
  const [extensions, rules, trunks, calls] = (['extensions', 'rules', 'trunks', 'calls'] as const).map((name) => context.number(name)) as [number, number, number, number];
  context.progress('configuration');
  const snapshot = office(extensions, rules, trunks, (n) => [`+${4_400 + n}x.`]);
  // No number leads to these: each is asked.
  const unindexed = office(extensions, rules, trunks, () => []);
  const facts = { emergencyNumbers: () => ['911', '112'] };

  context.progress('table');
  const compileMs = sorted(Array.from({ length: 11 }, () => timed(() => RoutingTable.compile(snapshot, facts))));
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const table = RoutingTable.compile(snapshot, facts);
  collect();
  const tableBytes = process.memoryUsage().heapUsed - before;

  const world = state(snapshot);
  const kinds: readonly (readonly [string, (n: number) => RouteRequest])[] = [
    ['inside', (n) => ({ endpoint: idOf('dev', n % extensions), from: { number: '1' }, number: String(20_000 + ((n * 7919) % extensions)) })],
    ['in, by number', (n) => ({ endpoint: idOf('trk', n % trunks), from: { number: `+1310555${digits(n, 4)}` }, number: `+1212${digits(n % (rules / 2), 3)}${digits(n, 4)}` })],
    ['out, by pattern', (n) => ({ endpoint: idOf('dev', n % extensions), from: { number: '1' }, number: `9011${4_400 + (n % (rules / 2))}${digits(n % 2 === 0 ? 7 : n, 6)}` })],
    ['out, rest', (n) => ({ endpoint: idOf('dev', n % extensions), from: { number: '1' }, number: `91310555${digits(n % 2 === 0 ? 7 : n, 4)}` })],
    ['emergency', (n) => ({ endpoint: idOf('dev', n % extensions), from: { number: '1' }, number: n % 2 === 0 ? '911' : '9911' })],
  ];
  const { explanation } = table.resolve(kinds[3]![1](1), world, 'call');
  const text = JSON.stringify({ ...explanation, candidates: explanation.candidates.slice(0, 20) });
  const figures: Record<string, number> = {};
  const rows: (string | number)[][] = [['', 'p50 µs', 'p99 µs', 'p99 µs, all passes']];
  /** `fresh` makes what works: a table that has read no number yet. */
  const measure = (name: string, key: string, fresh: () => (n: number) => void): number => {
    context.progress(name);
    const best = new Float64Array(calls).fill(Infinity);
    const all = new Float64Array(calls * PASSES);
    for (let pass = -1; pass < PASSES; pass += 1) {
      const work = fresh();
      for (let n = 0; n < calls; n += 1) {
        const started = performance.now();
        work(n);
        const us = (performance.now() - started) * 1000;
        // The first pass warms up.
        if (pass < 0) continue;
        all[pass * calls + n] = us;
        best[n] = Math.min(best[n]!, us);
      }
    }
    const at = (times: Float64Array, part: number): number => rounded(times.sort()[Math.floor(times.length * part)]!);
    rows.push([name, at(best, 0.5), at(best, 0.99), at(all, 0.99)]);
    figures[`${key}P99Us`] = at(best, 0.99);
    figures[`${key}P99AllUs`] = at(all, 0.99);
    return at(best, 0.99);
  };
  const resolving = (call: (n: number) => RouteRequest, detail: Detail, of = snapshot) => (): ((n: number) => void) => {
    const compiled = RoutingTable.compile(of, facts);
    return (n) => void compiled.resolve(call(n), world, detail);
  };
  const parseUs = measure(`baseline: JSON.parse of ${text.length} characters`, 'jsonParse', () => () => void JSON.parse(text));
  let worst = 0;
  for (const [name, call] of kinds) worst = Math.max(worst, measure(name, name.replace(/[^a-z]+./g, (match) => match.at(-1)!.toUpperCase()), resolving(call, 'call')));
  worst = Math.max(worst, measure('out, each rule asked', 'outEach', resolving(kinds[3]![1], 'call', unindexed)));
  measure('out, rest, all rules told', 'allTold', resolving(kinds[3]![1], 'all'));
  context.table(rows);
  context.table([['', ''], ['table, ms (best of 11)', rounded(compileMs[0]!)], ['table, ms (median)', rounded(compileMs[5]!)], ['table, kB', Math.round(tableBytes / 1000)]]);
  return Promise.resolve({ compileMs: rounded(compileMs[0]!), compileMedianMs: rounded(compileMs[5]!), tableKilobytes: Math.round(tableBytes / 1000), slowestKindToJsonParse: rounded(worst / parseUs), ...figures });
}

function office(extensions: number, rules: number, trunks: number, numbersOf: (rule: number) => readonly string[]): Snapshot {
  const many = <Row>(count: number, row: (n: number) => Row): Row[] => Array.from({ length: count }, (_, n) => row(n));
  const tariff = (n: number) => ({ currency: 'USD', rates: many(500, (at) => ({ prefix: `+${at + 100}`, perMinute: ((at * 31 + n) % 97) / 100, perCall: 0, incrementS: 60 })) });
  const settings = firstSettings('bench', now);
  const rows: ConfigurationRows = {
    ...emptyRows({ ...settings, site: { ...settings.site, mainNumber: '+12125550100' }, emergency: { ...settings.emergency, numbers: ['999'] } }),
    extensions: many(extensions, (n) => ({ id: idOf('ext', n), key: `e${n}`, number: String(20_000 + n), displayName: `Desk ${n}`, ...usualExtension, calling: { permissionId: idOf('prm', 0), locationId: null, shownNumber: `+1718${digits(n + 2_000_000, 7)}`, isLocked: false }, ...versioned })),
    devices: many(extensions, (n) => ({ id: idOf('dev', n), key: `d${n}`, extensionId: idOf('ext', n), displayName: `Phone ${n}`, username: String(20_000 + n), algorithm: 'MD5', enabled: true, ha1: { MD5: '0'.repeat(32), 'SHA-256': '0'.repeat(64) }, ...versioned })),
    lines: many(32, (n) => ({ id: idOf('lin', n), key: `l${n}`, displayName: `Line ${n}`, port: { card: 'SIM-1', port: n + 1 }, region: 'US', isEnabled: true, isCommissioned: true, inbound: null, overrides: {}, ...versioned })),
    lineGroups: [{ id: idOf('lgr', 0), key: 'lines', displayName: 'Lines', lines: many(32, (n) => idOf('lin', n)), hunt: 'mostIdle', fromTheEnd: true, tariff: null, ...versioned }],
    trunks: many(trunks, (n) => ({ ...usualTrunk, id: idOf('trk', n), key: `t${n}`, displayName: `Carrier ${n}`, server: { host: 'sip.carrier.example', port: null, transport: null }, peering: { type: 'address', sources: [], credentials: null }, tariff: tariff(n), ...versioned })),
    permissions: [{ id: idOf('prm', 0), key: 'usual', displayName: 'Usual', classes: ['national', 'mobile', 'international', 'tollFree', 'unknown'], countries: null, allowed: [], denied: many(200, (n) => `+1900${digits(n, 3)}x.`), ...versioned }],
    schedules: many(20, (n) => ({ id: idOf('sch', n), key: `h${n}`, displayName: `Hours ${n}`, timeZone: ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo', 'Australia/Sydney'][n % 4]!, week: [{ days: ['monday', 'friday'], from: '08:00', to: '17:00' }], holidays: many(30, (at) => ({ name: 'Holiday', from: `2026-${digits((at % 12) + 1, 2)}-01`, to: `2026-${digits((at % 12) + 1, 2)}-02`, everyYear: true, hours: [] })), override: null, ...versioned })),
    blocklists: [{ id: idOf('blk', 0), key: 'spam', displayName: 'Spam', isEnabled: true, direction: 'inbound', numbers: many(5_000, (n) => `+1415${digits(n, 7)}`), anonymous: false, as: 'rejected', ...versioned }],
    inboundRoutes: many(rules / 2, (n) => ({
      id: idOf('inr', n), key: `i${n}`, displayName: `Numbers ${n}`, position: n, isEnabled: true,
      // Every tenth is asked for every number, and does not fit.
      match: { via: n % 10 === 0 ? [{ type: 'lineGroup', id: idOf('lgr', 0) }] : [], called: n % 10 === 0 ? [] : [`+1212${digits(n, 3)}xxxx`], callers: [], anonymous: null, schedule: n % 10 === 0 ? { scheduleId: idOf('sch', n % 20), is: 'open' } : null },
      destination: { type: 'extension', id: idOf('ext', n) }, callerNamePrefix: null, ...versioned,
    })),
    outboundRoutes: many(rules / 2, (n) => {
      const isRest = n === rules / 2 - 1;
      const via = isRest ? many(20, (at) => ({ type: 'trunk', id: idOf('trk', (at * 7) % trunks) }) as const) : many(3, (at) => ({ type: 'trunk', id: idOf('trk', (n + at) % trunks) }) as const);
      return {
        id: idOf('out', n), key: `o${n}`, displayName: `Way ${n}`, position: n, isEnabled: true,
        match: { prefix: '9', numbers: isRest || n % 10 === 0 ? [] : numbersOf(n), classes: !isRest && (n % 10 === 0 || numbersOf(n).length === 0) ? ['premium' as const] : [], callers: [], schedule: null },
        pinSetId: null, order: isRest ? 'leastCost' as const : 'listed' as const, attempts: [...via, { type: 'lineGroup', id: idOf('lgr', 0) } as const].map((one) => ({ via: one, number: null, shown: null })), ...versioned,
      };
    }),
  };
  const built = buildSnapshot(rows);
  if (!built.ok) throw new Error(JSON.stringify(built.problems.slice(0, 3)));
  return built.value;
}

function state({ lines, trunks }: Snapshot): RoutingState {
  const states = new Map<string, Availability>();
  [...lines.keys(), ...trunks.keys()].forEach((id, n) => states.set(id, { state: n % 7 === 0 ? 'busy' : n % 11 === 0 ? 'down' : 'ready', text: 'as it is', idleSince: n, usedMs: (n * 7919) % 1_000, isEmergency: false }));
  return { at: Date.parse('2026-11-25T15:00:00Z'), availability: (id) => states.get(id), outsideUse: () => nothing, lastTaken: () => null, extensionState: () => 'idle', lastCallEnded: () => null, emergencyCallers: () => [] };
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function sorted(numbers: number[]): number[] {
  return numbers.sort((a, b) => a - b);
}

function digits(n: number, count: number): string {
  return String(n % 10 ** count).padStart(count, '0');
}

function idOf(prefix: string, n: number): string {
  return `${prefix}_${digits(n, 20)}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

const PASSES = 5;
const now = '2026-11-22T18:00:00.000Z';
const versioned = { version: 1, createdAt: now, updatedAt: now };
const nothing = { concurrent: 0, lastHour: 0, costlyLastHour: 0, spentToday: 0 };
