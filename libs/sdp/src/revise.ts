import type { SessionDescription } from './description.ts';
import { writeSdp } from './write.ts';

/**
 * `next` as the successor of `previous` in one dialog (RFC 3264 8): the same o= but for the version, which is raised by
 * one when anything else differs. When nothing differs, `previous` itself.
 */
export function revise(previous: SessionDescription | undefined, next: SessionDescription): SessionDescription {
  if (previous === undefined) return next;
  if (writeSdp({ ...next, origin: previous.origin }) === writeSdp(previous)) return previous;
  return { ...next, origin: { ...previous.origin, version: successor(previous.origin.version) } };
}

function successor(version: string): string {
  // RFC 8866 5.2: digits, 64 bits are usual (NTP time).
  return /^\d{1,20}$/.test(version) ? String(BigInt(version) + 1n) : '1';
}
