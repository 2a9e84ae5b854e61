/**
 * What both threads see of a termination's traffic: the worker writes it for each packet, the main thread reads it when a
 * reply wants statistics, so that no reply has to wait for a worker. One row of doubles for each pair of ports.
 */
export const statisticsFields = 12;

/** Columns of a row. */
export const statistic = {
  packetsReceived: 0,
  octetsReceived: 1,
  packetsSent: 2,
  packetsLost: 3,
  packetsDiscarded: 4,
  jitterMs: 5,
  /** -1 while unknown. */
  roundTripMs: 6,
  /** Payload type of the last audio packet, -1 before the first. */
  payloadType: 7,
  /** Of a time-out that was told, until the next packet; 0 otherwise. */
  silentMs: 8,
  worstJitterMs: 9,
  /** As the far end reported. */
  farLost: 10,
  /** -1 while it has not. */
  farJitterMs: 11,
} as const;

/** Counters of a worker as a whole, in the row after the last pair. */
export const workerCounter = { received: 0, sent: 1, discarded: 2, stray: 3, sendErrors: 4 } as const;

export function statisticsBytes(pairs: number): number {
  return (pairs + 1) * statisticsFields * 8;
}

export function clearStatistics(table: Float64Array, pair: number): void {
  const row = pair * statisticsFields;
  table.fill(0, row, row + statisticsFields);
  table[row + statistic.roundTripMs] = -1;
  table[row + statistic.payloadType] = -1;
  table[row + statistic.farJitterMs] = -1;
}
