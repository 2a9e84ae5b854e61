import type { GatewayEvent } from '@tipring/gateway';
import type { HeaderLines, Hop, Session, SessionEvent } from '@tipring/sip';
import type { Codec, DialRequest, Leg, LegCommand, LegId, LegListener, LegSnapshot, MediaProfile, TerminationId } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';
import { causeInReason, causeOf, reasonHeader } from './cause-table.ts';
import { Conversation, endedBy } from './conversation.ts';
import { readDigit } from './dtmf-info.ts';
import { legEventOf, LegMedia } from './leg-media.ts';
import { EarlyAnswers } from './early-answers.ts';
import type { FarEnd } from './far-end.ts';
import { refuseEarly, refuseLate } from './referrals.ts';
import type { Surroundings } from './surroundings.ts';

/** Where and how a device is called. */
export interface Target {
  readonly farEnd: FarEnd;
  /** Tried in turn when a hop cannot be reached at all: the flow it registered by, then its contact's address. At least one. */
  readonly hops: readonly Hop[];
  readonly uri: string;
  readonly routes: readonly string[];
  /** Where it is to send media. */
  readonly mediaAddress: string;
  readonly from: string;
  readonly to: string;
  readonly contactUser: string;
  readonly headers: HeaderLines;
  readonly maxForwards: number | undefined;
}

/**
 * A called device's leg.
 *
 *   preparing ──port──► inviting ──2xx──► up ──► over
 *       └── no port ──► over ◄── 3xx–6xx, timer, transport (no hop left)
 */
type State =
  | { readonly at: 'preparing' }
  | { readonly at: 'inviting'; readonly session: Session; readonly hop: number; readonly offer: string; readonly early: EarlyAnswers }
  | { readonly at: 'up'; readonly conversation: Conversation }
  | { readonly at: 'over' };

export class OutboundLeg implements Leg {
  readonly media: TerminationId;
  readonly reference: string;
  #id: LegId;
  readonly #media: LegMedia;
  readonly #report: LegReport;
  readonly #surroundings: Surroundings;
  readonly #target: Target;
  #state: State = { at: 'preparing' };

