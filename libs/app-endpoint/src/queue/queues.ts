import type { Timer, Timers } from '@tipring/clock';
import type { Queue, Snapshot } from '@tipring/config';
import type { CallControl, CallEvent, CallId, CallView, EndpointId, LegId } from '@tipring/telephony';
import type { QueueAgents } from '../features/feature-caller.ts';
import type { WallClock } from '../wall-clock.ts';
import { nextAgents } from './agent-order.ts';
import type { QueueAnswer, QueueApplication, WaitingCaller } from './queue.ts';
import { AgentBook, type KeptPresences, type Occupation, type Presence } from './queue-agents.ts';
import { QueueCounts, type QueueFigures } from './queue-figures.ts';

export interface QueuesPorts {
  readonly snapshot: () => Snapshot;
  readonly calls: CallControl;
  readonly clock: WallClock;
  readonly timers: Timers;
  readonly kept: KeptPresences;
}

/** A queue as it stands. */
export interface QueueStatus {
  /** Who has waited longest first. */
  readonly waiting: readonly { readonly call: CallId; readonly from: WaitingCaller['party']; /** Ms since the epoch. */ readonly since: number }[];
  readonly agents: readonly { readonly extensionId: string; readonly presence: Presence; readonly is: Occupation['is'] | 'onThePhone'; readonly callsToday: number }[];
  readonly today: QueueFigures;
}

interface Waiting {
  readonly caller: WaitingCaller;
  answer: (answer: QueueAnswer) => void;
  /** Calls that ring agents for him. */
  readonly offers: Map<CallId, string>;
  /** Agents who did not answer: the others come first. */
  readonly tried: Set<string>;
  limit: Timer | undefined;
  retry: Timer | undefined;
  isLeaving: boolean;
}

interface Line {
  readonly waiting: Waiting[];
  readonly counts: QueueCounts;
  /** Who was rung last, for taking turns. */
  last: string | null;
}

/** The queues of an office: rings agents for who waits, the longest first. */
export class Queues implements QueueAgents {
  readonly #ports: QueuesPorts;
  readonly #agents: AgentBook;
  readonly #lines = new Map<string, Line>();
  readonly #wrapUps = new Map<string, Timer>();
  readonly #unobserve: () => void;
  /** Who can ring is looked for when all that happens now has happened. */
  #soon: Timer | undefined;

  constructor(ports: QueuesPorts) {
    this.#ports = ports;
    this.#agents = new AgentBook(ports.kept);
    this.#unobserve = ports.calls.observe((event) => this.#hear(event));
  }

