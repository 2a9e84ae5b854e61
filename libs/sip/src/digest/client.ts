import { parseAuthentication } from '../message/credentials.ts';
import { displayText, wireText } from '../message/latin1.ts';
import type { HeaderFields, SipResponse } from '../message/message.ts';
import { readAlgorithm } from './credentials.ts';
import { computeHa1, digestResponse, quoted } from './ha1.ts';
import type { DigestAlgorithm, Hashing } from './hashing.ts';

/** What we are known by at a far end. `realm` undefined = whatever realm asks. */
export interface DigestCredentials {
  readonly username: string;
  readonly password: string;
  readonly realm?: string;
}

/**
 * Answers the challenges of one far end (RFC 3261 22.2, 22.3): one memory per realm, of user agent servers and of
 * proxies, so a request can pass several proxies. The strongest algorithm we know is taken of each realm's challenges.
 */
export class DigestClient {
  readonly #credentials: readonly DigestCredentials[];
  readonly #hashing: Hashing;
  readonly #cnonce: () => string;
  readonly #realms = new Map<string, AnsweredRealm>();

  /** `cnonce` gives random text without quotes, new each time. */
  constructor(credentials: readonly DigestCredentials[], hashing: Hashing, cnonce: () => string) {
    this.#credentials = credentials;
    this.#hashing = hashing;
    this.#cnonce = cnonce;
  }

  /** Takes the challenges of a 401 or 407. 'refused': our credentials were tried and are wrong, or there are none. */
  challenged(response: SipResponse): 'retry' | 'refused' {
    let answerable = false;
    for (const challenge of readChallenges(response.headers)) {
      const credentials = this.#credentials.find((one) => one.realm === challenge.realm) ?? this.#credentials.find((one) => one.realm === undefined);
      if (credentials === undefined) continue;
      const key = `${challenge.field} ${challenge.realm}`;
      const former = this.#realms.get(key);
      // A nonce refused at its first use, and not for its age: the password is wrong. One that had been used before
      // has run out, also when the server does not say `stale`.
      const firstUseRefused = former !== undefined && former.uses === 1;
      if (firstUseRefused && !challenge.stale) return 'refused';
      const staleInARow = firstUseRefused ? former.staleInARow + 1 : 0;
      if (staleInARow > MAX_STALE_IN_A_ROW) return 'refused';
      const { username, password } = credentials;
      const ha1 = former !== undefined && former.challenge.algorithm === challenge.algorithm
        ? former.ha1 : computeHa1(this.#hashing, challenge.algorithm, username, displayText(challenge.realm), password);
      this.#realms.set(key, { challenge, username: wireText(username), ha1, uses: 0, staleInARow });
      answerable = true;
    }
    return answerable ? 'retry' : 'refused';
  }

  /** The credential fields of the next request. Each call counts as one use of the nonces. */
  authorize(method: string, uri: string): [name: string, value: string][] {
    const fields: [string, string][] = [];
    for (const realm of this.#realms.values()) {
      realm.uses += 1;
      fields.push([realm.challenge.field, this.#answer(realm, method, uri)]);
    }
    return fields;
  }

  #answer(realm: AnsweredRealm, method: string, uri: string): string {
    const { challenge } = realm;
    const qop = challenge.qopAuth ? { nc: realm.uses.toString(16).padStart(8, '0'), cnonce: this.#cnonce() } : undefined;
    const response = digestResponse(this.#hashing, challenge.algorithm, { ha1: realm.ha1, nonce: challenge.nonce, qop, method, uri });
    let value = `Digest username=${quoted(realm.username)}, realm=${quoted(challenge.realm)}, nonce=${quoted(challenge.nonce)}, uri=${quoted(uri)}, response="${response}"`;
    if (challenge.algorithmWritten !== undefined) value += `, algorithm=${challenge.algorithmWritten}`;
    if (challenge.opaque !== undefined) value += `, opaque=${quoted(challenge.opaque)}`;
    if (qop !== undefined) value += `, qop=auth, nc=${qop.nc}, cnonce="${qop.cnonce}"`;
    return value;
  }
}

interface AnsweredRealm {
  readonly challenge: Challenge;
  readonly username: string;
  readonly ha1: string;
  uses: number;
  readonly staleInARow: number;
}

interface Challenge {
  readonly field: 'Authorization' | 'Proxy-Authorization';
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  readonly algorithmWritten: string | undefined;
  readonly qopAuth: boolean;
  readonly stale: boolean;
}

/** The best challenge of each realm that we can answer (RFC 8760 2.4 leaves the order to us: SHA-256 first). */
function readChallenges(headers: HeaderFields): Challenge[] {
  const best: Challenge[] = [];
  for (const [name, field] of FIELDS) {
    for (const line of headers.lines(name)) {
      const challenge = readChallenge(line, field);
      if (challenge === undefined) continue;
      const rival = best.findIndex((one) => one.field === field && one.realm === challenge.realm);
      if (rival < 0) best.push(challenge);
      else if (best[rival]?.algorithm === 'MD5' && challenge.algorithm === 'SHA-256') best[rival] = challenge;
    }
  }
  return best;
}

function readChallenge(line: string, field: Challenge['field']): Challenge | undefined {
  const value = parseAuthentication(line);
  if (value === undefined || value.scheme.toLowerCase() !== 'digest') return undefined;
  const realm = value.parameter('realm');
  const nonce = value.parameter('nonce');
  const algorithmWritten = value.parameter('algorithm');
  const algorithm = readAlgorithm(algorithmWritten);
  if (realm === undefined || nonce === undefined || algorithm === null) return undefined;
  const qop = value.parameter('qop');
  const qopAuth = qop !== undefined && qop.split(',').some((option) => option.trim().toLowerCase() === 'auth');
  // Only auth-int is asked for, which we do not do.
  if (qop !== undefined && !qopAuth && qop.trim() !== '') return undefined;
  return { field, realm, nonce, opaque: value.parameter('opaque'), algorithm, algorithmWritten, qopAuth, stale: value.parameter('stale')?.toLowerCase() === 'true' };
}

const FIELDS = [['WWW-Authenticate', 'Authorization'], ['Proxy-Authenticate', 'Proxy-Authorization']] as const;
const MAX_STALE_IN_A_ROW = 2;
