import { expect, test } from 'vitest';
import { sdp } from '../scripted-phone.ts';
import { registering, trunk, TrunkBed } from './trunk-bed.ts';

/** carrier.example: two servers by SRV, the first preferred. */
function pool(bed: TrunkBed, transport: 'udp' | 'tcp' = 'udp') {
  const { srv, a } = bed.dns.zone;
  srv.set(`_sip._${transport}.carrier.example`, [{ priority: 10, weight: 0, port: 5060, name: 'one.example' }, { priority: 20, weight: 0, port: 5060, name: 'two.example' }]);
  a.set('one.example', ['10.1.0.1']);
  a.set('two.example', ['10.1.0.2']);
  return { server: { host: 'carrier.example', port: null, transport } as const };
}

const quiet = { optionsIntervalS: null, failuresToDown: 2, successesToUp: 3, responseMs: 2_000, ringMs: 20_000 };

test('an SRV pool with its first target dead: the second carries the call after responseMs, and from then on at once', async () => {
  const bed = new TrunkBed();
  const [one, two] = [bed.carrier(), bed.carrier({ address: '10.1.0.2' })];
  one.is = 'blackHole';
  await bed.configure(trunk({ ...pool(bed), health: quiet }));
  const asked = bed.ask();
  bed.pass(2_100);
  expect(two.invite.uri).toBe('sip:+4989222@carrier.example;user=phone');
  two.answer();
  bed.pass();
  expect(bed.told(asked)).toEqual(['answered']);
  expect(bed.pbx.trunks.live('trk-1')).toMatchObject({ state: 'degraded', servers: [{ address: '10.1.0.1', state: 'silent' }, { address: '10.1.0.2', state: 'answers' }] });
  bed.ask();
  bed.pass(10);
  expect(two.incoming).toHaveLength(2);
});

test('with OPTIONS the dead target is known before anybody calls', async () => {
  const bed = new TrunkBed();
  const [one, two] = [bed.carrier(), bed.carrier({ address: '10.1.0.2' })];
  await bed.configure(trunk(pool(bed)));
  one.is = 'blackHole';
  bed.pass(10_000);
  expect([bed.state(), bed.changes()]).toEqual(['degraded', ['up', 'degraded']]);
  bed.ask();
  bed.pass(10);
  expect(two.incoming).toHaveLength(1);
  one.is = 'well';
  bed.pass(5_000);
  expect(bed.state()).toBe('up');
});

test('an abandoned server that wakes up too late is cancelled, and its answer is acknowledged and ended', async () => {
  const bed = new TrunkBed();
  const [one, two] = [bed.carrier(), bed.carrier({ address: '10.1.0.2' })];
  one.is = 'blackHole';
  await bed.configure(trunk({ ...pool(bed), health: quiet }));
  const asked = bed.ask();
  bed.pass(2_100);
  two.answer();
  bed.pass();
  one.is = 'well';
  one.onInvite = () => one.take().provisional(180);
  bed.pass(4_000);
  expect(one.of('ended')).toMatchObject([{ by: 'remote', detail: 'CANCEL' }]);
  expect(bed.told(asked)).toEqual(['answered']);
  expect(two.session?.phase).toBe('confirmed');
});

test('every server of the pool is dead: released after responseMs, since the others were asked meanwhile', async () => {
  const bed = new TrunkBed();
  for (const address of ['10.1.0.1', '10.1.0.2']) bed.carrier({ address });
  const carriers = [bed.carrier(), bed.carrier({ address: '10.1.0.2' })];
  await bed.configure(trunk({ ...pool(bed), health: { ...quiet, optionsIntervalS: 60 } }));
  bed.pass(5_000);
  for (const carrier of carriers) carrier.is = 'blackHole';
  const asked = bed.ask();
  bed.pass(2_500);
  expect(asked.released).toMatchObject({ cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'nothing from 10.1.0.1 within 2 s' } });
  expect(asked.tookMs).toBeLessThanOrEqual(2_010);
});

