import type { CarrierCall, CarrierCodec, CarrierSound, NumberBehaviour } from '@tipring/carrier-control';
import type { Timer, Timers } from '@tipring/clock';
import type { HeaderLines, IncomingInvite, OutgoingInvite, Session, SessionCore, SessionEvent, SessionListener, SipRequest } from '@tipring/sip';
import type { CallMedia } from './call-media.ts';
import { Negotiation } from './negotiation.ts';
import { ringingTone, silence, specialInformationTone, steadyTone } from './voice.ts';

export interface CarriedCallPorts {
  readonly id: string;
  readonly ownHz: number;
  readonly address: string;
  readonly codecs: readonly CarrierCodec[];
  readonly media: CallMedia;
  readonly timers: Timers;
}

/** One call of a carrier: its SIP session, its audio, and what becomes of it by the number that was called. */
export class CarriedCall {
  readonly id: string;
  readonly media: CallMedia;
  readonly #ports: CarriedCallPorts;
  readonly #negotiation: Negotiation;
  readonly #direction: CarrierCall['direction'];
  readonly #number: string;
  readonly #beganAt = Date.now();
  #session!: Session;
  #headers: CarrierCall['headers'] = {};
  #offer: string | null = null;
  #transport = '';
  #callId = '';
  #phase: CarrierCall['phase'] = 'calling';
  #held = false;
  #speaks: CarrierCall['speaks'] = 'silence';
  /** What is spoken once it is answered. */
  #sound: CarrierSound = 'own';
  #answeredAt: number | null = null;
  #ended: CarrierCall['ended'] = null;
  #timer: Timer | undefined;

  /** Somebody calls the carrier. */
  static receive(invite: IncomingInvite, number: string, behaviour: NumberBehaviour, ports: CarriedCallPorts): CarriedCall {
    const call = new CarriedCall('toCarrier', number, ports);
    call.#note(invite.request, invite.flow.transport, invite.offer);
    // The offer is of before there is a session.
    const answer = invite.offer === undefined ? undefined : call.#negotiation.answer(invite.offer);
    call.#session = invite.take(call.#listener, { contactUser: number });
    if (invite.offer !== undefined && answer === undefined) call.#session.reject(488);
    else call.#behave(behaviour, answer);
    return call;
  }

  /** The carrier calls a customer. */
  static place(sessions: SessionCore, outgoing: Omit<OutgoingInvite, 'offer'>, { number, sound, lateOffer, givesUpAfterMs }: PlacedCall, ports: CarriedCallPorts): CarriedCall {
    const call = new CarriedCall('toCustomer', number, ports);
    call.#sound = sound;
    const offer = lateOffer ? undefined : call.#negotiation.offer();
    call.#offer = offer ?? null;
    call.#transport = 'flow' in outgoing.hop ? outgoing.hop.flow.transport : outgoing.hop.transport;
    call.#headers = byName([['Request-URI', outgoing.uri], ['From', outgoing.from], ['To', outgoing.to], ...(outgoing.headers ?? [])]);
    call.#session = sessions.invite({ ...outgoing, ...(offer === undefined ? {} : { offer }) }, call.#listener);
    call.#callId = call.#session.callId;
    if (givesUpAfterMs !== undefined) call.#after(givesUpAfterMs, () => call.#phase !== 'answered' && call.#session.end());
    return call;
  }

