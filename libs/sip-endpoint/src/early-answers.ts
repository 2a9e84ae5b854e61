import type { Hop, Session, SessionEvent } from '@tipring/sip';
import type { LegCommand, LegReport } from '@tipring/telephony';
import type { FarEnd } from './far-end.ts';
import type { LegMedia } from './leg-media.ts';
import { calledSnapshot, type SetupSnapshot } from './lost-leg.ts';

/** An INVITE of ours as its CANCEL repeats it. */
export interface SentInvite {
  readonly uri: string;
  readonly to: string;
  readonly routes: readonly string[];
  readonly hop: Hop;
}

/** An INVITE of ours that is not answered for good: what its provisional answers tell (it rings, there is something to hear), and what can be asked of its leg but to end it. */
export class EarlyAnswers {
  readonly #invite: SentInvite;
  readonly #media: LegMedia;
  readonly #report: LegReport;
  #cancellable: SetupSnapshot | undefined;
  /** The early dialog whose media is heard; '' when it has no name. */
  #heard: string | undefined;

  constructor(invite: SentInvite, media: LegMedia, report: LegReport) {
    this.#invite = invite;
    this.#media = media;
    this.#report = report;
  }

  /** What is needed to end it after this process; undefined: nothing has come yet. */
  get cancellable(): SetupSnapshot | undefined {
    return this.#cancellable;
  }

  get hasMedia(): boolean {
    return this.#heard !== undefined;
  }

  send(command: LegCommand, session: Session, farEnd: FarEnd): void {
    switch (command.type) {
      case 'restoreMedia':
        return this.#media.restore((failure) => this.#report.note(failure.kind, failure.text));
      case 'sendDigit':
        return this.#media.sendDigit(command.digit, command.durationMs);
      case 'party': {
        const shown = farEnd.shows(command.party);
        return shown && session.identify(shown.headers, shown.by);
      }
      default:
        return;
    }
  }

  hear({ response, status, reason, dialog, sdp }: Extract<SessionEvent, { type: 'provisional' }>): void {
    const report = this.#report;
    // Again when the peer's tag is known: then a dialog exists, which could be ended by BYE.
    if (this.#cancellable === undefined || (this.#cancellable.at === 'called' && this.#cancellable.dialog === null && dialog !== undefined)) {
      this.#cancellable = calledSnapshot(response, this.#invite.to, this.#invite);
      report.tell({ type: 'changed' });
    }
    if (status === 180) report.tell({ type: 'ringing' });
    else if (status !== 183 && status !== 100) report.note('sipResponse', `${status} ${reason}`);
    // Of several early dialogs (RFC 3261 12.1) the first with media is heard. What it told may have ended the leg.
    if (report.over || sdp === undefined || (this.#heard !== undefined && this.#heard !== dialog)) return;
    const taken = this.#media.takeAnswer(sdp);
    if (!taken.ok) return report.note(taken.error.kind, `early media not understood: ${taken.error.text}`);
    if (this.#heard !== undefined && !taken.value.changed) return;
    this.#heard = dialog ?? '';
    report.tell({ type: 'progress', media: taken.value.profile });
  }
}
