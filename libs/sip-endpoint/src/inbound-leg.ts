import type { GatewayEvent } from '@tipring/gateway';
import type { Flow, HeaderLines, IncomingInvite, OutgoingInvite, Session, SessionEvent } from '@tipring/sip';
import type { SessionDescription } from '@tipring/sdp';
import { type Cause, type Codec, type ContextId, type Leg, type LegCommand, type LegId, type LegListener, type LegSnapshot, type MediaProfile, offerable, type TerminationId, LegReport } from '@tipring/telephony';
import { reasonHeader, statusOf } from './cause-table.ts';
import { Conversation, endedBy } from './conversation.ts';
import { readDigit } from './dtmf-info.ts';
import type { FarEnd } from './far-end.ts';
import { legEventOf, LegMedia, type MediaResult } from './leg-media.ts';
import { type LegTones, plainTones } from './leg-tones.ts';
import { offeredSnapshot } from './lost-leg.ts';
import { refuseEarly, refuseLate } from './referrals.ts';
import type { Surroundings } from './surroundings.ts';

/** Of a trunk's session: who it is when it is challenged, and its session timer. */
export type SessionManners = Pick<OutgoingInvite, 'authenticate' | 'sessionTimer'>;

/**
 * The caller's leg.
 *
 *   offered ──progress──► preparing(progress) ──port──► early ──answer──► up ──► over
 *      │                        │ answer                                   ▲
 *      └──answer──► preparing(answer) ──port───────────────────────────────┘
 *
 * In `early` only tones can tell the caller more: ringback of an attempt that follows one that died, what asks for a PIN.
 * Its termination is made when its far end is first told where to send: most calls need it only at the answer.
 */
type State =
  | { readonly at: 'offered' }
  | { readonly at: 'preparing'; readonly what: 'progress' | 'answer' }
  /** What was told in the 183: the 200 says the same (RFC 3261 13.2.1). */
  | { readonly at: 'early'; readonly sdp: string }
  /**
   * `wanted`: after early media of one device another answered, perhaps with another codec; asked for when the ACK is there.
   * `late`: the offer was in our 200; the ACK's answer should be one of these, which the called side has.
   */
  | { readonly at: 'up'; readonly conversation: Conversation; readonly wanted?: MediaProfile; readonly late?: MediaProfile }
  | { readonly at: 'over' };

export class InboundLeg implements Leg {
  readonly media: TerminationId;
  readonly reference: string;
  #id: LegId;
  readonly #farEnd: FarEnd;
  readonly #session: Session;
  readonly #media: LegMedia;
  readonly #report: LegReport;
  readonly #surroundings: Surroundings;
  /** Until it is answered. Undefined before: the INVITE had none, our 200 brings one (RFC 3261 13.2.1). */
  #offer: SessionDescription | undefined;
  readonly #flow: Flow;
  /** Who it talks to, as its responses are to say. */
  #shown: HeaderLines = [];
  #state: State = { at: 'offered' };

