import { type Call, type Command, type Outcome, optionOf } from '../command.ts';
import { type Difference, differenceLines, type PlanAnswer, planText } from '../plan-text.ts';
import { localTime, secondsOf, table } from '../text.ts';
import { Stop } from '../world.ts';

interface Revision {
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly why: string | null;
  readonly restores: number | null;
  readonly confirmBy: string | null;
  readonly state: 'applied' | 'confirmed' | 'rolledBack';
  readonly counts: { readonly added: number; readonly changed: number; readonly removed: number };
}

interface Application {
  readonly revision: number | null;
  readonly confirmBy: string | null;
  readonly credentials: readonly { readonly key: string; readonly username: string; readonly realm: string; readonly password: string }[] | null;
}

export const plan: Command = {
  name: 'plan',
  takes: ['FILE'],
  options: { check: { type: 'boolean' } },
  summary: 'what a document (YAML or JSON) would change; nothing is changed',
  help: [['--check', 'ends with 4 when something would change']],
  async run(call) {
    const planned = await planOf(call);
    return { json: planned, text: planText(planned, call.paint), ...(call.options['check'] === true && planned.changes.length > 0 ? { exit: 'different' as const } : {}) };
  },
};

export const apply: Command = {
  name: 'apply',
  takes: ['FILE'],
  options: { 'confirm-within': { type: 'string' }, why: { type: 'string' }, yes: { type: 'boolean', short: 'y' } },
  summary: 'let the document hold: all of it, at once, without a restart',
  help: [['--confirm-within 5m', 'goes back by itself unless it is confirmed within that time'], ['--why TEXT', 'kept with the revision'], ['--yes, -y', 'without asking']],
  async run(call) {
    const { api, world, paint, options } = call;
    const within = confirmWithin(call);
    if (options['yes'] !== true && (!world.isTerminal || options['json'] === true)) throw new Stop('usage', 'Nobody is there to be asked. Look at it with tipring plan, then say --yes.');
    const planned = await planOf(call);
    if (planned.changes.length === 0) return { json: { revision: null, changes: [] }, text: 'Nothing changes: the document holds already.\n' };
    if (options['yes'] !== true) {
      world.say(planText(planned, paint));
      if (!(await world.ask('Apply? (y/n) '))) throw new Stop('refused', 'Nothing was changed.');
    }
    const why = optionOf(call, 'why');
    const body = { ...(why === undefined ? {} : { why }), ...(within === undefined ? {} : { confirmWithinS: within }) };
    const applied = await api.post<Application>(`/config/plans/${planned.id}/application`, { body });
    return { json: { ...applied, changes: planned.changes, warnings: planned.warnings }, text: (options['yes'] === true ? planText(planned, paint) : '') + appliedText(applied) };
  },
};

export const confirm: Command = {
  name: 'confirm',
  takes: ['[REVISION]'],
  options: {},
  summary: 'let what was applied for a while stand',
  async run({ api, arguments: [named] }) {
    const number = named === undefined ? (await pending(api)).number : revisionNumber(named);
    const confirmed = await api.post<{ readonly revision: number }>(`/config/revisions/${number}/confirmation`);
    return { json: confirmed, text: `Revision ${confirmed.revision} stands.\n` };
  },
};

export const rollback: Command = {
  name: 'rollback',
  takes: ['REVISION'],
  options: { why: { type: 'string' } },
  summary: 'back to how it was with that revision; 0: before the first',
  async run(call) {
    const why = optionOf(call, 'why');
    const number = revisionNumber(call.arguments[0] ?? '');
    const back = await call.api.post<Application>(`/config/revisions/${number}/rollback`, { body: why === undefined ? {} : { why } });
    return { json: back, text: back.revision === null ? 'Nothing changes: it is like that already.\n' : `Revision ${back.revision}: as it was with ${number}.\n` };
  },
};

