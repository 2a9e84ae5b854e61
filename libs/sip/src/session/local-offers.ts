import type { Timer } from '@tipring/clock';
import { minimumOf } from './session-timer.ts';
import type { RequestOutcome } from './dialog-request.ts';
import type { OfferingUsage } from './offering-usage.ts';
import type { HeaderLines } from './session.ts';
import { isSuccess, sdpContent, sdpOf } from './user-agent.ts';

/** Our re-INVITEs and UPDATEs, one at a time (RFC 3261 14.1, RFC 3311 5.1); what cannot go now waits, the latest wish wins. */
export class LocalOffers {
  readonly #usage: OfferingUsage;
  #state: State = { at: 'idle' };
  #wanted: Offer | undefined;
  /** Said in each of them. */
  #identity: HeaderLines = [];

  constructor(usage: OfferingUsage) {
    this.#usage = usage;
  }

  /** An offer of ours is on its way: one of the peer now is glare. An UPDATE without one is in nobody's way. */
  get isOpen(): boolean {
    return this.#state.at === 'sent' && this.#state.isOffer;
  }

  offer(method: 'INVITE' | 'UPDATE', sdp: string): void {
    const { state, peerAllowsUpdate } = this.#usage;
    if (state === 'early' && method === 'INVITE') return;
    if (state !== 'early' && state !== 'confirmed') return;
    // RFC 3311 5.1: only when the peer's Allow has it; a re-INVITE says the same once the dialog is confirmed.
    if (state === 'early' && !peerAllowsUpdate) return;
    this.#wanted = { method: peerAllowsUpdate ? method : 'INVITE', sdp, isRefresh: false };
    this.goOn();
  }

