import type { EncodingName, Tone } from '@tipring/dsp';
import type { CommandRing } from './command-ring.ts';

/** What a payload type means to the relay. */
export const payloadKind = { unknown: 0, audio: 1, telephoneEvent: 2, comfortNoise: 3 } as const;

export interface PlaneCodec {
  readonly payloadType: number;
  readonly kind: number;
  readonly clockRate: number;
}

export interface PlaneRemote {
  /** Null: nowhere to send to yet (no SDP, or the hold by 0.0.0.0 of RFC 2543). */
  readonly address: string | null;
  readonly port: number;
  readonly rtcpAddress: string | null;
  readonly rtcpPort: number;
  readonly rtcpMux: boolean;
  readonly codecs: readonly PlaneCodec[];
  /** Of packets to a multicast group. */
  readonly multicastTtl: number;
}

/** Who hears a pair: `payloadTypes` are [its own, the hearer's] for everything both know. */
export interface PlaneRoute {
  readonly pair: number;
  readonly payloadTypes: readonly (readonly [number, number])[];
}

/** Who takes part in a bridge, and whose audio it is given there: `hears` are places in the list. */
export type PlaneSeat =
  /** Its audio is decoded. `isGiven`: and it is given what it hears; else its routes tell who sends to it. */
  | { readonly kind: 'rtp'; readonly pair: number; readonly encoding: EncodingName; readonly payloadType: number; readonly clockRate: number; readonly isGiven: boolean; readonly hears: readonly number[] }
  /** By its slot in the memory of players. */
  | { readonly kind: 'player'; readonly player: number; readonly hears: readonly number[] }
  | { readonly kind: 'seat'; readonly seat: number; readonly room: number; readonly isMuted: boolean; readonly hears: readonly number[] };

/**
 * What the main thread asks of a worker. A pair is an RTP and an RTCP port, by its number in this worker; the worker knows
 * nothing of contexts. `MediaPlaneWriter` puts the calls into a ring, `readMediaPlane` makes them on the other side.
 */
export interface MediaPlane {
  openPair(pair: number, address: string, port: number): void;
  /** Its ports are wanted elsewhere; told as `closed`. */
  closePair(pair: number): void;
  /** A termination begins on an open pair; its events carry `generation`. */
  begin(pair: number, generation: number): void;
  end(pair: number): void;
  remote(pair: number, remote: PlaneRemote): void;
  /** Whether we send to the far end, and whether we take what it sends. */
  mode(pair: number, sends: boolean, takes: boolean): void;
  routes(pair: number, routes: readonly PlaneRoute[]): void;
  digit(pair: number, event: number, durationMs: number): void;
  /** These ends hear each other through the DSP; none dissolves the bridge. */
  bridge(bridge: number, seats: readonly PlaneSeat[]): void;
  /** An end of a bridge hears a tone in place of the others; null: no more. */
  tone(pair: number, tone: Tone | null, levelDbm0: number): void;
  stop(): void;
}

/** Words. The longest is a bridge of many who all hear each other; `bridgeWords` says whether it is too long. */
export const longestRecord = 32_768;

/** At most, of the record that a bridge makes. */
export function bridgeWords(seats: readonly PlaneSeat[]): number {
  return seats.reduce((words, { hears }) => words + mostSeatWords + hears.length, mostSeatWords);
}

/** `awaited`: somebody waits for the outcome. */
export type Urgency = 'awaited' | 'soon';

export class MediaPlaneWriter implements MediaPlane {
  readonly #ring: CommandRing;
  readonly #written: (urgency: Urgency) => void;
  readonly #record = new Int32Array(longestRecord);
  #length = 0;
  /** Records the ring had no room for, in order. */
  #waiting: Int32Array[] = [];

  /** `written` is called after each command. */
  constructor(ring: CommandRing, written: (urgency: Urgency) => void) {
    this.#ring = ring;
    this.#written = written;
  }

  openPair(pair: number, address: string, port: number): void {
    this.#begin(operation.openPair, pair);
    this.#text(address);
    this.#word(port);
    this.#end();
  }

  closePair(pair: number): void {
    this.#begin(operation.closePair, pair);
    this.#end();
  }

  begin(pair: number, generation: number): void {
    this.#begin(operation.begin, pair);
    this.#word(generation);
    this.#end();
  }

  end(pair: number): void {
    this.#begin(operation.end, pair);
    this.#end();
  }

  remote(pair: number, remote: PlaneRemote): void {
    this.#begin(operation.remote, pair);
    this.#text(remote.address ?? '');
    this.#word(remote.port);
    this.#text(remote.rtcpAddress ?? '');
    this.#word(remote.rtcpPort);
    this.#word(remote.rtcpMux ? 1 : 0);
    this.#word(remote.multicastTtl);
    this.#word(remote.codecs.length);
    for (const codec of remote.codecs) {
      this.#word(codec.payloadType);
      this.#word(codec.kind);
      this.#word(codec.clockRate);
    }
    this.#end();
  }

  mode(pair: number, sends: boolean, takes: boolean): void {
    this.#begin(operation.mode, pair);
    this.#word(sends ? 1 : 0);
    this.#word(takes ? 1 : 0);
    this.#end();
  }

