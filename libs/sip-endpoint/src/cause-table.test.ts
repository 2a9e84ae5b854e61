import { createRequest, createResponse } from '@tipring/sip';
import { q850, type Cause } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { causeInReason, causeOf, reasonHeader, statusOf } from './cause-table.ts';

const causes = Object.keys(q850) as Cause[];

test.each<[number, Cause]>([
  [404, 'unallocatedNumber'], [408, 'noUserResponding'], [480, 'noUserResponding'], [484, 'invalidNumberFormat'], [486, 'userBusy'],
  [488, 'incompatibleDestination'], [500, 'temporaryFailure'], [503, 'temporaryFailure'], [600, 'userBusy'], [603, 'rejected'], [302, 'interworking'], [301, 'numberChanged'],
  [499, 'interworking'], [599, 'temporaryFailure'], [699, 'rejected'],
])('a %i of a phone is %s (RFC 3398 7.2.4.1)', (status, cause) => {
  expect(causeOf(status)).toBe(cause);
});

test('every cause has a final status, and says itself in Reason, so that it comes back as it was (RFC 3326, RFC 6432)', () => {
  const request = createRequest({
    method: 'INVITE', uri: 'sip:102@pbx',
    headers: [['Via', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1'], ['From', '<sip:101@pbx>;tag=a'], ['To', '<sip:102@pbx>'], ['Call-ID', 'x'], ['CSeq', '1 INVITE']],
  });
  for (const cause of causes) {
    const status = statusOf(cause);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(causeOf(status, createResponse(request, status, { headers: [['Reason', reasonHeader(cause)]] }))).toBe(cause);
  }
});

test('answered elsewhere is what phones look for, so that the call is not listed as missed (RFC 3326 3.1)', () => {
  expect(reasonHeader('answeredElsewhere')).toBe('SIP;cause=200;text="Call completed elsewhere"');
});

test('a call that was taken away says so twice, for gateways and for phones (RFC 4411)', () => {
  expect(reasonHeader('preempted')).toBe('Q.850;cause=8, preemption;cause=1;text="UA Preemption"');
  expect(causeInReason([reasonHeader('preempted')])).toBe('preempted');
  expect(causeInReason(['preemption ;cause=5 ;text="Network Preemption"'])).toBe('preempted');
});

test('of several Reason values the first that is understood counts; none is no cause', () => {
  expect(causeInReason(['FAX;cause=1', 'Q.850;cause=999', 'q.850 ;cause=17;text="busy"'])).toBe('userBusy');
  expect(causeInReason(['FAX;cause=1;text="a, b", SIP;cause=486'])).toBe('userBusy');
  expect(causeInReason(['nonsense'])).toBeUndefined();
});
