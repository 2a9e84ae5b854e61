import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FakeTimers } from '@tipring/clock';
import { Bindings, computeHa1, createRequest, createResponse, DigestClient, DigestServer, nodeHashing, parseMessage, register, serialize } from '@tipring/sip';
import type { Flow, SipRequest } from '@tipring/sip';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'Digest verification and the registrar, without network';
export const explains =
  'Microseconds to verify credentials (a first use of a nonce, and a counted one) and to register or refresh a phone, and the bytes a binding keeps. ' +
  'Messages are parsed before the clock starts, header values are read within it. Baseline: the two MD5 and the HMAC alone. Targets: verify 10 µs, register 15 µs, 1,000 bytes a phone.';
export const options = { phones: { default: 20_000, explains: 'phones, each with its own flow' } };

export function run(context: BenchContext): Promise<Figures> {
  const phones = context.number('phones');
  context.progress('digest');
  const hashesUs = timed(phones, () => {
    nodeHashing.hmacSha256(secret, 'mftx0000.bootbootbootboot-1234:office.example');
    nodeHashing.md5(`${nodeHashing.md5('REGISTER:sip:office.example')}${'x'.repeat(120)}`);
  });
  const server = new DigestServer({ realm, secret }, nodeHashing, 'bench', now);
  const each = signed(server, phones, () => new DigestClient([credentials], nodeHashing, () => 'c0ffee'));
  // The first half warms up.
  verifyUs(server, each.slice(0, phones / 2));
  const firstUs = verifyUs(server, each.slice(phones / 2));
  const countedUs = verifyUs(server, signed(server, phones, () => undefined));

  context.progress('registrar');
  const timers = new FakeTimers();
  const bindings = new Bindings(timers, () => undefined);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const addUs = registerUs(bindings, timers, phones, 1);
  collect();
  const bytes = (process.memoryUsage().heapUsed - before) / phones;
  registerUs(bindings, timers, phones, 2);
  const refreshUs = registerUs(bindings, timers, phones, 3);
  bindings.close();

  context.table([
    ['', 'µs'],
    ['verify, nonce used first', firstUs.toFixed(1)], ['verify, nonce counted on', countedUs.toFixed(1)], ['baseline: its three hashes', hashesUs.toFixed(1)],
    ['register, new phone', addUs.toFixed(1)], ['register, refresh', refreshUs.toFixed(1)],
  ]);
  return Promise.resolve({
    verifyFirstUs: rounded(firstUs), verifyCountedUs: rounded(countedUs), hashesUs: rounded(hashesUs),
    registerNewUs: rounded(addUs), registerRefreshUs: rounded(refreshUs), bytesPerPhone: Math.round(bytes),
  });
}

/** Requests as they come from the wire. A factory that gives undefined keeps the client of the one before. */
function signed(server: DigestServer, count: number, factory: () => DigestClient | undefined): SipRequest[] {
  let client = new DigestClient([credentials], nodeHashing, () => 'c0ffee');
  const challenge = (): void => void client.challenged(createResponse(request([]), 401, { headers: [server.challenge('user', device, false, now)] }));
  challenge();
  return Array.from({ length: count }, () => {
    const fresh = factory();
    if (fresh !== undefined) {
      client = fresh;
      challenge();
    }
    return fromWire(request(client.authorize('REGISTER', uri)));
  });
}

function verifyUs(server: DigestServer, requests: readonly SipRequest[]): number {
  const started = performance.now();
  for (const one of requests) if (!server.verify(one, 'user', device, now).ok) throw new Error('credentials were refused');
  return ((performance.now() - started) * 1000) / requests.length;
}

/** In batches, so that the messages waiting do not count as memory of the bindings. */
function registerUs(bindings: Bindings, timers: FakeTimers, phones: number, cseq: number): number {
  let elapsedMs = 0;
  for (let from = 0; from < phones; from += 500) {
    const batch = Array.from({ length: Math.min(500, phones - from) }, (_, index) => [fromWire(registration(from + index, cseq)), flow(from + index)] as const);
    const started = performance.now();
    for (const [message, by] of batch) {
      const aor = message.to.uri;
      bindings.apply(aor, register(message, bindings.of(aor), { aor, device: aor, flow: by, now: timers.now() }));
    }
    elapsedMs += performance.now() - started;
  }
  return (elapsedMs * 1000) / phones;
}

function registration(phone: number, cseq: number): SipRequest {
  return request([
    ['User-Agent', 'Yealink SIP-T46S 66.85.0.5'],
    ['Contact', `<sip:${phone}@10.${phone >> 16}.${(phone >> 8) & 255}.${phone & 255}:5060;transport=udp>;expires=3600;+sip.instance="<urn:uuid:00000000-0000-1000-8000-${String(phone).padStart(12, '0')}>"`],
  ], phone, cseq);
}

function request(fields: readonly (readonly [string, string])[], phone = 101, cseq = 1): SipRequest {
  return createRequest({ method: 'REGISTER', uri, headers: [
    ['Via', 'SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK1;rport'], ['Max-Forwards', '70'], ['From', `<sip:${phone}@office.example>;tag=1`], ['To', `<sip:${phone}@office.example>`],
    ['Call-ID', `call-id-of-phone-${phone}@192.168.1.9`], ['CSeq', `${cseq} REGISTER`], ...fields,
  ] });
}

function fromWire(message: SipRequest): SipRequest {
  const parsed = parseMessage(serialize(message));
  if (!parsed.ok || parsed.message.kind !== 'request') throw new Error('the request cannot be read');
  return parsed.message;
}

function flow(phone: number): Flow {
  const address = `10.${phone >> 16}.${(phone >> 8) & 255}.${phone & 255}`;
  return { id: `udp 10.0.0.1:5060 ${address}:5060`, transport: 'udp', local, remote: { address, port: 5060 } };
}

function timed(count: number, work: () => void): number {
  for (let i = 0; i < count; i += 1) work();
  const started = performance.now();
  for (let i = 0; i < count; i += 1) work();
  return ((performance.now() - started) * 1000) / count;
}

function rounded(us: number): number {
  return Math.round(us * 10) / 10;
}

const realm = 'office.example';
const uri = 'sip:office.example';
const secret = 'k'.repeat(32);
const now = 1_790_000_000_000;
const credentials = { username: '101', password: 'secret' };
const device = { username: '101', algorithm: 'MD5' as const, ha1: computeHa1(nodeHashing, 'MD5', '101', realm, 'secret') };
const local = { address: '10.0.0.1', port: 5060 };
