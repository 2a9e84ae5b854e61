import { Grammar } from 'sip.js/lib/grammar/index.js';
import { expect, test } from 'vitest';
import { parseContacts } from './contact.ts';
import { createRequest } from './create.ts';
import { parseAuthentication } from './credentials.ts';
import { parseNameAddress } from './name-address.ts';
import { parseUri, unescapeUser } from './uri.ts';
import { parseCSeq, parseEvent, parseMaxForwards, parseReplaces, parseSessionExpires } from './values.ts';
import { parseVia } from './via.ts';

/*
 * sip.js 0.21.2 parses with a grammar generated from the RFC's ABNF: slow, and wrong in places (below), but written
 * by others. Where both read a text they must read the same.
 */

type Pairs = [string, string][];
interface UriReading { scheme: string; user: string | undefined; host: string; port: number | undefined; parameters: Pairs; headers: Pairs }

const sorted = (pairs: readonly (readonly [string, string])[]): Pairs => pairs.map(([name, value]): [string, string] => [name.toLowerCase(), value]).sort((a, b) => (a[0] < b[0] ? -1 : 1));

function ourUri(text: string): UriReading | undefined {
  const uri = parseUri(text);
  if (uri === undefined) return undefined;
  const user = uri.user === undefined ? undefined : unescapeUser(uri.user);
  return {
    scheme: uri.scheme,
    // sip.js keeps the password in the user and unescapes the two together; it lowers the case of parameter values.
    user: uri.password === undefined ? user : `${user ?? ''}:${unescapeUser(uri.password)}`,
    host: uri.host,
    port: uri.port,
    parameters: sorted(uri.parameters.map(([name, value]) => [name, value.toLowerCase()])),
    headers: sorted(uri.headers),
  };
}

function theirUri(text: string): UriReading | undefined {
  const uri = Grammar.URIParse(text);
  if (uri === undefined) return undefined;
  const { parameters } = uri as unknown as { parameters: Record<string, string | null> };
  return {
    scheme: uri.scheme,
    user: uri.user,
    host: uri.host.toLowerCase(),
    port: uri.port,
    parameters: sorted(Object.entries(parameters).map(([name, value]) => [name, (value ?? '').toLowerCase()])),
    headers: sorted(Object.entries(uri.headers).flatMap(([name, values]) => values.map((value): [string, string] => [name, value]))),
  };
}

const users = ['', 'alice@', '+1-212-555-0101@', 'a%20b@', 'al%69ce@', 'a;day=tue@', 'a:secret@', "-_.!~*'()&=+$,;?/@", 'user;par=u%40example.net@'];
const hosts = ['example.com', 'EXAMPLE.com', 'a-b.c1.de', 'localhost', '192.0.2.4', '[2001:db8::9:1]', '[::1]'];
const tails = ['', ':5060', ':65535', ';transport=tcp', ';Transport=UDP;lr', ';maddr=239.255.255.1;ttl=15', ';user=phone;method=INVITE', ';new%41=a%42', '?Subject=a%20b&Priority=urgent', ';lr?a=', ':5061;lr;x=[1/:&+$]?a=b'];
const malformed = [
  '', 'sip', 'sip:', 'sip:@x', 'sip:a@', 'sip:a@@x', 'sip:a@b@c', 'sip:a b@x', 'sip:a@x:', 'sip:a@x:5x', 'sip:a%4@x', 'sip:a%zz@x', 'sip:a@x;', 'sip:a@x;;lr', 'sip:a@x;a=', 'sip:a@x?', 'sip:a@x?a',
  'sip:a@[::1', 'sip:"a"@x', 'sip:<a>@x', 'sip:a@x>', 'sip:a\\b@x', 'sip:a@x y', 'sip: a@x', ' sip:a@x', 'sip:a@x:99999',
];

/** Why the two may differ about a text; the RFC is on our side unless the reason says that we are generous. */
type Reason = readonly [pattern: RegExp, why: string];

/** Compares all texts: every difference must have a known reason, and every reason must be met, so that the list stays true. */
function compare(texts: readonly string[], ours: (text: string) => unknown, theirs: (text: string) => unknown, reasons: readonly Reason[]): void {
  const met = new Set<Reason>();
  const unexplained: unknown[] = [];
  for (const text of texts) {
    const [left, right] = [ours(text), theirs(text)];
    if (JSON.stringify(left) === JSON.stringify(right)) continue;
    const reason = reasons.find(([pattern]) => pattern.test(text));
    if (reason === undefined) unexplained.push({ text, ours: left, theirs: right });
    else met.add(reason);
  }
  expect(unexplained).toEqual([]);
  expect(reasons.filter((reason) => !met.has(reason))).toEqual([]);
}

