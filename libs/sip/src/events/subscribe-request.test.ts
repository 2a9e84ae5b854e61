import { expect, test } from 'vitest';
import { createRequest } from '../message/create.ts';
import { readSubscribe } from './subscribe-request.ts';

const packages = [{ name: 'dialog', contentType: 'application/dialog-info+xml', defaultS: 3600 }, { name: 'message-summary', contentType: 'application/simple-message-summary', defaultS: 3600 }];
const bounds = { minimumS: 60, maximumS: 7200 };

function read(...headers: readonly (readonly [string, string])[]) {
  const mandatory = [['From', '<sip:a@x>;tag=1'], ['To', '<sip:b@x>'], ['Call-ID', 'c'], ['CSeq', '1 SUBSCRIBE']] as const;
  const all = headers.some(([name]) => name === 'Contact') ? headers : [...headers, ['Contact', '<sip:a@192.0.2.1>'] as const];
  const outcome = readSubscribe(createRequest({ method: 'SUBSCRIBE', uri: 'sip:b@x', headers: [...mandatory, ...all.filter(([, value]) => value !== '')] }), packages, bounds);
  return outcome.ok ? `${outcome.event} ${outcome.expiresS}` : `${outcome.status} ${outcome.headers.map(([name, value]) => `${name}: ${value}`).join()}`.trim();
}

test.each<[string, readonly (readonly [string, string])[], string]>([
  ['for as long as it asks', [['Event', 'dialog'], ['Expires', '600']], 'dialog 600'],
  ['by its default', [['Event', 'dialog']], 'dialog 3600'],
  ['for no longer than we keep it', [['Event', 'dialog'], ['Expires', '4294967295']], 'dialog 7200'],
  ['once', [['Event', 'dialog'], ['Expires', '0']], 'dialog 0'],
  ['under its id (RFC 6665 8.2.1)', [['Event', 'message-summary;id=7;x=y']], 'message-summary;id=7 3600'],
  ['by the compact form', [['o', 'dialog']], 'dialog 3600'],
  ['too briefly', [['Event', 'dialog'], ['Expires', '59']], '423 Min-Expires: 60'],
  ['for nonsense', [['Event', 'dialog'], ['Expires', 'soon']], '400'],
  ['to nothing', [], '489 Allow-Events: dialog, message-summary'],
  ['to what we do not tell', [['Event', 'ua-profile']], '489 Allow-Events: dialog, message-summary'],
  ['to watchers of watchers', [['Event', 'dialog.winfo']], '489 Allow-Events: dialog, message-summary'],
  ['to no token', [['Event', ';;;']], '489 Allow-Events: dialog, message-summary'],
  ['without Contact', [['Event', 'dialog'], ['Contact', '']], '400'],
  ['reading something else', [['Event', 'dialog'], ['Accept', 'application/xpidf+xml, text/plain']], '406 Accept: application/dialog-info+xml'],
  ['reading this too', [['Event', 'dialog'], ['Accept', 'text/plain, application/Dialog-Info+XML;q=0.5']], 'dialog 3600'],
  ['reading anything', [['Event', 'dialog'], ['Accept', 'application/*']], 'dialog 3600'],
])('a SUBSCRIBE %s', (_how, headers, expected) => {
  expect(read(...headers)).toBe(expected);
});
