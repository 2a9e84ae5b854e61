import type { DialRequest } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { alertHeaders } from './alerting.ts';
import { codecs, PhoneBed } from './phone-bed.ts';

const of = (userAgent: string | undefined, request: Pick<DialRequest, 'answerMode' | 'alertInfo'>) => alertHeaders(request, userAgent, 'pbx.example').map(([name, value]) => `${name}: ${value}`);

test.each([
  [undefined, ['Answer-Mode: Auto', 'Call-Info: <sip:pbx.example>;answer-after=0', 'Alert-Info: <http://pbx.example>;info=alert-autoanswer;delay=0']],
  ['Yealink SIP-T46U 108.86.0.20', ['Answer-Mode: Auto', 'Call-Info: <sip:pbx.example>;answer-after=0', 'Alert-Info: <http://pbx.example>;info=alert-autoanswer;delay=0']],
  ['snomD785/10.1.101.11', ['Answer-Mode: Auto', 'Call-Info: <sip:pbx.example>;answer-after=0', 'Alert-Info: <http://pbx.example>;info=alert-autoanswer;delay=0']],
  ['PolycomVVX-VVX_411-UA/5.9.5.0614', ['Alert-Info: Auto Answer']],
  ['Panasonic_KX-HDV130/07.000', ['Alert-Info: Intercom']],
  ['Digium D65 2_9_20', ['Alert-Info: ring-answer']],
  ['Cisco/SPA504G-7.6.2', ['Call-Info: <sip:pbx.example>;answer-after=0']],
])('%s answers by itself when it is told so in its maker’s words', (userAgent, expected) => {
  expect(of(userAgent, { answerMode: 'auto', alertInfo: 'internal' })).toEqual(expected);
});

test.each([
  [undefined, 'internal', 'Alert-Info: <http://pbx.example>;info=internal'],
  ['Yealink SIP-T46U', 'Door bell', 'Alert-Info: <http://pbx.example>;info="Door bell"'],
  ['snomD785', 'internal', 'Alert-Info: <http://pbx.example>;info=alert-internal'],
  ['Mitel 6867i', 'door', 'Alert-Info: <http://pbx.example>;info=door'],
  ['Linksys/SPA942', 'Bellcore-dr2', 'Alert-Info: Bellcore-dr2'],
  ['PolycomVVX', 'Custom 1', 'Alert-Info: Custom 1'],
])('%s rings by the name %s', (userAgent, alertInfo, expected) => {
  expect(of(userAgent, { alertInfo })).toEqual([expected]);
});

test('a name is never more than a name, and none is no header', () => {
  expect(of('Linksys', { alertInfo: 'a>,<sip:x>;b="\r\nVia: y' })).toEqual(['Alert-Info: asipxbVia y']);
  expect([of('snom', { alertInfo: '<>' }), of('snom', {})]).toEqual([[], []]);
});

test('a phone that is called gets them by what it said when it registered', () => {
  const bed = new PhoneBed();
  const anna = bed.phone('101', '101', 11);
  anna.register({ headers: [['User-Agent', 'Panasonic_KX-HDV130']] });
  bed.pass();
  const [endpoint] = bed.pbx.endpoints.find('d-101');
  endpoint!.originate('leg1', { context: 'c', from: { number: '100' }, number: '101', media: { codecs, digits: 'rtpEvent' }, answerMode: 'auto' }, () => {});
  bed.pass();
  expect(anna.incoming[0]?.request.headers.get('Alert-Info')).toBe('Intercom');
});
