import type { Queue, Snapshot } from '@tipring/config';
import type { CallId } from '@tipring/telephony';
import type { Candidate } from './agent-order.ts';

/** Of an agent in one queue. */
export type Presence = 'loggedIn' | 'loggedOut' | 'paused';

/** Port. Who has logged in and out, for the next process; by `QUEUE/EXTENSION`. `save` neither waits nor throws. */
export interface KeptPresences {
  load(): ReadonlyMap<string, Presence>;
  save(presences: ReadonlyMap<string, Presence>): void;
}

/** What keeps an agent from the next call, whichever queue it is of. */
export type Occupation =
  | { readonly is: 'idle' }
  /** `call`: that rings him. */
  | { readonly is: 'ringing'; readonly call: CallId }
  | { readonly is: 'talking'; readonly call: CallId; readonly queue: string; readonly since: number }
  | { readonly is: 'wrapUp'; readonly until: number };

/** The agents of all queues: who is there, what each does, and how many calls he has taken today. */
export class AgentBook {
  readonly #kept: KeptPresences;
  readonly #presences: Map<string, Presence>;
  readonly #occupations = new Map<string, Occupation>();
  readonly #taken = new Map<string, { readonly day: string; readonly calls: number; readonly at: number }>();

  constructor(kept: KeptPresences) {
    this.#kept = kept;
    this.#presences = new Map(kept.load());
  }

  presence(queue: Pick<Queue, 'id' | 'agents'>, extensionId: string): Presence {
    const agent = queue.agents.find((one) => one.extensionId === extensionId);
    if (agent === undefined) return 'loggedOut';
    return this.#presences.get(`${queue.id}/${extensionId}`) ?? (agent.startsLoggedIn ? 'loggedIn' : 'loggedOut');
  }

  /** False: he is an agent of none of these. */
  change(queues: readonly Queue[], extensionId: string, to: 'loggedIn' | 'loggedOut' | 'paused' | 'resumed'): boolean {
    let isAgent = false;
    for (const queue of queues) {
      if (!queue.agents.some((agent) => agent.extensionId === extensionId)) continue;
      isAgent = true;
      const isThere = this.presence(queue, extensionId) !== 'loggedOut';
      // Who is not there takes no break.
      if (to === 'loggedIn' || to === 'loggedOut') this.#presences.set(`${queue.id}/${extensionId}`, to);
      else if (isThere) this.#presences.set(`${queue.id}/${extensionId}`, to === 'paused' ? 'paused' : 'loggedIn');
    }
    if (isAgent) this.#kept.save(this.#presences);
    return isAgent;
  }

  occupation(extensionId: string): Occupation {
    return this.#occupations.get(extensionId) ?? idle;
  }

  occupy(extensionId: string, occupation: Occupation): void {
    if (occupation.is === 'idle') this.#occupations.delete(extensionId);
    else this.#occupations.set(extensionId, occupation);
  }

  /** Who do what `is` says. */
  *occupied(): Iterable<readonly [extensionId: string, occupation: Occupation]> {
    yield* this.#occupations;
  }

  took(queue: string, extensionId: string, at: number, day: string): void {
    this.#taken.set(`${queue}/${extensionId}`, { day, calls: this.callsToday(queue, extensionId, day) + 1, at });
  }

  callsToday(queue: string, extensionId: string, day: string): number {
    const taken = this.#taken.get(`${queue}/${extensionId}`);
    return taken?.day === day ? taken.calls : 0;
  }

  /** `isOnThePhone`: in any other call. */
  candidates(queue: Queue, day: string, snapshot: Snapshot, isOnThePhone: (extensionId: string) => boolean): readonly Candidate[] {
    return queue.agents
      .filter(({ extensionId }) => snapshot.extensions.has(extensionId))
      .map(({ extensionId, tier }) => ({
        extensionId, tier,
        isFree: snapshot.extensions.get(extensionId)?.isDoNotDisturb !== true && this.presence(queue, extensionId) === 'loggedIn' && this.occupation(extensionId).is === 'idle' && !isOnThePhone(extensionId),
        lastCallAt: this.#taken.get(`${queue.id}/${extensionId}`)?.at ?? null,
        callsToday: this.callsToday(queue.id, extensionId, day),
      }));
  }
}

const idle: Occupation = { is: 'idle' };
