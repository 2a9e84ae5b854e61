import type { GatewayEvent } from '@tipring/gateway';
import type { Codec, Leg, LegCommand, LegId, LegListener, LegSnapshot, TerminationId } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';
import { Conversation, type ConversationSnapshot } from './conversation.ts';
import type { SessionManners } from './inbound-leg.ts';
import { LegMedia } from './leg-media.ts';
import { lostLeg } from './lost-leg.ts';
import type { Surroundings } from './surroundings.ts';

/** A leg that was answered before this process was, going on from its snapshot. */
export class AdoptedLeg implements Leg {
  readonly id: LegId;
  readonly media: TerminationId;
  readonly reference: string;
  readonly #conversation: Conversation;
  readonly #report: LegReport;

  private constructor(id: LegId, { session: kept, media: keptMedia, is }: ConversationSnapshot, listener: LegListener, surroundings: Surroundings, manners: Pick<SessionManners, 'authenticate'>) {
    this.id = id;
    this.media = keptMedia.termination;
    this.#report = new LegReport(listener);
    const media = LegMedia.adopt(surroundings.media, keptMedia, kept.localSdp, (event) => this.#hearMedia(event));
    const session = surroundings.sessions.adopt(kept, (event) => {
      if (!this.#report.over) this.#conversation.hear(event);
    }, manners);
    this.reference = session.callId;
    this.#conversation = new Conversation(session, media, this.#report, surroundings, is);
  }

  /** A leg that was not answered yet is `released` soon. */
  static of(id: LegId, snapshot: LegSnapshot, listener: LegListener, surroundings: Surroundings, manners: Pick<SessionManners, 'authenticate'> = {}): Leg {
    if (snapshot['at'] === 'conversation') return new AdoptedLeg(id, snapshot as unknown as ConversationSnapshot, listener, surroundings, manners);
    return lostLeg(id, snapshot, listener, surroundings);
  }

  send(command: LegCommand): void {
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
