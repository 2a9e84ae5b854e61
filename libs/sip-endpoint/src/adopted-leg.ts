import type { GatewayEvent } from '@tipring/gateway';
import type { Session } from '@tipring/sip';
import type { Codec, Leg, LegCommand, LegId, LegListener, LegSnapshot, TerminationId } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';
import { Conversation, type ConversationSnapshot } from './conversation.ts';
import type { FarEnd } from './far-end.ts';
import type { SessionManners } from './inbound-leg.ts';
import { LegMedia } from './leg-media.ts';
import { lostLeg } from './lost-leg.ts';
import { refuseLate } from './referrals.ts';
import type { Surroundings } from './surroundings.ts';

/** A leg that was answered before this process was, going on from its snapshot. */
export class AdoptedLeg implements Leg {
  readonly media: TerminationId;
  readonly reference: string;
  #id: LegId;
  readonly #conversation: Conversation;
  readonly #report: LegReport;

  private constructor(id: LegId, snapshot: ConversationSnapshot, farEnd: FarEnd, listener: LegListener, surroundings: Surroundings, manners: Pick<SessionManners, 'authenticate'>) {
    const { session: kept, media: keptMedia } = snapshot;
    this.#id = id;
    this.media = keptMedia.termination;
    this.#report = new LegReport(listener);
    const media = LegMedia.adopt(surroundings.media, keptMedia, kept.localSdp, (event) => this.#hearMedia(event));
    const session: Session = surroundings.sessions.adopt(kept, (event) => {
      if (this.#report.over) refuseLate(session, event);
      else this.#conversation.hear(event);
    }, manners);
    this.reference = session.callId;
    this.#conversation = new Conversation({ leg: this, session, media, report: this.#report, farEnd }, surroundings, snapshot);
  }

  /** A leg that was not answered yet is `released` soon. */
  static of(id: LegId, snapshot: LegSnapshot, farEnd: FarEnd, listener: LegListener, surroundings: Surroundings, manners: Pick<SessionManners, 'authenticate'> = {}): Leg {
    if (snapshot['at'] === 'conversation') return new AdoptedLeg(id, snapshot as unknown as ConversationSnapshot, farEnd, listener, surroundings, manners);
    return lostLeg(id, snapshot, listener, surroundings);
  }

  get id(): LegId {
    return this.#id;
  }

  send(command: LegCommand): void {
    if (command.type === 'moved') this.#id = command.leg;
    if (!this.#report.over) this.#conversation.send(command);
  }

  snapshot(): LegSnapshot {
    return this.#conversation.snapshot();
  }

  spoken(): readonly Codec[] {
    return this.#conversation.spoken;
  }

  #hearMedia(event: GatewayEvent): void {
    this.#conversation.hearMedia(event);
  }
}
