import type { GatewayEvent, GatewayReplies, MediaMode, RemoteMedia as GatewayRemote } from '@tipring/gateway';
import {
  answerOffer, codecsOf, createOffer, isCompanion, isTelephoneEvent, parseSdp, readAnswer, reverse, sameCodec, writeSdp,
  type Agreement, type LocalMedia, type PayloadCodec, type SessionDescription,
} from '@tipring/sdp';
import type { Cause, Codec, ContextId, LegEvent, MediaProfile, TerminationId } from '@tipring/telephony';
import type { GatewayMedia } from './gateway-media.ts';
import { attention, type ToneSignal } from './leg-tones.ts';

type LocalAddress = GatewayReplies['add']['local'];

/** What could not be had, and why. */
export interface MediaFailure {
  readonly cause: Cause;
  readonly kind: string;
  readonly text: string;
}

export type MediaResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: MediaFailure };

/** What an agreement changed for this end. `hold`: the far end does not want to hear us. */
export interface MediaChange {
  readonly profile: MediaProfile;
  readonly hold: boolean;
  /** False: a refresh of what is. */
  readonly changed: boolean;
}

/** Plain JSON. The last local description is kept with the session. */
export interface MediaSnapshot {
  readonly context: ContextId;
  readonly termination: TerminationId;
  readonly local: LocalAddress;
  readonly remote: GatewayRemote | null;
  readonly mode: MediaMode;
  readonly codecs: readonly Codec[];
}

export interface MediaPlace {
  /** Changes when the leg moves to another call. */
  readonly context: ContextId;
  readonly termination: TerminationId;
  /** Where the far end is to send to. */
  readonly address: string;
  /** o= session id, digits. */
  readonly sessionId: string;
}

/** One leg's termination in the gateway, and what was said about it in SDP (RFC 3264). */
export class LegMedia {
  /** The gateway cannot do what was agreed on: there will be no audio. */
  onFailure: (failure: MediaFailure) => void = () => {};
  readonly #gateway: GatewayMedia;
  #place: MediaPlace;
  #local: LocalAddress | undefined;
  /** Our last description in this dialog: as text once it is agreed, a tenth of the memory for the length of a call. */
  #described: SessionDescription | string | undefined;
  #remote: GatewayRemote | null = null;
  #mode: MediaMode = 'sendrecv';
  /** Audio codecs that both ends of the call have; before that, those that may be offered. */
  #codecs: readonly Codec[] = [];
  /** What its far end hears in place of the others. */
  #tone: ToneSignal | null = null;
  #lastAnswer: { readonly text: string; readonly change: MediaChange } | undefined;

  constructor(gateway: GatewayMedia, place: MediaPlace, hear: (event: GatewayEvent) => void) {
    this.#gateway = gateway;
    this.#place = place;
    gateway.listen(place.termination, hear);
  }

  static adopt(gateway: GatewayMedia, snapshot: MediaSnapshot, localSdp: string | undefined, hear: (event: GatewayEvent) => void): LegMedia {
    const { context, termination, local, remote, mode, codecs } = snapshot;
    const description = localSdp === undefined ? undefined : read(localSdp);
    const media = new LegMedia(gateway, { context, termination, address: local.address, sessionId: description?.origin.sessionId ?? '1' }, hear);
    media.#local = local;
    media.#described = localSdp;
    media.#remote = remote;
    media.#mode = mode;
    media.#codecs = codecs;
    return media;
  }

  get termination(): TerminationId {
    return this.#place.termination;
  }

  /** Whether the far end takes RFC 4733 events. */
  get takesEvents(): boolean {
    return this.#remote?.codecs.some(isTelephoneEvent) ?? false;
  }

  /** Audio codecs that were agreed on, the one in use first. */
  get spoken(): readonly Codec[] {
    return this.#remote?.codecs.filter((codec) => !isCompanion(codec)) ?? [];
  }

  /** Our first description, as an offer of these codecs. */
  offer(codecs: readonly Codec[], done: (offer: MediaResult<string>) => void): void {
    this.#codecs = codecs;
    const { context, termination, address } = this.#place;
    this.#gateway.send({ do: 'add', context, termination, address }, (reply, refusal) => {
      if (reply === null) return done(refused(refusal));
      this.#local = reply.local;
      done({ ok: true, value: this.#describe(createOffer(this.#localMedia(reply.local, codecs)), 'offer') });
    });
  }