  constructor(
    id: LegId,
    from: { readonly invite: IncomingInvite; readonly offer: SessionDescription | undefined; readonly context: ContextId; readonly contactUser: string; readonly farEnd: FarEnd; readonly session?: SessionManners },
    listener: LegListener,
    surroundings: Surroundings,
  ) {
    const { invite } = from;
    this.#id = id;
    this.#farEnd = from.farEnd;
    this.media = id;
    this.reference = invite.request.callId;
    this.#offer = from.offer;
    this.#flow = invite.flow;
    this.#surroundings = surroundings;
    this.#report = new LegReport(listener);
    const address = surroundings.settings.mediaAddress?.(invite.flow) ?? invite.flow.local.address;
    this.#media = new LegMedia(surroundings.media, { context: from.context, termination: id, address, sessionId: surroundings.sdpSessionId() }, (event) => this.#hearMedia(event));
    this.#session = invite.take((event) => this.#hear(event), { contactUser: from.contactUser, ...from.session });
    surroundings.legs.set(this.#session, { leg: this, endpoint: from.farEnd.endpoint });
  }

  get id(): LegId {
    return this.#id;
  }

  send(command: LegCommand): void {
    const state = this.#state;
    if (state.at === 'over') return;
    if (command.type === 'moved') {
      this.#id = command.leg;
      return this.#media.moved(command.context);
    }
    if (state.at === 'up') {
      if (command.type === 'release') this.#state = { at: 'over' };
      return state.conversation.send(command);
    }
    switch (command.type) {
      case 'alert':
        if (state.at === 'offered') return this.#session.provisional(180, { headers: this.#shown });
        // After early media a 180 would have a phone play its own ringback over it.
        return this.#media.play(this.#tones.ringback);
      case 'progress':
        if (state.at !== 'offered') return this.#media.play(null);
        // Without an offer there is nothing to answer in a 183.
        if (this.#offer === undefined) return this.#session.provisional(180, { headers: this.#shown });
        return this.#prepare('progress', command.media);
      case 'sound':
        if (state.at === 'offered') return;
        return command.sound === null ? this.#media.attend() : this.#media.play(this.#tones[command.sound]);
      case 'answer':
        this.#media.play(null);
        if (state.at === 'offered') return this.#prepare('answer', command.media);
        if (state.at === 'preparing') this.#state = { at: 'preparing', what: 'answer' };
        else this.#answer(state.sdp, { wanted: command.media });
        return;
      case 'party':
        this.#shown = this.#farEnd.shows(command.party)?.headers ?? [];
        return;
      case 'release':
        return this.#refuse(command.cause, 'local', `refused: ${command.cause}`);
      case 'restoreMedia':
        return this.#media.restore((failure) => this.#report.note(failure.kind, failure.text));
      case 'sendDigit':
        return;
    }
  }

  get #tones(): LegTones {
    return this.#surroundings.settings.tones ?? plainTones;
  }

  snapshot(): LegSnapshot {
    if (this.#state.at === 'up') return this.#state.conversation.snapshot();
    const { invite } = this.#session;
    return invite === undefined ? { at: 'setup', reference: this.reference } : offeredSnapshot(invite, this.#flow);
  }

  spoken(): readonly Codec[] {
    return this.#media.spoken;
  }

  #prepare(what: 'progress' | 'answer', media: MediaProfile): void {
    this.#state = { at: 'preparing', what };
    const done = (description: MediaResult<string>): void => {
      const state = this.#state;
      if (state.at !== 'preparing') return;
      if (!description.ok) return this.#refuse(description.error.cause, description.error.kind, description.error.text);
      if (state.what === 'answer') return this.#answer(description.value, this.#offer === undefined ? { late: media } : {});
      this.#state = { at: 'early', sdp: description.value };
      this.#session.provisional(183, { sdp: description.value, headers: this.#shown });
    };
    if (this.#offer === undefined) this.#media.offer(offerable(media, this.#surroundings.settings.transcoded).codecs, done);
    else this.#media.answer(this.#offer, media.codecs, done);
  }

  /** The session says `changed` when the 2xx has left. */
  #answer(sdp: string, further: { readonly wanted?: MediaProfile; readonly late?: MediaProfile }): void {
    const conversation = new Conversation({ leg: this, session: this.#session, media: this.#media, report: this.#report, farEnd: this.#farEnd }, this.#surroundings);
    this.#state = { at: 'up', conversation, ...further };
    this.#offer = undefined;
    this.#session.accept(sdp, this.#shown);
  }

  #refuse(cause: Cause, kind: string, text: string): void {
    this.#state = { at: 'over' };
    const status = statusOf(cause);
    const headers: [string, string][] = [['Reason', reasonHeader(cause)]];
    if (cause === 'congestion') headers.push(['Retry-After', RETRY_AFTER_S]);
    this.#session.reject(status, { headers });
    this.#media.close();
    this.#report.released(cause, { kind, text: `${status} sent, ${text}` });
  }

  #hear(event: SessionEvent): void {
    const state = this.#state;
    if (state.at === 'over') return refuseLate(this.#session, event);
    if (state.at === 'up') {
      if (event.type === 'ended') this.#state = { at: 'over' };
      if (event.type === 'acknowledged' && state.wanted !== undefined) {
        this.#state = { at: 'up', conversation: state.conversation };
        state.conversation.send({ type: 'answer', media: state.wanted });
      }
      state.conversation.hear(event);
      if (event.type !== 'answer' || state.late === undefined || this.#report.over) return;
      this.#state = { at: 'up', conversation: state.conversation };
      return state.conversation.keepTo(state.late);
    }
    switch (event.type) {
      case 'ended':
        this.#state = { at: 'over' };
        this.#media.close();
        return endedBy(event, this.#report);
      case 'info': {
        const digit = readDigit(event.contentType, event.body);
        if (digit !== undefined) this.#report.tell({ type: 'digit', ...digit });
        return;
      }
      case 'request':
        return refuseEarly(this.#session, event.transaction);
      case 'offer':
        // UPDATE before the answer: nothing was agreed that could be changed (RFC 3311 5.2).
        return this.#session.refuseOffer(488);
      default:
        return;
    }
  }

  #hearMedia(event: GatewayEvent): void {
    if (this.#state.at === 'up') return this.#state.conversation.hearMedia(event);
    this.#report.tell(legEventOf(event));
  }
}

const RETRY_AFTER_S = '5';
