import { FakeTimers } from '@tipring/clock';
import { expect, test } from 'vitest';
import { createRequest } from '../message/create.ts';
import type { SipRequest } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import type { Binding, BindingChange } from './binding.ts';
import { Bindings } from './bindings.ts';
import { register } from './register.ts';
import type { RegisterOutcome, RegistrarSettings } from './register.ts';

const flow = (port: number, address = '10.0.0.9'): Flow => ({
  id: `udp ${address}:${port}`, transport: 'udp', local: { address: '10.0.0.1', port: 5060 }, remote: { address, port },
});

interface Sent {
  readonly contact?: string | readonly string[];
  readonly expires?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly fields?: readonly (readonly [string, string])[];
}

function message({ contact = [], expires, callId = 'c1', cseq = 1, fields = [] }: Sent): SipRequest {
  const contacts = typeof contact === 'string' ? [contact] : contact;
  return createRequest({ method: 'REGISTER', uri: 'sip:office.example', headers: [
    ['Via', 'SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1'], ['From', '<sip:101@office.example>;tag=1'], ['To', '<sip:101@office.example>'], ['Call-ID', callId],
    ['CSeq', `${cseq} REGISTER`], ...contacts.map((value) => ['Contact', value] as const), ...(expires === undefined ? [] : [['Expires', expires] as const]), ...fields,
  ] });
}

/** A registrar with its store, in virtual time, and what it told. */
function office(settings: RegistrarSettings = {}) {
  const timers = new FakeTimers();
  const told: BindingChange[] = [];
  const bindings = new Bindings(timers, (change) => told.push(change));
  const send = (sent: Sent, from = flow(5060), aor = '101', device = 'desk'): RegisterOutcome => {
    const outcome = register(message(sent), bindings.of(aor), { aor, device, flow: from, now: timers.now() }, settings);
    bindings.apply(aor, outcome);
    return outcome;
  };
  const contacts = (aor = '101'): string[] => bindings.of(aor).map((binding) => binding.contact);
  const story = (): string[] => told.splice(0).map((change) => `${change.what} ${change.why} ${change.binding.contact}`);
  return { timers, bindings, send, contacts, story };
}

const listed = (outcome: RegisterOutcome): string[] => outcome.headers.filter(([name]) => name === 'Contact').map(([, value]) => value);

test('a contact is registered, listed with its interval, and remembered with the flow it came by (RFC 3261 10.3)', () => {
  const { send, bindings, story } = office();
  const outcome = send({ contact: '"Desk" <sip:101@192.168.1.9:5060;transport=udp>;q=0.7', expires: '600', fields: [['User-Agent', 'Phone/1.0 of the longest name there is']] }, flow(40_000, '203.0.113.5'));
  expect([outcome.status, listed(outcome)]).toEqual([200, ['<sip:101@192.168.1.9:5060;transport=udp>;expires=600;q=0.7']]);
  expect(bindings.of('101')[0]).toMatchObject({ device: 'desk', q: 700, callId: 'c1', cseq: 1, userAgent: 'Phone/1.0 of the longest name there is', flow: { remote: { address: '203.0.113.5', port: 40_000 } } });
  expect(story()).toEqual(['added registered sip:101@192.168.1.9:5060;transport=udp']);
});

test('without Contact the bindings are told, and nothing changes (10.2.3)', () => {
  const { send, timers, story } = office();
  send({ contact: ['<sip:101@a.example>;q=0.1', '<sip:101@b.example>;expires=120'], expires: '600' });
  timers.advance(30_000);
  story();
  expect(listed(send({ cseq: 1 }))).toEqual(['<sip:101@b.example>;expires=90', '<sip:101@a.example>;expires=570;q=0.1']);
  expect(story()).toEqual([]);
});

