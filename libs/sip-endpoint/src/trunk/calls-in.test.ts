import { expect, test } from 'vitest';
import { registering, trunk, TrunkBed } from './trunk-bed.ts';

const account = { username: 'office', password: 'secret' };

function office() {
  const bed = new TrunkBed();
  const anna = bed.phone('101', '101', 11);
  bed.extensions.set('+4930111', ['d-101']);
  return { bed, anna };
}

test('a call from a trunk by its address: offered with the number as written, answered, ended by either side', async () => {
  const { bed, anna } = office();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  carrier.call('sip:+4930111@10.0.0.1', { from: '"Ben" <sip:+4989222@carrier.example>' });
  bed.pass();
  anna.answer();
  bed.pass();
  expect(bed.pbx.offers).toMatchObject([{ endpoint: 'trk-1', number: '+4930111', from: { number: '+4989222', name: 'Ben' } }]);
  expect(carrier.session?.phase).toBe('confirmed');
  expect(bed.pbx.trunks.live('trk-1')?.calls).toEqual({ inbound: 1, outbound: 0 });
  anna.session?.end();
  bed.pass();
  expect(carrier.of('ended')).toMatchObject([{ detail: 'BYE' }]);
  expect(bed.pbx.trunks.live('trk-1')?.calls).toEqual({ inbound: 0, outbound: 0 });
});

test('whoever else calls is asked who he is, also with the number of a trunk’s call', async () => {
  const { bed } = office();
  bed.carrier();
  const stranger = bed.carrier({ address: '10.6.6.6' });
  await bed.configure(trunk());
  stranger.call('sip:+4930111@10.0.0.1');
  bed.pass();
  expect(stranger.of('rejected')).toMatchObject([{ status: 401 }]);
  expect(bed.pbx.offers).toEqual([]);
  // Its server answered our OPTIONS, and is not taken for an attack at 200 calls a second.
  expect([...bed.pbx.known]).toEqual(['10.1.0.1']);
});

test('sources: an address of a block, and no other; the server itself is none then', async () => {
  const { bed } = office();
  const [server, gateway] = [bed.carrier(), bed.carrier({ address: '10.2.0.77', port: 5099 })];
  await bed.configure(trunk({ peering: { type: 'address', sources: ['10.2.0.0/25', '2001:db8::/32'], credentials: null } }));
  gateway.call('sip:+4930111@10.0.0.1');
  server.call('sip:+4930111@10.0.0.1');
  bed.pass();
  expect(bed.pbx.offers).toHaveLength(1);
  expect(server.of('rejected')).toMatchObject([{ status: 401 }]);
});

test('where devices are registered from, an address alone proves nothing: the port has to be the server’s', async () => {
  const { bed } = office();
  const [, other] = [bed.carrier({ address: '10.0.0.11', port: 5080 }), bed.carrier({ address: '10.0.0.11', port: 5090 })];
  const server = bed.carrier({ address: '10.0.0.11', port: 5070 });
  await bed.configure(trunk({ server: { host: '10.0.0.11', port: 5070, transport: 'udp' } }));
  other.call('sip:+4930111@10.0.0.1');
  bed.pass();
  expect(other.of('rejected')).toMatchObject([{ status: 401 }]);
  server.call('sip:+4930111@10.0.0.1');
  bed.pass();
  expect(bed.pbx.offers).toHaveLength(1);
});

test('a registered trunk is known by its contact, and the number stands in P-Called-Party-ID, else in To, else it is the account’s', async () => {
  const { bed } = office();
  const carrier = bed.carrier({ account });
  await bed.configure(trunk({ peering: registering }));
  const contact = carrier.bindings[0]?.contact ?? '';
  carrier.call(contact, { to: '<sip:+4930111@carrier.example>' });
  bed.pass();
  carrier.call(contact, { to: '<sip:+4930999@carrier.example>', headers: [['P-Called-Party-ID', '<sip:+4930111@carrier.example>']] });
  bed.pass();
  carrier.call(contact);
  bed.pass();
  expect(bed.pbx.offers.map((offer) => offer.number)).toEqual(['+4930111', '+4930111', 'office']);
});

test('no ghost calls: the contact of a registration is only called from where it is registered', async () => {
  const { bed } = office();
  const [carrier, ghost] = [bed.carrier({ account }), bed.carrier({ address: '10.6.6.6' })];
  await bed.configure(trunk({ peering: registering }));
  ghost.call(carrier.bindings[0]?.contact ?? '');
  bed.pass();
  expect(ghost.of('rejected')).toMatchObject([{ status: 401 }]);
  expect(bed.pbx.offers).toEqual([]);
});

test('two accounts with one carrier: each call is the trunk’s whose contact or account is called', async () => {
  const { bed } = office();
  const carrier = bed.carrier();
  carrier.registrar = () => ({ status: 200, headers: [['Expires', '600']] });
  await bed.configure(trunk({ id: 'a', key: 'a', peering: registering }), trunk({ id: 'b', key: 'b', peering: { ...registering, username: 'branch' } }));
  const contacts = bed.requests('REGISTER', carrier.address).map((text) => /Contact: <(.*?)>/.exec(text)?.[1] ?? '');
  expect(new Set(contacts).size).toBe(2);
  carrier.call(contacts[1] ?? '');
  bed.pass();
  carrier.call('sip:+4930111@10.0.0.1', { to: '<sip:branch@carrier.example>' });
  bed.pass();
  expect(bed.pbx.offers.map((offer) => offer.endpoint)).toEqual(['b', 'b']);
});

