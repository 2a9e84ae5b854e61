import type { GatewayEvent } from '@tipring/gateway';
import type { Session, SessionEvent, SessionSnapshot } from '@tipring/sip';
import { sameCodec } from '@tipring/sdp';
import type { Codec, Leg, LegCommand, LegSnapshot, MediaProfile, LegReport } from '@tipring/telephony';
import { causeInReason, reasonHeader } from './cause-table.ts';
import { DTMF_RELAY, readDigit, writeDigit } from './dtmf-info.ts';
import type { LegMedia} from './leg-media.ts';
import { legEventOf, type MediaSnapshot } from './leg-media.ts';
import { type LegSound, plainTones } from './leg-tones.ts';
import type { FarEnd } from './far-end.ts';
import { Referrals, type ReferralsSnapshot } from './referrals.ts';
import type { Surroundings } from './surroundings.ts';

/** A confirmed session as a leg, in the call's blob. */
export interface ConversationSnapshot {
  readonly at: 'conversation';
  readonly session: SessionSnapshot;
  readonly media: MediaSnapshot;
  readonly is: 'open' | 'held';
  /** Absent in blobs of former versions. */
  readonly referrals?: ReferralsSnapshot;
}

/** An answered leg as its conversation needs it. */
export interface ConversationParts {
  readonly leg: Leg;
  readonly session: Session;
  readonly media: LegMedia;
  readonly report: LegReport;
  readonly farEnd: FarEnd;
}

/** An answered SIP leg, whichever side began it: hold, codec changes, digits, transfers, and its end. */
export class Conversation {
  readonly #session: Session;
  readonly #media: LegMedia;
  readonly #report: LegReport;
  readonly #surroundings: Surroundings;
  readonly #farEnd: FarEnd;
  readonly #referrals: Referrals;
  #is: 'open' | 'held';

