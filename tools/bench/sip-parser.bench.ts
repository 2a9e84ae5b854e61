import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Parser } from 'sip.js/lib/core/messages/parser.js';
import { bufferLatin1, createResponse, parseAuthentication, parseContacts, parseMessage, peek, portableLatin1, serialize, statelessResponse, useLatin1 } from '@tipring/sip';
import { exercise, mutate, pathologicalMessages, seeded } from '@tipring/sip/test-support';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'The SIP parser: speed beside sip.js, and damaged messages';
export const explains =
  'An INVITE of 1246 bytes and a REGISTER of 900 are parsed with the fields a server touches (Via, From, To, Call-ID, CSeq, Contact, credentials), by our parser ' +
  'and by sip.js in the same run. Target: at least 100,000 INVITEs a second of CPU. Then the messages of RFC 4475 are damaged at random (flips, cuts, splices, repetitions up to ' +
  '64 KB) and read, written, answered: nothing may throw, no parse may take 20 ms of CPU, the heap must not grow.';
export const options = {
  mutants: { default: 100_000, explains: 'damaged messages' },
  seed: { default: 4475, explains: 'of the damage' },
  seconds: { default: 1, explains: 'length of each speed measurement' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const seconds = context.number('seconds');
  const invite = inviteOf(1246);
  const register = registerOf(900);
  const inviteText = Buffer.from(invite).toString('latin1');
  const registerText = Buffer.from(register).toString('latin1');
  const parsed = parseMessage(invite);
  if (!parsed.ok || parsed.message.kind !== 'request') throw new Error('the INVITE of the bench is refused');
  const request = parsed.message;

  const measure = (name: string, task: () => unknown): number => {
    context.progress(name);
    return perSecond(task, seconds);
  };
  const portableInvite = measure('INVITE, portable codec', () => touch(invite));
  useLatin1(bufferLatin1);
  const ourInvite = measure('INVITE', () => touch(invite));
  const ourRegister = measure('REGISTER', () => touch(register));
  const ourPeek = measure('peek', () => peek(invite));
  const overload = measure('503 from the bytes', () => statelessResponse(invite, 503, 'Service Unavailable', [['Retry-After', '5']]));
  const response = measure('180 made and written', () => serialize(createResponse(request, 180, { toTag: 'a1b2c3', headers: [['Contact', '<sip:192.0.2.1>']] })));
  const theirInvite = measure('INVITE by sip.js', () => touchTheirs(inviteText));
  const theirRegister = measure('REGISTER by sip.js', () => touchTheirs(registerText));

  context.table([
    ['per second of CPU', 'ours', 'sip.js 0.21.2'],
    ['INVITE 1246 B, fields touched', ourInvite, theirInvite],
    ['REGISTER 900 B, fields touched', ourRegister, theirRegister],
    ['INVITE, portable latin1 codec', portableInvite, ''],
    ['peek at an INVITE', ourPeek, ''],
    ['503 copied from an INVITE', overload, ''],
    ['180 made and written', response, ''],
  ]);

  const damage = damageRun(context);
  context.table([
    ['damaged messages', 'accepted', 'answered', 'dropped', 'thrown', 'worst parse, CPU ms', 'and all read, written, answered', 'worst 65 KB input, CPU ms', 'heap growth MB'],
    [context.number('mutants'), damage.ok, damage.respond, damage.drop, damage.thrown, round(damage.worstMs), round(damage.worstRoundMs), round(damage.worstPathologicalMs), round(damage.heapGrowthMb)],
  ]);
  useLatin1(portableLatin1);
  return {
    invitesPerCpuSecond: ourInvite, registersPerCpuSecond: ourRegister, invitesPerCpuSecondSipJs: theirInvite, registersPerCpuSecondSipJs: theirRegister, invitesPerCpuSecondPortable: portableInvite,
    peeksPerCpuSecond: ourPeek, overloadResponsesPerCpuSecond: overload, responsesPerCpuSecond: response,
    mutants: context.number('mutants'), thrown: damage.thrown, worstParseCpuMs: round(damage.worstMs), worstRoundCpuMs: round(damage.worstRoundMs), worstPathologicalParseCpuMs: round(damage.worstPathologicalMs), heapGrowthMb: round(damage.heapGrowthMb),
  };
}

interface Damage { ok: number; respond: number; drop: number; thrown: number; worstMs: number; worstRoundMs: number; worstPathologicalMs: number; heapGrowthMb: number }

function damageRun(context: BenchContext): Damage {
  const folder = new URL('../../libs/sip/test-data/rfc4475/', import.meta.url);
  const corpus = [...readdirSync(folder).map((name) => Uint8Array.from(readFileSync(new URL(name, folder)))), inviteOf(1246), registerOf(900)];
  const random = seeded(context.number('seed'));
  const total = context.number('mutants');
  const damage: Damage = { ok: 0, respond: 0, drop: 0, thrown: 0, worstMs: 0, worstRoundMs: 0, worstPathologicalMs: 0, heapGrowthMb: 0 };
  let heapAtTenth = 0;
  for (let count = 0; count < total; count += 1) {
    const bytes = mutate(corpus, random);
    try {
      damage.worstMs = Math.max(damage.worstMs, timeMs(() => parseMessage(bytes)));
      damage.worstRoundMs = Math.max(damage.worstRoundMs, timeMs(() => (damage[exercise(bytes)] += 1)));
    } catch {
      damage.thrown += 1;
    }
    if (count === Math.floor(total / 10)) heapAtTenth = heapMb();
    if (count % 5000 === 0) context.progress(`${String(count)} damaged messages`);
  }
  damage.heapGrowthMb = heapMb() - heapAtTenth;
  for (const [, bytes] of pathologicalMessages()) damage.worstPathologicalMs = Math.max(damage.worstPathologicalMs, timeMs(() => parseMessage(bytes)));
  return damage;
}

/** Of CPU, not of the clock: a neighbour that takes the CPU away is not the parser's slowness. */
function timeMs(task: () => unknown): number {
  const begun = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/** After a full collection, so that what is left is kept by somebody. */
function heapMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}

function touch(bytes: Uint8Array): number {
  const outcome = parseMessage(bytes);
  if (!outcome.ok) throw new Error(outcome.refusal.reason);
  const { message } = outcome;
  const contacts = parseContacts(message.headers);
  const credentials = message.headers.get('Authorization');
  return (message.via.branch?.length ?? 0) + (message.from.tag?.length ?? 0) + message.to.uri.length + message.callId.length + message.cseq.number + (contacts?.length ?? 0) +
    (credentials === undefined ? 0 : (parseAuthentication(credentials)?.parameter('nonce')?.length ?? 0));
}

const silent = { debug() {}, warn() {}, error() {}, log() {} } as unknown as Parameters<typeof Parser.parseMessage>[1];

/** sip.js parses all of these when it reads the message. */
function touchTheirs(text: string): number {
  const message = Parser.parseMessage(text, silent);
  if (message === undefined) throw new Error('sip.js refused the message of the bench');
  return message.callId.length + message.cseq + (message.getHeader('Contact')?.length ?? 0) + (message.getHeader('Authorization')?.length ?? 0);
}

/** Per second of CPU (the collector's threads included), so that a neighbour on the machine does not count. */
function perSecond(task: () => unknown, seconds: number): number {
  const rate = (length: number): number => {
    const begun = performance.now();
    const cpu = process.cpuUsage();
    let count = 0;
    while (performance.now() - begun < length * 1000) {
      for (let inner = 0; inner < 50; inner += 1) task();
      count += 50;
    }
    const { user, system } = process.cpuUsage(cpu);
    return (count / (user + system)) * 1e6;
  };
  rate(seconds / 2);
  return Math.round(rate(seconds));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const commonFields = [
  'Max-Forwards: 70', 'From: "Alice Example" <sip:101@pbx.example.com>;tag=9fxced76sl', 'Call-ID: 3848276298220188511@192.0.2.10',
  'Contact: <sip:101@192.0.2.10:5060;transport=udp>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"',
  'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, INFO, UPDATE, PRACK', 'Supported: replaces, timer, 100rel, path, outbound',
];

function inviteOf(size: number): Uint8Array {
  const sdp = ['v=0', 'o=- 3890 3890 IN IP4 192.0.2.10', 's=-', 'c=IN IP4 192.0.2.10', 't=0 0', 'm=audio 40000 RTP/AVP 9 0 8 101', 'a=rtpmap:9 G722/8000', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15', 'a=ptime:20', 'a=sendrecv', ''].join('\r\n');
  return padded(['INVITE sip:102@pbx.example.com SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKnashds8a7f6sd876;rport', ...commonFields, 'To: <sip:102@pbx.example.com>', 'CSeq: 2 INVITE',
    digest('sip:102@pbx.example.com'), 'Session-Expires: 1800', 'Content-Type: application/sdp', `Content-Length: ${String(sdp.length)}`], sdp, size);
}

function registerOf(size: number): Uint8Array {
  return padded(['REGISTER sip:pbx.example.com SIP/2.0', 'Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKnashds8a7f6sd877;rport', ...commonFields, 'To: <sip:101@pbx.example.com>', 'CSeq: 3 REGISTER',
    digest('sip:pbx.example.com'), 'Expires: 3600', 'Content-Length: 0'], '', size);
}

function digest(uri: string): string {
  return `Authorization: Digest username="101", realm="pbx.example.com", nonce="MTc2MzgzMjM5MTo4ZjE0ZTQ1ZmNl", uri="${uri}", response="6629fae49393a05397450978507c4ef1", algorithm=MD5, qop=auth, nc=00000001, cnonce="0a4f113b"`;
}

/** Filled up to the size with a User-Agent, which is what makes real messages that long. */
function padded(lines: readonly string[], body: string, size: number): Uint8Array {
  const head = lines.join('\r\n');
  const missing = size - head.length - body.length - '\r\nUser-Agent: \r\n\r\n'.length;
  const filler = 'Example Phone T46S 66.86.0.15 '.repeat(20).slice(0, Math.max(1, missing));
  return Buffer.from(`${head}\r\nUser-Agent: ${filler}\r\n\r\n${body}`, 'latin1');
}
