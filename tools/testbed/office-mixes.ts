import type { PortCodec } from '@tipring/gateway';
import type { Context, RtpEnd } from '@tipring/media';
import type { PhoneAudio } from './ip-phone.ts';

/** What a mix needs of its gateway. */
export interface MixWays {
  phoneOf(termination: RtpEnd): PhoneAudio | undefined;
  decode(codec: PortCodec, payload: Uint8Array): Int16Array;
  /** To a port, by way of its link. */
  send(to: RtpEnd, samples: Int16Array): void;
}

/**
 * Three and more in a context, as the bridges of a packet worker have them: each hears the sum of all others that it is joined with. Its clock is that of
 * its first port.
 */
export class OfficeMixes {
  readonly #ways: MixWays;
  /** What each said last. */
  readonly #said = new WeakMap<RtpEnd, Int16Array>();
  readonly #sum = new Int16Array(blockSamples);

  constructor(ways: MixWays) {
    this.#ways = ways;
  }

  /** 20 ms of a port, in a context whose ends are joined with several. */
  fromLine(context: Context, from: RtpEnd, payload: Uint8Array, codec: PortCodec): void {
    this.#saidBy(from).set(this.#ways.decode(codec, payload));
    const first = rtpEnds(context).find(({ analog }) => analog !== null);
    if (first === from) {
      for (const termination of rtpEnds(context)) this.#ways.phoneOf(termination)?.speak(this.#saidBy(termination));
      for (const termination of rtpEnds(context)) this.#ways.phoneOf(termination)?.hear(this.#heardBy(context, termination));
    }
    this.#ways.send(from, this.#heardBy(context, from));
  }

  #heardBy(context: Context, hearer: RtpEnd): Int16Array {
    this.#sum.fill(0);
    for (const partner of partnersOf(context, hearer)) {
      const said = this.#saidBy(partner);
      for (let n = 0; n < blockSamples; n++) this.#sum[n] = Math.max(-32_768, Math.min(32_767, this.#sum[n]! + said[n]!));
    }
    return this.#sum;
  }

  #saidBy(termination: RtpEnd): Int16Array {
    let said = this.#said.get(termination);
    if (said === undefined) this.#said.set(termination, (said = new Int16Array(blockSamples)));
    return said;
  }
}

export function* partnersOf(context: Context, { id }: RtpEnd): Generator<RtpEnd> {
  for (const [one, other] of context.joined) {
    const partner = rtpEnds(context).find((end) => end.id === (one === id ? other : other === id ? one : ''));
    if (partner !== undefined) yield partner;
  }
}

/** There are no others here. */
export function rtpEnds(context: Context): readonly RtpEnd[] {
  return [...context.terminations.values()].filter((termination) => termination.kind === 'rtp');
}

/** Whether somebody in it hears more than one. */
export function isMixed(context: Context): boolean {
  for (const termination of rtpEnds(context)) if ([...partnersOf(context, termination)].length > 1) return true;
  return false;
}

const blockSamples = 160;
