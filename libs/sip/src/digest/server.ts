import type { DigestAlgorithm } from './hashing.ts';

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

/*
 * class DigestServer (settings: DigestServerSettings, hashing: Hashing, startedAtEpochMs: number, boot: string)
 *   challenge(kind, device: DeviceSecret | undefined, stale: boolean, epochMs): readonly [name: string, value: string]
 *   verify(request: SipRequest, kind, device: DeviceSecret | undefined, epochMs): DigestVerdict
 *   exportReplay(): ReplayRows     importReplay(rows)                              for a clean restart
 * computeHa1(hashing, algorithm, username, realm, password): string
 */
