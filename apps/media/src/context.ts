import type { ContextId, MediaMode, OneWay, Pair, PlayerAudit, RemoteMedia, RoomId, SoundFile, TerminationId, TerminationStatistics } from '@tipring/gateway';
import type { AnalogEnd } from './analog-end.ts';
import type { PortPair } from './port-pool.ts';
import type { PlaneSeat } from './worker/media-plane.ts';

/** What a context joins, as the main thread knows it. */
export type Termination = RtpEnd | Player | RoomSeat;

/** One RTP end; its worker knows the pair only. An analog port is one too, whose far end is the ports worker. */
export interface RtpEnd {
  readonly kind: 'rtp';
  id: TerminationId;
  context: Context;
  generation: number;
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
  /** What it had measured with the workers it was with before. */
  before: TerminationStatistics | null;
}

/** It plays and records; its audio is in the slot's memory. */
export interface Player {
  readonly kind: 'player';
  readonly id: TerminationId;
  readonly context: Context;
  readonly slot: number;
  announcement: { readonly number: number } | null;
  recording: { readonly number: number; readonly file: SoundFile; is: 'paused' | 'running' } | null;
}

export interface RoomSeat {
  readonly kind: 'seat';
  readonly id: TerminationId;
  readonly context: Context;
  /** Of all seats of this gateway. */
  readonly number: number;
  readonly room: Room;
  isMuted: boolean;
}

/** All its seats are with one worker. */
export interface Room {
  readonly id: RoomId;
  /** Of all rooms of this gateway. */
  readonly number: number;
  worker: number;
  readonly seats: Set<RoomSeat>;
}

/** What hears each other, and the controller's memory of why. All its terminations are with one worker. */
export interface Context {
  readonly id: ContextId;
  worker: number;
  blob: string | null;
  joined: readonly Pair[];
  oneWay: readonly OneWay[];
  readonly terminations: Map<TerminationId, Termination>;
  /** While its audio is decoded: the bridge's number in its worker, and who is in it. */
  bridge: { readonly number: number; readonly seats: readonly PlaneSeat[] } | null;
}

export function newContext(id: ContextId, worker: number): Context {
  return { id, worker, blob: null, joined: [], oneWay: [], terminations: new Map(), bridge: null };
}

/** It is in the context no more, nor in its topology. */
export function leave(context: Context, id: TerminationId): void {
  context.terminations.delete(id);
  context.joined = context.joined.filter((pair) => !pair.includes(id));
  context.oneWay = context.oneWay.filter((pair) => !pair.includes(id));
}

export function playerAudit({ announcement, recording }: Player): PlayerAudit {
  return { isPlaying: announcement !== null, recording: recording === null ? null : { file: recording.file, is: recording.is } };
}