  private constructor(direction: CarrierCall['direction'], number: string, ports: CarriedCallPorts) {
    this.id = ports.id;
    this.media = ports.media;
    this.#ports = ports;
    this.#direction = direction;
    this.#number = number;
    this.#negotiation = new Negotiation(ports.address, ports.media.port, ports.codecs, (media, held) => {
      this.media.agree(media);
      this.#held = held;
    });
  }

  get isOver(): boolean {
    return this.#phase === 'ended';
  }

  get callId(): string {
    return this.#callId;
  }

  /** Answers what rings. False: it does not ring. */
  answer(): boolean {
    if (this.#direction !== 'toCarrier' || this.#phase !== 'ringing') return false;
    this.#accept();
    return true;
  }

  hangUp(reason?: string): void {
    this.#session.end(reason === undefined ? {} : { reasonHeader: reason });
  }

  speak(sound: CarrierSound): void {
    this.#sound = sound;
    this.#say(sound);
  }

  /** False: not now. */
  hold(direction: 'sendonly' | 'sendrecv'): boolean {
    if (this.#phase !== 'answered') return false;
    this.#session.reinvite(this.#negotiation.offer(direction));
    return true;
  }

  state(): CarrierCall {
    const { media } = this;
    const { agreed } = media;
    return {
      id: this.id,
      direction: this.#direction,
      phase: this.#phase,
      callId: this.#callId,
      number: this.#number,
      transport: this.#transport,
      headers: this.#headers,
      offer: this.#offer,
      ownHz: this.#ports.ownHz,
      speaks: this.#speaks,
      hears: this.isOver ? [] : media.hears(),
      digits: media.digits,
      held: this.#held,
      codec: agreed?.codec ?? null,
      rtp: { port: media.port, remote: agreed === null ? null : `${agreed.address}:${agreed.port}`, sent: media.sent, received: media.received },
      beganAt: this.#beganAt,
      answeredAt: this.#answeredAt,
      ended: this.#ended,
    };
  }

  #note(request: SipRequest, transport: string, offer: string | undefined): void {
    this.#callId = request.callId;
    this.#transport = transport;
    this.#offer = offer ?? null;
    this.#headers = byName([['Request-URI', request.uri], ...request.headers].filter(([name]) => name !== undefined && !hidden.has(name.toLowerCase())) as HeaderLines);
  }

  #behave(behaviour: NumberBehaviour, answer: string | undefined): void {
    switch (behaviour.is) {
      case 'answered':
        this.#sound = behaviour.speaks ?? 'own';
        if (behaviour.afterMs > 0) this.#progress(answer, behaviour.earlyMedia === true ? 'ringing' : null);
        else this.#phase = 'ringing';
        this.#after(behaviour.afterMs, () => {
          this.#accept();
          if (behaviour.hangsUpAfterMs !== undefined) this.#after(behaviour.hangsUpAfterMs, () => this.hangUp());
        });
        return;
      case 'noAnswer':
        return this.#progress(answer, behaviour.earlyMedia === true ? 'ringing' : null);
      case 'refused': {
        const refuse = (): void => this.#session.reject(behaviour.status, behaviour.reason === undefined ? {} : { reason: behaviour.reason });
        const isAnnounced = behaviour.announcement === true && answer !== undefined;
        if (isAnnounced) this.#progress(answer, 'specialInformation');
        const afterMs = behaviour.afterMs ?? (isAnnounced ? announcementMs : 0);
        if (afterMs === 0) refuse();
        else this.#after(afterMs, refuse);
      }
    }
  }

  #progress(answer: string | undefined, heard: 'ringing' | 'specialInformation' | null): void {
    this.#phase = 'ringing';
    if (heard === null || answer === undefined) {
      this.#session.provisional(180);
      return;
    }
    this.#session.provisional(183, { sdp: answer });
    this.#say(heard);
  }

  #accept(): void {
    if (this.#phase !== 'ringing') return;
    this.#isAnswered();
    // The answer as it was; without an offer, ours.
    this.#session.accept(this.#negotiation.described ?? this.#negotiation.offer());
  }

  #isAnswered(): void {
    this.#phase = 'answered';
    this.#answeredAt = Date.now();
    this.#timer?.stop();
    this.#say(this.#sound);
  }

  #listener: SessionListener = (event: SessionEvent): void => {
    switch (event.type) {
      case 'provisional':
        if (event.status > 100 && this.#phase === 'calling') this.#phase = 'ringing';
        if (event.sdp !== undefined) this.#negotiation.take(event.sdp);
        return;
      case 'accepted':
        if (event.sdp !== undefined) this.#negotiation.take(event.sdp);
        return this.#isAnswered();
      case 'offer': {
        const answer = this.#negotiation.answer(event.sdp);
        if (answer === undefined) this.#session.refuseOffer();
        else this.#session.answerOffer(answer);
        return;
      }
      case 'offerRequested':
        return this.#session.answerOffer(this.#negotiation.offer());
      case 'answer':
        this.#negotiation.take(event.sdp);
        return;
      case 'rejected':
        return this.#end({ by: 'customer', status: event.status, reason: event.response.headers.get('Reason') ?? null, text: `${event.status} ${event.reason}` });
      case 'ended':
        return this.#end({ by: event.by === 'remote' ? 'customer' : event.by === 'local' ? 'carrier' : 'nobody', status: null, reason: event.reasonHeader ?? null, text: event.detail });
      default:
    }
  };

  #end(ended: Omit<NonNullable<CarrierCall['ended']>, 'at'>): void {
    this.#phase = 'ended';
    this.#timer?.stop();
    this.#ended = { at: Date.now(), ...ended };
    this.media.close();
  }

  #say(sound: CarrierCall['speaks']): void {
    this.#speaks = sound;
    if (sound === 'own') this.media.speak(steadyTone(this.#ports.ownHz));
    else if (sound === 'echo') this.media.speak('echo');
    else if (sound === 'silence') this.media.speak(silence);
    else if (sound === 'ringing') this.media.speak(ringingTone, toneDbm0);
    else if (sound === 'specialInformation') this.media.speak(specialInformationTone, toneDbm0);
    else this.media.speak(steadyTone(sound.hz), sound.levelDbm0);
  }

  #after(ms: number, act: () => void): void {
    this.#timer?.stop();
    this.#timer = this.#ports.timers.start(ms, () => {
      if (!this.isOver) act();
    });
  }
}

export interface PlacedCall {
  readonly number: string;
  readonly sound: CarrierSound;
  readonly lateOffer: boolean;
  readonly givesUpAfterMs: number | undefined;
}

function byName(lines: HeaderLines): Readonly<Record<string, readonly string[]>> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of lines) (all[name] ??= []).push(value);
  return all;
}

const hidden = new Set(['via', 'authorization', 'proxy-authorization']);
const announcementMs = 2_000;
/** GR-506: -24 dBm0 for ringing tone; heard beside speech, louder. */
const toneDbm0 = -19;
