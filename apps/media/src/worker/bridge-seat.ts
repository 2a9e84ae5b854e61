import type { EncodingName } from '@tipring/dsp';
import type { BridgeMember } from './bridge-member.ts';
import type { PlayerVoice } from './player-voice.ts';

/** What a bridge needs of an RTP end. */
export interface BridgedEnd {
  /** Where a packet can be written: an offset of `bytes` and the room there. */
  place(): { readonly bytes: Uint8Array; readonly at: number; readonly room: number };
  /** Sends the packet there, of which the payload is written, as part of the end's stream. */
  say(at: number, octets: number, sequence: number, timestamp: number, nowUs: number): void;
  /** A digit was heard in this end's audio. */
  heardDigit(digit: string, durationMs: number): void;
}

/** Who takes part in a bridge. `hears`: places of those whose audio it is given. */
export type BridgeSeat = RtpSeat | PlayerSeat | RoomSeat;

export interface RtpSeat {
  readonly kind: 'rtp';
  readonly end: BridgedEnd;
  readonly encoding: EncodingName;
  readonly hears: readonly number[];
  /** False: it is only heard here; what is sent to it comes by its routes. */
  readonly isGiven: boolean;
  /** Whether DTMF is listened for in its audio: the end has no telephone-event. `take`: and is taken out of the audio. */
  readonly inBandDigits: 'none' | 'hear' | 'take';
}

export interface PlayerSeat {
  readonly kind: 'player';
  /** Its slot. */
  readonly player: number;
  readonly hears: readonly number[];
}

export interface RoomSeat {
  readonly kind: 'seat';
  /** Of all seats in rooms, this one. */
  readonly seat: number;
  readonly room: number;
  readonly isMuted: boolean;
  readonly hears: readonly number[];
}

/** One that was given a channel; `hears` counts those alone. */
export type Seated =
  | (RtpSeat & { readonly channel: number; readonly member: BridgeMember })
  | (PlayerSeat & { readonly channel: number; readonly voice: PlayerVoice })
  | (RoomSeat & { readonly channel: number });

export type Rate = 8_000 | 16_000;

export interface Bridge {
  seats: readonly Seated[];
  rate: Rate;
}

/** Of its own audio. A player plays at 16 kHz, a seat of a room has the rate of its bridge. */
export function ownRate(seat: Seated, bridge: Rate): Rate {
  if (seat.kind === 'rtp') return seat.member.codec.sampleRateHz === 16_000 ? 16_000 : 8_000;
  return seat.kind === 'player' ? 16_000 : bridge;
}

/** 16 kHz where a wide-band end has somebody to hear or to be heard by who is wide-band too. */
export function rateOf(seats: readonly BridgeSeat[]): Rate {
  const wide = seats.filter(isWide).length;
  return wide > 0 && wide + seats.filter(({ kind }) => kind !== 'rtp').length > 1 ? 16_000 : 8_000;
}

export function isWide(seat: BridgeSeat): boolean {
  return seat.kind === 'rtp' && (seat.encoding === 'G722' || seat.encoding === 'opus');
}

/** Whether it is the same as before, whatever it hears now. */
export function isSameSeat(one: BridgeSeat, other: BridgeSeat): boolean {
  switch (one.kind) {
    case 'rtp':
      return other.kind === 'rtp' && one.end === other.end && one.encoding === other.encoding;
    case 'player':
      return other.kind === 'player' && one.player === other.player;
    case 'seat':
      return other.kind === 'seat' && one.seat === other.seat;
  }
}