test('over the connection it registered by', async () => {
  const { bed } = office();
  const carrier = bed.carrier({ account, transports: ['tcp'] });
  await bed.configure(trunk({ server: { host: '10.1.0.1', port: 5060, transport: 'tcp' }, peering: registering }));
  const [binding] = carrier.bindings;
  if (binding === undefined) throw new Error('not registered');
  carrier.call('sip:+4930111@10.0.0.1', { hop: { flow: binding.flow } });
  bed.pass();
  expect(bed.pbx.offers).toMatchObject([{ endpoint: 'trk-1' }]);
});

test('over a connection of the carrier’s own, whatever its port, too; not from where devices are', async () => {
  const { bed } = office();
  const carrier = bed.carrier({ account, transports: ['tcp'] });
  const beside = bed.carrier({ account, address: '10.0.0.11', transports: ['tcp'] });
  const [one, other] = ['10.1.0.1', '10.0.0.11'].map((host) => trunk({ id: host, key: host, server: { host, port: 5060, transport: 'tcp' }, peering: registering }));
  await bed.configure(one!, other!);
  carrier.call('sip:+4930111@10.0.0.1');
  beside.call('sip:+4930111@10.0.0.1');
  bed.pass();
  expect(bed.pbx.offers).toMatchObject([{ endpoint: '10.1.0.1' }]);
  expect(beside.of('rejected')).toMatchObject([{ status: 401 }]);
});

test('by certificate: the trunk’s name, whatever the address; another name is a stranger’s', async () => {
  const { bed } = office();
  const [carrier, stranger] = [bed.carrier({ address: '10.3.3.3', transports: ['tls'], bears: ['sip.carrier.example'] }), bed.carrier({ address: '10.3.3.4', transports: ['tls'], bears: ['evil.example'] })];
  await bed.configure(trunk({ server: { host: '10.9.9.9', port: 5061, transport: 'tls' }, peering: { type: 'certificate', names: ['SIP.carrier.example'] } }));
  carrier.call('sip:+4930111@10.0.0.1');
  stranger.call('sip:+4930111@10.0.0.1');
  bed.pass();
  expect(bed.pbx.offers).toMatchObject([{ endpoint: 'trk-1' }]);
  expect(stranger.of('rejected')).toMatchObject([{ status: 401 }]);
});

test('calledIn to: the number stands in To', async () => {
  const { bed } = office();
  const carrier = bed.carrier();
  await bed.configure(trunk({ calledIn: 'to' }));
  carrier.call('sip:gw@10.0.0.1', { to: '<tel:+49-30-111>' });
  bed.pass();
  expect(bed.pbx.offers[0]?.number).toBe('+4930111');
});

test('more calls than the limit: 486, recorded; none is counted that is not there', async () => {
  const { bed } = office();
  const carrier = bed.carrier();
  await bed.configure(trunk({ limits: { total: null, inbound: 1, outbound: null } }));
  carrier.call('sip:+4930111@10.0.0.1');
  bed.pass();
  carrier.call('sip:+4930111@10.0.0.1');
  bed.pass();
  expect(carrier.of('rejected')).toMatchObject([{ status: 486 }]);
  expect(bed.pbx.record).toMatchObject({ cause: 'userBusy', evidence: { text: expect.stringContaining('1 calls in, the most it may have') as string } });
  expect(bed.pbx.trunks.live('trk-1')?.calls.inbound).toBe(1);
});

test('a disabled trunk takes no calls, and that is recorded', async () => {
  const { bed } = office();
  const carrier = bed.carrier();
  await bed.configure(trunk({ isEnabled: false, peering: { type: 'address', sources: ['10.1.0.1'], credentials: null } }));
  carrier.call('sip:+4930111@10.0.0.1');
  bed.pass();
  expect(carrier.of('rejected')).toMatchObject([{ status: 403 }]);
  expect(bed.pbx.record).toMatchObject({ cause: 'notAllowed' });
});

test('its later requests can be challenged: our BYE is sent again with credentials', async () => {
  const { bed, anna } = office();
  const carrier = bed.carrier();
  await bed.configure(trunk({ peering: { type: 'address', sources: [], credentials: account } }));
  carrier.call('sip:+4930111@10.0.0.1');
  bed.pass();
  anna.answer();
  bed.pass();
  const byes: string[] = [];
  const receive = carrier.transactions.receiveBytes.bind(carrier.transactions);
  carrier.transactions.receiveBytes = (bytes, flow) => {
    const text = new TextDecoder().decode(bytes);
    if (!text.startsWith('BYE')) return receive(bytes, flow);
    byes.push(text);
    if (byes.length > 1) return receive(bytes, flow);
    const echoed = text.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line)).join('\r\n');
    carrier.station.send({ flow }, new TextEncoder().encode(`SIP/2.0 407 Proxy Authentication Required\r\n${echoed}\r\nProxy-Authenticate: Digest realm="carrier.example", nonce="x"\r\nContent-Length: 0\r\n\r\n`), () => {});
  };
  anna.session?.end();
  bed.pass();
  expect(byes).toHaveLength(2);
  expect(byes[1]).toContain('Proxy-Authorization: Digest username="office"');
  expect(carrier.session?.phase).toBe('ended');
});
