import type { Tone } from '@tipring/dsp';
import { BridgeLedger } from './bridging.ts';
import type { Context, RtpEnd } from './context.ts';
import { hearingOf } from './hearing.ts';
import type { PortEnds } from './port-ends.ts';
import type { AudioBridgesSettings } from './worker/audio-bridges.ts';
import type { MediaPlane, PlaneSeat } from './worker/media-plane.ts';

/** Who hears whom in each context, as the workers are told: packets are relayed, or audio is decoded in a bridge as far as there is room. */
export class Connections {
  readonly #planes: readonly MediaPlane[];
  readonly #ledgers: readonly BridgeLedger[];
  readonly #ports: PortEnds | null;
  #lastBridge = 0;

  /** `room`: of each worker. */
  constructor(planes: readonly MediaPlane[], room: AudioBridgesSettings, ports: PortEnds | null) {
    this.#planes = planes;
    this.#ports = ports;
    this.#ledgers = planes.map(() => new BridgeLedger(room));
  }

  /** As the context is now. False: there is no room to decode, and only what can be relayed is. */
  connect(context: Context): boolean {
    const plane = this.#planeOf(context);
    const { routes, seats } = hearingOf(context);
    for (const [end, routed] of routes) plane.routes(end.pair.id, routed);
    this.#ports?.connect(context);
    return this.#bridge(context, seats);
  }

  /** Audio of this payload type comes from an end: of the codecs that were agreed on it may be another than the first (RFC 3264 7). */
  heard(end: RtpEnd, payloadType: number): void {
    // Most send the first from the beginning to the end.
    const former = end.heard ?? end.remote?.codecs[0]?.payloadType;
    end.heard = payloadType;
    if (payloadType !== former) this.connect(end.context);
  }

  /** The context ends, or leaves its worker. */
  release(context: Context): void {
    this.#bridge(context, []);
  }

  /** Plays a tone to an end in place of the others; null: no more. `noCodec`: it speaks none that a tone could be sent in. */
  tone(end: RtpEnd, tone: Tone | null, levelDbm0: number): 'played' | 'noRoom' | 'noCodec' {
    const { context } = end;
    const plane = this.#planeOf(context);
    end.hearsTone = tone !== null;
    if (tone === null && context.bridge !== null) plane.tone(end.pair.id, null, 0);
    if (!this.connect(context)) {
      end.hearsTone = false;
      return 'noRoom';
    }
    if (tone === null) return 'played';
    const isIn = context.bridge?.seats.some((seat) => seat.kind === 'rtp' && seat.pair === end.pair.id && seat.isGiven) ?? false;
    if (!isIn) {
      end.hearsTone = false;
      return 'noCodec';
    }
    plane.tone(end.pair.id, tone, levelDbm0);
    return 'played';
  }

  #bridge(context: Context, wanted: readonly PlaneSeat[]): boolean {
    const former = context.bridge?.seats ?? [];
    if (former.length === 0 && wanted.length === 0) return true;
    const ledger = this.#ledgers[context.worker] as BridgeLedger;
    const hasRoom = ledger.swap(former, wanted);
    if (!hasRoom) ledger.swap(former, []);
    const seats = hasRoom ? wanted : [];
    const number = context.bridge?.number ?? ++this.#lastBridge;
    this.#planeOf(context).bridge(number, seats);
    context.bridge = seats.length === 0 ? null : { number, seats };
    return hasRoom;
  }

  #planeOf({ worker }: Context): MediaPlane {
    return this.#planes[worker] as MediaPlane;
  }
}