  constructor(id: LegId, target: Target, request: DialRequest, listener: LegListener, surroundings: Surroundings) {
    this.#id = id;
    this.media = id;
    // Known before the INVITE is made, so that the story has it.
    this.reference = `${id}@${surroundings.settings.domain}`;
    this.#target = target;
    this.#surroundings = surroundings;
    this.#report = new LegReport(listener);
    this.#media = new LegMedia(
      surroundings.media,
      { context: request.context, termination: id, address: target.mediaAddress, sessionId: surroundings.sdpSessionId() },
      (event) => this.#hearMedia(event),
    );
    this.#media.offer(request.media.codecs, (offer) => {
      if (this.#state.at !== 'preparing') return;
      if (offer.ok) return this.#invite(offer.value, 0);
      this.#over();
      this.#report.released(offer.error.cause, { kind: offer.error.kind, text: offer.error.text });
    });
  }

  get id(): LegId {
    return this.#id;
  }

  send(command: LegCommand): void {
    const state = this.#state;
    if (command.type === 'moved') {
      this.#id = command.leg;
      return this.#media.moved(command.context);
    }
    switch (state.at) {
      case 'preparing':
        if (command.type !== 'release') return;
        this.#over();
        return this.#report.released(command.cause, { kind: 'local', text: `not called: ${command.cause}` });
      case 'inviting':
        if (command.type !== 'release') return state.early.send(command, state.session, this.#target.farEnd);
        this.#over();
        state.session.end({ reasonHeader: reasonHeader(command.cause) });
        return this.#report.released(command.cause, { kind: 'local', text: `CANCEL sent: ${command.cause}` });
      case 'up':
        if (command.type === 'release') this.#state = { at: 'over' };
        return state.conversation.send(command);
      case 'over':
        return;
    }
  }

  snapshot(): LegSnapshot {
    const state = this.#state;
    if (state.at === 'up') return state.conversation.snapshot();
    return (state.at === 'inviting' ? state.early.cancellable : undefined) ?? { at: 'setup', reference: this.reference };
  }

  spoken(): readonly Codec[] {
    return this.#media.spoken;
  }

  #invite(offer: string, index: number): void {
    const { hops, uri, routes, from, to, contactUser, headers, maxForwards } = this.#target;
    const hop = hops[index];
    if (hop === undefined) throw new Error('a device without any hop');
    const session = this.#surroundings.sessions.invite(
      { hop, uri, from, to, contactUser, routes, offer, headers, ...(maxForwards === undefined ? {} : { maxForwards }), callId: index === 0 ? this.reference : `${index}-${this.reference}` },
      (event) => this.#hear(event, session),
    );
    this.#report.note('sipRequest', `INVITE to ${uri} over ${'flow' in hop ? hop.flow.transport : hop.transport}`);
    this.#surroundings.legs.set(session, { leg: this, endpoint: this.#target.farEnd.endpoint });
    this.#state = { at: 'inviting', session, hop: index, offer, early: new EarlyAnswers({ uri, to, routes, hop }, this.#media, this.#report) };
  }

  #hear(event: SessionEvent, session: Session): void {
    const state = this.#state;
    if (state.at === 'up') {
      if (event.type === 'ended') this.#state = { at: 'over' };
      return state.conversation.hear(event);
    }
    // Another hop was taken, or we gave up: the session layer ends the old one by itself.
    if (state.at !== 'inviting' || state.session !== session) return refuseLate(session, event);
    switch (event.type) {
      case 'provisional':
        return state.early.hear(event);
      case 'accepted':
        return this.#accepted(event.sdp, state);
      case 'rejected': {
        this.#over();
        const towards = event.status < 400 && event.contacts.length > 0 ? `, to ${event.contacts.join(', ')}: not followed` : '';
        return this.#report.released(causeOf(event.status, event.response), { kind: 'sipResponse', text: `${event.status} ${event.reason}${towards}` });
      }
      case 'info': {
        const digit = readDigit(event.contentType, event.body);
        if (digit !== undefined) this.#report.tell({ type: 'digit', ...digit });
        return;
      }
      case 'offer':
        return session.refuseOffer(488, event.dialog);
      case 'request':
        return refuseEarly(session, event.transaction);
      case 'ended':
        return this.#ended(event, state);
      default:
        return;
    }
  }

  #accepted(sdp: string | undefined, { session }: Extract<State, { at: 'inviting' }>): void {
    const taken = sdp === undefined ? undefined : this.#media.takeAnswer(sdp);
    if (taken?.ok !== true) {
      this.#over();
      session.end({ reasonHeader: reasonHeader('incompatibleDestination') });
      return this.#report.released('incompatibleDestination', { kind: 'sdp', text: taken?.error.text ?? 'answered without a session description' });
    }
    this.#state = { at: 'up', conversation: new Conversation({ leg: this, session, media: this.#media, report: this.#report, farEnd: this.#target.farEnd }, this.#surroundings) };
    this.#report.tell({ type: 'answered', supervision: 'signalled', media: taken.value.profile satisfies MediaProfile });
  }

  #ended(event: Extract<SessionEvent, { type: 'ended' }>, { hop, offer }: Extract<State, { at: 'inviting' }>): void {
    // The connection it registered by is gone: its contact may still take a fresh one.
    if (event.by === 'transport' && this.#target.hops[hop + 1] !== undefined) {
      this.#report.note('transport', `${event.detail}: trying another way`);
      return this.#invite(offer, hop + 1);
    }
    this.#over();
    // RFC 3261 8.1.3.1: no response is a 408, a transport error a 503.
    if (event.by === 'timer') return this.#report.released('noUserResponding', { kind: 'timer', text: event.detail });
    if (event.by === 'transport') return this.#report.released('subscriberAbsent', { kind: 'transport', text: event.detail });
    if (event.by === 'remote') return this.#report.released((event.reasonHeader === undefined ? undefined : causeInReason([event.reasonHeader])) ?? 'temporaryFailure', { kind: 'sipRequest', text: event.detail });
    endedBy(event, this.#report);
  }

  #hearMedia(event: GatewayEvent): void {
    if (this.#state.at === 'up') return this.#state.conversation.hearMedia(event);
    this.#report.tell(legEventOf(event));
  }

  #over(): void {
    this.#state = { at: 'over' };
    this.#media.close();
  }
}
