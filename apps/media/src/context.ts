import type { ContextAudit, ContextId, GatewayReplies, MediaMode, PayloadCodec, RemoteMedia, TerminationId, TerminationStatistics } from '@tipring/gateway';
import { estimateMos } from '@tipring/rtp';
import { isIPv6, SocketAddress } from 'node:net';
import type { AnalogEnd } from './analog-end.ts';
import type { PortPair } from './port-pool.ts';
import { payloadKind, type PlaneCodec, type PlaneRemote, type PlaneRoute, type PlaneSeat } from './worker/media-plane.ts';
import { statistic, statisticsFields } from './worker/statistics-table.ts';

/** One RTP end as the main thread knows it; its worker knows the pair only. An analog port is one too, whose far end is the ports worker. */
export interface Termination {
  readonly id: TerminationId;
  readonly generation: number;
  readonly analog: AnalogEnd | null;
  /** Open already: its worker has been told of it. */
  live: boolean;
  pair: PortPair;
  remote: RemoteMedia | null;
  mode: MediaMode;
  /** Payload type of the audio that comes from it; null: none came since `remote` is this. */
  heard: number | null;
  /** A tone is played to it. */
  hearsTone: boolean;
}

/** What hears each other, and the controller's memory of why. All its terminations are with one worker. */
export interface Context {
  readonly id: ContextId;
  readonly worker: number;
  blob: string | null;
  joined: readonly (readonly [TerminationId, TerminationId])[];
  readonly terminations: Map<TerminationId, Termination>;
  /** While its audio is decoded: the bridge's number in its worker, and who is in it. */
  bridge: { readonly number: number; readonly seats: readonly PlaneSeat[] } | null;
}

export function localOf({ address, rtpPort }: PortPair): GatewayReplies['add']['local'] {
  return { address, rtpPort, rtcpPort: rtpPort + 1 };
}

export function auditOf(context: Context, measured: { of(termination: Termination): TerminationStatistics; silentMsOf(termination: Termination): number | null }): ContextAudit {
  const terminations = [...context.terminations.values()].map((termination) => ({
    termination: termination.id,
    ...(termination.analog === null
      ? { kind: 'rtp' as const, port: null, local: localOf(termination.pair), remote: termination.remote, mode: termination.mode, silentMs: measured.silentMsOf(termination) }
      : { kind: 'port' as const, port: termination.analog.port, local: null, remote: null, mode: termination.mode, silentMs: null }),
    player: null,
    seat: null,
    statistics: measured.of(termination),
  }));
  return { context: context.id, blob: context.blob, joined: context.joined, oneWay: [], terminations };
}

/** Reads a termination's row of its worker's table. */
export function readStatistics(table: Float64Array, { pair, remote, analog }: Termination): TerminationStatistics {
  const row = pair.id * statisticsFields;
  const cell = (column: number): number => table[row + column] as number;
  const payloadType = cell(statistic.payloadType);
  const codec = remote?.codecs.find((candidate) => candidate.payloadType === payloadType)?.name ?? analog?.codec ?? null;
  const packetsReceived = cell(statistic.packetsReceived);
  const packetsLost = cell(statistic.packetsLost);
  const jitterMs = cell(statistic.jitterMs);
  const roundTripMs = cell(statistic.roundTripMs) < 0 ? null : cell(statistic.roundTripMs);
  const mos = packetsReceived === 0 ? null : estimateMos({ codec: codec ?? '', lossRatio: packetsLost / (packetsReceived + packetsLost), jitterMs, roundTripMs });
  return {
    codec,
    packetsReceived,
    octetsReceived: cell(statistic.octetsReceived),
    packetsSent: cell(statistic.packetsSent),
    packetsLost,
    packetsDiscarded: cell(statistic.packetsDiscarded),
    jitterMs,
    worstJitterMs: cell(statistic.worstJitterMs),
    roundTripMs,
    mos,
    ...(cell(statistic.farJitterMs) < 0 ? { farLost: null, farJitterMs: null } : { farLost: Math.max(0, cell(statistic.farLost)), farJitterMs: cell(statistic.farJitterMs) }),
  };
}

/** What the worker has to know of a far end. */
export function planeRemote({ rtp, rtcp, rtcpMux = false, codecs }: RemoteMedia): PlaneRemote {
  const address = sendable(rtp.address);
  const codecList = codecs.map(planeCodec);
  const rtcpAddress = rtcpMux ? null : rtcp === undefined ? address : sendable(rtcp.address);
  return { address, port: rtp.port, rtcpAddress, rtcpPort: rtcp?.port ?? Math.min(65_535, rtp.port + 1), rtcpMux, codecs: codecList };
}

/** Who hears `termination`, and how the payload types of the two correspond. */
export function planeRoutes(context: Context, termination: Termination): PlaneRoute[] {
  const routes: PlaneRoute[] = [];
  for (const [one, other] of context.joined) {
    const hearerId = one === termination.id ? other : other === termination.id ? one : null;
    const hearer = hearerId === null ? undefined : context.terminations.get(hearerId);
    if (hearer === undefined || !hearer.live) continue;
    routes.push({ pair: hearer.pair.id, payloadTypes: correspondence(termination.remote?.codecs ?? [], hearer.remote?.codecs ?? []) });
  }
  return routes;
}

/** Whether packets of audio can pass from one to the other as they are: they share a codec, and neither sends another that the other end has not. */
export function shareCodec(a: Termination, b: Termination): boolean {
  const theirs = b.remote?.codecs ?? [];
  return isTaken(a, b) && isTaken(b, a) && (a.remote?.codecs ?? []).some((codec) => isAudio(codec) && theirs.some((other) => isSameCodec(codec, other)));
}

/** What comes from `speaker`, as far as that is known, is a codec of `hearer`. */
function isTaken(speaker: Termination, hearer: Termination): boolean {
  const codec = speaker.heard === null ? undefined : speaker.remote?.codecs.find(({ payloadType }) => payloadType === speaker.heard);
  return codec === undefined || (hearer.remote?.codecs.some((other) => isSameCodec(codec, other)) ?? false);
}

export function isAudio({ name }: PayloadCodec): boolean {
  return kinds[name.toLowerCase()] === undefined;
}

function correspondence(from: readonly PayloadCodec[], to: readonly PayloadCodec[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (const codec of from) {
    const same = to.find((candidate) => isSameCodec(candidate, codec));
    if (same !== undefined) pairs.push([codec.payloadType, same.payloadType]);
  }
  return pairs;
}

/** RFC 3551 6: encoding names are compared without case; clock rate and channels are part of the encoding. */
function isSameCodec(a: PayloadCodec, b: PayloadCodec): boolean {
  return a.clockRate === b.clockRate && (a.channels ?? 1) === (b.channels ?? 1) && (a.name === b.name || a.name.toLowerCase() === b.name.toLowerCase());
}

function planeCodec({ payloadType, name, clockRate }: PayloadCodec): PlaneCodec {
  return { payloadType, clockRate, kind: kinds[name.toLowerCase()] ?? payloadKind.audio };
}

/** As the worker's sockets write addresses, so that it can compare them as text; null for none (RFC 2543's hold by 0.0.0.0). */
function sendable(address: string): string | null {
  if (address === '0.0.0.0' || address === '::') return null;
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

const kinds: Readonly<Record<string, number | undefined>> = { 'telephone-event': payloadKind.telephoneEvent, cn: payloadKind.comfortNoise };
