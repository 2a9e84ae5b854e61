import type { ServerTransaction, Session, SessionEvent } from '@tipring/sip';
import { displayText, parseDeltaSeconds, parseEvent, parseNameAddress, parseReferTo, ReferSubscription } from '@tipring/sip';
import type { ReferSubscriptionSnapshot } from '@tipring/sip';
import type { LegCommand, LegReport, TransferTarget } from '@tipring/telephony';
import { statusOf } from './cause-table.ts';
import type { FarEnd } from './far-end.ts';
import { userOf } from './identity.ts';
import type { ReferDialog } from './session-legs.ts';
import type { Surroundings } from './surroundings.ts';

/** Plain JSON. */
export interface ReferralsSnapshot {
  /** REFERs taken in the session's dialog so far. */
  readonly taken: number;
  /** Null: none is open, or it is in a dialog of its own, which ends with the process. */
  readonly open: ReferSubscriptionSnapshot | null;
}

/**
 * What the far end of an answered leg asks for by REFER (RFC 3515): one transfer at a time, of which it is told by NOTIFY unless it wants none
 * (RFC 4488). Whatever it asks is answered; what cannot be asked of this leg's call at all is refused here.
 */
export class Referrals {
  readonly #session: Session;
  readonly #farEnd: FarEnd;
  readonly #report: LegReport;
  readonly #surroundings: Surroundings;
  #taken: number;
  #state: State = { at: 'idle' };

  constructor(session: Session, farEnd: FarEnd, report: LegReport, surroundings: Surroundings, former?: ReferralsSnapshot) {
    this.#session = session;
    this.#farEnd = farEnd;
    this.#report = report;
    this.#surroundings = surroundings;
    this.#taken = former?.taken ?? 0;
    const open = former?.open ?? null;
    if (open !== null) this.#state = { at: 'open', told: ReferSubscription.adopt({ dialog: session, timers: surroundings.timers, over: () => this.#toldAll() }, open), isInSession: true };
  }