test.each([
  [{ contact: '<sip:101@a>' }, 3600], [{ contact: '<sip:101@a>', expires: '100' }, 100], [{ contact: '<sip:101@a>;expires=200', expires: '100' }, 200],
  [{ contact: '<sip:101@a>;expires=99999' }, 7200], [{ contact: '<sip:101@a>;expires=4294967295' }, 7200], [{ contact: '<sip:101@a>', expires: 'soon' }, 3600], [{ contact: '<sip:101@a>;expires=60' }, 60],
])('%o is granted %i s (10.3 step 7)', (sent, seconds) => {
  expect(listed(office().send(sent))).toEqual([`<sip:101@a>;expires=${seconds}`]);
});

test('an interval that is too brief is answered 423 with Min-Expires, for one contact of several too, and nothing changes', () => {
  const { send, contacts } = office({ minExpires: 120 });
  const outcome = send({ contact: ['<sip:101@a>', '<sip:101@b>;expires=119'] });
  expect([outcome.status, outcome.headers, contacts()]).toEqual([423, [['Min-Expires', '120']], []]);
});

test('expires=0 removes one contact, Contact: * all of them (10.2.2)', () => {
  const { send, contacts, story } = office();
  send({ contact: ['<sip:101@a>', '<sip:101@b>', '<sip:102@c>'] });
  // 19.1.4: a port that is written is another contact than the default port left out.
  send({ contact: '<sip:101@a:5060>;expires=0', cseq: 2 });
  expect(contacts()).toEqual(['sip:101@a', 'sip:101@b', 'sip:102@c']);
  send({ contact: '<sip:101@A>;expires=0', cseq: 3 });
  expect(contacts()).toEqual(['sip:101@b', 'sip:102@c']);
  send({ contact: '<sip:101@b>', cseq: 4 });
  expect(contacts()).toEqual(['sip:102@c', 'sip:101@b']);
  story();
  expect(listed(send({ contact: '*', expires: '0', cseq: 5 }))).toEqual([]);
  expect([contacts(), story()]).toEqual([[], ['removed unregistered sip:102@c', 'removed unregistered sip:101@b']]);
});

test.each([
  [{ contact: '*' }, 400], [{ contact: '*', expires: '60' }, 400], [{ contact: '*', expires: 'x' }, 400], [{ contact: ['*', '<sip:101@a>'], expires: '0' }, 400],
  [{ contact: '<sip:101@a' }, 400], [{ contact: '<tel:101>' }, 400], [{ contact: '<sip:101@a>', fields: [['Require', 'path, gruu, outbound']] as const }, 420],
])('%o is refused with %i, and nothing changes', (sent, status) => {
  const { send, contacts } = office();
  send({ contact: '<sip:101@a>' });
  const outcome = send({ ...sent, cseq: 2 });
  expect([outcome.status, contacts()]).toEqual([status, ['sip:101@a']]);
  if (status === 420) expect(outcome.headers).toEqual([['Unsupported', 'gruu, outbound']]);
});

test('a REGISTER that comes out of order is refused, for all its contacts (10.3 step 7)', () => {
  const { send, contacts } = office();
  send({ contact: '<sip:101@a>', cseq: 5 });
  for (const cseq of [4, 5]) {
    expect(send({ contact: ['<sip:101@b>', '<sip:101@a>;expires=0'], cseq }).status).toBe(500);
    expect(send({ contact: '*', expires: '0', cseq }).status).toBe(500);
  }
  expect(contacts()).toEqual(['sip:101@a']);
  // Another Call-ID starts another count: the phone was restarted.
  expect(send({ contact: '<sip:101@a>', cseq: 1, callId: 'c2' }).status).toBe(200);
});

test('Path is kept as the route to the phone and comes back; without `Supported: path` it is refused with 420 (RFC 3327 5.3)', () => {
  const { send, bindings } = office();
  const path = [['Path', '<sip:edge1.example;lr>, <sip:edge2.example;lr>']] as const;
  expect(send({ contact: '<sip:101@a>', fields: path })).toMatchObject({ status: 420, headers: [['Unsupported', 'path']] });
  const outcome = send({ contact: '<sip:101@a>', fields: [...path, ['Supported', 'outbound, path']] });
  expect(outcome.headers.slice(1)).toEqual([['Path', '<sip:edge1.example;lr>'], ['Path', '<sip:edge2.example;lr>'], ['Supported', 'path']]);
  expect(bindings.of('101')[0]?.path).toEqual(['<sip:edge1.example;lr>', '<sip:edge2.example;lr>']);
  expect(office({ pathWithoutSupport: 'accept' }).send({ contact: '<sip:101@a>', fields: path }).status).toBe(200);
});