export const revisions: Command = {
  name: 'revisions',
  takes: ['[REVISION]'],
  options: {},
  summary: 'who changed the configuration, when and why; or all that one of them changed',
  async run({ api, paint, arguments: [named] }) {
    if (named !== undefined) {
      const revision = await api.get<Revision & { readonly changes: readonly Difference[] }>(`/config/revisions/${revisionNumber(named)}`);
      const head = `Revision ${revision.number}, ${localTime(revision.at)}, by ${revision.actor}${revision.why === null ? '' : `: ${revision.why}`}`;
      return { json: revision, text: `${[paint('bold', head), ...revision.changes.flatMap((change) => differenceLines(change, paint))].join('\n')}\n` };
    }
    const { items } = await api.get<{ readonly items: readonly Revision[] }>('/config/revisions?limit=50');
    const names = new Map((await api.all<{ readonly id: string; readonly name: string }>('/api-keys')).map(({ id, name }) => [id, name]));
    const rows = items.map(({ number, at, actor, why, restores, confirmBy, state, counts }) => [
      String(number), localTime(at), names.get(actor) ?? actor, `+${counts.added} ~${counts.changed} -${counts.removed}`,
      state === 'applied' ? `until ${localTime(confirmBy)}` : state === 'rolledBack' ? 'rolled back' : 'stands',
      why ?? (restores === null ? '' : `back to ${restores}`),
    ]);
    return { json: items, text: table(['REVISION', 'AT', 'BY', 'CHANGES', 'STATE', 'WHY'], rows, paint, 'Nothing was changed since the first start.') };
  },
};

export const exportDocument: Command = {
  name: 'export',
  takes: ['[FILE]'],
  options: {},
  summary: 'all that is configured as one document, to FILE or to the screen; YAML, or JSON for *.json and --json',
  async run({ api, world, options, arguments: [file] }) {
    const isJson = options['json'] === true || file?.endsWith('.json') === true;
    const text = await api.get<string>('/config/export', { accept: isJson ? 'application/json' : 'application/yaml', passphrase: world.environment['TIPRING_PASSPHRASE'] });
    return written(world, file, text);
  },
};

export const schema: Command = {
  name: 'schema',
  takes: ['[FILE]'],
  options: {},
  summary: 'the JSON Schema of the document, for editors',
  async run({ api, world, arguments: [file] }) {
    return written(world, file, `${JSON.stringify(await api.get('/config/schema'), null, 2)}\n`);
  },
};

async function planOf({ api, world, arguments: [file = ''] }: Call): Promise<PlanAnswer> {
  const text = world.read(file);
  if (text === undefined) throw new Stop('usage', `There is no file ${file}. tipring export ${file} writes one from what is configured now.`);
  return api.post<PlanAnswer>('/config/plans', { text, passphrase: world.environment['TIPRING_PASSPHRASE'] });
}

function confirmWithin(call: Call): number | undefined {
  const given = optionOf(call, 'confirm-within');
  if (given === undefined) return undefined;
  const seconds = secondsOf(given);
  if (seconds === undefined || seconds < 10) throw new Stop('usage', `--confirm-within ${given}: say for instance 5m, 90s or 1h; ten seconds at least.`);
  return seconds;
}

function appliedText({ revision, confirmBy, credentials }: Application): string {
  const made = (credentials ?? []).map(({ key, username, realm, password }) => `  ${key}: user ${username}, password ${password}, realm ${realm}`);
  return [
    `Applied as revision ${revision}.`,
    ...(confirmBy === null ? [] : [`It goes back by itself at ${localTime(confirmBy)}. To let it stand: tipring confirm`]),
    ...(made.length === 0 ? [] : ['Passwords that were made; they are not shown again:', ...made]),
    '',
  ].join('\n');
}

async function pending(api: Call['api']): Promise<Revision> {
  const { items } = await api.get<{ readonly items: readonly Revision[] }>('/config/revisions?limit=1');
  const [newest] = items;
  if (newest?.state === 'applied') return newest;
  throw new Stop('refused', 'Nothing waits to be confirmed: it stands already, or its time was over and it went back (tipring revisions tells).');
}

function revisionNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Stop('usage', `${text} is no revision’s number; tipring revisions lists them.`);
  return Number(text);
}

/** Text that is JSON or YAML already is the same with --json. */
function written(world: Call['world'], file: string | undefined, text: string): Outcome {
  if (file === undefined) return { json: undefined, text };
  world.write(file, text);
  return { json: { file }, text: `Written to ${file}.\n` };
}
