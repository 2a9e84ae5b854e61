import type { ContextAudit, MediaMode, OneWay, Pair, RemoteMedia, TerminationStatistics } from './contract.ts';
import { auditFake, type FakePlayer, type FakeSeat } from './fake-players.ts';
import type { TerminationId } from './identifiers.ts';
import type { PortName } from './port-contract.ts';

/** What a fake gateway keeps of a termination. */
export interface FakeTermination {
  readonly port: PortName | null;
  readonly player: FakePlayer | null;
  readonly seat: FakeSeat | null;
  readonly local: { readonly address: string; readonly rtpPort: number; readonly rtcpPort: number } | null;
  remote: RemoteMedia | null;
  mode: MediaMode;
  silentMs: number | null;
  statistics: TerminationStatistics;
}

/** And of a context. */
export interface FakeContext {
  blob: string | null;
  joined: readonly Pair[];
  oneWay: readonly OneWay[];
  readonly terminations: Map<TerminationId, FakeTermination>;
}

/** As an audit tells it. */
export function auditContext(id: string, context: FakeContext): ContextAudit {
  const terminations = [...context.terminations].map(([termination, { port, player, seat, local, remote, mode, silentMs, statistics }]) => {
    const kind: ContextAudit['terminations'][number]['kind'] = port !== null ? 'port' : player !== null ? 'player' : seat !== null ? 'seat' : 'rtp';
    return { termination, kind, port, ...auditFake(player, seat), local, remote, mode, silentMs, statistics };
  });
  return { context: id, blob: context.blob, joined: context.joined, oneWay: context.oneWay, terminations };
}

export function newContext(): FakeContext {
  return { blob: null, joined: [], oneWay: [], terminations: new Map() };
}

/** Also its topology. */
export function leave(context: FakeContext, id: TerminationId): void {
  context.terminations.delete(id);
  context.joined = context.joined.filter((pair) => !pair.includes(id));
  context.oneWay = context.oneWay.filter((pair) => !pair.includes(id));
}

/** Of what has had no packet. */
export const nothingMeasured: TerminationStatistics = {
  codec: null,
  packetsReceived: 0,
  octetsReceived: 0,
  packetsSent: 0,
  packetsLost: 0,
  packetsDiscarded: 0,
  jitterMs: 0,
  worstJitterMs: 0,
  roundTripMs: null,
  mos: null,
  farLost: null,
  farJitterMs: null,
};

/** What any termination begins with. */
export const nothingYet: FakeTermination = { port: null, player: null, seat: null, local: null, remote: null, mode: 'sendrecv', silentMs: null, statistics: nothingMeasured };