const instance = (id: string, more = ''): string => `;+sip.instance="<urn:uuid:${id}>"${more}`;

test('the same instance registering from another port replaces its stale contact; another phone stays (RFC 5626)', () => {
  const { send, bindings, contacts, story } = office();
  send({ contact: `<sip:101@192.168.1.9:5060>${instance('a', ';reg-id=1')}` });
  send({ contact: `<sip:101@192.168.1.8:5060>${instance('b')}`, callId: 'c9' }, flow(5061));
  story();
  const outcome = send({ contact: `<sip:101@192.168.1.9:40123>${instance('a', ';reg-id=1')}`, callId: 'after the restart' }, flow(40_123));
  expect(story()).toEqual(['removed replaced sip:101@192.168.1.9:5060', 'added registered sip:101@192.168.1.9:40123']);
  expect(listed(outcome)).toEqual([`<sip:101@192.168.1.8:5060>;expires=3600${instance('b')}`, `<sip:101@192.168.1.9:40123>;expires=3600${instance('a', ';reg-id=1')}`]);
  send({ contact: `<sip:101@192.168.1.9:40124>${instance('a', ';reg-id=2')}`, callId: 'second flow' }, flow(40_124));
  expect(contacts()).toHaveLength(3);
  expect(bindings.ofFlow(flow(5060).id)).toEqual([]);
});

test('a stale contact from another source port goes when the phone goes on with its Call-ID: the next call must not ring there', () => {
  const { send, contacts, bindings } = office();
  send({ contact: '<sip:101@192.168.1.9:5060>', cseq: 1 });
  send({ contact: '<sip:101@192.168.1.9:5071>', cseq: 2 }, flow(5071));
  expect([contacts(), bindings.of('101')[0]?.flow.remote.port]).toEqual([['sip:101@192.168.1.9:5071'], 5071]);
  // The first one, late: it must not bring the stale contact back.
  expect(send({ contact: '<sip:101@192.168.1.9:5060>', cseq: 1 }).status).toBe(500);
  // Other users of the same agent are other contacts.
  send({ contact: '<sip:fax@192.168.1.9:5071>', cseq: 3, callId: 'c1' }, flow(5072));
  expect(contacts()).toHaveLength(2);
});

test('a phone that restarts under a random user name on its old port replaces itself: one flow, one phone', () => {
  const { send, contacts } = office();
  send({ contact: '<sip:101-0x7f21@192.168.1.9:5060>', callId: 'c1' });
  send({ contact: '<sip:101-0x9a03@192.168.1.9:5060>', callId: 'c2' });
  expect(contacts()).toEqual(['sip:101-0x9a03@192.168.1.9:5060']);
  // Behind an edge proxy all come by one flow.
  const edge = { fields: [['Path', '<sip:edge.example;lr>'], ['Supported', 'path']] as const };
  send({ contact: '<sip:101@a>', callId: 'c3', ...edge }, flow(1));
  send({ contact: '<sip:101@b>', callId: 'c4', ...edge }, flow(1));
  expect(contacts()).toHaveLength(3);
});

test('the same contact from another source port is the same phone behind a NAT that forgot it', () => {
  const { send, bindings, story } = office();
  send({ contact: '<sip:101@192.168.1.9:5060>' }, flow(1111));
  send({ contact: '<sip:101@192.168.1.9:5060>', callId: 'c2' }, flow(2222));
  expect(story()).toEqual(['added registered sip:101@192.168.1.9:5060', 'refreshed registered sip:101@192.168.1.9:5060']);
  expect([bindings.ofFlow(flow(1111).id).length, bindings.ofFlow(flow(2222).id).length]).toEqual([0, 1]);
});

