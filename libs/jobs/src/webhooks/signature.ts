import { createHmac } from 'node:crypto';

/**
 * As Standard Webhooks 1.0 has it: HMAC-SHA256 over `id.timestamp.body`, so that whoever receives it can tell who sent it, that nobody changed it, and
 * that it is no old one sent again. `secret`: `whsec_` and base64, or the bytes of the text.
 */
export function signedHeaders(id: string, timestampS: number, body: string, secret: string): Readonly<Record<string, string>> {
  const key = secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestampS), 'webhook-signature': `v1,${signature}` };
}

const prefix = 'whsec_';
