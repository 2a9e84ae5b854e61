import type { Tone } from '@tipring/dsp';
import type { ContextId, TerminationId } from './identifiers.ts';
import type { PlayerAudit, PlayerGatewayCommand, PlayerGatewayEvent, PlayerGatewayRefusalCode, PlayerGatewayReplies, SeatAudit } from './player-contract.ts';
import type { PortGatewayCommand, PortGatewayEvent, PortGatewayRefusalCode, PortGatewayReplies, PortName } from './port-contract.ts';
import type { SimulatorGatewayCommand, SimulatorGatewayReplies, SimulatorRefusalCode } from './simulator-contract.ts';

/**
 * The media gateway contract (H.248's model: contexts, terminations, signals, events), as JSON objects, one a line,
 * over a UNIX socket. The controller numbers its commands; the gateway answers each with the same number, in order.
 * Contexts outlive the controller's connection. What concerns analog ports is in port-contract.ts, players and rooms are in player-contract.ts.
 */
export interface MediaAddress {
  readonly address: string;
  readonly port: number;
}

/** A codec and the payload type it has on this termination (RFC 3551, dynamic ones from SDP). */
export interface PayloadCodec {
  readonly payloadType: number;
  readonly name: string;
  readonly clockRate: number;
  readonly channels?: number;
  readonly parameters?: string;
}

/** The far end of an RTP termination as its SDP says. Packets from elsewhere are latched only by the rules of `latching.ts` in apps/media. */
export interface RemoteMedia {
  /** A multicast group (paging) is only sent to: the mode must be `recvonly` or `inactive`. */
  readonly rtp: MediaAddress;
  /** Absent: RTP port + 1, or the RTP port itself when multiplexed (RFC 5761). */
  readonly rtcp?: MediaAddress;
  readonly rtcpMux?: boolean;
  /** First is the one in use; telephone-event and CN are in the list like any other. */
  readonly codecs: readonly PayloadCodec[];
  /** Of what is sent to a multicast group, 1 to 255 routers further; absent: 1, the own network. */
  readonly multicastTtl?: number;
}

/** As seen from the termination's far end, like SDP: 'recvonly' = the far end only listens to us. */
export type MediaMode = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface TerminationStatistics {
  readonly codec: string | null;
  readonly packetsReceived: number;
  readonly octetsReceived: number;
  readonly packetsSent: number;
  readonly packetsLost: number;
  readonly packetsDiscarded: number;
  readonly jitterMs: number;
  /** The most that `jitterMs` ever was. */
  readonly worstJitterMs: number;
  readonly roundTripMs: number | null;
  readonly mos: number | null;
  /** What the far end lost of what was sent to it, and its jitter: as it reported by RTCP last (RFC 3550 6.4.1); null: it sent no reports. */
  readonly farLost: number | null;
  readonly farJitterMs: number | null;
}

/** What a termination's far end is made to hear (H.248's signals). */
export type Signal =
  /** RFC 4733 event; refused where the far end takes none. */
  | { readonly type: 'digit'; readonly digit: string; readonly durationMs: number }
  /** In place of the others, until `silence` or its own end; level in dBm0, -60 to 0. */
  | { readonly type: 'tone'; readonly tone: Tone; readonly levelDbm0: number }
  | { readonly type: 'silence' };

/** Two ends that hear each other. */
export type Pair = readonly [TerminationId, TerminationId];
/** The hearer hears the speaker. */
export type OneWay = readonly [speaker: TerminationId, hearer: TerminationId];

export type GatewayCommand =
  /** A new RTP termination (of a port: `addPort`); the context comes into being with its first one. `local` pins the ports (re-adding after a gateway restart). */
  | { readonly do: 'add'; readonly context: ContextId; readonly termination: TerminationId; readonly remote?: RemoteMedia; readonly mode?: MediaMode; readonly local?: { readonly rtpPort: number }; readonly address?: string }
  /** Of an RTP termination. `overloaded`: done, but the codecs would have to be converted now, and there is no room for that: it is not heard by those who have not its codec. */
  | { readonly do: 'modify'; readonly context: ContextId; readonly termination: TerminationId; readonly remote?: RemoteMedia; readonly mode?: MediaMode }
  /**
   * H.248 topology descriptor: exactly these pairs hear each other, all others are isolated. A pair of an end with itself: it hears itself. `oneWay`:
   * the second hears the first. Pairs that share a codec are relayed; where codecs differ, or somebody hears several, audio is decoded and mixed.
   * `overloaded`: no room for that; the former topology stays.
   */
  | { readonly do: 'topology'; readonly context: ContextId; readonly joined: readonly Pair[]; readonly oneWay?: readonly OneWay[] }
  /** The controller's own state for this context; the gateway never looks inside. Replaces the former. */
  | { readonly do: 'attach'; readonly context: ContextId; readonly blob: string }
  /**
   * An RTP end or a port goes to another context (H.248.1 7.2.4), which comes into being if need be, as `as`; its former topology forgets it, and it has none in the new
   * one. Its ports stay as they are, and its stream and what was measured go on; where the contexts are with different workers of the gateway its stream begins anew on the
   * same ports. Refused: `noSuchTermination`, `terminationExists`, `overloaded`; `badCommand` of players and seats.
   */
  | { readonly do: 'move'; readonly context: ContextId; readonly termination: TerminationId; readonly to: ContextId; readonly as?: TerminationId }
  /** A port stays open, and as its hook is. */
  | { readonly do: 'subtract'; readonly context: ContextId; readonly termination: TerminationId }
  /** Subtracts everything and forgets the context. */
  | { readonly do: 'release'; readonly context: ContextId }
  /** Of an RTP termination; to a port one plays. */
  | { readonly do: 'signal'; readonly context: ContextId; readonly termination: TerminationId; readonly signal: Signal }
  | { readonly do: 'inspect'; readonly context: ContextId }
  /** Everything the gateway holds, to adopt it. */
  | { readonly do: 'audit' }
  /** Counters of the gateway as a whole, for the controller's /metrics. */
  | { readonly do: 'metrics' }
  | PlayerGatewayCommand
  | PortGatewayCommand
  | SimulatorGatewayCommand;