  /** Nobody is rung any more. */
  close(): void {
    this.#unobserve();
    this.#soon?.stop();
    for (const timer of this.#wrapUps.values()) timer.stop();
    for (const { waiting } of this.#lines.values()) for (const one of waiting) this.#stop(one);
  }

  change(extensionId: string, queue: string | null, to: 'loggedIn' | 'loggedOut' | 'paused' | 'resumed'): boolean {
    const { queues } = this.#ports.snapshot();
    const one = queue === null ? undefined : queues.get(queue);
    const changed = this.#agents.change(queue === null ? [...queues.values()] : one === undefined ? [] : [one], extensionId, to);
    if (changed) this.#ringSoon();
    return changed;
  }

  /** Undefined: there is no such queue. */
  status(id: string): QueueStatus | undefined {
    const queue = this.#ports.snapshot().queues.get(id);
    if (queue === undefined) return undefined;
    const day = this.#day();
    const { waiting, counts } = this.#line(id);
    return {
      waiting: waiting.map(({ caller: { call, party, since } }) => ({ call, from: party, since })),
      agents: queue.agents.map(({ extensionId }) => {
        const { is } = this.#agents.occupation(extensionId);
        return { extensionId, presence: this.#agents.presence(queue, extensionId), is: is === 'idle' && this.#isOnThePhone(extensionId) ? 'onThePhone' : is, callsToday: this.#agents.callsToday(id, extensionId, day) };
      }),
      today: counts.figures(day),
    };
  }

  /** What the callers of a queue ask. */
  asked(id: string): QueueApplication['ask'] {
    return (ask, answer) => {
      const line = this.#line(id);
      switch (ask.ask) {
        case 'wait':
          return this.#waits(id, line, ask.caller, answer);
        case 'position': {
          const at = line.waiting.findIndex(({ caller }) => caller.leg === ask.leg);
          return answer({ to: 'position', before: at === -1 ? line.waiting.length : at });
        }
        case 'leave':
          return this.#left(id, line, ask.leg);
      }
    };
  }

  #waits(id: string, line: Line, caller: WaitingCaller, answer: (answer: QueueAnswer) => void): void {
    const known = line.waiting.find((one) => one.caller.leg === caller.leg);
    if (known !== undefined) {
      known.answer = answer;
      return;
    }
    const waiting: Waiting = { caller, answer, offers: new Map(), tried: new Set(), limit: undefined, retry: undefined, isLeaving: false };
    // By when he came: after a restart they come back in any order.
    const behind = line.waiting.findIndex((one) => one.caller.since > caller.since);
    line.waiting.splice(behind === -1 ? line.waiting.length : behind, 0, waiting);
    line.counts.offered(this.#day());
    const queue = this.#ports.snapshot().queues.get(id);
    if (queue === undefined || this.#isFull(queue, line)) return this.#overflow(waiting);
    const { longestWaitMs } = queue;
    if (longestWaitMs !== null) waiting.limit = this.#ports.timers.start(Math.max(0, caller.since + longestWaitMs - this.#ports.clock.now()), () => this.#overflow(waiting));
    this.#ringSoon();
  }

  #isFull(queue: Queue, { waiting }: Line): boolean {
    if (queue.mostWaiting !== null && waiting.length > queue.mostWaiting) return true;
    return queue.withoutAgents === 'overflow' && !queue.agents.some(({ extensionId }) => this.#agents.presence(queue, extensionId) !== 'loggedOut');
  }

  #overflow(waiting: Waiting): void {
    waiting.isLeaving = true;
    this.#stop(waiting);
    this.#withdraw(waiting);
    waiting.answer({ to: 'wait', is: 'overflow' });
  }

  /** His application's leg is gone: somebody has taken its place, or nobody has. */
  #left(id: string, line: Line, leg: LegId): void {
    const at = line.waiting.findIndex(({ caller }) => caller.leg === leg);
    const [waiting] = at === -1 ? [] : line.waiting.splice(at, 1);
    if (waiting === undefined) return;
    this.#stop(waiting);
    const now = this.#ports.clock.now();
    const waitedMs = Math.max(0, now - waiting.caller.since);
    const call = this.#ports.calls.call(waiting.caller.call);
    const taker = [...waiting.offers.values()].find((extensionId) => call !== undefined && isIn(call, this.#endpointsOf(extensionId)));
    if (taker === undefined) line.counts.left(this.#day(), waiting.isLeaving ? 'overflowed' : 'abandoned', waitedMs);
    else {
      line.counts.answered(this.#day(), waitedMs);
      this.#agents.took(id, taker, now, this.#day());
      this.#agents.occupy(taker, { is: 'talking', call: waiting.caller.call, queue: id, since: now });
      if (this.#ports.snapshot().queues.get(id)?.record === 'always') this.#ports.calls.record(waiting.caller.call, 'start');
    }
    this.#withdraw(waiting);
    this.#ringSoon();
  }

  /** Agents who ring for him ring no more. */
  #withdraw({ offers }: Waiting): void {
    for (const [call, extensionId] of [...offers]) {
      offers.delete(call);
      const occupation = this.#agents.occupation(extensionId);
      if (occupation.is !== 'ringing' || occupation.call !== call) continue;
      this.#agents.occupy(extensionId, { is: 'idle' });
      this.#ports.calls.hangUp(call, 'answeredElsewhere');
    }
  }

  #hear(event: CallEvent): void {
    const { call } = event;
    for (const [extensionId, occupation] of [...this.#agents.occupied()]) {
      if (occupation.is === 'ringing' && occupation.call === call.id && event.type === 'call.ended') this.#missed(extensionId, call.id);
      else if (occupation.is === 'talking' && occupation.call === call.id && (event.type === 'call.ended' || !isIn(call, this.#endpointsOf(extensionId)))) this.#wrapsUp(extensionId, occupation.queue);
    }
    // Somebody may be free who was on the phone.
    if (event.type === 'call.ended') this.#ringSoon();
  }

  #missed(extensionId: string, call: CallId): void {
    this.#agents.occupy(extensionId, { is: 'idle' });
    for (const [id, { waiting }] of this.#lines) {
      for (const one of waiting) {
        if (!one.offers.delete(call)) continue;
        one.tried.add(extensionId);
        if (one.offers.size === 0) this.#pause(id, one);
      }
    }
  }

  /** Before the next is rung for him. */
  #pause(id: string, waiting: Waiting): void {
    const retryMs = this.#ports.snapshot().queues.get(id)?.retryMs ?? 0;
    waiting.retry = this.#ports.timers.start(Math.max(retryMs, LEAST_PAUSE_MS), () => {
      waiting.retry = undefined;
      this.#ringSoon();
    });
  }

  #wrapsUp(extensionId: string, queue: string): void {
    const { timers, clock, snapshot } = this.#ports;
    const ms = snapshot().queues.get(queue)?.wrapUpMs ?? 0;
    this.#wrapUps.get(extensionId)?.stop();
    this.#agents.occupy(extensionId, { is: 'wrapUp', until: clock.now() + ms });
    this.#wrapUps.set(extensionId, timers.start(ms, () => {
      this.#wrapUps.delete(extensionId);
      this.#agents.occupy(extensionId, { is: 'idle' });
      this.#ringSoon();
    }));
  }

  #ringSoon(): void {
    this.#soon ??= this.#ports.timers.start(0, () => {
      this.#soon = undefined;
      for (const [id, line] of this.#lines) this.#ring(id, line);
    });
  }

  #ring(id: string, line: Line): void {
    const queue = this.#ports.snapshot().queues.get(id);
    if (queue === undefined) return;
    for (const waiting of line.waiting) {
      if (waiting.isLeaving || waiting.offers.size > 0 || waiting.retry !== undefined) continue;
      const candidates = this.#agents.candidates(queue, this.#day(), this.#ports.snapshot(), (extensionId) => this.#isOnThePhone(extensionId));
      if (!candidates.some(({ isFree }) => isFree)) return;
      const { tried } = waiting;
      let agents = nextAgents(queue.strategy, candidates.map((one) => (tried.has(one.extensionId) ? { ...one, isFree: false } : one)), line.last);
      if (agents.length === 0) {
        tried.clear();
        agents = nextAgents(queue.strategy, candidates, line.last);
      }
      for (const extensionId of agents) this.#offer(queue, line, waiting, extensionId);
      if (waiting.offers.size === 0) this.#pause(id, waiting);
    }
  }

  #offer(queue: Queue, line: Line, { caller, offers, tried }: Waiting, extensionId: string): void {
    const { snapshot, calls } = this.#ports;
    const extension = snapshot().extensions.get(extensionId);
    const [from, ...together] = this.#endpointsOf(extensionId);
    if (extension === undefined || from === undefined) return void tried.add(extensionId);
    line.last = extensionId;
    const { party, call: into, leg } = caller;
    const prefix = queue.callerNamePrefix ?? '';
    const name = `${prefix} ${party.name ?? (prefix === '' ? '' : party.number)}`.trim();
    const call = calls.originate({
      from, together, party: { number: extension.number, name: extension.displayName }, to: queue.number ?? queue.key, timeoutMs: queue.agentRingMs,
      shown: { ...party, ...(name === '' || party.anonymous === true ? {} : { name }) }, intoCall: { call: into, as: { is: 'inPlaceOf', leg } },
    });
    // It may be over already: no calls are taken any more.
    if (calls.call(call) === undefined) return void tried.add(extensionId);
    offers.set(call, extensionId);
    this.#agents.occupy(extensionId, { is: 'ringing', call });
  }

  #stop(waiting: Waiting): void {
    waiting.limit?.stop();
    waiting.retry?.stop();
  }

  #isOnThePhone(extensionId: string): boolean {
    const endpoints = this.#endpointsOf(extensionId);
    return this.#ports.calls.calls().some((call) => isIn(call, endpoints));
  }

  #endpointsOf(extensionId: string): readonly EndpointId[] {
    const snapshot = this.#ports.snapshot();
    const stations = snapshot.stationsOf(extensionId).filter(({ isEnabled }) => isEnabled);
    return [...snapshot.devicesOf(extensionId).filter(({ enabled }) => enabled), ...stations].map(({ id }) => id);
  }

  #line(id: string): Line {
    const known = this.#lines.get(id);
    if (known !== undefined) return known;
    const line: Line = { waiting: [], counts: new QueueCounts(), last: null };
    this.#lines.set(id, line);
    return line;
  }

  #day(): string {
    const { year, month, day } = this.#ports.clock.local(this.#ports.clock.now());
    return `${year}-${month}-${day}`;
  }
}

/** Telephones that are not there must not keep the office busy. */
const LEAST_PAUSE_MS = 1_000;

/** One of these is in it. */
function isIn({ legs }: CallView, endpoints: readonly EndpointId[]): boolean {
  return legs.some(({ endpoint, state }) => state !== 'released' && endpoints.includes(endpoint));
}
