import type { Api } from '../api.ts';
import type { Command } from '../command.ts';
import { ago, table } from '../text.ts';

interface Named {
  readonly id: string;
  readonly key: string;
}

interface PortRow extends Named {
  readonly displayName: string;
  readonly port: { readonly card: string; readonly port: number };
  readonly isEnabled: boolean;
}

interface Live {
  readonly isPresent: boolean;
  readonly state: string | null;
  readonly since: string | null;
  readonly party: { readonly number: string; readonly name?: string } | null;
}

interface Call {
  readonly id: string;
  readonly state: string;
  readonly direction: string;
  readonly startedAt: string;
  readonly answeredAt: string | null;
  readonly from: { readonly number: string; readonly name?: string };
  readonly to: string;
  readonly legs: readonly { readonly endpoint: string; readonly state: string }[];
}

interface TrunkStatus {
  readonly state: string | null;
  readonly since: string | null;
  readonly why: string;
  readonly registration: { readonly state: string } | null;
  readonly calls: { readonly inbound: number; readonly outbound: number };
}

export const calls: Command = {
  name: 'calls',
  takes: [],
  options: {},
  summary: 'calls as they stand',
  async run({ api, paint }) {
    const all = await api.all<Call>('/calls');
    const names = all.length === 0 ? new Map<string, string>() : await endpointNames(api);
    const rows = all.map(({ state, startedAt, from, to, legs }) => [
      state, from.name === undefined ? from.number : `${from.number} ${from.name}`, to, ago(startedAt, Date.now()),
      legs.filter((leg) => leg.state !== 'released').map(({ endpoint }) => names.get(endpoint) ?? endpoint).join(' – '),
    ]);
    return { json: all, text: table(['STATE', 'FROM', 'TO', 'FOR', 'OVER'], rows, paint, 'No call is up.') };
  },
};

export const lines: Command = {
  name: 'lines',
  takes: [],
  options: {},
  summary: 'lines: what they do now, and what to do next with those that are not in full service',
  async run({ api, paint }) {
    const all = await withLive<PortRow & { readonly number?: string | null; readonly nextStep: { readonly text: string } | null }, Live>(api, 'lines', 'live');
    const rows = all.map(({ live, ...line }) => [line.key, portName(line), stateOf(line, live), ago(live.since, Date.now()), live.party?.number ?? line.number ?? '', line.nextStep?.text ?? '']);
    return { json: all, text: table(['LINE', 'PORT', 'STATE', 'FOR', 'NUMBER', 'NEXT'], rows, paint, 'There is no line. Make one in the document, or with POST /api/v1/lines.') };
  },
};

export const stations: Command = {
  name: 'stations',
  takes: [],
  options: {},
  summary: 'analog telephones: what they do now',
  async run({ api, paint }) {
    const all = await withLive<PortRow & { readonly extensionId: string }, Live>(api, 'stations', 'live');
    const extensions = new Map((await api.all<{ readonly id: string; readonly number: string }>('/extensions')).map(({ id, number }) => [id, number]));
    const rows = all.map(({ live, ...station }) => [station.key, portName(station), extensions.get(station.extensionId) ?? '', stateOf(station, live), ago(live.since, Date.now()), live.party?.number ?? '']);
    return { json: all, text: table(['STATION', 'PORT', 'EXTENSION', 'STATE', 'FOR', 'WITH'], rows, paint, 'There is no station. Make one in the document, or with POST /api/v1/stations.') };
  },
};

export const trunks: Command = {
  name: 'trunks',
  takes: [],
  options: {},
  summary: 'trunks: whether they work, since when and why',
  async run({ api, paint }) {
    const all = await withLive<Named & { readonly isEnabled: boolean }, TrunkStatus>(api, 'trunks', 'status');
    const rows = all.map(({ key, live }) => [key, live.state ?? 'not running', ago(live.since, Date.now()), live.registration?.state ?? '–', `${live.calls.inbound} in, ${live.calls.outbound} out`, live.why]);
    return { json: all, text: table(['TRUNK', 'STATE', 'FOR', 'REGISTRATION', 'CALLS', 'WHY'], rows, paint, 'There is no trunk. Make one in the document, or with POST /api/v1/trunks.') };
  },
};

/** Each thing with what it does now, a few at a time. */
async function withLive<Row extends Named, Now>(api: Api, what: string, path: string): Promise<readonly (Row & { readonly live: Now })[]> {
  const rows = await api.all<Row>(`/${what}`);
  const together: (Row & { readonly live: Now })[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    together.push(...(await Promise.all(rows.slice(at, at + AT_ONCE).map(async (row) => ({ ...row, live: await api.get<Now>(`/${what}/${row.id}/${path}`) })))));
  }
  return together;
}

async function endpointNames(api: Api): Promise<ReadonlyMap<string, string>> {
  const kinds = ['devices', 'stations', 'lines', 'trunks'];
  const lists = await Promise.all(kinds.map((kind) => api.all<Named>(`/${kind}`)));
  return new Map(lists.flatMap((list, at) => list.map(({ id, key }) => [id, `${kinds[at]!.slice(0, -1)} ${key}`] as const)));
}

function portName({ port }: PortRow): string {
  return `${port.card}/${port.port}`;
}

function stateOf({ isEnabled }: PortRow, { isPresent, state }: Live): string {
  return !isEnabled ? 'disabled' : !isPresent ? 'absent' : (state ?? 'not running');
}

const AT_ONCE = 16;
