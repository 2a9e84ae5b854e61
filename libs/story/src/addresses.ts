/** Whether an address is of use inside of one network only: RFC 1918, RFC 6598, RFC 3927, loopback, and their like in IPv6 (RFC 4193, RFC 4291 2.5.6). */
export function isPrivate(address: string): boolean {
  const four = /^(?:::ffff:)?(\d+)\.(\d+)\.\d+\.\d+$/i.exec(address);
  if (four !== null) {
    const [a, b] = [Number(four[1]), Number(four[2])];
    return a === 10 || a === 127 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128);
  }
  return /^(::1$|f[cd]|fe[89ab])/i.test(address);
}

/** `192.0.2.1:5060`, `[2001:db8::1]:5060`. */
export function socketText({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Host of `192.0.2.1:5060`, `[2001:db8::1]:5060` or an IPv6 address with a port after its last colon. */
export function hostOf(socket: string): string {
  const at = socket.lastIndexOf(':');
  return (at < 0 ? socket : socket.slice(0, at)).replace(/^\[|\]$/g, '');
}
