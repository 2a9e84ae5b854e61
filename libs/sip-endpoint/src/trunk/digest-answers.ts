import { DigestClient } from '@tipring/sip';
import type { Hashing, HeaderLines, SipRequest, SipResponse } from '@tipring/sip';

export interface DigestName {
  readonly username: string;
  readonly password: string;
}

/**
 * Answers the challenges to requests of one session. A request that comes without credentials begins anew: a nonce that another request used
 * says nothing of it.
 */
export function digestAnswers({ username, password }: DigestName, hashing: Hashing, random: () => number): (challenge: SipResponse, request: SipRequest) => HeaderLines | undefined {
  let client: DigestClient | undefined;
  return (challenge, request) => {
    if (client === undefined || !isAnswered(request)) client = new DigestClient([{ username, password }], hashing, () => cnonce(random));
    return client.challenged(challenge) === 'retry' ? client.authorize(request.method, request.uri) : undefined;
  };
}

function isAnswered({ headers }: SipRequest): boolean {
  return headers.has('Authorization') || headers.has('Proxy-Authorization');
}

function cnonce(random: () => number): string {
  return Math.floor(random() * 2 ** 48).toString(36) + Math.floor(random() * 2 ** 48).toString(36);
}