  snapshot(): ReferralsSnapshot {
    const state = this.#state;
    return { taken: this.#taken, open: (state.at === 'open' && state.isInSession ? state.told?.snapshot() : undefined) ?? null };
  }

  /** A request in the session's dialog. */
  hear(transaction: ServerTransaction): void {
    switch (transaction.request.method) {
      case 'REFER':
        return this.refer(transaction, this.#session);
      case 'SUBSCRIBE':
        return this.#subscribe(transaction);
      default:
        // RFC 6665 3.1.3: nothing was subscribed to by us.
        return this.#session.respond(transaction, transaction.request.method === 'NOTIFY' ? 481 : 405);
    }
  }

  refer(transaction: ServerTransaction, dialog: ReferDialog): void {
    const { headers, cseq } = transaction.request;
    const refuse = (status: number, why: string): void => {
      dialog.respond(transaction, status);
      dialog.close?.();
      this.#report.note('refer', `REFER refused with ${status}: ${why}`);
    };
    if (!this.#farEnd.mayRefer) return refuse(603, 'it may not transfer');
    // RFC 3515 2.4.1: exactly one.
    const [written, second] = headers.lines('Refer-To');
    const target = written === undefined || second !== undefined ? undefined : parseReferTo(written);
    if (target === undefined) return refuse(400, 'no Refer-To that can be read');
    if (target.method !== 'INVITE') return refuse(603, `it wants ${displayText(target.method)} sent`);
    if (this.#state.at !== 'idle') return refuse(491, 'a former one is under way');
    const isTold = (headers.get('Refer-Sub') ?? '').trim().toLowerCase() !== 'false';
    const isInSession = dialog === this.#session;
    const to = this.#targetOf(target);
    // Somebody who is not told would wait for ever.
    if (typeof to === 'number' && !isTold) return refuse(to === 404 ? 404 : 603, 'nobody to be transferred to');
    dialog.respond(transaction, 202, isTold ? [] : [['Refer-Sub', 'false']]);
    const id = isInSession && this.#taken > 0 ? cseq.number : null;
    if (isInSession) this.#taken++;
    const over = (): void => {
      dialog.close?.();
      this.#toldAll();
    };
    const told = isTold ? new ReferSubscription({ dialog, timers: this.#surroundings.timers, id, over }) : undefined;
    if (!isTold) dialog.close?.();
    const by = parseNameAddress(headers.get('Referred-By') ?? '')?.uri;
    this.#report.note('refer', `REFER to ${displayText(target.uri)}${target.replaces === undefined ? '' : ', in place of another call of it'}${by === undefined ? '' : `, by ${displayText(by)}`}`);
    if (typeof to === 'number') return told?.tell(to);
    told?.tell(100);
    this.#state = { at: 'open', told, isInSession };
    this.#report.tell({ type: 'transferRequested', to });
  }

  /** What becomes of it. */
  tell(command: Extract<LegCommand, { type: 'transfer' }>): void {
    const state = this.#state;
    if (state.at !== 'open') return;
    state.told?.tell(command.is === 'failed' ? statusOf(command.cause) : STATUS[command.is]);
    if (command.is !== 'done' && command.is !== 'failed') return;
    this.#state = state.told === undefined || state.told.isOver ? { at: 'idle' } : { at: 'telling', told: state.told };
  }

  /** The leg is released: `end` is to end its session, as soon as the far end knows how its transfer went, or does not say so in time. */
  release(end: () => void): void {
    const state = this.#state;
    if (state.at !== 'telling') {
      this.stop();
      return end();
    }
    const patience = this.#surroundings.timers.start(TELLING_MS, () => state.told.stop());
    this.#state = { at: 'leaving', told: state.told, end: () => {
      patience.stop();
      end();
    } };
  }

  /** The session is over, and with it what its dialog was told. */
  stop(): void {
    const state = this.#state;
    this.#state = { at: 'idle' };
    if ('told' in state) state.told?.stop();
  }

  #toldAll(): void {
    const state = this.#state;
    if (state.at !== 'telling' && state.at !== 'leaving') return;
    this.#state = { at: 'idle' };
    if (state.at === 'leaving') state.end();
  }

  /** Or the status that says why it cannot be. */
  #targetOf({ uri, replaces }: NonNullable<ReturnType<typeof parseReferTo>>): TransferTarget | 404 | 481 {
    if (replaces === undefined) {
      const number = userOf(uri);
      return number === undefined ? 404 : { type: 'number', number };
    }
    const { sessions, legs } = this.#surroundings;
    const other = sessions.find({ callId: replaces.callId, tags: [replaces.toTag, replaces.fromTag] });
    const found = legs.of(other);
    // A telephone disposes of its own calls, and of two different ones.
    if (other === this.#session || found?.endpoint !== this.#farEnd.endpoint) return 481;
    return { type: 'leg', leg: found.leg.id };
  }

  /** RFC 6665 4.2.1.4: of the subscription that a REFER has made. */
  #subscribe(transaction: ServerTransaction): void {
    const { headers } = transaction.request;
    const event = parseEvent(headers.get('Event') ?? '');
    if (event?.value.toLowerCase() !== 'refer') return this.#session.respond(transaction, 489);
    const state = this.#state;
    const told = state.at === 'open' && state.isInSession ? state.told : undefined;
    if (told === undefined || told.isOver || !told.is(event.parameter('id'))) return this.#session.respond(transaction, 403);
    const expiresS = Math.min(parseDeltaSeconds(headers.get('Expires') ?? '') ?? told.leftS, told.leftS);
    this.#session.respond(transaction, 200, [['Expires', String(expiresS)]]);
    told.refresh(expiresS);
  }
}

/** A request in a session that is not answered yet: there is nothing to be transferred. */
export function refuseEarly(session: Session, transaction: ServerTransaction): void {
  session.respond(transaction, transaction.request.method === 'REFER' ? 603 : 481);
}

/** Of a session whose leg is over: while its far end is told the last of a transfer it may still ask, and is to be answered. */
export function refuseLate(session: Session, event: SessionEvent): void {
  if (event.type === 'request') session.respond(event.transaction, 481);
}

/**
 *   idle ──REFER──► open ──done, failed──► telling ──last NOTIFY answered──► idle
 *                                             └──release──► leaving ──the same, or in time──► idle, and the session is ended
 */
type State =
  | { readonly at: 'idle' }
  /** `told` undefined: it did not want to hear of it. */
  | { readonly at: 'open'; readonly told: ReferSubscription | undefined; readonly isInSession: boolean }
  | { readonly at: 'telling'; readonly told: ReferSubscription }
  | { readonly at: 'leaving'; readonly told: ReferSubscription; readonly end: () => void };

const STATUS = { trying: 100, ringing: 180, done: 200 } as const;

/** A telephone that is there has answered a NOTIFY by then, the former one too. */
const TELLING_MS = 2_000;
