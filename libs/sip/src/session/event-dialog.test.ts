import { expect, test } from 'vitest';
import { createRequest } from '../message/create.ts';
import type { SipResponse } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { Office } from './session-pair.test-support.ts';
import type { Party } from './session-pair.test-support.ts';
import type { EventDialog } from './event-dialog.ts';

const settings = { methods: ['REGISTER', 'SUBSCRIBE'], dialogMethods: ['NOTIFY', 'SUBSCRIBE'] };

/** A watcher's SUBSCRIBE, and the dialog that the notifier made of it. */
function subscribed() {
  const office = new Office();
  const [watcher, notifier] = [office.party(settings), office.party(settings)];
  const answers: number[] = [];
  const ask = (method: string, cseq: number, toTag?: string, more: { contact?: string; callId?: string } = {}): SipResponse | undefined => {
    let answer: SipResponse | undefined;
    const request = createRequest({
      method, uri: 'sip:101@10.0.0.2',
      headers: [
        ['Max-Forwards', '70'], ['From', '<sip:alice@10.0.0.1>;tag=w'], ['To', `<sip:101@10.0.0.2>${toTag === undefined ? '' : `;tag=${toTag}`}`],
        ['Call-ID', more.callId ?? 'watch'], ['CSeq', `${cseq} ${method}`], ['Contact', more.contact ?? '<sip:alice@10.0.0.1>'], ['Event', 'dialog'],
      ],
    });
    watcher.transactions.request(request, { transport: 'udp', address: notifier.address, port: 5060 }, { onResponse: (response) => (answer = response), onFailure() {} });
    office.pass(5);
    if (answer !== undefined) answers.push(answer.status);
    return answer;
  };
  const further: ServerTransaction[] = [];
  ask('SUBSCRIBE', 1);
  const [first] = notifier.requests;
  const dialog = notifier.sessions.openDialog(first!, (transaction) => further.push(transaction), { contactUser: '101' });
  dialog.respond(first!, 200, [['Expires', '600']]);
  office.pass(5);
  return { office, watcher, notifier, dialog, ask, further, answers };
}

/** NOTIFY from the notifier as the watcher's wire has it. */
function notify(office: Office, dialog: EventDialog, watcher: Party): { readonly uri: string; readonly cseq: number } | undefined {
  dialog.request('NOTIFY', { headers: [['Event', 'dialog'], ['Subscription-State', 'active;expires=600']], body: 'x' }, () => {});
  office.pass(5);
  const sent = office.sent.findLast((message) => message.kind === 'request' && message.method === 'NOTIFY');
  expect(watcher.requests).toHaveLength(0);
  return sent?.kind === 'request' ? { uri: sent.uri, cseq: sent.cseq.number } : undefined;
}

test('a SUBSCRIBE makes a dialog: its 2xx has our tag and Contact, a NOTIFY goes to its Contact (RFC 6665 4.4.1)', () => {
  const { office, watcher, dialog } = subscribed();
  const accepted = office.sent.findLast((message) => message.kind === 'response' && message.status === 200)!;
  expect(accepted.to.tag).toBe(dialog.localTag);
  expect(accepted.headers.get('Contact')).toBe('<sip:101@10.0.0.2:5060>');
  expect(accepted.headers.get('Expires')).toBe('600');
  expect(notify(office, dialog, watcher)).toEqual({ uri: 'sip:alice@10.0.0.1', cseq: 1 });
});

test('a refresh in the dialog reaches its listener and may move the target; what is old, foreign or of a session does not', () => {
  const { office, watcher, dialog, ask, further } = subscribed();
  ask('SUBSCRIBE', 2, dialog.localTag, { contact: '<sip:alice@10.0.0.1:5062>' });
  expect(further).toHaveLength(1);
  dialog.respond(further[0]!, 200, [['Expires', '600']]);
  office.pass(5);
  expect(notify(office, dialog, watcher)?.uri).toBe('sip:alice@10.0.0.1:5062');
  expect(ask('SUBSCRIBE', 1, dialog.localTag)?.status).toBe(500);
  expect(ask('SUBSCRIBE', 3, dialog.localTag, { callId: 'other' })?.status).toBe(481);
  expect(ask('BYE', 4, dialog.localTag)?.status).toBe(481);
  expect(ask('OPTIONS', 5, dialog.localTag)?.status).toBe(200);
  expect(further).toHaveLength(1);
});

test('a closed dialog is unknown; one taken back from its snapshot goes on under higher numbers', () => {
  const { office, watcher, notifier, dialog, ask, further } = subscribed();
  notify(office, dialog, watcher);
  const kept = JSON.parse(JSON.stringify(dialog.snapshot())) as ReturnType<EventDialog['snapshot']>;
  dialog.close();
  expect(ask('SUBSCRIBE', 2, dialog.localTag)?.status).toBe(481);
  const back = notifier.sessions.adoptDialog(kept, (transaction) => further.push(transaction));
  expect(notify(office, back, watcher)?.cseq).toBeGreaterThan(1);
  ask('SUBSCRIBE', 3, dialog.localTag);
  expect(further).toHaveLength(1);
});