test('a black hole after INVITE: released within 2 s, so that the next attempt follows', async () => {
  const bed = new TrunkBed();
  bed.carrier().is = 'blackHole';
  await bed.configure(trunk());
  const asked = bed.ask();
  bed.pass(2_100);
  expect(asked.released).toMatchObject({ cause: 'recoveryOnTimerExpiry' });
  expect(asked.tookMs).toBeLessThanOrEqual(2_010);
});

test.each(['100', '183', '183 with media'] as const)('a black hole after %s: released within 3 s (networkOutOfOrder), which is rerouteable', async (last) => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  bed.pass(10_000);
  const asked = bed.ask();
  bed.pass(20);
  if (last !== '100') carrier.take().provisional(183, last === '183' ? {} : { sdp: sdp(carrier.address) });
  bed.pass(20);
  carrier.is = 'blackHole';
  bed.pass(3_200);
  expect(asked.released).toMatchObject({ cause: 'networkOutOfOrder', evidence: { kind: 'timer' } });
  expect(asked.tookMs).toBeLessThanOrEqual(3_000);
});

test('a carrier that rings for long and answers OPTIONS is left ringing; one that never answered OPTIONS too', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  const asked = bed.ask();
  bed.pass(20);
  carrier.take().provisional(180);
  bed.pass(60_000);
  expect(bed.told(asked)).toEqual(['ringing']);

  const deaf = new TrunkBed();
  const other = deaf.carrier();
  other.answersOptions = false;
  await deaf.configure(trunk());
  const ringing = deaf.ask();
  deaf.pass(20);
  other.take().provisional(180);
  deaf.pass(60_000);
  expect(deaf.told(ringing)).toEqual(['ringing']);
  expect(deaf.state()).toBe('up');
});

test('one lost datagram of the question whether it is there ends no call', async () => {
  const bed = new TrunkBed({ seed: 5 });
  const carrier = bed.carrier();
  await bed.configure(trunk());
  const asked = bed.ask();
  bed.pass(20);
  carrier.take().provisional(180);
  bed.pass(10);
  bed.wire.setLoss(0.1);
  bed.pass(60_000);
  expect(asked.released).toBeUndefined();
});

test('503: the next server; none left: temporaryFailure at once; with Retry-After it is left alone for that long', async () => {
  const bed = new TrunkBed();
  const [one, two] = [bed.carrier(), bed.carrier({ address: '10.1.0.2' })];
  await bed.configure(trunk({ ...pool(bed), health: quiet }));
  one.onInvite = (invite) => invite.refuse(503, { headers: [['Retry-After', '120']] });
  bed.ask();
  bed.pass(50);
  expect(two.incoming).toHaveLength(1);
  bed.ask();
  bed.pass(50);
  expect(one.incoming).toHaveLength(1);
  two.is = 'refuses';
  const asked = bed.ask();
  bed.pass(50);
  expect(asked.released).toMatchObject({ cause: 'temporaryFailure', evidence: { text: '503 Service Unavailable' } });
  expect(asked.tookMs).toBeLessThan(50);
  bed.pass(121_000);
  two.is = 'well';
  bed.ask();
  bed.pass(50);
  expect(one.incoming.length).toBe(3);
});

test('TCP refused, and a connection reset under the INVITE: at once', async () => {
  const bed = new TrunkBed();
  await bed.configure(trunk({ server: { host: '10.1.0.1', port: 5060, transport: 'tcp' }, health: quiet }));
  const refused = bed.ask();
  bed.pass(50);
  expect(refused.released).toMatchObject({ cause: 'networkOutOfOrder', evidence: { kind: 'transport', text: '10.1.0.1: connection refused' } });

  const carrier = bed.carrier({ transports: ['tcp'] });
  carrier.transactions.receiveBytes = (_bytes, flow) => bed.wire.cut(flow);
  const reset = bed.ask();
  bed.pass(50);
  expect(reset.released).toMatchObject({ cause: 'networkOutOfOrder', evidence: { kind: 'transport', text: 'the connection to 10.1.0.1 is gone' } });
});