  routes(pair: number, routes: readonly PlaneRoute[]): void {
    this.#begin(operation.routes, pair);
    this.#word(routes.length);
    for (const route of routes) {
      this.#word(route.pair);
      this.#word(route.payloadTypes.length);
      for (const [own, hearers] of route.payloadTypes) {
        this.#word(own);
        this.#word(hearers);
      }
    }
    this.#end();
  }

  digit(pair: number, event: number, durationMs: number): void {
    this.#begin(operation.digit, pair);
    this.#word(event);
    this.#word(durationMs);
    this.#end();
  }

  bridge(bridge: number, seats: readonly PlaneSeat[]): void {
    this.#begin(operation.bridge, bridge);
    this.#word(seats.length);
    for (const seat of seats) {
      this.#word(seatKind[seat.kind]);
      if (seat.kind === 'rtp') {
        this.#word(seat.pair);
        this.#text(seat.encoding);
        this.#word(seat.payloadType);
        this.#word(seat.clockRate);
        this.#word(seat.isGiven ? 1 : 0);
      } else if (seat.kind === 'player') {
        this.#word(seat.player);
      } else {
        this.#word(seat.seat);
        this.#word(seat.room);
        this.#word(seat.isMuted ? 1 : 0);
      }
      this.#word(seat.hears.length);
      for (const heard of seat.hears) this.#word(heard);
    }
    this.#end();
  }

  tone(pair: number, tone: Tone | null, levelDbm0: number): void {
    this.#begin(operation.tone, pair);
    // A tone is rare, and has parts in parts.
    this.#text(JSON.stringify({ tone, levelDbm0 }));
    this.#end();
  }

  stop(): void {
    this.#begin(operation.stop, 0);
    this.#end();
  }

  /** Tries again what the ring had no room for; true when nothing waits any more. */
  drain(): boolean {
    while (this.#waiting.length > 0) {
      const record = this.#waiting[0] as Int32Array;
      if (!this.#ring.write(record, record.length)) return false;
      this.#waiting.shift();
    }
    return true;
  }

  #begin(what: number, pair: number): void {
    this.#record[0] = what;
    this.#record[1] = pair;
    this.#length = 2;
  }

  #word(word: number): void {
    this.#record[this.#length++] = word;
  }

  #text(text: string): void {
    this.#word(text.length);
    for (let i = 0; i < text.length; i++) this.#word(text.charCodeAt(i));
  }

  #end(): void {
    if (this.#waiting.length > 0 || !this.#ring.write(this.#record, this.#length)) this.#waiting.push(this.#record.slice(0, this.#length));
    this.#written(this.#record[0] === operation.openPair || this.#record[0] === operation.closePair ? 'awaited' : 'soon');
  }
}

/** Makes the call that a record stands for. */
export function readMediaPlane(record: Int32Array, plane: MediaPlane): void {
  let at = 2;
  const word = (): number => record[at++] as number;
  const text = (): string => {
    let read = '';
    for (let left = word(); left > 0; left--) read += String.fromCharCode(word());
    return read;
  };
  const list = <T>(one: () => T): T[] => {
    const items: T[] = [];
    for (let left = word(); left > 0; left--) items.push(one());
    return items;
  };
  const pair = record[1] as number;
  switch (record[0]) {
    case operation.openPair:
      return plane.openPair(pair, text(), word());
    case operation.closePair:
      return plane.closePair(pair);
    case operation.begin:
      return plane.begin(pair, word());
    case operation.end:
      return plane.end(pair);
    case operation.remote: {
      const [address, port, rtcpAddress, rtcpPort, mux, multicastTtl] = [text(), word(), text(), word(), word(), word()];
      const codecs = list(() => ({ payloadType: word(), kind: word(), clockRate: word() }));
      return plane.remote(pair, { address: address || null, port, rtcpAddress: rtcpAddress || null, rtcpPort, rtcpMux: mux === 1, codecs, multicastTtl });
    }
    case operation.mode:
      return plane.mode(pair, word() === 1, word() === 1);
    case operation.routes:
      return plane.routes(pair, list(() => ({ pair: word(), payloadTypes: list((): [number, number] => [word(), word()]) })));
    case operation.digit:
      return plane.digit(pair, word(), word());
    case operation.bridge:
      return plane.bridge(pair, list(() => readSeat(word, text, () => list(word))));
    case operation.tone: {
      const { tone, levelDbm0 } = JSON.parse(text()) as { tone: Tone | null; levelDbm0: number };
      return plane.tone(pair, tone, levelDbm0);
    }
    case operation.stop:
      return plane.stop();
    default:
      throw new Error(`no such operation: ${record[0]}`);
  }
}

function readSeat(word: () => number, text: () => string, words: () => number[]): PlaneSeat {
  switch (word()) {
    case seatKind.rtp:
      return { kind: 'rtp', pair: word(), encoding: text() as EncodingName, payloadType: word(), clockRate: word(), isGiven: word() === 1, hears: words() };
    case seatKind.player:
      return { kind: 'player', player: word(), hears: words() };
    default:
      return { kind: 'seat', seat: word(), room: word(), isMuted: word() === 1, hears: words() };
  }
}

/** Kind, pair, encoding and its length, payload type, clock rate, given or not, how many are heard. */
const mostSeatWords = 12;
const seatKind = { rtp: 0, player: 1, seat: 2 } as const;
const operation = { openPair: 1, begin: 2, end: 3, remote: 4, mode: 5, routes: 6, digit: 7, stop: 8, bridge: 9, tone: 10, closePair: 11 } as const;
