import { wireText } from '../message/latin1.ts';
import type { SipRequest } from '../message/message.ts';
import { parseUri, unescapeUser } from '../message/uri.ts';
import { readCredentials } from './credentials.ts';
import { digestResponse, equalInConstantTime, quoted } from './ha1.ts';
import type { ResponseInput } from './ha1.ts';
import type { DigestAlgorithm, Hashing } from './hashing.ts';
import { Nonces } from './nonces.ts';
import type { ReplayRows } from './nonces.ts';

/** What is stored of a device's credentials: H(username:realm:password), never the password. */
export interface DeviceSecret {
  readonly username: string;
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal, made by `computeHa1`. */
  readonly ha1: string;
}

export interface DigestServerSettings {
  readonly realm: string;
  /** Key of the nonces; kept over restarts, so that nonces are too. */
  readonly secret: string;
  /** How long a nonce is good for; default 300,000. */
  readonly nonceLifetimeMs?: number;
  /** Hosts besides the Request-URI's and the realm that may stand in the digest-uri. */
  readonly hosts?: readonly string[];
  /** Most nonces whose counts are remembered; default 50,000. When full, the oldest become stale. */
  readonly maxNonces?: number;
}

/** Who asks for the credentials: 'user' = 401 and Authorization, 'proxy' = 407 and Proxy-Authorization. */
export type ChallengeKind = 'user' | 'proxy';

/**
 * `stale` belongs into the next challenge: the password was right, the nonce was not. `why` is for logs and the guard
 * only; what is sent must not depend on it. 'absent' is the normal first request, not an attack.
 */
export type DigestVerdict =
  | { readonly ok: true; readonly username: string; readonly authenticationInfo: () => string }
  | { readonly ok: false; readonly stale: boolean; readonly why: 'absent' | 'malformed' | 'unknownUser' | 'otherUser' | 'wrongAlgorithm' | 'wrongUri' | 'wrongResponse' | 'foreignNonce' | 'staleNonce' | 'replayed' };

/**
 * The server side of RFC 3261 22 with RFC 8760. An unknown user gets the same challenge, the same refusal and the same
 * number of hash computations as a known one with a wrong password. (A device set to SHA-256 shows in its challenge,
 * as exactly one algorithm is offered: phones fail when they see two.)
 */
export class DigestServer {
  readonly #settings: DigestServerSettings;
  readonly #hashing: Hashing;
  readonly #nonces: Nonces;
  readonly #opaque: string;
  /** Stands for the secret of a user who does not exist. */
  readonly #nobody: DeviceSecret;

  /** `boot` is random and new for every start of the process (at least 64 bits, without '.' and '-'). */
  constructor(settings: DigestServerSettings, hashing: Hashing, boot: string, epochMs: number) {
    this.#settings = settings;
    this.#hashing = hashing;
    this.#nonces = new Nonces({
      secret: settings.secret, realm: settings.realm, lifetimeMs: settings.nonceLifetimeMs ?? 300_000, maxNonces: settings.maxNonces ?? 50_000,
    }, hashing, boot, epochMs);
    this.#opaque = hashing.hmacSha256(settings.secret, `opaque:${settings.realm}`).slice(0, 16);
    this.#nobody = { username: '', algorithm: 'MD5', ha1: hashing.md5(hashing.hmacSha256(settings.secret, 'nobody')) };
  }

  /** The header field of a 401 or 407. `device`: whom the request names, when known. */
  challenge(kind: ChallengeKind, device: DeviceSecret | undefined, stale: boolean, epochMs: number): readonly [name: string, value: string] {
    const value = `Digest realm=${quoted(wireText(this.#settings.realm))}, nonce="${this.#nonces.make(epochMs)}", opaque="${this.#opaque}", `
      + `algorithm=${device?.algorithm ?? 'MD5'}, qop="auth"${stale ? ', stale=true' : ''}`;
    return [kind === 'user' ? 'WWW-Authenticate' : 'Proxy-Authenticate', value];
  }

  /**
   * Is this request from `device`, the one it claims to be from (From, To or whatever the caller asks about)? The
   * credentials of another device are refused, however right its password is.
   */
  verify(request: SipRequest, kind: ChallengeKind, device: DeviceSecret | undefined, epochMs: number): DigestVerdict {
    const read = readCredentials(request.headers, kind, wireText(this.#settings.realm));
    if (typeof read === 'string') return { ok: false, stale: false, why: read };

    const secret = device ?? this.#nobody;
    const proof = { ha1: secret.ha1, nonce: read.nonce, qop: read.qop, method: request.method, uri: read.uri };
    const expected = digestResponse(this.#hashing, secret.algorithm, proof);
    const right = equalInConstantTime(expected, read.response);
    const nonce = this.#nonces.check(read.nonce, epochMs);

    if (device === undefined) return { ok: false, stale: false, why: 'unknownUser' };
    if (read.username !== wireText(device.username)) return { ok: false, stale: false, why: 'otherUser' };
    if (read.algorithm !== device.algorithm) return { ok: false, stale: false, why: 'wrongAlgorithm' };
    if (!right) return { ok: false, stale: false, why: 'wrongResponse' };
    if (!sameTarget(read.uri, request.uri, this.#settings)) return { ok: false, stale: false, why: 'wrongUri' };
    // RFC 7616 3.3: stale only when the password has been proved.
    if (nonce !== 'fresh') return { ok: false, stale: true, why: nonce === 'stale' ? 'staleNonce' : 'foreignNonce' };
    if (!this.#nonces.use(read.nonce, read.nc, epochMs)) return { ok: false, stale: true, why: 'replayed' };
    return { ok: true, username: device.username, authenticationInfo: () => this.#authenticationInfo(device.algorithm, proof) };
  }

  /** The replay windows, for a clean stop. Import them once and delete them: rows from before a kill would admit replays. */
  exportReplay(): ReplayRows {
    return this.#nonces.export();
  }

  importReplay(rows: ReplayRows): void {
    this.#nonces.import(rows);
  }

  /** Nonces whose counts are remembered. */
  get nonces(): number {
    return this.#nonces.size;
  }

  /** RFC 7616 3.5: our proof that we know the secret too; '' for a client without qop. */
  #authenticationInfo(algorithm: DigestAlgorithm, proof: ResponseInput): string {
    if (proof.qop === undefined) return '';
    const rspauth = digestResponse(this.#hashing, algorithm, { ...proof, method: '' });
    return `qop=auth, rspauth="${rspauth}", cnonce=${quoted(proof.qop.cnonce)}, nc=${proof.qop.nc}`;
  }
}

/**
 * RFC 3261 22.4: the digest-uri should be the Request-URI, and phones differ in port, parameters and host (their
 * registrar's name, an outbound proxy's rewriting). Whom it calls may not differ: that is what is being authorised.
 */
function sameTarget(digestUri: string, requestUri: string, settings: DigestServerSettings): boolean {
  if (digestUri === requestUri) return true;
  const digest = parseUri(digestUri);
  const request = parseUri(requestUri);
  if (digest === undefined || request === undefined) return false;
  // A Request-URI without user is the server itself (REGISTER, OPTIONS). A digest-uri without one is how sipp and some
  // phones write every request: it names us, and its nonce count is good for this request alone.
  if (request.user !== undefined && digest.user !== undefined && unescapeUser(digest.user) !== unescapeUser(request.user)) return false;
  return digest.host === request.host || digest.host === settings.realm.toLowerCase() || (settings.hosts?.includes(digest.host) ?? false);
}