test('a connection reset after 183: at once too', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ transports: ['tcp'] });
  await bed.configure(trunk({ server: { host: '10.1.0.1', port: 5060, transport: 'tcp' } }));
  const asked = bed.ask();
  bed.pass(20);
  carrier.take().provisional(183, { sdp: sdp(carrier.address) });
  bed.pass(20);
  const [invite] = carrier.incoming;
  if (invite !== undefined) bed.wire.cut(invite.flow);
  bed.pass(20);
  expect(bed.told(asked)).toEqual(['progress', 'released']);
  expect(asked.released?.cause).toBe('networkOutOfOrder');
});

test.each([[undefined, 'networkOutOfOrder'], ['Q.850;cause=34', 'networkOutOfOrder'], ['Q.850;cause=17', 'userBusy']] as const)('503 after 183 (Reason %s) says that the way died, unless it says more of who was called', async (reason, cause) => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  const asked = bed.ask();
  bed.pass(20);
  const session = carrier.take();
  session.provisional(183, { sdp: sdp(carrier.address) });
  bed.pass(20);
  session.reject(503, reason === undefined ? {} : { headers: [['Reason', reason]] });
  bed.pass(20);
  expect(bed.told(asked)).toEqual(['progress', 'released']);
  expect(asked.released).toMatchObject({ cause, evidence: { text: '503 Service Unavailable' } });
});

test('DNS is dead from the beginning: the leg waits for 1 s, the next not at all', async () => {
  const bed = new TrunkBed();
  bed.dns.is = 'dead';
  const { server } = pool(bed);
  await bed.configure(trunk({ server }));
  const asked = bed.ask();
  await bed.settle();
  bed.pass(1_100);
  expect(asked.released).toMatchObject({ cause: 'networkOutOfOrder', evidence: { kind: 'dns' } });
  expect(asked.tookMs).toBeLessThanOrEqual(1_010);
});

test('DNS dies later: what it said goes on being used, and the call waits for nothing', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk(pool(bed)));
  bed.dns.is = 'failing';
  for (let minute = 0; minute < 20; minute++) {
    bed.pass(60_000);
    await bed.settle();
  }
  expect(bed.state()).not.toBe('down');
  bed.ask();
  bed.pass(10);
  expect(carrier.incoming).toHaveLength(1);
});

test('a name that is nowhere (FreePBX: unresolvable trunk): released at once, and it is down for that reason', async () => {
  const bed = new TrunkBed();
  await bed.configure(trunk({ server: { host: 'nowhere.example', port: null, transport: null } }));
  const asked = bed.ask();
  bed.pass(10);
  expect(asked.released).toMatchObject({ cause: 'networkOutOfOrder', evidence: { text: 'there is no address for nowhere.example' } });
  expect(bed.pbx.trunks.availability('trk-1')).toMatchObject({ state: 'down', text: 'there is no address for nowhere.example' });
  bed.dns.zone.a.set('nowhere.example', ['10.1.0.1']);
  bed.carrier();
  bed.pass(3_000);
  await bed.settle();
  expect(bed.state()).toBe('up');
});

test('a call for help is tried without a registration too', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  carrier.registrar = () => ({ status: 403 });
  await bed.configure(trunk({ peering: registering }));
  bed.ask({ priority: 'emergency', number: '112' });
  bed.pass(20);
  expect(carrier.invite.uri).toBe('sip:112@10.1.0.1;user=phone');
});