test('of too many contacts those that end soonest yield; too many at once are refused', () => {
  const { send, contacts, story } = office({ maxContacts: 2 });
  send({ contact: '<sip:101@a>;expires=900', callId: 'a' }, flow(1));
  send({ contact: '<sip:101@b>;expires=600', callId: 'b' }, flow(2));
  send({ contact: '<sip:101@c>;expires=100', callId: 'c' }, flow(3));
  expect([contacts(), story().at(-1)]).toEqual([['sip:101@a', 'sip:101@c'], 'removed evicted sip:101@b']);
  expect(send({ contact: ['<sip:101@d>', '<sip:101@e>', '<sip:101@f>'], callId: 'd' }).status).toBe(403);
});

test('what has run out is never returned, is told once, and leaves neither index nor timer behind', () => {
  const { send, timers, bindings, contacts, story } = office();
  send({ contact: '<sip:101@a>;expires=61' });
  send({ contact: '<sip:101@b>;expires=100', callId: 'c2' }, flow(2));
  send({ contact: '<sip:102@c>;expires=60' }, flow(3), '102');
  timers.advance(60_999);
  expect([contacts(), contacts('102')]).toEqual([['sip:101@a', 'sip:101@b'], []]);
  timers.advance(1);
  expect(contacts()).toEqual(['sip:101@b']);
  story();
  send({ contact: '<sip:101@b>;expires=100', callId: 'c2', cseq: 2 }, flow(2));
  expect(story()).toEqual(['removed expired sip:101@a', 'refreshed registered sip:101@b']);
  timers.advance(99_999);
  expect([contacts(), bindings.size, story()]).toEqual([['sip:101@b'], 1, []]);
  timers.advance(5_001);
  expect([story(), bindings.size, timers.size, bindings.ofFlow(flow(2).id), bindings.ofDevice('desk')]).toEqual([['removed expired sip:101@b'], 0, 0, [], []]);
});

test('bindings are found by device and by flow, and removed by hand', () => {
  const { send, bindings, story } = office();
  send({ contact: '<sip:101@a>' }, flow(1), '101', '101');
  send({ contact: '<sip:101@b>', callId: 'c2' }, flow(2), '101', 'mobile');
  send({ contact: '<sip:200@b>', callId: 'c3' }, flow(2), '200', 'mobile');
  const names = (found: readonly Binding[]): string[] => found.map((binding) => binding.contact);
  expect([names(bindings.ofDevice('101')), names(bindings.ofDevice('mobile')), names(bindings.ofFlow(flow(2).id))]).toEqual([['sip:101@a'], ['sip:101@b', 'sip:200@b'], ['sip:101@b', 'sip:200@b']]);
  story();
  const closed = bindings.ofFlow(flow(2).id);
  for (const binding of [...closed, ...closed]) bindings.remove(binding, 'flowClosed');
  bindings.removeAll('101', 'administrative');
  expect(story()).toEqual(['removed flowClosed sip:101@b', 'removed flowClosed sip:200@b', 'removed administrative sip:101@a']);
  expect([bindings.size, [...bindings.all()]]).toEqual([0, []]);
});

test('registrations survive a restart as plain rows, without those that ran out meanwhile', () => {
  const before = office();
  before.timers.advance(123_456);
  before.send({ contact: `<sip:101@a>;q=0.5${instance('a', ';reg-id=3')}`, fields: [['Path', '<sip:edge;lr>'], ['Supported', 'path'], ['User-Agent', 'x']] });
  before.send({ contact: '<sip:101@b>;expires=60', callId: 'c2' }, flow(2));
  before.timers.advance(10_000);
  const rows = JSON.parse(JSON.stringify(before.bindings.export(1_790_000_000_000)));

  const after = office();
  after.timers.advance(5_000);
  after.bindings.import(rows, 1_790_000_050_000);
  expect(after.story()).toEqual(['added imported sip:101@a']);
  const [was, is] = [before.bindings.of('101').find((binding) => binding.contact === 'sip:101@a'), after.bindings.of('101')[0]];
  expect(is).toEqual({ ...was, expiresAt: 5_000 + 3_540_000, since: 5_000 - 60_000 });
  after.bindings.import(rows, 1_790_000_050_000);
  expect(after.bindings.of('101')).toHaveLength(1);
  expect(after.bindings.ofFlow(flow(5060).id)).toHaveLength(1);
  // The count goes on too: what was sent before the restart cannot be replayed.
  expect(after.send({ contact: '<sip:101@a>;expires=0', cseq: 1 }).status).toBe(500);
  after.timers.advance(3_545_001);
  expect(after.story()).toEqual(['removed expired sip:101@a']);

  const unreachable = office();
  unreachable.bindings.import(rows, 1_790_000_000_000, () => undefined);
  expect(unreachable.bindings.size).toBe(0);
});

