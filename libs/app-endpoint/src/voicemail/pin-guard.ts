/**
 * Against guessing: after five wrong PINs of a mailbox, over all calls, none is taken for a minute, after each further one twice as long, an hour at
 * most. A right one forgets them, and so does a day without a wrong one. Bounded: of a thousand mailboxes; who was wrong longest ago is forgotten first.
 */
export class PinGuard {
  readonly #now: () => number;
  readonly #wrong = new Map<string, { readonly times: number; readonly until: number }>();

  /** `now`: ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Null: there is none, and none is right. */
  isRight(box: string, pin: string, right: string | null): boolean {
    const former = this.#wrong.get(box);
    if (former !== undefined && this.#now() < former.until) return false;
    this.#wrong.delete(box);
    if (right !== null && pin === right) return true;
    const times = (former === undefined || this.#now() - former.until > forgottenMs ? 0 : former.times) + 1;
    const restMs = times < freeTries ? 0 : Math.min(longestMs, firstMs * 2 ** (times - freeTries));
    this.#wrong.set(box, { times, until: this.#now() + restMs });
    for (const oldest of this.#wrong.keys()) {
      if (this.#wrong.size <= most) break;
      this.#wrong.delete(oldest);
    }
    return false;
  }
}

const freeTries = 5;
const firstMs = 60_000;
const longestMs = 3_600_000;
const forgottenMs = 86_400_000;
const most = 1_000;
