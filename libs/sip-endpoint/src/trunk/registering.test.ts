import { expect, test } from 'vitest';
import { registering, trunk, TrunkBed } from './trunk-bed.ts';

const account = { username: 'office', password: 'secret' };

test.each(['MD5', 'SHA-256'] as const)('registers with %s, as a contact nobody can guess, and refreshes in time', async (algorithm) => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ account, algorithm });
  carrier.grantsS = 120;
  await bed.configure(trunk({ peering: registering }));
  expect(carrier.bindings).toMatchObject([{ contact: expect.stringMatching(/^sip:t[A-Za-z0-9_-]{20}@10\.0\.0\.1:5060$/) as string, expiresS: 120 }]);
  expect(bed.state()).toBe('up');
  expect(bed.pbx.trunks.live('trk-1')?.registration).toMatchObject({ state: 'registered', lastStatus: 200, expiresAt: expect.any(Number) as number });
  bed.pass(110_000);
  expect(carrier.bindings).toHaveLength(2);
  // A refresh is no news.
  expect(bed.pbx.trunkEvents.filter(({ type }) => type === 'registration')).toHaveLength(1);
  const [first, second] = bed.requests('REGISTER', carrier.address).map((text) => [/Call-ID: (.*)\r/.exec(text)?.[1], /CSeq: (\d+)/.exec(text)?.[1]]);
  expect(second).toEqual([first?.[0], '2']);
});

test('a nonce that has grown old is no wrong password', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  let asked = 0;
  carrier.registrar = () => {
    asked++;
    if (asked < 3) return { status: 407, headers: [['Proxy-Authenticate', `Digest realm="carrier.example", nonce="n${asked}", qop="auth"${asked === 2 ? ', stale=true' : ''}`]] };
    return { status: 200, headers: [['Expires', '600']] };
  };
  await bed.configure(trunk({ peering: registering }));
  expect(bed.pbx.trunks.live('trk-1')?.registration?.state).toBe('registered');
  expect(bed.requests('REGISTER', carrier.address).at(-1)).toContain('Proxy-Authorization: Digest username="office", realm="carrier.example", nonce="n2"');
});

test('a wrong password is tried once and then left alone for a while; the trunk is absent and says why', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ account: { username: 'office', password: 'other' } });
  await bed.configure(trunk({ peering: registering }));
  bed.pass(10_000);
  expect(bed.requests('REGISTER', carrier.address)).toHaveLength(2);
  expect(bed.pbx.trunks.availability('trk-1')).toMatchObject({ state: 'absent', text: 'not registered: 401 Unauthorized' });
  expect(bed.pbx.trunkEvents).toContainEqual(expect.objectContaining({ type: 'registration', state: 'refused', text: '401 Unauthorized' }));
});

test('the first server of the pool is dead: registered with the second', async () => {
  const bed = new TrunkBed();
  const [one, two] = [bed.carrier({ account }), bed.carrier({ address: '10.1.0.2', account })];
  one.is = 'blackHole';
  bed.dns.zone.srv.set('_sip._udp.carrier.example', [{ priority: 10, weight: 0, port: 5060, name: 'one' }, { priority: 20, weight: 0, port: 5060, name: 'two' }]);
  bed.dns.zone.a.set('one', ['10.1.0.1']).set('two', ['10.1.0.2']);
  await bed.configure(trunk({ server: { host: 'carrier.example', port: null, transport: 'udp' }, peering: registering }));
  bed.pass(5_000);
  expect(two.bindings).toHaveLength(1);
  expect(bed.state()).toBe('degraded');
});

test('423 and Min-Expires; 503 with Retry-After', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  const asked: { readonly atMs: number; readonly expires: string | undefined }[] = [];
  const answers = [{ status: 423, headers: [['Min-Expires', '1800']] }, { status: 503, headers: [['Retry-After', '90']] }, { status: 200, headers: [['Expires', '1800']] }] as const;
  carrier.registrar = ({ headers }) => answers[asked.push({ atMs: bed.timers.now(), expires: headers.get('Expires') }) - 1];
  await bed.configure(trunk({ peering: registering }));
  bed.pass(100_000);
  expect(asked.map((one) => one.expires)).toEqual(['600', '1800', '1800']);
  expect((asked[2]?.atMs ?? 0) - (asked[1]?.atMs ?? 0)).toBeGreaterThanOrEqual(90_000);
});

test('a carrier that comes back is registered with as soon as it answers OPTIONS', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ account });
  carrier.is = 'blackHole';
  await bed.configure(trunk({ peering: registering }));
  bed.pass(300_000);
  expect(bed.state()).toBe('down');
  carrier.is = 'well';
  bed.pass(3_100);
  expect(carrier.bindings).toHaveLength(1);
});

test('a carrier that was restarted has forgotten us: registered anew as soon as it is back, not when the time is up', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ account });
  await bed.configure(trunk({ peering: registering }));
  carrier.is = 'blackHole';
  bed.pass(10_000);
  carrier.is = 'well';
  bed.pass(3_100);
  expect(carrier.bindings).toHaveLength(2);
});

test('over TCP: the connection it registered over is gone, so it registers anew at once', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ account, transports: ['tcp'] });
  await bed.configure(trunk({ server: { host: '10.1.0.1', port: 5060, transport: 'tcp' }, peering: registering }));
  const [binding] = carrier.bindings;
  expect(binding?.contact).toContain(';transport=tcp');
  if (binding !== undefined) bed.wire.cut(binding.flow);
  bed.pass(50);
  expect(carrier.bindings).toHaveLength(2);
  expect(bed.state()).toBe('up');
});

test('disabled: unregisters; a new password: registers anew, and the old registration is not taken back after it', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ account });
  await bed.configure(trunk({ peering: registering }));
  await bed.configure(trunk({ peering: { ...registering, expiresS: 900 } }));
  expect(carrier.bindings.map(({ expiresS }) => expiresS)).toEqual([600, 900]);
  await bed.configure(trunk({ peering: registering, isEnabled: false }));
  expect(carrier.bindings.map(({ expiresS }) => expiresS)).toEqual([600, 900, 0]);
  expect(bed.pbx.trunks.availability('trk-1')?.state).toBe('disabled');
});

test('what the registrar says with its 200 is where calls go by (RFC 3608)', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  carrier.registrar = () => ({ status: 200, headers: [['Expires', '600'], ['Service-Route', '<sip:orig@10.1.0.1;lr>']] });
  await bed.configure(trunk({ peering: registering }));
  bed.ask();
  bed.pass(20);
  expect(carrier.invite.headers.get('Route')).toBe('<sip:orig@10.1.0.1;lr>');
});

test('after kill -9 it registers again at once, as the same contact', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ account });
  await bed.configure(trunk({ peering: registering }));
  bed.restart();
  await bed.settle();
  expect(carrier.bindings).toHaveLength(2);
  expect(carrier.bindings[1]?.contact).toBe(carrier.bindings[0]?.contact);
});
