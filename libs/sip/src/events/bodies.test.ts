import { expect, test } from 'vitest';
import { type DialogInfo, writeDialogInfo } from './dialog-info.ts';
import { writeMessageSummary } from './message-summary.ts';
import { writePresence } from './presence-document.ts';
import { readXml, type XmlElement } from './xml.test-support.ts';

const instant = (ms: number): string => new Date(ms).toISOString();
const [call, tags] = ['a84b4c76e66710', { localTag: '1928301774', remoteTag: '456887766' }];

test('a caller whose call rings, as RFC 4235 6.1 has it', () => {
  const document = writeDialogInfo({
    entity: 'sip:alice@example.com', version: 2,
    dialogs: [{ id: 'as7d900as8', name: { callId: call, ...tags }, direction: 'initiator', state: 'early' }],
  });
  expect(readXml(document)).toEqual({
    name: 'dialog-info', text: '', attributes: { xmlns: 'urn:ietf:params:xml:ns:dialog-info', version: '2', state: 'full', entity: 'sip:alice@example.com' },
    children: [{
      name: 'dialog', text: '', attributes: { id: 'as7d900as8', 'call-id': 'a84b4c76e66710', 'local-tag': '1928301774', 'remote-tag': '456887766', direction: 'initiator' },
      children: [{ name: 'state', text: 'early', attributes: {}, children: [] }],
    }],
  });
});

test('parties, duration and who holds, in the order of the schema (RFC 4235 4.1.6, 4.4)', () => {
  const [dialog] = readXml(writeDialogInfo({
    entity: 'sip:alice@example.com', version: 0,
    dialogs: [{
      id: '123456', direction: 'recipient', state: 'confirmed', durationS: 274.9,
      local: { identity: 'sip:alice@example.com', displayName: 'Alice', target: 'sip:alice@pc33.example.com', isHolding: true },
      remote: { identity: 'sip:bob@example.org', displayName: 'Bob', target: 'sip:bobster@phone21.example.org' },
    }],
  })).children;
  expect(dialog?.children.map(({ name, text }) => `${name} ${text}`.trim())).toEqual(['state confirmed', 'duration 274', 'local', 'remote']);
  const [, , local, remote] = dialog?.children ?? [];
  expect(local?.children).toEqual([
    { name: 'identity', text: 'sip:alice@example.com', attributes: { display: 'Alice' }, children: [] },
    { name: 'target', text: '', attributes: { uri: 'sip:alice@pc33.example.com' }, children: [{ name: 'param', text: '', attributes: { pname: '+sip.rendering', pval: 'no' }, children: [] }] },
  ]);
  expect(remote?.children.map(({ attributes }) => attributes)).toEqual([{ display: 'Bob' }, { uri: 'sip:bobster@phone21.example.org' }]);
});

test('message-summary as RFC 3842 4.1 has it, and without messages', () => {
  expect(writeMessageSummary({ account: 'sip:alice@vmail.example.com', new: 2, old: 8, newUrgent: 0, oldUrgent: 2 })).toBe(
    'Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 2/8 (0/2)\r\n',
  );
  expect(writeMessageSummary({ new: 0, old: 8, newUrgent: 0, oldUrgent: 0 })).toBe('Messages-Waiting: no\r\nVoice-Message: 0/8 (0/0)\r\n');
});

test('presence as RFC 3863 4.3 and RFC 4479 have it', () => {
  const root = readXml(writePresence({ entity: 'pres:someone@example.com', tuple: 'bs35r9', basic: 'open', contact: 'sip:someone@example.com', note: 'On the phone', activity: 'on-the-phone', at: Date.UTC(2001, 9, 27, 16, 49, 29) }, instant));
  expect([root.name, root.attributes['xmlns'], root.attributes['entity']]).toEqual(['presence', 'urn:ietf:params:xml:ns:pidf', 'pres:someone@example.com']);
  const [tuple, person] = root.children;
  expect(tuple?.attributes).toEqual({ id: 'bs35r9' });
  expect(tuple?.children.map(({ name, text }) => `${name} ${text}`.trim())).toEqual(['status', 'contact sip:someone@example.com', 'note On the phone', 'timestamp 2001-10-27T16:49:29.000Z']);
  expect(tuple?.children[0]?.children).toEqual([{ name: 'basic', text: 'open', attributes: {}, children: [] }]);
  expect(person?.name).toBe('dm:person');
  expect(person?.children[0]?.children[0]?.name).toBe('rpid:on-the-phone');
  const prefixes = [tuple, person].flatMap((element) => (element === undefined ? [] : names(element))).flatMap((name) => (name.includes(':') ? [name.split(':')[0]] : []));
  for (const prefix of prefixes) expect(root.attributes[`xmlns:${prefix}`]).toMatch(/^urn:ietf:params:xml:ns:pidf:/);
});

test('whatever stands in names and addresses, documents stay well formed and say it unchanged, but for what XML cannot say', () => {
  const hostile = ['</dialog-info>', '" entity="sip:x', "'&amp;<![CDATA[", ']]>', 'Jürgen Ångström 李 😀', '\u0000\u0007\u001f\u007f', '\ud83d', '\ude00\ud83d', '\ufffe\uffff', 'a\r\nContent-Length: 0\r\n\r\n', '<!DOCTYPE x [<!ENTITY a "b">]>', '&#0;'];
  for (const text of hostile) {
    const document: DialogInfo = {
      entity: text, version: 1,
      dialogs: [{ id: text, name: { callId: text, localTag: text, remoteTag: text }, direction: 'recipient', state: 'early', local: { identity: text, displayName: text, target: text, isHolding: false }, remote: { identity: text } }],
    };
    const root = readXml(writeDialogInfo(document));
    expect(root.attributes['entity']).toBe(sayable(text));
    expect(root.children[0]?.children[1]?.children[0]?.attributes['display'] ?? '').toBe(sayable(text));
    readXml(writePresence({ entity: text, tuple: 'a', basic: 'closed', contact: text, note: text }, instant));
    expect(writeMessageSummary({ account: text, new: 1, old: 0, newUrgent: 0, oldUrgent: 0 }).split('\r\n')).toHaveLength(4);
  }
});

test('random text in every place: never anything but one well-formed document', () => {
  let state = 7;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  for (let turn = 0; turn < 300; turn++) {
    const text = String.fromCharCode(...Array.from({ length: Math.floor(random() * 30) }, () => Math.floor(random() < 0.5 ? random() * 128 : random() * 65_536)));
    const root = readXml(writeDialogInfo({ entity: text, version: turn, dialogs: [{ id: text, direction: 'initiator', state: 'trying', remote: { identity: text, displayName: text } }] }));
    expect(root.children).toHaveLength(1);
  }
});

function names(element: XmlElement): string[] {
  return [element.name, ...element.children.flatMap(names)];
}

function sayable(text: string): string {
  return [...text.replace(/[\t\r\n]/g, ' ')].filter((one) => !/[\u0000-\u001f\u007f\ufffe\uffff]|^[\ud800-\udfff]$/.test(one)).join('');
}
