import type { RunningPbx } from '../testbed/pbx.ts';
import { twoCpus } from '../testbed/pinned.ts';
import type { BenchContext, Figures } from './bench.ts';
import { CallsWithSipp, type CallLoadStep } from './load/calls-with-sipp.ts';

export const title = 'A change of a thousand objects while calls are placed';
export const explains =
  'sipp places calls between registered phones; meanwhile a document with 500 extensions and 500 devices more is applied whole, then one without them, again and again. ' +
  'The baseline is the same load before, in the same run. Target: at 200 calls/s no call is lost or refused. Also measured: one such change on a system at rest, and the reference office applied to an empty one (target: under 5 s).';
export const options = {
  rate: { default: 200, explains: 'calls/s' },
  seconds: { default: 20, explains: 'length of each of the two steps' },
  talk: { default: 300, explains: 'milliseconds each call talks' },
  objects: { default: 1000, explains: 'added, then taken away' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cpus = twoCpus();
  context.progress('starting a PBX');
  const pbx = await context.startPbx({ rtpPorts: 4_000, ...(cpus === undefined ? {} : { cpus: { pbx: cpus.measured, media: cpus.measured, database: cpus.load } }) });
  const small = await documentOf(pbx);
  const large = grown(small, context.number('objects'));
  const { sip } = small['settings'] as { readonly sip: object };
  const empty = { version: 1, settings: { sip } };

  context.progress('applying to a system at rest');
  const emptied = await applied(pbx, empty);
  const office = await applied(pbx, small);
  const atRest = [await applied(pbx, large), await applied(pbx, small)];

  const load = await CallsWithSipp.start(pbx, cpus?.load);
  context.atEnd(() => load.stop());
  const [rate, seconds, talk] = [context.number('rate'), context.number('seconds'), context.number('talk')];
  context.progress('warming up');
  await load.step(rate, 10, talk);
  context.progress(`${rate} calls/s`);
  const before = await load.step(rate, seconds, talk);
  context.progress(`${rate} calls/s, and changes`);
  const changes: number[] = [];
  let goOn = true;
  const changing = (async () => {
    for (let turn = 0; goOn; turn += 1) changes.push(await applied(pbx, turn % 2 === 0 ? large : small));
  })();
  const during = await load.step(rate, seconds, talk);
  goOn = false;
  await changing;

  context.table([
    ['', 'placed', 'completed', 'failed', '503', 'p50 PDD ms', 'p99 PDD ms'],
    ...([['alone', before], ['with changes', during]] as const).map(([name, step]) => [name, step.placed, step.completed, step.failed, step.refused, step.p50PostDialMs.toFixed(0), step.p99PostDialMs.toFixed(0)]),
  ]);
  return {
    callsLost: lost(during),
    callsLostBefore: lost(before),
    changesMade: changes.length,
    changeMedianMs: Math.round(median(changes)),
    changeAtRestMs: Math.round(median(atRest)),
    officeFromEmptyMs: Math.round(office),
    emptiedMs: Math.round(emptied),
    p99PostDialMsRatio: Math.round((100 * during.p99PostDialMs) / before.p99PostDialMs) / 100,
  };
}

async function documentOf(pbx: RunningPbx): Promise<Record<string, unknown>> {
  const response = await fetch(`${pbx.apiUrl}/config/export`, { headers: { authorization: `Bearer ${pbx.apiKey}`, accept: 'application/json' } });
  return (await response.json()) as Record<string, unknown>;
}

/** Ms. */
async function applied(pbx: RunningPbx, document: object): Promise<number> {
  const begun = performance.now();
  const response = await fetch(`${pbx.apiUrl}/config`, { method: 'PUT', headers: { authorization: `Bearer ${pbx.apiKey}`, 'content-type': 'application/json' }, body: JSON.stringify(document) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 500)}`);
  return performance.now() - begun;
}

function grown(document: Record<string, unknown>, objects: number): object {
  const extensions: Record<string, object> = {};
  const devices: Record<string, object> = {};
  for (let at = 0; at < objects / 2; at += 1) {
    extensions[`more-${at}`] = { number: String(40_000 + at) };
    devices[`more-${at}`] = { extension: `more-${at}`, username: `more-${at}`, password: 'a password of twenty' };
  }
  return { ...document, extensions: { ...(document['extensions'] as object), ...extensions }, devices: { ...(document['devices'] as object), ...devices } };
}

function lost({ failed, refused }: CallLoadStep): number {
  return failed + refused;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
