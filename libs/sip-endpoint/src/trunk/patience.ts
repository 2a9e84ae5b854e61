import type { Timer, Timers } from '@tipring/clock';
import { type Answer, SilenceWatch } from './silence-watch.ts';

export interface PatienceUser {
  /** Nothing came for a while: whoever would be next may be asked whether he is there. */
  doubtful(): void;
  /** Nothing came at all. */
  unanswered(): void;
  ask(done: (answer: Answer) => void): void;
  /** Something came, and then nothing more. */
  dead(): void;
}

/**
 * How long the silence of one server is borne that was sent an INVITE:
 *
 *    calling ── responseMs ──► over: unanswered
 *       └── a response of any kind ──► proceeding ── the watch says dead ──► over: dead
 */
export class Patience {
  readonly #timers: Timers;
  readonly #user: PatienceUser;
  #state:
    | { readonly at: 'calling'; readonly doubt: Timer; readonly limit: Timer }
    | { readonly at: 'proceeding'; readonly watch: SilenceWatch }
    | { readonly at: 'over' };

  constructor(timers: Timers, responseMs: number, user: PatienceUser) {
    this.#timers = timers;
    this.#user = user;
    this.#state = {
      at: 'calling',
      doubt: timers.start(responseMs / 4, () => user.doubtful()),
      limit: timers.start(responseMs, () => {
        this.end();
        user.unanswered();
      }),
    };
  }

  get wasHeard(): boolean {
    return this.#state.at === 'proceeding';
  }

  /** A response of any kind, 100 Trying too, or media. */
  heard(): void {
    const state = this.#state;
    if (state.at === 'proceeding') return state.watch.heard();
    if (state.at === 'over') return;
    this.end();
    this.#state = { at: 'proceeding', watch: new SilenceWatch(this.#timers, (done) => this.#user.ask(done), () => this.#user.dead()) };
  }

  end(): void {
    const state = this.#state;
    if (state.at === 'proceeding') state.watch.stop();
    if (state.at === 'calling') {
      state.doubt.stop();
      state.limit.stop();
    }
    this.#state = { at: 'over' };
  }
}
