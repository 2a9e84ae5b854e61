import type { Timers } from '@tipring/clock';
import { createRequest, createResponse } from '@tipring/sip';
import type { OutgoingInvite, Session, SessionCore, SessionEvent, SessionListener } from '@tipring/sip';
import type { Impairment } from './trunk-ports.ts';

/** For drills: a session layer from which nothing leaves, and whose far end is as it is asked to be. */
export function impairedSessions(how: Impairment, timers: Timers): Pick<SessionCore, 'invite'> {
  return { invite: (outgoing, listener) => new ImpairedSession(how, outgoing, listener, timers) };
}

class ImpairedSession implements Session {
  readonly direction = 'out';
  readonly callId: string;
  readonly invite = undefined;
  #listener: SessionListener | undefined;

  constructor(how: Impairment, outgoing: OutgoingInvite, listener: SessionListener, timers: Timers) {
    this.callId = outgoing.callId ?? '';
    this.#listener = listener;
    if (how !== 'blackHole') timers.start(FAILS_AFTER_MS, () => this.#last(how === 'refuse503' ? refusal(outgoing) : unreachable));
  }

  get phase(): 'calling' | 'ended' {
    return this.#listener === undefined ? 'ended' : 'calling';
  }

  end(): void {
    this.#last({ type: 'ended', by: 'local', reasonHeader: undefined, detail: 'given up before an answer' });
  }

  snapshot(): undefined {
    return undefined;
  }

  // Nothing of this applies before an answer, which never comes.
  provisional(): void {}
  accept(): void {}
  reject(): void {}
  reinvite(): void {}
  update(): void {}
  answerOffer(): void {}
  refuseOffer(): void {}
  info(): void {}
  request(): void {}
  identify(): void {}
  respond(): void {}

  #last(event: SessionEvent): void {
    const listener = this.#listener;
    this.#listener = undefined;
    if (event.type !== 'ended' || event.by !== 'local') listener?.(event);
  }
}

function refusal({ uri, from, to }: OutgoingInvite): SessionEvent {
  const request = createRequest({ method: 'INVITE', uri, headers: [['Via', 'SIP/2.0/UDP drill.invalid;branch=z9hG4bKdrill'], ['From', `${from};tag=drill`], ['To', to], ['Call-ID', 'drill'], ['CSeq', '1 INVITE']] });
  const response = createResponse(request, 503);
  return { type: 'rejected', status: 503, reason: response.reason, response, contacts: [], retryAfterS: undefined };
}

const unreachable: SessionEvent = { type: 'ended', by: 'transport', reasonHeader: undefined, detail: 'connection refused (drill)' };
const FAILS_AFTER_MS = 1;