  constructor({ leg, session, media, report, farEnd }: ConversationParts, surroundings: Surroundings, former?: Pick<ConversationSnapshot, 'is' | 'referrals'>) {
    this.#session = session;
    this.#farEnd = farEnd;
    this.#referrals = new Referrals(session, farEnd, report, surroundings, former?.referrals);
    surroundings.legs.set(session, { leg, endpoint: farEnd.endpoint, refer: (transaction, dialog) => this.#referrals.refer(transaction, dialog) });
    this.#media = media;
    this.#report = report;
    this.#surroundings = surroundings;
    this.#is = former?.is ?? 'open';
    media.onFailure = ({ cause, kind, text }) => {
      if (!this.#report.over) this.#end(cause, kind, text);
    };
  }

  /** Undefined while the session has nothing to keep (it has just ended). */
  snapshot(): LegSnapshot {
    const [session, media] = [this.#session.snapshot(), this.#media.snapshot()];
    if (session === undefined || media === undefined) return {};
    return { at: 'conversation', session, media, is: this.#is, referrals: this.#referrals.snapshot() } satisfies ConversationSnapshot;
  }

  /** Audio codecs that were agreed on, the one in use first. */
  get spoken(): readonly Codec[] {
    return this.#media.spoken;
  }

  /** The far end took more than these, and put another first: it is asked to keep to those of them that it took. */
  keepTo(media: MediaProfile): void {
    const { spoken } = this.#media;
    const kept = spoken.filter((codec) => media.codecs.some((one) => sameCodec(one, codec)));
    if (kept.length > 0 && kept[0] !== spoken[0]) this.send({ type: 'answer', media: { ...media, codecs: kept } });
  }

  send(command: LegCommand): void {
    switch (command.type) {
      case 'answer': {
        this.#media.play(null);
        // The other side came later and took another codec (click to dial).
        if (this.#media.uses(command.media)) return;
        const offer = this.#media.offerAgain(command.media.codecs);
        if (offer !== undefined) this.#session.reinvite(offer);
        return;
      }
      case 'sendDigit':
        if (this.#media.takesEvents) this.#media.sendDigit(command.digit, command.durationMs);
        else this.#session.info(DTMF_RELAY, writeDigit(command));
        return;
      case 'restoreMedia':
        this.#media.restore((failure) => this.#report.note(failure.kind, failure.text));
        return;
      case 'transfer':
        return this.#referrals.tell(command);
      case 'moved':
        return this.#media.moved(command.context);
      case 'party': {
        const shown = this.#farEnd.shows(command.party);
        return shown && this.#session.identify(shown.headers, shown.by);
      }
      case 'release':
        this.#media.close();
        this.#referrals.release(() => this.#session.end({ reasonHeader: reasonHeader(command.cause) }));
        this.#report.released(command.cause, { kind: 'local', text: `BYE sent: ${command.cause}` });
        return;
      // It was rung first: only a tone can say that who it called rings.
      case 'alert':
        return this.#play('ringback');
      case 'progress':
        return this.#media.play(null);
      case 'sound':
        return command.sound === null ? this.#media.attend() : this.#play(command.sound);
      case 'held':
      case 'resumed':
      case 'silent':
      case 'heard':
        return;
    }
  }

  hear(event: SessionEvent): void {
    switch (event.type) {
      case 'offer':
        return this.#offered(event.sdp, event.method);
      case 'offerRequested': {
        // RFC 3261 14.2: all that the call could use, not only what is in use now.
        const offer = this.#media.offerAgain();
        if (offer !== undefined) this.#session.answerOffer(offer);
        return;
      }
      case 'answer': {
        const taken = this.#media.takeAnswer(event.sdp);
        if (!taken.ok) return this.#end('incompatibleDestination', taken.error.kind, taken.error.text);
        if (!this.#holds(taken.value.hold)) this.#report.tell({ type: 'changed' });
        return;
      }
      case 'offerRefused':
        return this.#report.note('offerRefused', event.status === 0 ? 'a new offer of ours got no answer' : `a new offer of ours was refused: ${event.status}`);
      case 'info': {
        const digit = readDigit(event.contentType, event.body);
        if (digit === undefined) this.#report.note('info', `INFO ${event.contentType}`);
        else this.#report.tell({ type: 'digit', ...digit });
        return;
      }
      case 'changed':
        return this.#report.tell({ type: 'changed' });
      case 'ended':
        this.#close();
        return endedBy(event, this.#report);
      case 'rejected':
        this.#close();
        return this.#report.released('protocolError', { kind: 'sipResponse', text: `${event.status} ${event.reason}` });
      case 'request':
        return this.#referrals.hear(event.transaction);
      case 'acknowledged':
      case 'provisional':
      case 'accepted':
        return;
    }
  }

  hearMedia(event: GatewayEvent): void {
    this.#report.tell(legEventOf(event));
    if (event.event === 'digit' && event.relayed) this.#report.tell({ type: 'digitPassed', digit: event.digit });
    if (event.event === 'mediaTimeout' && this.#surroundings.settings.mediaTimeout === 'release') {
      this.#end('recoveryOnTimerExpiry', 'mediaTimeout', `no packet for ${Math.round(event.silentMs / 1000)} s: the far end is taken for gone`);
    }
  }

  #play(sound: LegSound): void {
    this.#media.play((this.#surroundings.settings.tones ?? plainTones)[sound]);
  }

  #offered(sdp: string, method: string): void {
    const answered = this.#media.answerAgain(sdp, this.#surroundings.settings.transcoded);
    if (!answered.ok) {
      this.#session.refuseOffer(488);
      return this.#report.note('offer', `${method} refused: ${answered.error.text}`);
    }
    this.#session.answerOffer(answered.value.answer);
    if (this.#holds(answered.value.hold) || !answered.value.changed) return;
    this.#report.note('offer', `${method} answered: ${answered.value.profile.codecs[0]?.name ?? 'no codec'}`);
    this.#report.tell({ type: 'changed' });
  }

  /** Whether it went on hold or came back. */
  #holds(hold: boolean): boolean {
    const is = hold ? 'held' : 'open';
    if (is === this.#is) return false;
    this.#is = is;
    this.#report.tell({ type: hold ? 'held' : 'resumed' });
    return true;
  }

  #end(cause: Parameters<typeof reasonHeader>[0], kind: string, text: string): void {
    this.#close();
    this.#session.end({ reasonHeader: reasonHeader(cause) });
    this.#report.released(cause, { kind, text });
  }

  #close(): void {
    this.#referrals.stop();
    this.#media.close();
  }
}

/** How an `ended` session is told: also used while it was being set up. */
export function endedBy(event: Extract<SessionEvent, { type: 'ended' }>, report: LegReport): void {
  switch (event.by) {
    case 'remote':
      return report.released((event.reasonHeader === undefined ? undefined : causeInReason([event.reasonHeader])) ?? 'normalClearing', { kind: 'sipRequest', text: event.detail });
    case 'local':
      return report.released('normalClearing', { kind: 'local', text: event.detail });
    case 'timer':
      return report.released('recoveryOnTimerExpiry', { kind: 'timer', text: event.detail });
    case 'transport':
      return report.released('networkOutOfOrder', { kind: 'transport', text: event.detail });
  }
}
