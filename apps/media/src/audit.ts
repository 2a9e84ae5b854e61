import type { ContextAudit, GatewayReplies, TerminationStatistics } from '@tipring/gateway';
import { estimateMos } from '@tipring/rtp';
import { type Context, playerAudit, type RtpEnd, type Termination } from './context.ts';
import type { PortPair } from './port-pool.ts';
import { statistic, statisticsFields } from './worker/statistics-table.ts';

/** What is known of an end from its worker. */
export interface Measured {
  of(termination: Termination): TerminationStatistics;
  silentMsOf(end: RtpEnd): number | null;
}

export function localOf({ address, rtpPort }: PortPair): GatewayReplies['add']['local'] {
  return { address, rtpPort, rtcpPort: rtpPort + 1 };
}

export function auditOf(context: Context, measured: Measured): ContextAudit {
  const terminations = [...context.terminations.values()].map((termination) => ({ ...nothing, ...described(termination, measured), termination: termination.id, statistics: measured.of(termination) }));
  return { context: context.id, blob: context.blob, joined: context.joined, oneWay: context.oneWay, terminations };
}

type Described = Omit<ContextAudit['terminations'][number], 'termination' | 'statistics'>;

function described(termination: Termination, measured: Measured): Partial<Described> & Pick<Described, 'kind'> {
  switch (termination.kind) {
    case 'player':
      return { kind: 'player', player: playerAudit(termination) };
    case 'seat':
      return { kind: 'seat', seat: { room: termination.room.id, isMuted: termination.isMuted } };
    case 'rtp':
      if (termination.analog !== null) return { kind: 'port', port: termination.analog.port, mode: termination.mode };
      return { kind: 'rtp', local: localOf(termination.pair), remote: termination.remote, mode: termination.mode, silentMs: measured.silentMsOf(termination) };
  }
}

/** Reads an end's row of its worker's table. */
export function readStatistics(table: Float64Array, { pair, remote, analog, before }: RtpEnd): TerminationStatistics {
  const row = pair.id * statisticsFields;
  const cell = (column: number): number => table[row + column] as number;
  const payloadType = cell(statistic.payloadType);
  const codec = remote?.codecs.find((candidate) => candidate.payloadType === payloadType)?.name ?? analog?.codec ?? before?.codec ?? null;
  const packetsReceived = cell(statistic.packetsReceived) + (before?.packetsReceived ?? 0);
  const packetsLost = cell(statistic.packetsLost) + (before?.packetsLost ?? 0);
  const jitterMs = cell(statistic.jitterMs);
  const roundTripMs = cell(statistic.roundTripMs) < 0 ? (before?.roundTripMs ?? null) : cell(statistic.roundTripMs);
  const mos = packetsReceived === 0 ? null : estimateMos({ codec: codec ?? '', lossRatio: packetsLost / (packetsReceived + packetsLost), jitterMs, roundTripMs });
  return {
    codec,
    packetsReceived,
    octetsReceived: cell(statistic.octetsReceived) + (before?.octetsReceived ?? 0),
    packetsSent: cell(statistic.packetsSent) + (before?.packetsSent ?? 0),
    packetsLost,
    packetsDiscarded: cell(statistic.packetsDiscarded) + (before?.packetsDiscarded ?? 0),
    jitterMs,
    worstJitterMs: Math.max(cell(statistic.worstJitterMs), before?.worstJitterMs ?? 0),
    roundTripMs,
    mos,
    ...(cell(statistic.farJitterMs) < 0 ? { farLost: before?.farLost ?? null, farJitterMs: before?.farJitterMs ?? null } : { farLost: Math.max(0, cell(statistic.farLost)) + (before?.farLost ?? 0), farJitterMs: cell(statistic.farJitterMs) }),
  };
}

const nothing: Omit<Described, 'kind'> = { port: null, player: null, seat: null, local: null, remote: null, mode: 'sendrecv', silentMs: null };