export interface GatewayReplies extends PlayerGatewayReplies, PortGatewayReplies, SimulatorGatewayReplies {
  add: { readonly local: { readonly address: string; readonly rtpPort: number; readonly rtcpPort: number } };
  modify: Record<string, never>;
  topology: Record<string, never>;
  attach: Record<string, never>;
  move: Record<string, never>;
  subtract: { readonly statistics: TerminationStatistics };
  release: { readonly statistics: Readonly<Record<TerminationId, TerminationStatistics>> };
  signal: Record<string, never>;
  inspect: ContextAudit;
  /** `ports`: those that are open, in a context or not. */
  audit: { readonly gateway: string; readonly contexts: readonly ContextAudit[]; readonly ports: readonly PortName[] };
  metrics: GatewayMetrics;
}

/** Gauges are of this moment; counters (`…Total`) run since the gateway started. A port here is an RTP/RTCP pair. */
export interface GatewayMetrics {
  readonly contexts: number;
  readonly terminations: number;
  readonly portsInUse: number;
  readonly portsReady: number;
  readonly portsQuarantined: number;
  readonly portsTotal: number;
  readonly workers: number;
  /** 1 with the packet I/O addon, 0 with its pure TypeScript fallback. */
  readonly nativeIo: 0 | 1;
  /** Workers that got real-time priority. */
  readonly realtimeWorkers: number;
  readonly commandsTotal: number;
  readonly commandsRefusedTotal: number;
  readonly packetsReceivedTotal: number;
  readonly packetsSentTotal: number;
  /** Not RTP, unknown payload type, wrong source, or a direction the mode forbids. */
  readonly packetsDiscardedTotal: number;
  /** Arrived at a port that has no termination. */
  readonly packetsStrayTotal: number;
  readonly sendErrorsTotal: number;
}

export interface ContextAudit {
  readonly context: ContextId;
  readonly blob: string | null;
  readonly joined: readonly Pair[];
  readonly oneWay: readonly OneWay[];
  readonly terminations: readonly {
    readonly termination: TerminationId;
    readonly kind: 'rtp' | 'port' | 'player' | 'seat';
    /** Null of what is no analog port. */
    readonly port: PortName | null;
    /** Null of what is no player, or no seat. */
    readonly player: PlayerAudit | null;
    readonly seat: SeatAudit | null;
    /** Null of what is no RTP end, as is `remote`. */
    readonly local: { readonly address: string; readonly rtpPort: number; readonly rtcpPort: number } | null;
    readonly remote: RemoteMedia | null;
    /** Of what is no RTP end always `sendrecv`. */
    readonly mode: MediaMode;
    /** What the `mediaTimeout` said that no packet has come since; null: there is none such, and of what is no RTP end. A port tells `silent`. */
    readonly silentMs: number | null;
    readonly statistics: TerminationStatistics;
  }[];
}

/** Of an RTP end. */
export type GatewayEvent =
  /** A digit arrived (once, at its end or after its duration is known): as RFC 4733 event, or heard in the audio of an end in a bridge that sends no events. `relayed`: it was passed on as event to who takes those. */
  | { readonly event: 'digit'; readonly context: ContextId; readonly termination: TerminationId; readonly digit: string; readonly durationMs: number; readonly relayed: boolean }
  /** No packet for the configured time although the mode says there should be. Once for each silence; a `modify` before that begins to count anew. */
  | { readonly event: 'mediaTimeout'; readonly context: ContextId; readonly termination: TerminationId; readonly silentMs: number }
  /** A packet again, after a `mediaTimeout`; `silentMs`: how long there was none. */
  | { readonly event: 'mediaResumed'; readonly context: ContextId; readonly termination: TerminationId; readonly silentMs: number }
  /** First packet from the far end, and where it really comes from (symmetric RTP). */
  | { readonly event: 'mediaStarted'; readonly context: ContextId; readonly termination: TerminationId; readonly from: MediaAddress };

/** Why a command was refused; `code` is stable. */
export interface GatewayRefusal {
  readonly code: 'noSuchContext' | 'noSuchTermination' | 'terminationExists' | 'noPort' | 'portTaken' | 'badCommand' | 'overloaded' | PlayerGatewayRefusalCode | PortGatewayRefusalCode | SimulatorRefusalCode;
  readonly text: string;
}

/** What the controller holds of a gateway. The in-memory fake and the socket client pass the same conformance suite. */
export interface Gateway {
  /** Never throws and never rejects: a dead gateway is a refusal with code `gone`. Commands sent in one turn of the event loop leave in one write, under load those of a few milliseconds. */
  send<C extends GatewayCommand>(command: C, done?: (reply: GatewayReplies[C['do']] | null, refusal: GatewayRefusal | { readonly code: 'gone'; readonly text: string } | null) => void): void;
  onEvent: (event: GatewayEvent) => void;
  /** What players have played and recorded. */
  onPlayerEvent: (event: PlayerGatewayEvent) => void;
  /** What happens at analog ports. */
  onPortEvent: (event: PortGatewayEvent) => void;
  /** `up` comes after a fresh connection and before any reply; the controller then audits and re-adds what is missing. */
  onState: (state: 'up' | 'down') => void;
  readonly state: 'up' | 'down';
  close(): void;
}
