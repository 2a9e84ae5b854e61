import type { Timer } from '@tipring/clock';
import type { GatewayEvent } from '@tipring/gateway';
import type { Flow, Session, SessionEvent } from '@tipring/sip';
import type { Cause, Codec, ContextId, DialRequest, Leg, LegCommand, LegId, LegListener, LegSnapshot, MediaProfile, TerminationId } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';
import { causeInReason, causeOf, reasonHeader } from '../cause-table.ts';
import { Conversation, endedBy } from '../conversation.ts';
import { readDigit } from '../dtmf-info.ts';
import { legEventOf, LegMedia } from '../leg-media.ts';
import { EarlyAnswers } from '../early-answers.ts';
import { refuseEarly, refuseLate } from '../referrals.ts';
import type { Surroundings } from '../surroundings.ts';
import type { CallingTrunk } from './calling-trunk.ts';
import { LateOffers } from './late-offers.ts';
import { Patience } from './patience.ts';
import type { Answering, Failure, Inviting, TrunkLegState } from './trunk-leg-state.ts';
import type { TrunkServer } from './trunk-servers.ts';
import { WaysOut } from './ways-out.ts';

/** A leg over a trunk; its drawing is in trunk-leg-state.ts. */
export class TrunkLeg implements Leg {
  readonly media: TerminationId;
  readonly reference: string;
  #id: LegId;
  /** Until its termination is made. */
  #context: ContextId;
  readonly #calling: CallingTrunk;
  readonly #request: DialRequest;
  readonly #surroundings: Surroundings;
  readonly #report: LegReport;
  readonly #ways: WaysOut;
  #offer: string | undefined;
  #attempts = 0;
  /** Runs until something rings. */
  #ringing: Timer | undefined;
  #outcomeTold = false;
  #state: TrunkLegState = { at: 'locating' };

