import type { MediaMode, RemoteMedia } from './contract.ts';

/** Whether an address literal is of a group of receivers: 224.0.0.0/4 (RFC 5771) or ff00::/8 (RFC 4291 2.7). */
export function isMulticast(address: string): boolean {
  if (address.includes(':')) return address.slice(0, 2).toLowerCase() === 'ff';
  const first = Number(address.slice(0, Math.max(0, address.indexOf('.'))));
  return first >= 224 && first <= 239;
}

/** A group is only told: nobody could say which of its members is heard. Null: the two go together. */
export function multicastFault(remote: RemoteMedia | null | undefined, mode: MediaMode): string | null {
  if (remote === null || remote === undefined || !isMulticast(remote.rtp.address)) return null;
  return mode === 'recvonly' || mode === 'inactive' ? null : 'the mode of a multicast group must be recvonly or inactive';
}