  /** Says them as soon as one of ours may go; without any need of its own only if the peer takes UPDATE, or `by` any request. */
  identify(headers: HeaderLines, by: 'anyRequest' | 'update'): void {
    this.#identity = headers;
    const { state, peerAllowsUpdate, localSdp } = this.#usage;
    if (this.#wanted !== undefined || (state !== 'early' && state !== 'confirmed')) return;
    if (peerAllowsUpdate) this.#wanted = { method: 'UPDATE', sdp: undefined, isRefresh: true };
    else if (by === 'anyRequest' && state === 'confirmed' && localSdp !== undefined) this.#wanted = { method: 'INVITE', sdp: localSdp, isRefresh: true };
    this.goOn();
  }

  /** RFC 4028 7.4: UPDATE without offer where the peer takes it, else a re-INVITE with what we said last. */
  refresh(): void {
    if (this.#wanted !== undefined || this.#state.at !== 'idle') return; // that one refreshes as well
    const { peerAllowsUpdate, localSdp } = this.#usage;
    if (peerAllowsUpdate) this.#wanted = { method: 'UPDATE', sdp: undefined, isRefresh: true };
    else if (localSdp !== undefined) this.#wanted = { method: 'INVITE', sdp: localSdp, isRefresh: true };
    this.goOn();
  }

  /** Sends what waits, if nothing is in its way any more. */
  goOn(): void {
    const usage = this.#usage;
    const wanted = this.#wanted;
    if (wanted === undefined || this.#state.at !== 'idle') return;
    if (usage.state !== 'confirmed' && !(usage.state === 'early' && wanted.method === 'UPDATE')) return;
    // RFC 3311 5.1: an UPDATE without an offer waits for nothing; early, it is all that may go while our first offer is unanswered.
    const isBare = wanted.sdp === undefined && usage.state === 'early' && usage.owner.direction === 'out';
    if (!isBare && (usage.signalingState !== 'stable' || usage.remoteOffers.isOpen || usage.isAwaitingAck)) return;
    this.#wanted = undefined;
    this.#send(wanted, usage.intervalHeaders());
  }

  stop(): void {
    if (this.#state.at === 'delayed') this.#state.timer.stop();
    if (this.#state.at === 'delayed') this.#state = { at: 'idle' };
    this.#wanted = undefined;
  }

  #send(offer: Offer, interval: readonly (readonly [string, string])[]): void {
    const usage = this.#usage;
    const headers = [...usage.targetHeaders, ...interval, ...this.#identity];
    this.#state = { at: 'sent', isOffer: offer.sdp !== undefined };
    if (offer.sdp !== undefined) usage.signal('sendOffer');
    usage.request(offer.method, offer.sdp === undefined ? headers : [...headers, sdpContent], offer.sdp, (outcome) => this.#finish(offer, outcome));
  }

  #finish(offer: Offer, outcome: RequestOutcome): void {
    const usage = this.#usage;
    const { response } = outcome;
    this.#state = { at: 'idle' };
    // A 2xx to re-INVITE wants its ACK even when the session is over by now.
    if (offer.method === 'INVITE' && response !== undefined && isSuccess(response)) usage.acknowledge(response.cseq.number, undefined);
    if (usage.state !== 'early' && usage.state !== 'confirmed') return;
    if (response !== undefined && isSuccess(response)) this.#accepted(offer, response);
    else this.#failed(offer, outcome);
    this.goOn();
  }

  #accepted(offer: Offer, response: Extract<RequestOutcome, { request: unknown }>['response']): void {
    const usage = this.#usage;
    usage.refreshTarget(response);
    usage.acceptInterval(response);
    if (offer.sdp !== undefined) {
      const answer = sdpOf(response);
      if (answer === undefined) {
        usage.signal('withdraw');
        if (!offer.isRefresh) usage.owner.emit({ type: 'offerRefused', status: response.status });
      } else {
        usage.signal('receiveAnswer');
        usage.localSdp = offer.sdp;
        usage.owner.emit({ type: 'answer', sdp: answer });
      }
    }
    usage.owner.emit({ type: 'changed' });
  }

  #failed(offer: Offer, outcome: RequestOutcome): void {
    const usage = this.#usage;
    if (offer.sdp !== undefined) usage.signal('withdraw');
    if (outcome.response === undefined) {
      // RFC 3261 12.2.1.2: no answer at all ends the dialog.
      if (usage.state === 'confirmed') usage.fail(outcome.failure === 'timeout' ? 'timer' : 'transport', `${offer.method}: ${outcome.detail}`);
      else usage.owner.emit({ type: 'offerRefused', status: 0 });
      return;
    }
    const { status } = outcome.response;
    switch (status) {
      case 491:
        this.#delay(offer);
        return;
      case 422:
        // RFC 4028 7.4: again with what the peer's Min-SE wants.
        if (offer.isRepeated !== true) this.#sendAgain(offer, minimumOf(outcome.response));
        return;
      case 408:
      case 481:
        if (usage.state === 'confirmed') usage.fail('remote', `${offer.method}: ${status} ${outcome.response.reason}`);
        return;
      default:
        if (!offer.isRefresh) usage.owner.emit({ type: 'offerRefused', status });
    }
  }

  #sendAgain(offer: Offer, intervalS: number): void {
    this.#send({ ...offer, isRepeated: true }, [['Session-Expires', String(intervalS)], ['Min-SE', String(intervalS)]]);
  }

  /** RFC 3261 14.1: who made the Call-ID waits 2.1–4 s, the other 0–2 s, in steps of 10 ms. */
  #delay(offer: Offer): void {
    const { agent, owner } = this.#usage;
    const ms = owner.direction === 'out' ? 2100 + 10 * Math.floor(agent.random() * 191) : 10 * Math.floor(agent.random() * 201);
    const timer = agent.timers.start(ms, () => {
      this.#state = { at: 'idle' };
      this.#wanted ??= offer;
      this.goOn();
    });
    this.#state = { at: 'delayed', timer };
  }
}

type State = { readonly at: 'idle' } | { readonly at: 'sent'; readonly isOffer: boolean } | { readonly at: 'delayed'; readonly timer: Timer };

interface Offer {
  readonly method: 'INVITE' | 'UPDATE';
  /** None: an UPDATE that only keeps the session alive. */
  readonly sdp: string | undefined;
  readonly isRefresh: boolean;
  /** It was refused once for its interval. */
  readonly isRepeated?: true;
}
