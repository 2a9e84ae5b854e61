import { createRequest } from '@tipring/sip';
import type { SipResponse } from '@tipring/sip';
import { expect, test } from 'vitest';
import { PhoneBed } from './phone-bed.ts';
import { REALM } from './scripted-phone.ts';

test('a phone registers with its credentials, refreshes and leaves', () => {
  const bed = new PhoneBed();
  const phone = bed.phone('101', '101', 11);
  expect(bed.pbx.endpoints.bindings.of('d-101')).toMatchObject([{ contact: 'sip:101@10.0.0.11:5060', device: 'd-101', flow: { transport: 'udp', remote: { address: '10.0.0.11' } } }]);
  phone.register();
  bed.pass();
  phone.register({ expires: 0 });
  bed.pass();
  expect(bed.pbx.changes).toEqual(['added sip:101@10.0.0.11:5060', 'refreshed sip:101@10.0.0.11:5060', 'removed sip:101@10.0.0.11:5060']);
  expect(bed.pbx.failures).toEqual([]);
});

test('an unknown user, a disabled device and a wrong password get the same answer', () => {
  const bed = new PhoneBed();
  const answers: string[] = [];
  const record = (response: SipResponse): void => {
    answers.push(`${response.status} ${response.reason} ${(response.headers.get('WWW-Authenticate') ?? '').replace(/nonce="[^"]*"/, 'nonce')} ${[...response.headers].map(([name]) => name).join()}`);
  };
  const phone = bed.phone('101', '101', 11);
  phone.register({ expires: 0 });
  bed.pass();
  const account = bed.accounts.get('101');
  if (account === undefined) throw new Error('no account');
  bed.accounts.set('101', { ...account, ha1: 'f'.repeat(32) });
  phone.register({}, record);
  bed.pass();
  bed.accounts.set('101', { ...account, enabled: false });
  phone.register({}, record);
  bed.pass();
  bed.accounts.delete('101');
  phone.register({}, record);
  bed.pass();
  expect(answers).toHaveLength(3);
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('401 Unauthorized Digest realm="pbx.example"');
  expect(bed.pbx.failures).toEqual(['wrongCredentials', 'unknownUser', 'unknownUser']);
  // Whoever runs it is told them apart; who is refused is not.
  expect(bed.pbx.authenticationFailures.recent().map(({ user, kind, source, method }) => `${user} ${kind} ${source} ${method}`)).toEqual(
    expect.arrayContaining(['101 wrongPassword 10.0.0.11 REGISTER', '101 disabledDevice 10.0.0.11 REGISTER', '101 unknownUser 10.0.0.11 REGISTER']),
  );
  expect(bed.pbx.endpoints.bindings.size).toBe(0);
});

test('nobody registers for another with his own credentials (RFC 3261 10.3)', () => {
  const bed = new PhoneBed();
  bed.phone('102', '102', 12);
  const phone = bed.phone('101', '101', 11);
  const answers: number[] = [];
  phone.register({ aor: '102' }, (response) => answers.push(response.status));
  bed.pass();
  expect(answers).toEqual([401]);
  expect(bed.pbx.endpoints.bindings.of('d-102')).toHaveLength(1);
});

test('a call without credentials is challenged, and goes nowhere', () => {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  anna.call('102', { password: 'none' });
  bed.pass();
  expect(anna.of('rejected')).toMatchObject([{ status: 401 }]);
  expect(ben.incoming).toEqual([]);
  expect(bed.pbx.begun).toEqual([]);
});

test('a phone whose authentication name is not its number calls as its extension', () => {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101-desk', '101', 11), bed.phone('102', '102', 12)];
  anna.call('102', { from: `<sip:101@${REALM}>` });
  bed.pass();
  expect(ben.incoming).toHaveLength(1);
  anna.call('102', { from: '"Anonymous" <sip:anonymous@anonymous.invalid>' });
  bed.pass();
  expect(ben.incoming[1]?.request.from.uri).toBe('sip:anonymous@anonymous.invalid');
});

test('a phone behind NAT is called back by the flow it registered by, whatever its contact says', () => {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  ben.register({ contact: '<sip:102@192.168.0.7:5061>' });
  bed.pass();
  expect(bed.pbx.endpoints.bindings.of('d-102').map((binding) => binding.contact)).toContain('sip:102@192.168.0.7:5061');
  anna.call('102');
  bed.pass();
  expect(bed.requests('INVITE', ben.address).some((invite) => invite.startsWith('INVITE sip:102@192.168.0.7:5061 SIP/2.0'))).toBe(true);
});

test('a Path is the Route of the INVITE (RFC 3327)', () => {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  ben.register({ headers: [['Supported', 'path'], ['Path', '<sip:edge.example;lr>']] });
  bed.pass();
  anna.call('102');
  bed.pass();
  expect(bed.requests('INVITE', ben.address)[0]).toContain('Route: <sip:edge.example;lr>');
});

test('a phone whose TCP connection broke is reached by a new one, if its contact takes one', () => {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12, { transport: 'tcp' })];
  const [binding] = bed.pbx.endpoints.bindings.of('d-102');
  if (binding === undefined) throw new Error('not registered');
  bed.wire.cut(binding.flow);
  bed.pass();
  anna.call('102');
  bed.pass();
  expect(ben.incoming).toHaveLength(1);
});

test('a phone that only its connection could reach is forgotten with it', () => {
  const bed = new PhoneBed();
  const ben = bed.phone('102', '102', 12, { transport: 'tcp' });
  ben.register({ expires: 0 });
  bed.pass();
  const changes = bed.pbx.changes.length;
  ben.register({ contact: '<sip:102@10.0.0.12:49152;transport=tcp>' });
  bed.pass();
  const [binding] = bed.pbx.endpoints.bindings.of('d-102');
  if (binding === undefined) throw new Error('not registered');
  ben.register({ contact: `<sip:102@${binding.flow.remote.address}:${binding.flow.remote.port};transport=tcp>` });
  bed.pass();
  bed.wire.cut(binding.flow);
  bed.pass();
  expect(bed.pbx.changes.slice(changes).at(-1)).toMatch(/^removed/);
});

test('OPTIONS is answered without credentials, so that phones can see that we live', () => {
  const bed = new PhoneBed();
  const phone = bed.phone('101', '101', 11);
  const answers: number[] = [];
  const request = createRequest({
    method: 'OPTIONS', uri: `sip:${REALM}`,
    headers: [['Max-Forwards', '70'], ['From', `<sip:101@${REALM}>;tag=o`], ['To', `<sip:${REALM}>`], ['Call-ID', 'o'], ['CSeq', '1 OPTIONS']],
  });
  phone.transactions.request(request, phone.hop, { onResponse: (response) => answers.push(response.status), onFailure: () => {} });
  bed.pass();
  expect(answers).toEqual([200]);
});
