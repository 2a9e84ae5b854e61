import { eachOf, pause } from '../testbed/each.ts';
import { twoCpus } from '../testbed/pinned.ts';
import { metrics } from '../testbed/metrics.ts';
import { morePhones } from '../testbed/more-phones.ts';
import { type BankAttempt, PhoneBank } from '../testbed/phone-bank.ts';
import { cpuSeconds } from '../testbed/process-figures.ts';
import type { DemoDevice, RunningPbx } from '../testbed/pbx.ts';
import type { BenchContext, Figures } from './bench.ts';
import { WatchingPhones } from '../testbed/watching-phones.ts';

export const title = 'Busy lamps: all extensions ring at once, and every telephone watches them';
export const explains =
  'Telephones on UDP ports of their own each watch many extensions (RFC 4235); then one call is placed to each of these at the same time, all ring, and all are given up together. ' +
  'Measured lamp by lamp from the 180 of the telephone that it shows, and from the first INVITE until the last lamp is right, which has setting up the calls in it. Messages are counted at the telephones. ' +
  'Controller and gateway share CPU 0; telephones and PostgreSQL have CPU 1. Baseline: one NOTIFY for each lamp and change, which is the least there can be. Target: every lamp right within 2 s.';
export const options = {
  phones: { default: 200, explains: 'telephones that watch' },
  extensions: { default: 50, explains: 'extensions that each of them watches' },
  rounds: { default: 3, explains: 'how often all ring' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const [phones, extensions, rounds] = [context.number('phones'), context.number('extensions'), context.number('rounds')];
  const cpus = twoCpus();
  context.progress('starting a PBX');
  const pbx = await context.startPbx({ rtpPorts: 2_000, ...(cpus === undefined ? {} : { cpus: { pbx: cpus.measured, media: cpus.measured, database: cpus.load } }) });
  const [caller] = pbx.devices;
  if (caller === undefined) throw new Error('the demo office has no phones');
  const watched = await morePhones(pbx, extensions);
  const watchers = await watchersOf(pbx, phones);

  const rangAt = new Map<string, number>();
  const bank = await PhoneBank.start({
    registrar: { address: pbx.host, port: pbx.ports.sip }, devices: watched, firstRtpPort: 40_000, behaviour: () => 'ring',
    arrived: (_party, username) => void rangAt.set(username, performance.now()),
  });
  context.atEnd(() => bank.close());
  await bank.register();

  const scene = new Scene(phones, watched.map(({ extension }) => extension));
  const field = await WatchingPhones.start(pbx, watchers, (phone, number, state, at) => scene.note(phone, number, state, at));
  context.atEnd(() => field.close());
  context.progress(`${phones * extensions} subscriptions`);
  const subscribing = performance.now();
  await field.watch(scene.numbers, 16);
  await scene.shows('terminated', 30_000);
  const subscribedMs = performance.now() - subscribing;

  const rows: (string | number)[][] = [['round', 'change', 'all right after ms', 'p50 of a lamp', 'p99', 'worst', 'NOTIFYs', 'repeated', 'CPU ms']];
  const worst = { ring: 0, idle: 0, lamp: 0 };
  let [sent, turnedAway] = [0, 0];
  for (let round = 1; round <= rounds; round += 1) {
    context.progress(`round ${round}`);
    rangAt.clear();
    const before = { ...field.counts, cpu: cpuSeconds(pbx.controller.pid), at: performance.now() };
    const calls = scene.numbers.map((number) => new Calling(bank, caller, number));
    await scene.shows('early', 30_000);
    const delays = scene.delays(rangAt);
    const ringMs = scene.lastAt - before.at;
    const rung = { ...field.counts, cpu: cpuSeconds(pbx.controller.pid), at: performance.now() };
    rows.push([round, 'idle to ringing', ringMs.toFixed(0), at(delays, 0.5), at(delays, 0.99), at(delays, 1), rung.notifies - before.notifies, rung.repeated - before.repeated, ((rung.cpu - before.cpu) * 1000).toFixed(0)]);
    turnedAway += calls.reduce((sum, call) => sum + call.turnedAway, 0);
    for (const call of calls) call.giveUp();
    if (turnedAway > 0) await hangUpRest(pbx);
    await scene.shows('terminated', 30_000);
    const idleMs = scene.lastAt - rung.at;
    const after = { ...field.counts, cpu: cpuSeconds(pbx.controller.pid) };
    rows.push([round, 'ringing to idle', idleMs.toFixed(0), '', '', '', after.notifies - rung.notifies, after.repeated - rung.repeated, ((after.cpu - rung.cpu) * 1000).toFixed(0)]);
    worst.ring = Math.max(worst.ring, ringMs);
    worst.idle = Math.max(worst.idle, idleMs);
    worst.lamp = Math.max(worst.lamp, delays.at(-1) ?? Number.NaN);
    sent += after.notifies - before.notifies;
  }
  context.table(rows);
  const { outOfOrder } = field.counts;
  return {
    subscriptions: phones * extensions, subscribedMs: Math.round(subscribedMs), allRightAfterRingingMs: Math.round(worst.ring), allRightAfterIdleMs: Math.round(worst.idle), worstLampMs: Math.round(worst.lamp),
    notifiesPerChange: Math.round((sent / (2 * rounds * phones * extensions)) * 1000) / 1000, outOfOrder, turnedAway, coalesced: await figure(pbx, 'tipring_notifies_coalesced_total'), failed: await figure(pbx, 'tipring_subscriptions_failed_total'),
  };
}

/** One call, placed again while the PBX says that it has too much to do (503). */
class Calling {
  turnedAway = 0;
  #attempt: BankAttempt;
  #isOver = false;

  constructor(bank: PhoneBank, from: DemoDevice, number: string) {
    const place = (): BankAttempt => {
      const attempt = bank.place(from, number);
      void attempt.outcome.then((outcome) => {
        if (outcome.type !== 'refused' || outcome.status !== 503 || this.#isOver) return;
        this.turnedAway += 1;
        setTimeout(() => (this.#attempt = place()), 100);
      });
      return attempt;
    };
    this.#attempt = place();
  }

  giveUp(): void {
    this.#isOver = true;
    this.#attempt.caller.session.end();
  }
}

/** What all lamps show. */
class Scene {
  readonly numbers: readonly string[];
  /** When the last lamp came to show what was waited for. */
  lastAt = 0;
  readonly #phones: number;
  readonly #lamps = new Map<string, { readonly state: string; readonly at: number }[]>();
  #wanted = '';
  #wrong = 0;
  #done: () => void = () => {};

  constructor(phones: number, numbers: readonly string[]) {
    this.#phones = phones;
    this.numbers = numbers;
    for (const number of numbers) this.#lamps.set(number, Array.from({ length: phones }, () => ({ state: '', at: 0 })));
  }

  note(phone: number, number: string, state: string, at: number): void {
    const lamps = this.#lamps.get(number);
    const before = lamps?.[phone];
    if (lamps === undefined || before === undefined) return;
    if (before.state === this.#wanted && state !== this.#wanted) this.#wrong += 1;
    if (before.state !== this.#wanted && state === this.#wanted) this.#wrong -= 1;
    lamps[phone] = { state, at };
    if (state === this.#wanted) this.lastAt = at;
    if (this.#wrong === 0) this.#done();
  }

  /** @throws {Error} when not all show it in time */
  async shows(state: string, timeoutMs: number): Promise<void> {
    this.#wanted = state;
    this.#wrong = 0;
    for (const lamps of this.#lamps.values()) for (const lamp of lamps) if (lamp.state !== state) this.#wrong += 1;
    if (this.#wrong === 0) return;
    let late: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#done = resolve;
      late = setTimeout(() => reject(new Error(`${this.#wrong} of ${this.#phones * this.numbers.length} lamps do not show ${state} after ${timeoutMs} ms`)), timeoutMs);
    });
    clearTimeout(late);
    this.#done = () => {};
  }

  /** Of each lamp from when its telephone rang, sorted. */
  delays(rangAt: ReadonlyMap<string, number>): number[] {
    return [...this.#lamps].flatMap(([number, lamps]) => lamps.map(({ at }) => at - (rangAt.get(number) ?? Number.NaN))).sort((a, b) => a - b);
  }
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(0);
}

/** All on one extension: who watches needs no number of his own. */
async function watchersOf(pbx: RunningPbx, count: number): Promise<DemoDevice[]> {
  const { items } = await pbx.api<{ items: { id: string; number: string }[] }>('GET', '/extensions?limit=1');
  const [extension] = items;
  if (extension === undefined) throw new Error('the demo office has no extensions');
  return await eachOf(Array.from({ length: count }), 8, async (_, at) => {
    const username = `lamps-${at}`;
    const { credentials } = await pbx.api<{ credentials: { password: string; realm: string } }>('POST', '/devices', { key: username, extensionId: extension.id, displayName: `Lamps ${at}`, username });
    return { extension: extension.number, username, ...credentials };
  });
}

/** An INVITE that waited so long for its turn that it was sent again: one of the two may have been turned away, and the other rings. */
async function hangUpRest(pbx: RunningPbx): Promise<void> {
  for (;;) {
    const { items } = await pbx.api<{ items: { id: string; state: string }[] }>('GET', '/calls?limit=500');
    if (items.length === 0) return;
    for (const { id, state } of items) if (state !== 'releasing') await pbx.api('DELETE', `/calls/${id}`).catch(() => undefined);
    await pause(100);
  }
}

async function figure(pbx: RunningPbx, name: string): Promise<number> {
  return (await metrics(pbx)).get(name) ?? Number.NaN;
}
