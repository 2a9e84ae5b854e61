/** Groups of 16 bits: two for IPv4, also where it is written as `::ffff:192.0.2.1`; eight for IPv6. Undefined: no address. */
export type AddressGroups = readonly number[] | undefined;

/** Tells of an address whether it is in one of these blocks (`192.0.2.0/24`, `2001:db8::/32`) or is an address that stands there (RFC 4632, RFC 4291). */
export function sourceBlocks(blocks: readonly string[]): (address: AddressGroups) => boolean {
  const compiled = blocks.flatMap((block) => compile(block) ?? []);
  return (groups) => {
    return groups !== undefined && compiled.some((block) => block.groups.length === groups.length && block.groups.every((group, at) => group === ((groups[at] ?? 0) & (block.masks[at] ?? 0))));
  };
}

interface Block {
  readonly groups: readonly number[];
  readonly masks: readonly number[];
}

function compile(block: string): Block | undefined {
  const [base = '', length] = block.split('/');
  const groups = groupsOf(base);
  if (groups === undefined) return undefined;
  const bits = length === undefined ? groups.length * 16 : Number(length);
  if (!(bits >= 0 && bits <= groups.length * 16)) return undefined;
  const masks = groups.map((_, at) => (0xffff << (16 - Math.min(Math.max(bits - at * 16, 0), 16))) & 0xffff);
  return { groups: groups.map((group, at) => group & (masks[at] ?? 0)), masks };
}

export function groupsOf(address: string): AddressGroups {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (!mapped.includes(':')) return ipv4(mapped);
  const halves = mapped.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':').flatMap((group) => (group.includes('.') ? (ipv4(group) ?? [NaN]) : [hex(group)]))));
  const groups = head ?? [];
  const rest = tail ?? [];
  const gap = 8 - groups.length - rest.length;
  if (halves.length === 1 ? gap !== 0 : gap < 0) return undefined;
  const all = [...groups, ...Array.from({ length: halves.length === 1 ? 0 : gap }, () => 0), ...rest];
  return all.some(Number.isNaN) ? undefined : all;
}

function ipv4(text: string): readonly number[] | undefined {
  const octets = text.split('.').map((octet) => (/^\d{1,3}$/.test(octet) && Number(octet) < 256 ? Number(octet) : NaN));
  const [a = NaN, b = NaN, c = NaN, d = NaN] = octets;
  return octets.length === 4 && !octets.some(Number.isNaN) ? [a * 256 + b, c * 256 + d] : undefined;
}

function hex(group: string): number {
  return /^[0-9A-Fa-f]{1,4}$/.test(group) ? Number.parseInt(group, 16) : NaN;
}