  /** Our first description, as the answer to the far end's offer, reduced to these codecs. */
  answer(offer: SessionDescription, codecs: readonly Codec[], done: (answer: MediaResult<string>) => void): void {
    if (this.#local !== undefined) return this.#answerAnother(offer, codecs, done);
    this.#codecs = codecs;
    const { context, termination, address } = this.#place;
    // Ports are not known before the gateway tells them; what was agreed is.
    const agreed = answerOffer(offer, this.#localMedia({ address, rtpPort: UNKNOWN_PORT, rtcpPort: UNKNOWN_PORT + 1 }, codecs));
    if (!agreed.ok) return done({ ok: false, error: incompatible(agreed.error.text) });
    this.#remote = gatewayRemote(agreed.value);
    this.#mode = reverse(agreed.value.direction);
    this.#gateway.send({ do: 'add', context, termination, address, remote: this.#remote, mode: this.#mode }, (reply, refusal) => {
      if (reply === null) return done(refused(refusal));
      this.#local = reply.local;
      this.#signalTone();
      const answer = answerOffer(offer, this.#localMedia(reply.local, codecs));
      done(answer.ok ? { ok: true, value: this.#describe(answer.value.answer, 'answer') } : { ok: false, error: incompatible(answer.error.text) });
    });
  }

  /**
   * The answer to the offer of a further dialog of the fork whose first one was answered by `answer`: from the same port. `take`: that dialog is the
   * call now, the gateway sends to its far end. Only once `answer` was done.
   */
  answerBeside(offer: SessionDescription, codecs: readonly Codec[]): MediaResult<{ readonly sdp: string; readonly take: () => void }> {
    if (this.#local === undefined) return { ok: false, error: incompatible('no media yet') };
    const agreed = answerOffer(offer, { ...this.#localMedia(this.#local, codecs), previous: undefined });
    if (!agreed.ok) return { ok: false, error: incompatible(agreed.error.text) };
    const sdp = writeSdp(agreed.value.answer);
    const take = (): void => {
      this.#codecs = codecs;
      this.#described = sdp;
      this.#agree(agreed.value);
    };
    return { ok: true, value: { sdp, take } };
  }

  /** The far end answered our offer. The same answer again (in 183 and 200) changes nothing. */
  takeAnswer(text: string): MediaResult<MediaChange> {
    if (this.#lastAnswer?.text === text) return { ok: true, value: { ...this.#lastAnswer.change, changed: false } };
    const parsed = parseSdp(text);
    const description = this.#description;
    if (!parsed.ok || description === undefined) return { ok: false, error: incompatible(parsed.ok ? 'an answer without an offer' : parsed.error.text) };
    const agreed = readAnswer(description, parsed.value);
    if (!agreed.ok) return { ok: false, error: incompatible(agreed.error.text) };
    const change = this.#agree(agreed.value);
    this.#codecs = change.profile.codecs;
    this.#lastAnswer = { text, change };
    this.#described = writeSdp(description);
    return { ok: true, value: change };
  }

  /** The far end offers anew: our answer, within what both ends of the call have; when it has nothing of that any more, with the first of its codecs that can be transcoded. */
  answerAgain(text: string, transcoded: readonly Codec[]): MediaResult<{ readonly answer: string } & MediaChange> {
    const parsed = parseSdp(text);
    if (!parsed.ok) return { ok: false, error: incompatible(parsed.error.text) };
    if (this.#local === undefined) return { ok: false, error: incompatible('no media yet') };
    const common = answerOffer(parsed.value, this.#localMedia(this.#local, this.#codecs));
    const agreed = common.ok ? common : this.#transcoded(parsed.value, this.#local, transcoded) ?? common;
    if (!agreed.ok) return { ok: false, error: incompatible(agreed.error.text) };
    const change = this.#agree(agreed.value);
    this.#lastAnswer = undefined;
    return { ok: true, value: { answer: this.#describe(agreed.value.answer, 'answer'), ...change } };
  }

  /** A new offer of ours in this dialog. */
  offerAgain(codecs: readonly Codec[] = this.#codecs): string | undefined {
    if (this.#local === undefined) return undefined;
    this.#codecs = codecs;
    this.#lastAnswer = undefined;
    return this.#describe(createOffer(this.#localMedia(this.#local, codecs)), 'offer');
  }

  /** Whether the codec in use is the profile's. */
  uses(profile: MediaProfile): boolean {
    const [ours, theirs] = [this.#remote?.codecs[0]?.name, profile.codecs[0]?.name];
    return ours === undefined || theirs === undefined || ours.toLowerCase() === theirs.toLowerCase();
  }

  /** RFC 4733 towards the far end. */
  sendDigit(digit: string, durationMs: number): void {
    const { context, termination } = this.#place;
    this.#gateway.send({ do: 'signal', context, termination, signal: { type: 'digit', digit, durationMs } });
  }

  /** Of tones of ours no more; digits are awaited. */
  attend(): void {
    this.play(this.takesEvents ? null : attention);
  }

  /** A tone towards the far end, in place of whom it is joined with; null: no more. One that is not reached yet hears it as soon as it is. */
  play(tone: ToneSignal | null): void {
    if (tone === this.#tone) return;
    this.#tone = tone;
    if (this.#local === undefined) return;
    if (tone !== null) return this.#signalTone();
    const { context, termination } = this.#place;
    this.#gateway.send({ do: 'signal', context, termination, signal: { type: 'silence' } });
  }

  /** Its termination has been moved to that context. */
  moved(context: ContextId): void {
    this.#place = { ...this.#place, context };
  }

  /** The gateway forgot us: the same ports again, so that the far end notices nothing. */
  restore(failed: (failure: MediaFailure) => void): void {
    if (this.#local === undefined) return;
    const { context, termination } = this.#place;
    const { address, rtpPort } = this.#local;
    this.#gateway.send(
      { do: 'add', context, termination, address, local: { rtpPort }, mode: this.#mode, ...(this.#remote === null ? {} : { remote: this.#remote }) },
      (reply, refusal) => {
        if (reply === null && refusal?.code !== 'terminationExists') return failed(refused(refusal).error);
        this.#signalTone();
      },
    );
  }

  snapshot(): MediaSnapshot | undefined {
    const { context, termination } = this.#place;
    return this.#local && { context, termination, local: this.#local, remote: this.#remote, mode: this.#mode, codecs: this.#codecs };
  }

  /** Nothing is heard of it any more. Its end in the gateway is the call's business. */
  close(): void {
    this.#gateway.unlisten(this.#place.termination);
  }

  /** Of another server, after a former one had offered before it failed: the termination is there. */
  #answerAnother(offer: SessionDescription, codecs: readonly Codec[], done: (answer: MediaResult<string>) => void): void {
    const beside = this.answerBeside(offer, codecs);
    if (!beside.ok) return done(beside);
    beside.value.take();
    done({ ok: true, value: beside.value.sdp });
  }

  /** Undefined: what is in use now, or what is offered, cannot be decoded. */
  #transcoded(offer: SessionDescription, local: LocalAddress, transcoded: readonly Codec[]): ReturnType<typeof answerOffer> | undefined {
    const [inUse] = this.spoken;
    if (inUse === undefined || !transcoded.some((codec) => sameCodec(codec, inUse))) return undefined;
    const codec = offeredProfile(offer, transcoded)?.codecs[0];
    return codec && answerOffer(offer, this.#localMedia(local, [codec]));
  }

  #signalTone(): void {
    const { context, termination } = this.#place;
    if (this.#tone !== null) this.#gateway.send({ do: 'signal', context, termination, signal: this.#tone });
  }

  #agree(agreed: Agreement): MediaChange {
    const said = gatewayRemote(agreed);
    // RFC 2543's hold names no address: the far end is still where it was (RFC 3264 8.4).
    const former = said.rtp.address === '0.0.0.0' || said.rtp.address === '::' ? this.#remote : null;
    const remote = former === null ? said : { ...former, codecs: said.codecs };
    const mode = reverse(agreed.direction);
    const newRemote = !sameRemote(this.#remote, remote);
    const newMode = mode !== this.#mode;
    if (newRemote || newMode) {
      this.#remote = remote;
      this.#mode = mode;
      const { context, termination } = this.#place;
      this.#gateway.send({ do: 'modify', context, termination, ...(newRemote ? { remote } : {}), ...(newMode ? { mode } : {}) }, (_reply, refusal) => {
        if (refusal?.code === 'overloaded') this.onFailure(refused(refusal).error);
      });
    }
    return { profile: profileOf(remote.codecs), hold: agreed.remote.hold, changed: newRemote || newMode };
  }

  get #description(): SessionDescription | undefined {
    return typeof this.#described === 'string' ? read(this.#described) : this.#described;
  }

  #localMedia({ address, rtpPort, rtcpPort }: LocalAddress, codecs: readonly Codec[]): LocalMedia {
    const previous = this.#description;
    return {
      codecs: [...codecs, TELEPHONE_EVENT],
      address,
      rtpPort,
      rtcpPort,
      sessionId: this.#place.sessionId,
      version: 1,
      ...(previous === undefined ? {} : { previous }),
    };
  }

  #describe(description: SessionDescription, of: 'offer' | 'answer'): string {
    const text = writeSdp(description);
    this.#described = of === 'answer' ? text : description;
    return text;
  }
}

/** A description that we wrote. */
function read(text: string): SessionDescription | undefined {
  const parsed = parseSdp(text);
  return parsed.ok ? parsed.value : undefined;
}

/** What the far end of an offer could take, of what may pass here; undefined without audio that we know. */
export function offeredProfile(offer: SessionDescription, permitted: readonly Codec[]): MediaProfile | undefined {
  for (const media of offer.media) {
    // SRTP is not spoken yet: a secured stream is refused, never answered in the clear (RFC 3264 6).
    if (media.kind !== 'audio' || media.port === 0 || !PLAIN.includes(media.protocol)) continue;
    const offered = codecsOf(media);
    const codecs = offered.filter((codec) => permitted.some((one) => one.clockRate === codec.clockRate && one.name.toLowerCase() === codec.name.toLowerCase()));
    if (codecs.length > 0) return profileOf([...codecs, ...offered.filter(isTelephoneEvent)]);
  }
  return undefined;
}

/** What a leg tells its call of what the gateway saw; undefined: nothing. */
export function legEventOf(event: GatewayEvent): Exclude<LegEvent, { type: 'released' }> {
  switch (event.event) {
    case 'digit':
      // Relayed: the other side has it already; sent again it would arrive twice.
      if (event.relayed) return { type: 'note', evidence: { kind: 'digit', text: `digit ${event.digit}, relayed in RTP` } };
      return { type: 'digit', digit: event.digit, durationMs: event.durationMs };
    case 'mediaTimeout':
      return { type: 'silent', silentMs: event.silentMs };
    case 'mediaResumed':
      return { type: 'heard', silentMs: event.silentMs };
    case 'mediaStarted':
      return { type: 'note', evidence: { kind: 'mediaStarted', text: `first packet from ${event.from.address}:${event.from.port}` }, data: { from: `${event.from.address}:${event.from.port}` } };
  }
}

function profileOf(codecs: readonly PayloadCodec[]): MediaProfile {
  const audio: Codec[] = [];
  let events = false;
  for (const { name, clockRate, channels, parameters } of codecs) {
    if (name.toLowerCase() === 'telephone-event') events = true;
    else if (name.toUpperCase() !== 'CN') audio.push({ name, clockRate, ...(channels === undefined ? {} : { channels }), ...(parameters === undefined ? {} : { parameters }) });
  }
  return { codecs: audio, digits: events ? 'rtpEvent' : 'signalling' };
}

function gatewayRemote({ remote: { rtp, rtcp, rtcpMux, codecs } }: Agreement): GatewayRemote {
  return { rtp, rtcp, rtcpMux, codecs };
}

function sameRemote(a: GatewayRemote | null, b: GatewayRemote): boolean {
  if (a === null || a.rtp.port !== b.rtp.port || a.rtp.address !== b.rtp.address || a.rtcp?.port !== b.rtcp?.port || a.rtcpMux !== b.rtcpMux) return false;
  return a.codecs.length === b.codecs.length && a.codecs.every((codec, index) => {
    const other = b.codecs[index];
    return other !== undefined && codec.payloadType === other.payloadType && codec.name === other.name && codec.parameters === other.parameters;
  });
}

function refused(refusal: { readonly code: string; readonly text: string } | null): { readonly ok: false; readonly error: MediaFailure } {
  const cause = refusal?.code === 'noPort' || refusal?.code === 'portTaken' ? 'noCircuit' : refusal?.code === 'overloaded' ? 'congestion' : 'temporaryFailure';
  return { ok: false, error: { cause, kind: 'gateway', text: `media gateway: ${refusal?.text ?? 'no answer'}` } };
}

function incompatible(text: string): MediaFailure {
  return { cause: 'incompatibleDestination', kind: 'sdp', text };
}

const PLAIN: readonly string[] = ['RTP/AVP', 'RTP/AVPF'];
const TELEPHONE_EVENT = { name: 'telephone-event', clockRate: 8000 } as const;
/** Never written: replaced when the gateway has told the real one. */
const UNKNOWN_PORT = 9;
