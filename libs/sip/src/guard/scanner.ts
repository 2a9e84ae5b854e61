/**
 * The name of a known SIP scanner in a User-Agent, or undefined. Evidence only: the tools lie about their name, and the
 * honest ones are used by administrators.
 */
export function scannerOf(userAgent: string): string | undefined {
  const lower = userAgent.toLowerCase();
  return SCANNERS.find((name) => lower.includes(name));
}

const SCANNERS = ['friendly-scanner', 'sipvicious', 'sipcli', 'sip-scan', 'sundayddr', 'vaxsipuseragent', 'pplsip', 'smap', 'iwar', 'sipptk'];