const uris = ['sip:', 'SIPS:'].flatMap((scheme) => users.flatMap((user) => hosts.flatMap((host) => tails.map((tail) => scheme + user + host + tail))));

test('valid URIs are all read, and read the same', () => {
  expect(uris.filter((text) => parseUri(text) === undefined)).toEqual([]);
  compare(uris, ourUri, theirUri, [
    [/;maddr=/, 'sip.js takes maddr for the host, and loses ttl'],
  ]);
});

test('malformed URIs are refused by both', () => {
  compare([...malformed, 'sip:*21#@x', 'sip:a@a_b.local', 'sip:a@-x', 'sip:a@[zz]'], ourUri, theirUri, [
    [/@x:$/, 'sip.js reads an empty port as NaN'],
    [/:99999$/, 'sip.js takes a port beyond 65535'],
    [/^sip:\*21#@x$/, "we are generous: '#' must be escaped (RFC 3261 25.1), but phones send feature codes so"],
    [/@-x$|@\[zz\]$/, 'we are generous: a host is checked by its characters; looking it up, or connecting, will say the rest'],
  ]);
});

function nameAddress(text: string): unknown {
  const address = parseNameAddress(text);
  return address && { name: address.displayName ?? '', uri: ourUri(address.uri), tag: address.tag };
}

function theirNameAddress(text: string): unknown {
  const address = Grammar.nameAddrHeaderParse(text) as { displayName?: string; uri: { toString(): string }; getParam(name: string): string | null | undefined } | undefined;
  // sip.js leaves the escapes of a quoted string in the display name.
  return address && { name: (address.displayName ?? '').replace(/\\(.)/g, '$1'), uri: theirUri(address.uri.toString()), tag: address.getParam('tag') ?? undefined };
}

test('valid name-addresses are all read, and read the same', () => {
  const names = ['', 'Alice ', 'A. B-C ', "token1~` token2'+_ token3*%!.- ", '"Alice" ', '"A \\"B\\", <c>;" ', '"" '];
  const parameters = ['', ';tag=88sja8x', ' ; tag = 1', ';x;tag=a-b.c', ';q=0.7;expires=3600', ';+sip.instance="<urn:uuid:1>";tag=x', ';received=[::1]'];
  const addresses = ['sip:a@example.com', 'sips:a@[::1]:5061;lr', 'sip:example.com?a=b'];
  const texts = names.flatMap((name) => addresses.flatMap((uri) => parameters.map((tail) => `${name}<${uri}>${tail}`)));
  expect(texts.filter((text) => parseNameAddress(text) === undefined)).toEqual([]);
  compare([...texts, 'sip:a@x;tag=1'], nameAddress, theirNameAddress, [
    [/^sip:a@x;tag=1$/, 'sip.js has addr-spec (RFC 3261 20.10) in another rule'],
  ]);
});

test('malformed name-addresses are refused by both', () => {
  const texts = [
    '', '<', '<>', '"A <sip:a@x>', '<sip:a@x', '<sip:a@x>;', '<sip:a@x>;;a', '<sip:a@x>;a=', '<sip:a@x> b', 'a, b <sip:a@x>', '"a" "b" <sip:a@x>', '<sip:a@x>;tag="x', 'John (Sales) <sip:a@x>',
  ];
  compare(texts, nameAddress, theirNameAddress, [
    [/^"a" "b"/, 'sip.js takes two quoted strings, and the last of them'],
    [/\(Sales\)/, 'we are generous: the name needs quotes, but phones leave them out and nothing else can be meant'],
  ]);
});

const rule = (text: string, name: string): unknown => Grammar.parse(text, name);

test('valid Vias are all read, and read the same', () => {
  const protocols = ['SIP/2.0/UDP', 'SIP / 2.0 / TCP', 'SIP/2.0/TLS', 'SIP/2.0/WSS', 'SIP/2.0/X-new'];
  const senders = ['192.0.2.1', 'erlang.bell-telephone.com:5060', '[2001:db8::9:1]:5061', 'first.example.com : 4000'];
  const parameters = ['', ';branch=z9hG4bK87asdks7', ' ; branch = z9hG4bK1 ;received=192.0.2.207', ';branch=z9hG4bK1;maddr=224.2.0.1;ttl=16', ';rport=5061;branch=a', ';new=param;branch=b'];
  const texts = protocols.flatMap((protocol) => senders.flatMap((by) => parameters.map((tail) => `${protocol} ${by}${tail}`)));
  expect(texts.filter((text) => parseVia(text) === undefined)).toEqual([]);
  const reading = (via: { transport?: string; host?: string; port?: number | undefined; branch?: string | undefined; received?: string | undefined } | undefined): unknown =>
    via && [via.transport, via.host, via.port, via.branch, via.received];
  compare(texts, (text) => reading(parseVia(text)), (text) => reading(rule(text, 'Via') as object), [
    [/;maddr=/, 'sip.js takes maddr for sent-by'],
  ]);
});

test('what sip.js does wrong with Via and Contact is done right here', () => {
  // Comma-joined Vias: sip.js keeps the last.
  expect((rule('SIP/2.0/UDP a;branch=1, SIP/2.0/TCP b;branch=2', 'Via') as { host: string }).host).toBe('b');
  expect(createRequest({ method: 'X', uri: 'sip:x', headers: [['Via', 'SIP/2.0/UDP a;branch=1, SIP/2.0/TCP b;branch=2']] }).via.host).toBe('a');
  // rport without value (RFC 3581): sip.js drops it.
  expect((rule('SIP/2.0/UDP a;rport', 'Via') as { rport?: unknown }).rport).toBeUndefined();
  expect(parseVia('SIP/2.0/UDP a;rport')?.rport).toBe('');
  // Contact: * (RFC 3261 10.2.2).
  expect(rule('*', 'Contact')).toBe(-1);
  expect(parseContacts(createRequest({ method: 'REGISTER', uri: 'sip:x', headers: [['Contact', '*']] }).headers)).toBe('*');
});

test('contact lists read the same', () => {
  const text = '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600, "Mr. Watson" <sip:wat,son@bell-telephone.com;x=1> ;q=0.1';
  const theirs = rule(text, 'Contact') as { parsed: { displayName: string; uri: { toString(): string }; getParam(name: string): string } }[];
  const ours = parseContacts(createRequest({ method: 'REGISTER', uri: 'sip:x', headers: [['m', text]] }).headers);
  if (!Array.isArray(ours)) throw new Error('a list');
  expect(ours.map((contact) => [contact.displayName, ourUri(contact.uri), contact.parameter('q'), contact.parameter('expires')])).toEqual(
    theirs.map(({ parsed }) => [parsed.displayName, theirUri(parsed.uri.toString()), parsed.getParam('q'), parsed.getParam('expires')]),
  );
});

test('the other typed values read the same', () => {
  for (const text of ['1 INVITE', '2147483647 X-new', '0009 ACK']) expect(parseCSeq(text)).toEqual({ number: (rule(text, 'CSeq') as { value: number }).value, method: (rule(text, 'CSeq') as { method: string }).method });
  for (const text of ['0', '70', '0068']) expect(parseMaxForwards(text)).toBe(rule(text, 'Max_Forwards'));
  for (const text of ['1800', '90;refresher=uac', '90 ;refresher=uas']) {
    const theirs = rule(text, 'Session_Expires') as { deltaSeconds: number; refresher?: string };
    expect(parseSessionExpires(text)).toEqual({ seconds: theirs.deltaSeconds, refresher: theirs.refresher });
  }
  for (const text of ['98732@example.com;from-tag=r33th4x0r;to-tag=ff87ff', '12@y;to-tag=1;from-tag=2;early-only']) {
    const theirs = rule(text, 'Replaces') as { call_id: string; replaces_to_tag: string; replaces_from_tag: string; early_only?: boolean };
    expect(parseReplaces(text)).toEqual({ callId: theirs.call_id, toTag: theirs.replaces_to_tag, fromTag: theirs.replaces_from_tag, earlyOnly: theirs.early_only ?? false });
  }
  const event = rule('dialog;id=1', 'Event') as { event: string; params: { id: string } };
  expect([parseEvent('dialog;id=1')?.value, parseEvent('dialog;id=1')?.parameter('id')]).toEqual([event.event, event.params.id]);
  const text = 'Digest realm="biloxi.com", domain="sip:ss1.carrier.com", qop="auth,auth-int", nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=FALSE, algorithm=MD5';
  const theirs = rule(text, 'WWW_Authenticate') as Record<string, unknown>;
  const ours = parseAuthentication(text);
  expect([ours?.parameter('realm'), ours?.parameter('nonce'), ours?.parameter('opaque'), ours?.parameter('algorithm'), ours?.parameter('qop')?.split(','), ours?.parameter('stale')?.toLowerCase() === 'true']).toEqual([
    theirs['realm'], theirs['nonce'], theirs['opaque'], theirs['algorithm'], theirs['qop'], theirs['stale'],
  ]);
});
