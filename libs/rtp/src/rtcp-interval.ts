/**
 * When the next RTCP report is due (RFC 3550 6.2, 6.3.1), for a session of two: the minimum interval applies, because 5 % of
 * even a low-rate codec's bandwidth carries two members' reports more often than that. Half of it before the first report,
 * then spread over 0.5 to 1.5 and divided by e − 3/2, as 6.3.1 does to make up for its reconsideration.
 *
 * `random` is in [0, 1).
 */
export function rtcpIntervalMs(random: number, report: 'first' | 'later'): number {
  const minimum = report === 'first' ? minimumMs / 2 : minimumMs;
  return (minimum * (0.5 + random)) / (Math.E - 1.5);
}

const minimumMs = 5000;
