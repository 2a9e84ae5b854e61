import type { Timers } from '@tipring/clock';
import { type Codec, type DialRequest, type Endpoint, type EndpointId, FakeEndpoint, type FakeLeg, type Leg, type LegId, type LegListener, type LegSnapshot, type MediaProfile, type Offer, type Party } from '@tipring/telephony';

/** The audio of a phone's end of a call: 20 ms each way at a time. */
export interface PhoneAudio {
  /** What comes; good until return. */
  hear(samples: Int16Array): void;
  /** What it says; all of `into`. */
  speak(into: Int16Array): void;
  digit(digit: string): void;
}

/** Where a phone's media goes: what its SIP side would have agreed on. */
export interface PhoneMedia {
  addPhone(context: string, termination: string, codec: 'PCMA' | 'PCMU', audio: PhoneAudio): void;
}

/** What somebody says into a phone: sets the next samples, all of them. */
export type Voice = (into: Int16Array) => void;

/** One call of a phone: what it was told of the caller, what it hears, what it says. */
export class PhoneCall implements PhoneAudio {
  /** Another once a controller has taken it over from one that was killed. */
  leg: FakeLeg;
  /** Null: it has called itself. */
  readonly request: DialRequest | null;
  readonly beganAt: number;
  voice: Voice = quiet;
  digits = '';
  /** 20 ms heard since the beginning. */
  blocks = 0;
  readonly #heard = new Int16Array(heardSamples);

  constructor(leg: FakeLeg, request: DialRequest | null, beganAt: number) {
    this.leg = leg;
    this.request = request;
    this.beganAt = beganAt;
  }

  hear(samples: Int16Array): void {
    this.#heard.set(samples, (this.blocks++ * samples.length) % heardSamples);
  }

  speak(into: Int16Array): void {
    this.voice(into);
  }

  digit(digit: string): void {
    this.digits += digit;
  }

  /** Of one frequency, in the last 400 ms. */
  toneDbm0(hz: number): number {
    const coefficient = 2 * Math.cos((2 * Math.PI * hz) / 8_000);
    const from = this.blocks * 160;
    let [before, last] = [0, 0];
    for (let n = 0; n < heardSamples; n++) [before, last] = [last, this.#heard[(from + n) % heardSamples]! + coefficient * last - before];
    return decibels((2 * (last ** 2 + before ** 2 - coefficient * last * before)) / heardSamples ** 2);
  }

  levelDbm0(): number {
    return decibels(this.#heard.reduce((sum, sample) => sum + sample ** 2, 0) / heardSamples);
  }
}

/** An IP phone as calls and media see it, without SIP: it answers by itself after a while, says its tone, and knows what it hears. */
export class IpPhone implements Endpoint {
  readonly id: EndpointId;
  /** Oldest first. */
  readonly calls: PhoneCall[] = [];
  /** Null: it rings until somebody answers it. */
  answersAfterMs: number | null = 500;
  /** Of calls to come; each is told which call of the phone it is, from 0. */
  voiceOf: (call: number) => Voice = () => quiet;
  readonly #fake: FakeEndpoint;
  readonly #timers: Timers;
  readonly #media: () => PhoneMedia;

  constructor(id: EndpointId, timers: Timers, media: () => PhoneMedia) {
    this.id = id;
    this.#timers = timers;
    this.#media = media;
    this.#fake = new FakeEndpoint(id, timers);
  }

  /** The newest. */
  get call(): PhoneCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error(`${this.id} has no call`);
    return call;
  }

  /** The newest to this number. */
  callTo(number: string): PhoneCall | undefined {
    return this.calls.findLast(({ request }) => request?.number === number);
  }

  originate(id: LegId, request: DialRequest, listener: LegListener): Leg {
    const leg = this.#fake.originate(id, request, listener) as FakeLeg;
    this.#begin(leg, request, request.context, request.media);
    this.#timers.start(1, () => leg.say({ type: 'ringing' }));
    if (this.answersAfterMs !== null) this.#timers.start(this.answersAfterMs, () => leg.say({ type: 'answered', supervision: 'signalled', media: spoken(request.media) }));
    return leg;
  }

  adopt(id: LegId, snapshot: LegSnapshot, listener: LegListener): Leg {
    const leg = this.#fake.adopt(id, snapshot, listener) as FakeLeg;
    for (const call of this.calls) if (call.leg.id === id) call.leg = leg;
    return leg;
  }

  /** It calls somebody. */
  offer(number: string, from: Party, media: MediaProfile): Offer {
    const offer = this.#fake.offer(number, from, media);
    return {
      ...offer,
      accept: (id, context, listener) => {
        const leg = offer.accept(id, context, listener) as FakeLeg;
        this.#begin(leg, null, context, media);
        return leg;
      },
    };
  }

  #begin(leg: FakeLeg, request: DialRequest | null, context: string, media: MediaProfile): void {
    const call = new PhoneCall(leg, request, this.#timers.now());
    call.voice = this.voiceOf(this.calls.length);
    this.calls.push(call);
    this.#media().addPhone(context, leg.media, lawOf(media), call);
  }
}

export function quiet(into: Int16Array): void {
  into.fill(0);
}

/** A sine. */
export function tone(hz: number, levelDbm0 = -16): Voice {
  const peak = fullScale * 10 ** ((levelDbm0 - 3.17) / 20);
  let at = 0;
  return (into) => {
    for (let n = 0; n < into.length; n++) into[n] = Math.round(peak * Math.sin((2 * Math.PI * hz * at++) / 8_000));
  };
}

function spoken(media: MediaProfile): MediaProfile {
  const law = lawOf(media);
  return { codecs: media.codecs.filter(({ name }: Codec) => name === law), digits: media.digits };
}

function lawOf({ codecs }: MediaProfile): 'PCMA' | 'PCMU' {
  return codecs.find(({ name }) => name === 'PCMA' || name === 'PCMU')?.name === 'PCMU' ? 'PCMU' : 'PCMA';
}

function decibels(power: number): number {
  return 10 * Math.log10(power / (fullScale ** 2 / 2)) + 3.17;
}

const heardSamples = 3_200;
/** A sine of +3.17 dBm0 (A-law's +3.14 is as near as a test wants it). */
const fullScale = 32_124;
