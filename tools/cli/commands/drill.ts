import { type Command, optionOf } from '../command.ts';
import { table } from '../text.ts';
import { Stop } from '../world.ts';

interface Drill {
  readonly id: string;
  readonly state: 'going' | 'passed' | 'failed' | 'interrupted';
  readonly result: {
    readonly text: string;
    readonly attempts: readonly { readonly name: string | null; readonly endpoints: readonly string[]; readonly outcome: 'failed' | 'gotThrough'; readonly afterMs: number; readonly text: string }[];
  } | null;
}

export const drill: Command = {
  name: 'drill',
  takes: ['TRUNK', 'NUMBER'],
  options: { impairment: { type: 'string' }, from: { type: 'string' } },
  summary: 'prove that calls survive the loss of a trunk: NUMBER is called, and rings for a moment, as if that trunk had failed',
  help: [['--impairment blackHole', 'how it fails: blackHole, refuse503 or unreachable'], ['--from 101', 'the extension in whose name it calls']],
  async run(call) {
    const { api, paint } = call;
    const [key = '', number = ''] = call.arguments;
    const { items } = await api.get<{ readonly items: readonly { readonly id: string }[] }>(`/trunks?key=${encodeURIComponent(key)}`);
    const [trunk] = items;
    if (trunk === undefined) throw new Stop('refused', `There is no trunk ${key}; tipring trunks lists them.`);
    const [impairment, from] = [optionOf(call, 'impairment'), optionOf(call, 'from')];
    const begun = await api.post<Drill>(`/trunks/${trunk.id}/drills`, { body: { number, ...(impairment === undefined ? {} : { impairment }), ...(from === undefined ? {} : { from }) } });
    const done = await ended(() => api.get<Drill>(`/trunks/${trunk.id}/drills/${begun.id}`));
    const rows = (done.result?.attempts ?? []).map(({ name, endpoints, outcome, afterMs, text }) => [name ?? endpoints.join(', '), outcome === 'failed' ? 'failed' : 'got through', `${(afterMs / 1_000).toFixed(1)} s`, text]);
    const verdict = done.state === 'passed' ? paint('green', 'Passed') : paint('red', done.state === 'failed' ? 'Failed' : 'Not known');
    return { json: done, text: `${table(['WAY', 'OUTCOME', 'AFTER', ''], rows, paint, 'Nothing was tried.')}${verdict}: ${done.result?.text ?? 'it was interrupted.'}\n`, ...(done.state === 'passed' ? {} : { exit: 'refused' as const }) };
  },
};

/** A drill is over within a minute and a half. */
async function ended(look: () => Promise<Drill>): Promise<Drill> {
  for (;;) {
    const now = await look();
    if (now.state !== 'going') return now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
