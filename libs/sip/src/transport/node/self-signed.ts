import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP, SocketAddress } from 'node:net';
import type { Certificate } from './settings.ts';

/**
 * A self-signed certificate for these DNS names and addresses (RFC 5280, EC P-256, SHA-256), for the time until somebody
 * installs a real one. Phones that verify have to be given it.
 */
export function selfSigned({ names, days, now }: { readonly names: readonly string[]; readonly days: number; readonly now: Date }): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subjectPublicKey = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(tagged(SET, sequence(oid(COMMON_NAME), tagged(UTF8_STRING, Buffer.from(names[0] ?? 'tipring')))));
  // RFC 5280 4.1.2.2: positive and at most 20 octets.
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  // An hour back, for phones whose clock is late.
  const from = new Date(now.getTime() - 3_600_000);
  const until = new Date(now.getTime() + days * 86_400_000);
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const keyIdentifier = createHash('sha1').update(subjectPublicKey).digest();
  const extensions = sequence(
    extension(SUBJECT_ALT_NAME, sequence(...names.map(generalName))),
    extension(BASIC_CONSTRAINTS, sequence(tagged(BOOLEAN, Buffer.from([0xff])))),
    extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH), oid(CLIENT_AUTH))),
    extension(SUBJECT_KEY_IDENTIFIER, tagged(OCTET_STRING, keyIdentifier)),
  );
  const toBeSigned = sequence(
    tagged(EXPLICIT_0, tagged(INTEGER, Buffer.from([2]))),
    tagged(INTEGER, serial),
    algorithm,
    name,
    sequence(time(from), time(until)),
    name,
    subjectPublicKey,
    tagged(EXPLICIT_3, extensions),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, algorithm, tagged(BIT_STRING, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), tagged(OCTET_STRING, value));
}

/** RFC 5280 4.2.1.6: dNSName [2] or iPAddress [7]. */
function generalName(name: string): Buffer {
  const family = isIP(name);
  if (family === 0) return tagged(0x82, Buffer.from(name, 'latin1'));
  return tagged(0x87, family === 4 ? Buffer.from(name.split('.').map(Number)) : ipv6Bytes(name));
}

function ipv6Bytes(address: string): Buffer {
  // The parsed form is compressed once; what it leaves out are zeros.
  const [before = '', after] = new SocketAddress({ address, family: 'ipv6' }).address.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = (after ?? '').split(':').filter(Boolean);
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  return at.getUTCFullYear() < 2050 ? tagged(UTC_TIME, Buffer.from(`${digits.slice(2)}Z`)) : tagged(GENERALIZED_TIME, Buffer.from(`${digits}Z`));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(SEQUENCE, Buffer.concat(parts));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    octets.push(...groups);
  }
  return tagged(OBJECT_IDENTIFIER, Buffer.from(octets));
}

/** X.690 8.1: tag, length (short, or long with one or two octets), value. */
function tagged(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

const [BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER, UTF8_STRING] = [0x01, 0x02, 0x03, 0x04, 0x06, 0x0c] as const;
const [UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET, EXPLICIT_0, EXPLICIT_3] = [0x17, 0x18, 0x30, 0x31, 0xa0, 0xa3] as const;

const COMMON_NAME = '2.5.4.3';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