test('a disabled trunk, a full one, and one without its registration: released at once, each with a cause that another way cures', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(
    trunk({ id: 'off', key: 'off', isEnabled: false }),
    trunk({ id: 'full', key: 'full', limits: { total: null, inbound: null, outbound: 1 } }),
    trunk({ id: 'absent', key: 'absent', server: { host: '10.1.0.7', port: 5060, transport: 'udp' }, peering: registering }),
  );
  bed.ask({}, 'full');
  const legs = ['off', 'full', 'absent'].map((id) => bed.ask({}, id));
  bed.pass(10);
  expect(legs.map((leg) => [leg.released?.cause, leg.released?.evidence.kind])).toEqual([['networkOutOfOrder', 'disabled'], ['noCircuit', 'limit'], ['networkOutOfOrder', 'registration']]);
  expect(['off', 'full', 'absent'].map((id) => bed.pbx.trunks.availability(id)?.state)).toEqual(['disabled', 'full', 'absent']);
  expect(carrier.incoming).toHaveLength(1);
  // An emergency call is the carrier's to refuse.
  bed.ask({ priority: 'emergency' }, 'full');
  bed.pass(10);
  expect(carrier.incoming).toHaveLength(2);
  expect(carrier.invite.headers.get('Priority')).toBe('emergency');
});

test.each([
  ['full', trunk({ limits: { total: 1, inbound: null, outbound: null } })],
  ['unresolvable', trunk({ server: { host: 'nowhere.example', port: null, transport: null } })],
  ['disabled', trunk({ isEnabled: false })],
] as const)('the first trunk is %s: the call goes out over the second without a pause, in one record', async (_why, first) => {
  const bed = new TrunkBed();
  const [, two] = [bed.carrier(), bed.carrier({ address: '10.1.0.2' })];
  await bed.configure(first, trunk({ id: 'trk-2', key: 'second', server: { host: '10.1.0.2', port: 5060, transport: 'udp' } }));
  if (_why === 'full') bed.ask();
  bed.way('089222', { endpoints: ['trk-1'], number: '+4989222', timeoutMs: 60_000 }, { endpoints: ['trk-2'], number: '+4989222', timeoutMs: 60_000 });
  const anna = bed.phone('101', '101', 11);
  anna.call('089222');
  bed.pass(60);
  two.answer();
  bed.pass();
  expect(anna.session?.phase).toBe('confirmed');
  anna.session?.end();
  bed.pass();
  expect(bed.pbx.records).toMatchObject([{ answeredBy: 'trk-2' }]);
});

test('nothing rings within ringMs: cancelled, released noUserResponding', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk({ health: { ...trunk().health, ringMs: 5_000 } }));
  const asked = bed.ask();
  bed.pass(20);
  carrier.take();
  bed.pass(5_100);
  expect(asked.released).toMatchObject({ cause: 'noUserResponding', evidence: { kind: 'timer' } });
  expect(carrier.of('ended')).toMatchObject([{ detail: 'CANCEL' }]);
});

test.each(['blackHole', 'refuse503', 'unreachable'] as const)('a drill (%s) fails its own call alone, and health hears nothing of it', async (how) => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  bed.pbx.trunks.impair('trk-1', how, ({ context }) => context === 'drill');
  const [drill, other] = [bed.ask({ context: 'drill' }), bed.ask()];
  bed.pass(2_100);
  expect(drill.released?.cause).toBe({ blackHole: 'recoveryOnTimerExpiry', refuse503: 'temporaryFailure', unreachable: 'networkOutOfOrder' }[how]);
  expect(drill.tookMs).toBeLessThanOrEqual(2_010);
  expect(carrier.incoming).toHaveLength(1);
  expect(other.released).toBeUndefined();
  expect(bed.pbx.trunks.live('trk-1')).toMatchObject({ state: 'up', outcomes: { failed: 0 } });
  bed.pbx.trunks.impair('trk-1', null);
  bed.ask({ context: 'drill' });
  bed.pass(20);
  expect(carrier.incoming).toHaveLength(2);
});
