import { expect, test } from 'vitest';
import { sdp } from '../scripted-phone.ts';
import { registering, trunk, TrunkBed, type Asked } from './trunk-bed.ts';
import type { Carrier } from './scripted-carrier.ts';

test('30 afternoons of two trunks: servers that fall silent, refuse and come back, datagrams lost, limits and settings changed; each leg is released once, limits are kept, and nothing is left', async () => {
  let [answered, failed] = [0, 0];
  for (let seed = 1; seed <= 30; seed++) {
    const counts = await afternoon(seed);
    answered += counts.answered;
    failed += counts.failed;
  }
  // The dice did fall on what is to be tried.
  expect([answered > 60, failed > 100]).toEqual([true, true]);
}, 60_000);

async function afternoon(seed: number): Promise<{ readonly answered: number; readonly failed: number }> {
  const bed = new TrunkBed({ seed });
  const pick = <T>(list: readonly T[]): T => list[Math.floor(bed.random() * list.length)] as T;
  bed.dns.zone.srv.set('_sip._udp.pool.example', [{ priority: 1, weight: 1, port: 5060, name: 'one' }, { priority: 1, weight: 3, port: 5060, name: 'two' }]);
  bed.dns.zone.a.set('one', ['10.1.0.1']).set('two', ['10.1.0.2']);
  const account = { username: 'office', password: 'secret' };
  const carriers = [bed.carrier({ account }), bed.carrier({ address: '10.1.0.2', account }), bed.carrier({ address: '10.1.0.3', account, challenges: 'user' })];
  for (const carrier of carriers) carrier.onInvite = () => answer(carrier, pick);
  const first = trunk({ server: { host: 'pool.example', port: null, transport: 'udp' }, offer: pick(['early', 'late']), redirects: 'follow', limits: { total: 3, inbound: 2, outbound: 2 } });
  const second = trunk({ id: 'trk-2', key: 'second', server: { host: '10.1.0.3', port: 5060, transport: 'udp' }, peering: registering, limits: { total: 4, inbound: null, outbound: 3 } });
  await bed.configure(first, second);
  const legs: Asked[] = [];
  for (let turn = 0; turn < 80; turn++) {
    const roll = bed.random();
    const id = pick(['trk-1', 'trk-2']);
    if (roll < 0.35 && bed.pbx.trunks.isTrunk(id)) legs.push(bed.ask({}, id));
    else if (roll < 0.5) pick([...legs, undefined])?.leg.send({ type: 'release', cause: 'normalClearing' });
    else if (roll < 0.6) pick(carriers).session?.end();
    else if (roll < 0.7) pick(carriers).is = pick(['well', 'well', 'well', 'blackHole', 'refuses']);
    else if (roll < 0.75) bed.wire.setLoss(pick([0, 0, 0.1, 0.3]));
    else if (roll < 0.8) bed.dns.is = pick(['up', 'up', 'failing', 'dead']);
    else if (roll < 0.85) await bed.configure({ ...first, redirects: pick(['follow', 'refuse']), isEnabled: bed.random() < 0.8 }, ...(bed.random() < 0.8 ? [second] : []));
    else if (roll < 0.9) pick(carriers).call('sip:101@10.0.0.1');
    else bed.pass(pick([20, 500, 2_000, 5_000, 40_000]));
    bed.pass(pick([0, 5, 50, 300]));
    for (const [one, most] of [['trk-1', { outbound: 2, inbound: 2, total: 3 }], ['trk-2', { outbound: 3, inbound: 4, total: 4 }]] as const) {
      const { outbound = 0, inbound = 0 } = bed.pbx.trunks.live(one)?.calls ?? {};
      expect(outbound).toBeLessThanOrEqual(most.outbound);
      expect(inbound).toBeLessThanOrEqual(most.inbound);
      expect(outbound + inbound).toBeLessThanOrEqual(most.total);
    }
  }
  bed.wire.setLoss(0);
  for (const carrier of carriers) carrier.is = 'well';
  for (const { leg } of legs) leg.send({ type: 'release', cause: 'normalClearing' });
  // An hour without OPTIONS, in which session timers find whose BYE was lost.
  const quiet = { ...first.health, optionsIntervalS: null };
  await bed.configure({ ...first, health: quiet }, { ...second, health: quiet });
  bed.pass(4_000_000);
  const releases = legs.map(({ events }) => events.filter(({ type }) => type === 'released').length);
  const last = legs.map(({ events }) => events.at(-1)?.type);
  expect({ seed, twice: releases.filter((count) => count !== 1), notLast: last.filter((type) => type !== 'released'), calls: bed.pbx.exchange.size, listeners: bed.pbx.media.size, bugs: bed.pbx.bugs }).toEqual({ seed, twice: [], notLast: [], calls: 0, listeners: 0, bugs: [] });
  for (const id of ['trk-1', 'trk-2']) expect(bed.pbx.trunks.live(id)?.calls ?? { inbound: 0, outbound: 0 }).toEqual({ inbound: 0, outbound: 0 });
  const closed = bed.pbx.trunks.close();
  bed.pass(10_000);
  await closed;
  bed.pass(70_000);
  expect({ seed, ...bed.pbx.transactions.size }).toEqual({ seed, clients: 0, servers: 0, pending: 0 });
  return { answered: legs.filter(({ events }) => events.some(({ type }) => type === 'answered')).length, failed: legs.filter(({ released }) => released?.evidence.kind === 'timer' || released?.evidence.kind === 'sipResponse').length };
}

function answer(carrier: Carrier, pick: <T>(list: readonly T[]) => T): void {
  const what = pick(['ring', 'answer', 'answer', 'busy', 'early', 'nothing', 'full', 'elsewhere']);
  const invite = carrier.incoming.at(-1);
  if (what === 'busy') return invite?.refuse(486);
  if (what === 'full') return invite?.refuse(503);
  if (what === 'elsewhere') return invite?.refuse(302, { headers: [['Contact', '<tel:+4989777>']] });
  if (what === 'nothing') return;
  const session = carrier.take();
  if (what === 'ring') session.provisional(180);
  else if (what === 'early' && invite?.offer !== undefined) session.provisional(183, { sdp: sdp(carrier.address) });
  else session.accept(sdp(carrier.address));
}
