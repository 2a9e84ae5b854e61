import { randomInt } from 'node:crypto';
import type { CarrierCodec } from '@tipring/carrier-control';
import { type Agreement, answerOffer, createOffer, type Direction, isTelephoneEvent, parseSdp, readAnswer, type SessionDescription, writeSdp } from '@tipring/sdp';
import { eventType, type MediaAgreement } from './call-media.ts';

/** Offers and answers of one call. What was agreed on is told each time. */
export class Negotiation {
  readonly #address: string;
  readonly #rtpPort: number;
  readonly #codecs: readonly CarrierCodec[];
  readonly #agreed: (media: MediaAgreement, held: boolean) => void;
  readonly #sessionId = String(randomInt(2 ** 40));
  #direction: Direction = 'sendrecv';
  #ours: SessionDescription | undefined;

  constructor(address: string, rtpPort: number, codecs: readonly CarrierCodec[], agreed: (media: MediaAgreement, held: boolean) => void) {
    this.#address = address;
    this.#rtpPort = rtpPort;
    this.#codecs = codecs;
    this.#agreed = agreed;
  }

  /** Our last description. */
  get described(): string | undefined {
    return this.#ours === undefined ? undefined : writeSdp(this.#ours);
  }

  offer(direction: Direction = this.#direction): string {
    this.#direction = direction;
    this.#ours = createOffer(this.#local);
    return writeSdp(this.#ours);
  }

  /** undefined: nothing in it that we can do. */
  answer(sdp: string): string | undefined {
    const offered = parseSdp(sdp);
    const answered = offered.ok ? answerOffer(offered.value, this.#local) : undefined;
    if (answered?.ok !== true) return undefined;
    this.#ours = answered.value.answer;
    this.#take(answered.value);
    return writeSdp(this.#ours);
  }

  /** The answer to our offer; false: nothing came of it. */
  take(sdp: string): boolean {
    const description = parseSdp(sdp);
    const agreement = description.ok && this.#ours !== undefined ? readAnswer(this.#ours, description.value) : undefined;
    if (agreement?.ok !== true) return false;
    this.#take(agreement.value);
    return true;
  }

  get #local() {
    return {
      codecs: [...this.#codecs.map((name) => ({ name, clockRate: 8_000 })), { name: 'telephone-event', clockRate: 8_000, payloadType: eventType }],
      address: this.#address,
      rtpPort: this.#rtpPort,
      direction: this.#direction,
      sessionId: this.#sessionId,
      version: 1,
      ptimeMs: 20,
      ...(this.#ours === undefined ? {} : { previous: this.#ours }),
    };
  }

  #take({ remote, direction }: Agreement): void {
    const [codec] = remote.codecs;
    const events = remote.codecs.find(isTelephoneEvent);
    this.#agreed(
      {
        address: remote.rtp.address,
        port: remote.rtp.port,
        codec: codec?.name.toUpperCase() === 'PCMA' ? 'PCMA' : 'PCMU',
        eventType: events?.payloadType ?? null,
        sends: direction === 'sendrecv' || direction === 'sendonly',
      },
      remote.hold,
    );
  }
}
