import type { CarrierPlan } from '@tipring/carrier-control';
import { FakeTimers } from '@tipring/clock';
import { createRequest, DigestClient, type Flow, nodeHashing, type ServerTransaction, type SipRequest, type SipResponse } from '@tipring/sip';
import { expect, test } from 'vitest';
import { Customers } from './customers.ts';

test('an account is challenged, registers with its password, is told its expiry and is gone after it', () => {
  const timers = new FakeTimers();
  const customers = new Customers(plan, timers);
  const client = new DigestClient([{ username: 'pbx', password: 'secret' }], nodeHashing, () => 'cnonce');
  const challenge = registered(customers, []);
  expect(challenge.status).toBe(401);
  expect(client.challenged(challenge)).toBe('retry');
  const accepted = registered(customers, client.authorize('REGISTER', 'sip:carrier.example'));
  expect([accepted.status, accepted.headers.get('Contact')]).toEqual([200, expect.stringContaining('expires=60') as string]);
  expect(customers.registrations).toMatchObject([{ username: 'pbx', contact: 'sip:pbx@127.0.0.1:5060', source: { address: '127.0.0.1', port: 5060 } }]);
  timers.advance(61_000);
  expect(customers.registrations).toEqual([]);
});

test('a wrong password is refused; its calls are challenged by 407 and refused as long as it is not registered, and those of a customer known by address are not', () => {
  const customers = new Customers(plan, new FakeTimers());
  const client = new DigestClient([{ username: 'pbx', password: 'wrong' }], nodeHashing, () => 'cnonce');
  client.challenged(registered(customers, []));
  expect(registered(customers, client.authorize('REGISTER', 'sip:carrier.example')).status).toBe(403);
  expect(customers.registrations).toEqual([]);
  expect(customers.callerOf(request('INVITE', []), flow('127.0.0.1'))).toMatchObject({ status: 407 });
  expect(customers.callerOf(request('INVITE', []), flow('127.0.0.9'))).toMatchObject({ customer: { name: 'branch' } });
  const right = new DigestClient([{ username: 'pbx', password: 'secret' }], nodeHashing, () => 'cnonce');
  const verdict = customers.callerOf(request('INVITE', []), flow('127.0.0.1'));
  right.challenged(challengeOf(verdict));
  expect(customers.callerOf(request('INVITE', right.authorize('INVITE', 'sip:carrier.example')), flow('127.0.0.1'))).toMatchObject({ status: 403 });
  const registering = new DigestClient([{ username: 'pbx', password: 'secret' }], nodeHashing, () => 'cnonce');
  registering.challenged(registered(customers, []));
  expect(registered(customers, registering.authorize('REGISTER', 'sip:carrier.example')).status).toBe(200);
  expect(customers.callerOf(request('INVITE', right.authorize('INVITE', 'sip:carrier.example')), flow('127.0.0.1'))).toMatchObject({ customer: { username: 'pbx' } });
});

function registered(customers: Customers, credentials: readonly (readonly [string, string])[]): SipResponse {
  let answer: SipResponse | undefined;
  const respond = (response: SipResponse): void => void (answer = response);
  const transaction: ServerTransaction = { request: request('REGISTER', [['Contact', '<sip:pbx@127.0.0.1:5060>'], ['Expires', '60'], ...credentials]), flow: flow('127.0.0.1'), lastStatus: 0, respond, respondOnce: respond };
  customers.register(transaction);
  return answer!;
}

function request(method: string, headers: readonly (readonly [string, string])[]): SipRequest {
  return createRequest({
    method,
    uri: 'sip:carrier.example',
    headers: [['Via', 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1'], ['From', '<sip:pbx@carrier.example>;tag=a'], ['To', '<sip:pbx@carrier.example>'], ['Call-ID', 'a'], ['CSeq', `${(cseq += 1)} ${method}`], ...headers],
  });
}

/** As the 407 that it asks for. */
function challengeOf(verdict: ReturnType<Customers['callerOf']>): SipResponse {
  if (!('headers' in verdict)) throw new Error('not challenged');
  const headers = createRequest({ method: 'X', uri: 'sip:x', headers: verdict.headers }).headers;
  return { kind: 'response', status: 407, headers } as SipResponse;
}

function flow(address: string): Flow {
  return { id: address, transport: 'udp', local: { address: '127.0.0.60', port: 5060 }, remote: { address, port: 5060 } };
}

let cseq = 0;
const plan: CarrierPlan = {
  name: 'carrier',
  listen: [],
  domain: 'carrier.example',
  customers: [
    { type: 'registration', username: 'pbx', password: 'secret', numbers: ['+12125550110'] },
    { type: 'address', name: 'branch', transport: 'udp', address: '127.0.0.9', port: 5060, numbers: [] },
  ],
  numbers: [],
};
