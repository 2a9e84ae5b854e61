/**
 * The header fields this stack knows: number, spelling, compact form, and whether the grammar makes a comma a separator
 * (RFC 3261 7.3.1, 20) or allows one field only. Numbers below 32 fit a bit mask of fields already seen.
 */
const known: readonly (readonly [name: string, kind?: 'list' | 'single', compact?: string])[] = [
  ['', undefined],
  ['Via', 'list', 'v'],
  ['From', 'single', 'f'],
  ['To', 'single', 't'],
  ['Call-ID', 'single', 'i'],
  ['CSeq', 'single'],
  ['Max-Forwards', 'single'],
  ['Content-Length', 'single', 'l'],
  ['Content-Type', 'single', 'c'],
  ['Expires', 'single'],
  ['Min-Expires', 'single'],
  ['Event', 'single', 'o'],
  ['Subscription-State', 'single'],
  ['Refer-To', 'single', 'r'],
  ['Referred-By', 'single', 'b'],
  ['Replaces', 'single'],
  ['Session-Expires', 'single', 'x'],
  ['Min-SE', 'single'],
  ['RAck', 'single'],
  ['RSeq', 'single'],
  ['Content-Disposition', 'single'],
  ['Retry-After', 'single'],
  ['Contact', 'list', 'm'],
  ['Route', 'list'],
  ['Record-Route', 'list'],
  ['Path', 'list'],
  ['Service-Route', 'list'],
  ['Require', 'list'],
  ['Proxy-Require', 'list'],
  ['Supported', 'list', 'k'],
  ['Unsupported', 'list'],
  ['Allow', 'list'],
  ['Allow-Events', 'list', 'u'],
  ['Accept', 'list'],
  ['Accept-Encoding', 'list'],
  ['Accept-Language', 'list'],
  ['Accept-Contact', 'list', 'a'],
  ['Reject-Contact', 'list', 'j'],
  ['Request-Disposition', 'list', 'd'],
  ['Alert-Info', 'list'],
  ['Call-Info', 'list'],
  ['Error-Info', 'list'],
  ['Content-Encoding', 'list', 'e'],
  ['Content-Language', 'list'],
  ['Diversion', 'list'],
  ['History-Info', 'list'],
  ['In-Reply-To', 'list'],
  ['P-Asserted-Identity', 'list'],
  ['P-Preferred-Identity', 'list'],
  ['P-Associated-URI', 'list'],
  ['P-Early-Media', 'list'],
  ['Reason', 'list'],
  ['Recv-Info', 'list'],
  ['Security-Client', 'list'],
  ['Security-Server', 'list'],
  ['Security-Verify', 'list'],
  ['Warning', 'list'],
  ['Authorization'],
  ['Proxy-Authorization'],
  ['WWW-Authenticate'],
  ['Proxy-Authenticate'],
  ['Authentication-Info'],
  ['Date'],
  ['Identity', undefined, 'y'],
  ['Identity-Info', undefined, 'n'],
  ['Info-Package'],
  ['MIME-Version'],
  ['Organization'],
  ['Priority'],
  ['Privacy'],
  ['Server'],
  ['SIP-ETag'],
  ['SIP-If-Match'],
  ['Subject', undefined, 's'],
  ['Timestamp'],
  ['User-Agent'],
];

const idByName = new Map<string, number>();
known.forEach(([name, , compact], id) => {
  if (id === 0) return;
  idByName.set(name, id).set(name.toLowerCase(), id);
  if (compact !== undefined) idByName.set(compact, id).set(compact.toUpperCase(), id);
});

/** Number of a known header field by name in any case or compact form; 0 when unknown. */
export function headerId(name: string): number {
  return idByName.get(name) ?? idByName.get(name.toLowerCase()) ?? 0;
}

export const ids = {
  via: headerId('Via'),
  from: headerId('From'),
  to: headerId('To'),
  callId: headerId('Call-ID'),
  cseq: headerId('CSeq'),
  maxForwards: headerId('Max-Forwards'),
  contentLength: headerId('Content-Length'),
  contentType: headerId('Content-Type'),
  recordRoute: headerId('Record-Route'),
  timestamp: headerId('Timestamp'),
  authorization: headerId('Authorization'),
  proxyAuthorization: headerId('Proxy-Authorization'),
} as const;

const lists = known.map(([, kind]) => kind === 'list');
const singles = known.reduce((mask, [, kind], id) => (kind === 'single' ? mask | (1 << id) : mask), 0);

/** May a comma separate elements in this field? */
export function isList(id: number): boolean {
  return lists[id] === true;
}

/** May this field stand only once in a message? */
export function isSingle(id: number): boolean {
  return id < 32 && (singles & (1 << id)) !== 0;
}

export function canonicalName(id: number): string {
  return known[id]?.[0] ?? '';
}

// Names are recognised in the bytes, without making a string: an open hash table over the lower-case spelling.
const slots = new Uint8Array(1024);
const spellings = [...idByName].filter(([name]) => name === name.toLowerCase());
const spellingOfSlot: string[] = [];
for (const [name, id] of spellings) {
  let hash = 0;
  for (let at = 0; at < name.length; at += 1) hash = nextHash(hash, name.charCodeAt(at));
  let slot = hash & 1023;
  while (slots[slot] !== 0) slot = (slot + 1) & 1023;
  slots[slot] = id;
  spellingOfSlot[slot] = name;
}
for (let slot = 0; slot < 1024; slot += 1) spellingOfSlot[slot] ??= '';

/** One step of the hash that `idOfBytes` expects, for every byte of the name. */
export function nextHash(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code | 0x20)) | 0;
}

export function idOfBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
  for (let slot = hash & 1023; slots[slot] !== 0; slot = (slot + 1) & 1023) {
    const name = spellingOfSlot[slot] ?? '';
    if (name.length !== end - start) continue;
    let at = 0;
    while (at < name.length && lowerCase(bytes[start + at] ?? 0) === name.charCodeAt(at)) at += 1;
    if (at === name.length) return slots[slot] ?? 0;
  }
  return 0;
}

function lowerCase(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
}