test('random sequences of REGISTER leave what a simple model says (no Call-ID shared between contacts, each on its flow)', () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const random = mulberry(seed);
    const pick = (n: number): number => Math.floor(random() * n);
    const { send, timers, bindings, told } = modelOffice();
    const model = new Map<string, { until: number; cseq: number; port: number }>();
    let cseq = 0;
    for (let step = 0; step < 150; step += 1) {
      timers.advance(pick(40_000));
      for (const [key, one] of model) if (one.until <= timers.now()) model.delete(key);
      const aor = `10${pick(3)}`;
      const phone = pick(4);
      const key = `${aor} sip:${aor}@10.0.0.${phone}`;
      const port = 6000 + phone * 10 + pick(3);
      const late = random() < 0.1;
      cseq += 1;
      const number = late ? Math.max(0, cseq - 1 - pick(20)) : cseq;
      const expires = [0, 30, 60, 120, 900, 100_000][pick(6)] ?? 0;
      const from = { ...flow(port), id: `${aor} ${port}` };
      const held = model.get(key);
      if (random() < 0.05) {
        const outcome = send({ contact: '*', expires: '0', cseq: number, callId: `${key}` }, from, aor);
        if (held !== undefined && held.cseq >= number) expect(outcome.status).toBe(500);
        else for (const one of [...model.keys()]) if (one.startsWith(`${aor} `)) model.delete(one);
      } else {
        const outcome = send({ contact: `<sip:${aor}@10.0.0.${phone}>;expires=${expires}`, cseq: number, callId: key }, from, aor);
        const expected = expires > 0 && expires < 60 ? 423 : held !== undefined && held.cseq >= number ? 500 : 200;
        expect(outcome.status).toBe(expected);
        if (expected === 200 && expires === 0) model.delete(key);
        else if (expected === 200) model.set(key, { until: timers.now() + Math.min(expires, 7200) * 1000, cseq: number, port });
      }
      const expectRows = [...model].map(([one, { until, port: at }]) => `${one} ${until} ${at}`).sort();
      expect([...bindings.all()].map((binding) => `${binding.aor} ${binding.contact} ${binding.expiresAt} ${binding.flow.remote.port}`).sort()).toEqual(expectRows);
      for (const binding of bindings.all()) expect(bindings.ofFlow(binding.flow.id)).toContain(binding);
    }
    timers.runAll(8_000_000);
    expect([bindings.size, timers.size]).toEqual([0, 0]);
    // Every contact that came has gone, once.
    const balance = new Map<string, number>();
    for (const { what, binding } of told) if (what !== 'refreshed') balance.set(binding.aor + binding.contact, (balance.get(binding.aor + binding.contact) ?? 0) + (what === 'added' ? 1 : -1));
    expect([...balance.values()].every((sum) => sum === 0)).toBe(true);
  }
});

function modelOffice() {
  const timers = new FakeTimers();
  const told: BindingChange[] = [];
  const bindings = new Bindings(timers, (change) => told.push(change));
  const send = (sent: Sent, from: Flow, aor: string): RegisterOutcome => {
    const outcome = register(message(sent), bindings.of(aor), { aor, device: `device of ${aor}`, flow: from, now: timers.now() });
    bindings.apply(aor, outcome);
    return outcome;
  };
  return { timers, told, bindings, send };
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4_294_967_296;
  };
}
