/**
 * Who is behind an address as far as limits go: an IPv4 address itself (also when written IPv4-mapped), for IPv6 the /64,
 * since one host has all of it to rotate through (RFC 6177).
 */
export function sourceOf(address: string): string {
  if (address.indexOf(':') < 0) return address;
  const dot = address.indexOf('.');
  if (dot > 0) return address.slice(address.lastIndexOf(':') + 1);
  const zone = address.indexOf('%');
  const bare = zone < 0 ? address : address.slice(0, zone);
  const gap = bare.indexOf('::');
  const before = (gap < 0 ? bare : bare.slice(0, gap)).split(':').filter(isGroup);
  const after = gap < 0 ? [] : bare.slice(gap + 2).split(':').filter(isGroup);
  const zeros = Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function isGroup(text: string): boolean {
  return text !== '';
}
