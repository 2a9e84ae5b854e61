import type { Timer, Timers } from '@tipring/clock';

/** Somebody who has a NOTIFY to send. */
export interface Turn {
  /** Where it goes: one telephone, whatever it watches. */
  readonly peer: string;
  readonly isReliable: boolean;
  /** It is its turn: sends, and says `done` when it was answered or failed. Never called from inside `ask`; from inside another's `done` it is. */
  go(): void;
}

export interface NotifyLimits {
  /** NOTIFYs that one peer may leave unanswered. */
  readonly perPeer: number;
  /** Over UDP, to all peers together: nothing below us slows down when packets are lost (RFC 8085 3.1). */
  readonly overUdp: number;
  /** A NOTIFY that is unanswered for so long counts for the others no more; its peer gets one at a time until it answers. */
  readonly stalledMs: number;
  /** How many may leave at a time that no answer made room for, before other work has its turn. */
  readonly slice: number;
}

/** Who may send its NOTIFY now: everybody in turn, telephone by telephone, within limits. Holds nobody twice, so it holds no more than there are subscriptions. */
export class NotifyTurns {
  readonly #timers: Timers;
  readonly #limits: NotifyLimits;
  readonly #peers = new Map<string, Peer>();
  /** Peers that have somebody waiting and may be sent to. */
  readonly #ready = new Set<Peer>();
  /** In flight over UDP and not stalled, oldest first. */
  readonly #fresh = new Map<Turn, number>();
  #waiting = 0;
  #inFlight = 0;
  #wake: Timer | undefined;
  #wakesSoon = false;

  constructor(timers: Timers, limits: Partial<NotifyLimits> = {}) {
    this.#timers = timers;
    this.#limits = { ...defaultNotifyLimits, ...limits };
  }

  /** Who waits, and who has sent and was not answered. */
  get size(): { readonly waiting: number; readonly inFlight: number } {
    return { waiting: this.#waiting, inFlight: this.#inFlight };
  }

  /** Asks for a turn; once, until it was had. */
  ask(turn: Turn): void {
    let peer = this.#peers.get(turn.peer);
    if (peer === undefined) this.#peers.set(turn.peer, (peer = { name: turn.peer, waiting: new Set(), inFlight: new Set(), isSlow: false }));
    peer.waiting.add(turn);
    this.#waiting += 1;
    this.#consider(peer);
    this.#wakeIn(0);
  }

  /** Its NOTIFY was answered (`isAnswered`), or failed, or it does not want its turn any more. */
  done(turn: Turn, isAnswered: boolean): void {
    const peer = this.#peers.get(turn.peer);
    if (peer === undefined) return;
    if (peer.waiting.delete(turn)) this.#waiting -= 1;
    if (peer.inFlight.delete(turn)) this.#inFlight -= 1;
    this.#fresh.delete(turn);
    if (isAnswered) peer.isSlow = false;
    if (peer.waiting.size === 0 && peer.inFlight.size === 0) this.#peers.delete(peer.name);
    this.#consider(peer);
    // Answers set the pace: each makes room for two, until the windows are full. A timer alone would be slower than any telephone.
    if (isAnswered) this.#give(PER_ANSWER);
    else if (this.#ready.size > 0) this.#wakeIn(0);
  }

  /** Nobody waits any more. */
  close(): void {
    this.#wake?.stop();
    this.#wake = undefined;
    this.#peers.clear();
    this.#ready.clear();
  }

  #consider(peer: Peer): void {
    const limit = peer.isSlow ? 1 : this.#limits.perPeer;
    if (peer.waiting.size > 0 && peer.inFlight.size < limit) this.#ready.add(peer);
    else this.#ready.delete(peer);
  }

  #wakeIn(ms: number): void {
    if (this.#wake !== undefined && (this.#wakesSoon || ms > 0)) return;
    this.#wake?.stop();
    this.#wakesSoon = ms === 0;
    this.#wake = this.#timers.start(ms, () => {
      this.#wake = undefined;
      this.#give(this.#limits.slice);
    });
  }

  #give(most: number): void {
    this.#setAsideStalled();
    let left = most;
    // A peer that was served goes to the end of the set, which is in order of insertion.
    for (const peer of this.#ready) {
      if (left === 0) break;
      const [turn] = peer.waiting;
      if (turn === undefined || (!turn.isReliable && this.#fresh.size >= this.#limits.overUdp)) continue;
      left -= 1;
      peer.waiting.delete(turn);
      peer.inFlight.add(turn);
      this.#waiting -= 1;
      this.#inFlight += 1;
      if (!turn.isReliable) this.#fresh.set(turn, this.#timers.now());
      this.#ready.delete(peer);
      this.#consider(peer);
      turn.go();
    }
    if (this.#ready.size === 0) return;
    if (left === 0) return this.#wakeIn(0);
    // All who are ready wait for the window over UDP: until something is answered, or has stalled.
    const [oldest] = this.#fresh.values();
    if (oldest !== undefined) this.#wakeIn(Math.max(1, Math.ceil(oldest + this.#limits.stalledMs - this.#timers.now())));
  }

  #setAsideStalled(): void {
    const limit = this.#timers.now() - this.#limits.stalledMs;
    for (const [turn, since] of this.#fresh) {
      if (since > limit) return;
      this.#fresh.delete(turn);
      const peer = this.#peers.get(turn.peer);
      if (peer === undefined) continue;
      peer.isSlow = true;
      this.#consider(peer);
    }
  }
}

interface Peer {
  readonly name: string;
  readonly waiting: Set<Turn>;
  readonly inFlight: Set<Turn>;
  isSlow: boolean;
}

export const defaultNotifyLimits: NotifyLimits = { perPeer: 8, overUdp: 256, stalledMs: 500, slice: 32 };
const PER_ANSWER = 2;
