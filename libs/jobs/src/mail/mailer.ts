import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import { GivenUp } from '../given-up.ts';

/** The office's own server for outgoing mail. */
export interface MailServerSettings {
  readonly host: string;
  readonly port: number;
  /** startTls: not without; tls: from the first byte (RFC 8314). */
  readonly security: 'none' | 'startTls' | 'tls';
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly from: string;
}

export type Mail = Omit<SendMailOptions, 'from'>;

/**
 * Hands one mail over, on a connection of its own: mails are rare. Resolves when the server has taken it for at least one of those it is for. Rejects
 * with `GivenUp` when it says that it never will (5xx, RFC 5321 4.2.1).
 */
export async function sendMail(mail: Mail, { host, port, security, credentials, from }: MailServerSettings): Promise<{ readonly refused: readonly string[] }> {
  const transport: Transporter = createTransport({
    host, port,
    secure: security === 'tls', requireTLS: security === 'startTls', ignoreTLS: security === 'none',
    ...(credentials === null ? {} : { auth: { user: credentials.username, pass: credentials.password } }),
    connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: 3 * PATIENCE_MS,
    disableUrlAccess: true,
  });
  try {
    const sent = (await transport.sendMail({ ...mail, from })) as { readonly rejected?: readonly (string | { readonly address: string })[] };
    return { refused: (sent.rejected ?? []).map((one) => (typeof one === 'string' ? one : one.address)) };
  } catch (error) {
    const { responseCode, code, message } = error as Error & { responseCode?: number; code?: string };
    // A password may be put right while this waits.
    if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH') throw new GivenUp(message);
    throw error;
  } finally {
    transport.close();
  }
}

const PATIENCE_MS = 20_000;
