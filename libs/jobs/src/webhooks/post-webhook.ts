import { signedHeaders } from './signature.ts';

export interface PostedWebhook {
  /** null: nobody answered. */
  readonly status: number | null;
  readonly ms: number;
  /** Why it does not count as taken; null: it was. */
  readonly reason: string | null;
}

/** One attempt: taken is what is answered 2xx within ten seconds. Redirects are not followed: whoever moved says so in the configuration. Never rejects. */
export async function postWebhook(id: string, event: object, { url, secret }: { readonly url: string; readonly secret: string }, now: () => number): Promise<PostedWebhook> {
  const body = JSON.stringify(event);
  const begun = now();
  try {
    const { target, authorization } = withoutCredentials(url);
    const response = await fetch(target, {
      method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { 'content-type': 'application/json', 'user-agent': 'Tipring', ...authorization, ...signedHeaders(id, Math.floor(begun / 1000), body, secret) },
    });
    await response.body?.cancel();
    return { status: response.status, ms: now() - begun, reason: response.ok ? null : `answered ${response.status}` };
  } catch (error) {
    const { message, cause } = error as Error;
    return { status: null, ms: now() - begun, reason: cause instanceof Error && cause.message !== '' ? cause.message : message };
  }
}

/** `fetch` takes none in a URL, and says so with all of it; RFC 7617 2. */
function withoutCredentials(url: string): { readonly target: URL; readonly authorization: Readonly<Record<string, string>> } {
  const target = new URL(url);
  const { username, password } = target;
  if (username === '' && password === '') return { target, authorization: {} };
  target.username = target.password = '';
  return { target, authorization: { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` } };
}

const PATIENCE_MS = 10_000;
