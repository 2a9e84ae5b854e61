import { TLSSocket } from 'node:tls';

/** Names the peer's certificate bears (RFC 5922 7.1); undefined without one, or when it is not trusted. */
export function certifiedNames(socket: unknown): readonly string[] | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subjectaltname, subject } = socket.getPeerCertificate();
  const names: string[] = [];
  for (const entry of (subjectaltname ?? '').split(', ')) {
    if (entry.startsWith('DNS:')) names.push(entry.slice(4).toLowerCase());
    else if (entry.startsWith('IP Address:')) names.push(entry.slice(11));
    // The identity is the domain; a URI that names a user is none (RFC 5922 7.1).
    else if (entry.startsWith('URI:sip:') && !entry.includes('@')) names.push(entry.slice(8).toLowerCase());
  }
  // RFC 5922 7.1: the common name counts only where there is no subjectAltName.
  const common: unknown = subject?.CN;
  if (subjectaltname === undefined && typeof common === 'string') names.push(common.toLowerCase());
  return names;
}
