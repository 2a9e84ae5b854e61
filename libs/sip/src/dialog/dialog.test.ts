import { expect, test } from 'vitest';
import { createRequest, createResponse } from '../message/create.ts';
import { acceptCSeq, confirmDialog, dialogFromSnapshot, dialogRequest, dialogSnapshot, nextUri, refreshTarget, uacDialog, uasDialog } from './dialog.ts';

const invite = createRequest({
  method: 'INVITE',
  uri: 'sip:b@pbx',
  headers: [
    ['Via', 'SIP/2.0/UDP a;branch=z9hG4bK1'],
    ['Record-Route', '<sip:p2;lr>, <sip:p1;lr>'],
    ['From', '"A" <sip:a@a>;tag=at'],
    ['To', 'sip:b@pbx'],
    ['Call-ID', 'c'],
    ['CSeq', '7 INVITE'],
    ['Contact', '"A" <sip:a@192.0.2.1:5062;transport=tcp>'],
  ],
});
const ok = createResponse(invite, 200, { toTag: 'bt', headers: [['Contact', '<sip:b@192.0.2.2>']] });

test('the callee’s dialog: tags, sequence, target and routes of the request (RFC 3261 12.1.1)', () => {
  expect(uasDialog(invite, 'bt')).toEqual({
    callId: 'c', localTag: 'bt', remoteTag: 'at', local: 'sip:b@pbx;tag=bt', remote: '"A" <sip:a@a>;tag=at', localCSeq: 0, remoteCSeq: 7,
    remoteTarget: 'sip:a@192.0.2.1:5062;transport=tcp', routes: ['<sip:p2;lr>', '<sip:p1;lr>'], secure: false,
  });
});

test('the caller’s dialog: routes reversed, target of the response (RFC 3261 12.1.2)', () => {
  expect(uacDialog(ok, 'sip:b@pbx')).toMatchObject({ localTag: 'at', remoteTag: 'bt', localCSeq: 7, remoteCSeq: undefined, remoteTarget: 'sip:b@192.0.2.2', routes: ['<sip:p1;lr>', '<sip:p2;lr>'] });
});

test('a request goes by loose routes to the target, with the next number (RFC 3261 12.2.1.1)', () => {
  const dialog = uacDialog(ok, 'sip:b@pbx');
  const bye = dialogRequest(dialog, 'BYE', { headers: [] });
  expect([bye.uri, bye.headers.lines('Route'), bye.cseq, bye.to.tag, bye.from.tag]).toEqual(['sip:b@192.0.2.2', ['<sip:p1;lr>', '<sip:p2;lr>'], { number: 8, method: 'BYE' }, 'bt', 'at']);
  expect(nextUri(dialog)).toBe('sip:p1;lr');
  expect(dialogRequest(dialog, 'ACK', { cseq: 7, headers: [] }).cseq.number).toBe(7);
  expect(dialog.localCSeq).toBe(8);
});

test('a strict router stands in the Request-URI, the target last in Route (RFC 3261 12.2.1.1)', () => {
  const dialog = { ...uacDialog(ok, 'sip:b@pbx'), routes: ['<sip:strict>', '<sip:p2;lr>'] };
  const bye = dialogRequest(dialog, 'BYE', { headers: [] });
  expect([bye.uri, bye.headers.lines('Route')]).toEqual(['sip:strict', ['<sip:p2;lr>', '<sip:b@192.0.2.2>']]);
});

test('numbers of the peer only go up, gaps are allowed (RFC 3261 12.2.2)', () => {
  const dialog = uasDialog(invite, 'bt');
  const request = (number: number) => createRequest({ method: 'INFO', uri: 'sip:b', headers: [['CSeq', `${number} INFO`]] });
  expect([7, 6, 8, 20, 20].map((number) => acceptCSeq(dialog, request(number)))).toEqual([false, false, true, true, false]);
});

test('a target refresh and a 2xx move the target; the 2xx alone replaces the routes', () => {
  const dialog = uacDialog(ok, 'sip:b@pbx');
  refreshTarget(dialog, createResponse(invite, 200, { headers: [['Contact', '<sip:b@moved>']] }));
  expect([dialog.remoteTarget, dialog.routes.length]).toEqual(['sip:b@moved', 2]);
  const direct = createResponse(invite, 200, { toTag: 'bt' });
  direct.headers.remove('Record-Route');
  confirmDialog(dialog, direct);
  expect([dialog.remoteTarget, dialog.routes]).toEqual(['sip:b@moved', []]);
});

test('a dialog is plain JSON and back', () => {
  const dialog = uasDialog(invite, 'bt');
  expect(dialogFromSnapshot(JSON.parse(JSON.stringify(dialogSnapshot(dialog))))).toEqual(dialog);
});