  constructor(id: LegId, calling: CallingTrunk, request: DialRequest, listener: LegListener, surroundings: Surroundings) {
    this.#id = id;
    this.#context = request.context;
    this.media = id;
    this.reference = `${id}@${surroundings.settings.domain}`;
    this.#calling = calling;
    this.#request = request;
    this.#surroundings = surroundings;
    this.#report = new LegReport(listener);
    this.#ways = new WaysOut(calling, request.number, surroundings.timers);
    // Events never arrive before the leg is there, also when everything is known already.
    surroundings.timers.start(0, () => calling.servers.whenKnown(LONGEST_LOCATING_MS, () => this.#located()));
  }

  get id(): LegId {
    return this.#id;
  }

  send(command: LegCommand): void {
    const state = this.#state;
    if (command.type === 'moved') {
      this.#id = command.leg;
      this.#context = command.context;
      if ('media' in state) return state.media.moved(command.context);
    }
    switch (state.at) {
      case 'locating':
      case 'preparing':
        if (command.type !== 'release') return;
        return this.#end(command.cause, 'local', `not called: ${command.cause}`);
      case 'inviting':
        if (command.type !== 'release') return state.early.send(command, state.session, this.#calling.farEnd);
        state.session.end({ reasonHeader: reasonHeader(command.cause) });
        return this.#end(command.cause, 'local', `CANCEL sent: ${command.cause}`);
      case 'answering':
        if (command.type !== 'release') return;
        state.session.end({ reasonHeader: reasonHeader(command.cause) });
        return this.#end(command.cause, 'local', `BYE sent: ${command.cause}`);
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
    const state = this.#state;
    if (state.at === 'up') return state.conversation.spoken;
    return 'media' in state ? state.media.spoken : [];
  }

  /** The trunk counts as down: who hears nothing waits no longer. */
  trunkLost(why: string): void {
    const state = this.#state;
    // A trunk may be down for what its server has not to answer for: a registration that ran out, new settings.
    if (state.at !== 'inviting' || state.server.state !== 'silent') return;
    const { heardAt = 0 } = state.server;
    if (this.#surroundings.timers.now() - Math.max(heardAt, this.#ways.startedAt) < QUIET_MS) return;
    state.session.end({ reasonHeader: reasonHeader('networkOutOfOrder') });
    this.#end('networkOutOfOrder', 'trunkDown', `${why}, and nothing comes any more`, 'failed');
  }

  /** A connection is gone: over it no answer comes any more (a response by another is possible in RFC 3261 18.2.2, and nobody's habit). */
  flowClosed({ transport, remote }: Flow): void {
    const state = this.#state;
    if (state.at !== 'inviting') return;
    const { hop } = state.server;
    if (hop.transport !== transport || hop.address !== remote.address || hop.port !== remote.port) return;
    const text = `the connection to ${hop.address} is gone`;
    this.#calling.saw(state.server, { type: 'silent', text });
    const wasHeard = state.patience.wasHeard;
    state.patience.end();
    state.session.end();
    if (wasHeard) this.#end('networkOutOfOrder', 'transport', text, 'failed');
    else this.#next(state.media, { cause: 'networkOutOfOrder', kind: 'transport', text });
  }

  #located(): void {
    if (this.#state.at !== 'locating') return;
    const { servers, trunk } = this.#calling;
    const first = this.#ways.first();
    if (first === undefined) return this.#end('networkOutOfOrder', 'dns', servers.trouble ?? `DNS gave no answer for ${trunk.server.host} within ${LONGEST_LOCATING_MS / 1000} s`, 'failed');
    const codecs = this.#calling.codecs(this.#request);
    if (codecs.length === 0) return this.#end('incompatibleDestination', 'sdp', 'none of the codecs of this call is permitted on this trunk');
    const media = new LegMedia(
      this.#surroundings.media,
      { context: this.#context, termination: this.media, address: this.#surroundings.advertised(first.hop).address, sessionId: this.#surroundings.sdpSessionId() },
      (event) => this.#hearMedia(event),
    );
    this.#state = { at: 'preparing', media };
    if (trunk.offer === 'late') return this.#invite(first, media);
    media.offer(codecs, (offer) => {
      if (this.#state.at !== 'preparing') return;
      if (!offer.ok) return this.#end(offer.error.cause, offer.error.kind, offer.error.text);
      this.#offer = offer.value;
      this.#invite(first, media);
    });
  }

  /** The next server, or the end: why the former one was not it. */
  #next(media: LegMedia, { cause, kind, text }: Failure): void {
    const server = this.#ways.next();
    if (server === undefined) return this.#end(cause, kind, text, 'failed');
    this.#report.note(kind, `${text}: trying ${server.hop.address}`);
    this.#invite(server, media);
  }

  #invite(server: TrunkServer, media: LegMedia): void {
    const { uri } = this.#ways;
    const { trunk, sessions, routes, contactUser, authenticate } = this.#calling;
    const { from, headers } = this.#calling.caller(this.#request);
    const { hopsLeft } = this.#request;
    // Of the next server too, when the former one had rung already.
    this.#ringing ??= this.#surroundings.timers.start(trunk.health.ringMs, () => this.#nothingRings());
    const attempt = this.#attempts++;
    const session = sessions.invite(
      {
        hop: server.hop, uri, from, to: `<${uri}>`, contactUser, routes, headers, authenticate, sessionTimer: trunk.sessionTimer,
        ...(this.#offer === undefined ? {} : { offer: this.#offer }),
        ...(hopsLeft === undefined ? {} : { maxForwards: hopsLeft }),
        // A server that is only slow may have begun the same call: as another one it is cancelled there, and not taken for a merged request (RFC 3261 8.2.2.2).
        callId: attempt === 0 ? this.reference : `${attempt}-${this.reference}`,
        heard: (_response, flow) => {
          this.#calling.proved(flow);
          this.#heard(server);
        },
      },
      (event) => this.#hear(event, session),
    );
    this.#report.note('sipRequest', `INVITE to ${uri} at ${server.hop.address}:${server.hop.port} over ${server.hop.transport}`);
    this.#surroundings.legs.set(session, { leg: this, endpoint: this.#calling.farEnd.endpoint });
    this.#state = {
      at: 'inviting', media, session, server,
      early: new EarlyAnswers({ uri, to: `<${uri}>`, routes, hop: server.hop }, media, this.#report),
      late: this.#offer === undefined ? new LateOffers(media, this.#calling.codecs(this.#request)) : undefined,
      patience: new Patience(this.#surroundings.timers, trunk.health.responseMs, {
        // In time for the next one not to be a dead one either.
        doubtful: () => this.#ways.servers.forEach((other) => this.#calling.ask(other, () => {})),
        unanswered: () => this.#unanswered(),
        ask: (done) => this.#calling.ask(server, done),
        dead: () => this.#dead(),
      }),
    };
  }

  #unanswered(): void {
    const state = this.#state;
    if (state.at !== 'inviting') return;
    const { responseMs } = this.#calling.trunk.health;
    const text = `nothing from ${state.server.hop.address} within ${responseMs / 1000} s`;
    this.#calling.saw(state.server, { type: 'silent', text });
    // RFC 3261 9.1: cancelled as soon as it does say something.
    state.session.end();
    this.#next(state.media, { cause: 'recoveryOnTimerExpiry', kind: 'timer', text });
  }

  /** A response of any kind, 100 Trying too. */
  #heard(server: TrunkServer): void {
    this.#calling.saw(server, { type: 'heard' });
    const state = this.#state;
    if (state.at === 'inviting' && state.server === server) state.patience.heard();
  }

  #dead(): void {
    const state = this.#state;
    if (state.at !== 'inviting') return;
    const text = `${state.server.hop.address} fell silent: nothing since its last response, and no answer to OPTIONS`;
    this.#calling.saw(state.server, { type: 'silent', text });
    state.session.end({ reasonHeader: reasonHeader('networkOutOfOrder') });
    this.#end('networkOutOfOrder', 'timer', text, 'failed');
  }

  #nothingRings(): void {
    const state = this.#state;
    if (state.at !== 'inviting' && state.at !== 'preparing') return;
    const { ringMs } = this.#calling.trunk.health;
    if (state.at === 'inviting') state.session.end({ reasonHeader: reasonHeader('noUserResponding') });
    this.#end('noUserResponding', 'timer', `nothing rang within ${ringMs / 1000} s: CANCEL sent`, 'failed');
  }

  #hear(event: SessionEvent, session: Session): void {
    const state = this.#state;
    // Another server was taken, or we gave up: the session layer ends the old one by itself.
    if (!('session' in state) || state.session !== session) return refuseLate(session, event);
    switch (state.at) {
      case 'up':
        if (event.type === 'ended') this.#state = { at: 'over' };
        return state.conversation.hear(event);
      case 'answering':
        if (event.type === 'offer') return this.#answerLate(event, state);
        if (event.type === 'request') return refuseEarly(session, event.transaction);
        if (event.type === 'ended') this.#over(() => endedBy(event, this.#report));
        return;
      case 'inviting':
        return this.#hearInviting(event, state);
    }
  }

