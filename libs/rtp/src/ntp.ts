/** RFC 3550 4: seconds since 1 January 1900 and a 32-bit fraction. */
export interface NtpTime {
  readonly seconds: number;
  readonly fraction: number;
}

/** From milliseconds since 1 January 1970 (with fractions). */
export function ntpOfUnixMs(unixMs: number): NtpTime {
  const seconds = Math.floor(unixMs / 1000);
  return { seconds: (seconds + secondsFrom1900To1970) >>> 0, fraction: Math.floor(((unixMs - seconds * 1000) / 1000) * 2 ** 32) >>> 0 };
}

/** The middle 32 of the 64 bits, in 1/65536 s: what LSR and the arithmetic of round trips use (RFC 3550 6.4.1). */
export function middleBits({ seconds, fraction }: NtpTime): number {
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}

/**
 * Round trip in milliseconds from a reception report (RFC 3550 6.4.1): now − LSR − DLSR, all in 1/65536 s modulo 2³².
 * Null when the far end has had no SR of ours, or when its clock arithmetic gives nonsense.
 */
export function roundTripMs(now: NtpTime, lastSenderReport: number, delaySinceLast: number): number | null {
  if (lastSenderReport === 0) return null;
  const units = (middleBits(now) - lastSenderReport - delaySinceLast) | 0;
  // A far end that rounds up its delay can make it a little negative: that is no delay at all.
  if (units < -655 || units > 60 * 65_536) return null;
  return Math.max(0, (units * 1000) / 65_536);
}

const secondsFrom1900To1970 = 2_208_988_800;