  #hearInviting(event: SessionEvent, state: Inviting): void {
    switch (event.type) {
      case 'provisional':
        return this.#provisional(event, state);
      case 'accepted':
        return this.#accepted(event, state);
      case 'rejected':
        return this.#rejected(event, state);
      case 'info': {
        const digit = readDigit(event.contentType, event.body);
        if (digit !== undefined) this.#report.tell({ type: 'digit', ...digit });
        return;
      }
      case 'offer':
        // In a reliable 1xx (RFC 3262 5), where our INVITE had none: early media before the answer.
        if (state.late !== undefined && event.method === 'PRACK') return this.#answerEarly(event, state, state.late);
        return state.session.refuseOffer(488, event.dialog);
      case 'request':
        return refuseEarly(state.session, event.transaction);
      case 'ended':
        return this.#ended(event, state);
      default:
        return;
    }
  }

  #provisional(event: Extract<SessionEvent, { type: 'provisional' }>, { early, server }: Inviting): void {
    // 181 and 182 say that it goes on elsewhere.
    this.#ringing?.stop();
    this.#ringing = undefined;
    this.#carried(`${event.status} ${event.reason}`, server);
    early.hear(event);
  }

  #accepted({ sdp, dialog }: Extract<SessionEvent, { type: 'accepted' }>, state: Inviting): void {
    this.#carried('answered', state.server);
    const { session, media, late } = state;
    state.patience.end();
    // The offer was in a reliable 1xx, the answer ours: what the 2xx says is nothing new (RFC 6337 3.1).
    const answered = late?.won(dialog);
    if (answered !== undefined) return this.#up(session, media, answered);
    if (late !== undefined && sdp === undefined) {
      this.#state = { at: 'answering', session, media, late };
      return;
    }
    const taken = sdp === undefined ? undefined : media.takeAnswer(sdp);
    if (taken?.ok !== true) {
      session.end({ reasonHeader: reasonHeader('incompatibleDestination') });
      return this.#end('incompatibleDestination', 'sdp', taken?.error.text ?? 'answered without a session description');
    }
    this.#up(session, media, taken.value.profile);
  }

  /** RFC 3261 13.2.1: the offer was in the 2xx, the answer goes in the ACK. */
  #answerLate({ sdp, dialog }: Offered, { session, media, late }: Answering): void {
    late.answer(dialog, sdp, (answer) => {
      if (this.#state.at !== 'answering') return;
      if (!answer.ok) {
        // The dialog is there: it is acknowledged, and ended.
        session.refuseOffer(488, dialog);
        session.end({ reasonHeader: reasonHeader('incompatibleDestination') });
        return this.#end('incompatibleDestination', 'sdp', answer.text);
      }
      session.answerOffer(answer.sdp, dialog);
      late.won(dialog);
      this.#up(session, media, answer.profile);
    });
  }

  #answerEarly({ sdp, dialog }: Offered, { session }: Inviting, late: LateOffers): void {
    late.answer(dialog, sdp, (answer) => {
      if (this.#state.at !== 'inviting' || this.#state.session !== session) return;
      if (!answer.ok) return session.refuseOffer(488, dialog);
      session.answerOffer(answer.sdp, dialog);
      if (answer.isHeard) this.#report.tell({ type: 'progress', media: answer.profile });
    });
  }

  #up(session: Session, media: LegMedia, profile: MediaProfile): void {
    this.#ringing?.stop();
    this.#state = { at: 'up', session, conversation: new Conversation({ leg: this, session, media, report: this.#report, farEnd: this.#calling.farEnd }, this.#surroundings) };
    this.#report.tell({ type: 'answered', supervision: 'signalled', media: profile });
  }

  #rejected(event: Extract<SessionEvent, { type: 'rejected' }>, state: Inviting): void {
    const { status, reason, response, contacts, retryAfterS } = event;
    const text = `${status} ${reason}`;
    state.patience.end();
    if (status === 503) {
      this.#calling.saw(state.server, { type: 'refused', text, retryAfterS });
      const cause = causeOf(status, response);
      // RFC 3261 21.5.4: it speaks of the server, not of who was called. After early media that is the way that died.
      return this.#next(state.media, { cause: state.early.hasMedia && ofTheWay.has(cause) ? 'networkOutOfOrder' : cause, kind: 'sipResponse', text });
    }
    this.#carried(text, state.server);
    if (status >= 400) return this.#end(causeOf(status, response), 'sipResponse', text);
    const towards = contacts.length === 0 ? '' : `, to ${contacts.join(', ')}`;
    if (this.#calling.trunk.redirects === 'refuse') return this.#end(causeOf(status, response), 'sipResponse', `${text}${towards}: not followed`);
    if (!this.#ways.redirect(contacts)) return this.#end(causeOf(status, response), 'sipResponse', `${text}${towards}: nowhere that may be followed`);
    this.#report.note('sipResponse', `${text}${towards}: followed`);
    this.#invite(state.server, state.media);
  }

  #ended(event: Extract<SessionEvent, { type: 'ended' }>, state: Inviting): void {
    state.patience.end();
    if (event.by === 'transport') {
      this.#calling.saw(state.server, { type: 'silent', text: event.detail });
      return this.#next(state.media, { cause: 'networkOutOfOrder', kind: 'transport', text: `${state.server.hop.address}: ${event.detail}` });
    }
    if (event.by === 'timer') return this.#end('recoveryOnTimerExpiry', 'timer', event.detail, 'failed');
    if (event.by === 'remote') return this.#end((event.reasonHeader === undefined ? undefined : causeInReason([event.reasonHeader])) ?? 'temporaryFailure', 'sipRequest', event.detail);
    // By our session: a 2xx that cannot be one.
    this.#end('protocolError', 'sipResponse', event.detail);
  }

  #hearMedia(event: GatewayEvent): void {
    const state = this.#state;
    if (state.at === 'up') return state.conversation.hearMedia(event);
    if (state.at === 'inviting' && event.event !== 'mediaTimeout') state.patience.heard();
    this.#report.tell(legEventOf(event));
  }

  #carried(text: string, server: TrunkServer): void {
    this.#calling.saw(server, { type: 'answered', text: `INVITE: ${text}` });
    this.#tellOutcome('carried', text);
  }

  #tellOutcome(what: 'carried' | 'failed', text: string): void {
    // What went wrong after it had answered is told too: it did not carry the call.
    if (this.#outcomeTold && what === 'carried') return;
    this.#outcomeTold = true;
    this.#calling.outcome(what, text);
  }

  #end(cause: Cause, kind: string, text: string, outcome?: 'failed'): void {
    if (outcome !== undefined) this.#tellOutcome(outcome, text);
    this.#over(() => this.#report.released(cause, { kind, text }));
  }

  #over(tell: () => void): void {
    const state = this.#state;
    if (state.at === 'inviting') state.patience.end();
    if ('media' in state) state.media.close();
    this.#state = { at: 'over' };
    this.#ringing?.stop();
    tell();
  }
}

type Offered = Extract<SessionEvent, { type: 'offer' }>;

/** DNS: later a caller has given up, and the next attempt waits. */
const LONGEST_LOCATING_MS = 1_000;
/** From then on silence counts. */
const QUIET_MS = 1_000;
const ofTheWay: ReadonlySet<Cause> = new Set(['temporaryFailure', 'noCircuit', 'congestion']);
