import type { Timer, Timers } from '@tipring/clock';
import { type EventLog, newId } from '@tipring/store';
import type { CallControl, CallEvent, CallId, CallView, EndpointId, Rerouting } from '@tipring/telephony';
import type { Logger } from 'pino';
import type { Asked, DrillCall, DrillCalls } from './api/ports.ts';
import type { Drill, DrillAttempt, DrillResult, KeptDrills } from './kept-drills.ts';

export interface DrillsPorts {
  readonly begin: DrillCalls;
  readonly calls: Pick<CallControl, 'observe' | 'hangUp' | 'call'>;
  readonly kept: KeptDrills;
  readonly events: Pick<EventLog, 'append'>;
  readonly timers: Timers;
  /** Ms since the epoch. */
  readonly wallClock: () => number;
  readonly log: Logger;
}

interface Going {
  readonly id: string;
  readonly trunkId: string;
  readonly startedAt: number;
  readonly reroutings: Rerouting[];
  /** The first that got through. */
  reached: { readonly endpoint: EndpointId; readonly at: number; readonly how: string } | null;
  looking: Timer;
  /** Its row is written. */
  began: Promise<void>;
}

/**
 * Watches test calls until another way got through or none is left, hangs them up and keeps what came of them. A drill that a restart interrupted has no
 * result for ever. `close` hangs up what goes on.
 */
export class Drills {
  readonly #ports: DrillsPorts;
  readonly #going = new Map<CallId, Going>();
  /** Over, and about to be written. */
  readonly #writing = new Set<CallId>();
  readonly #leave: () => void;

  constructor(ports: DrillsPorts) {
    this.#ports = ports;
    this.#leave = ports.calls.observe((event) => this.#hear(event));
  }

  /** Begins one. Rejects when it cannot be kept; its call is over then. */
  async begin(call: DrillCall, by: string): Promise<Asked<Drill>> {
    const { begin, calls, kept, wallClock } = this.#ports;
    const begun = begin.begin(call);
    if (!begun.ok) return begun;
    const callId = begun.value;
    const { trunkId, number, extensionId, impairment } = call;
    const drill = { id: newId('drl'), trunkId, callId, asked: { number, extensionId, impairment, by }, startedAt: wallClock() };
    const began = kept.began(drill);
    this.#going.set(callId, { id: drill.id, trunkId, startedAt: drill.startedAt, reroutings: [], reached: null, looking: this.#lookAgain(callId), began });
    try {
      await began;
    } catch (error) {
      calls.hangUp(callId);
      throw error;
    }
    return { ok: true, value: { ...drill, endedAt: null, result: null } };
  }

  isGoing(callId: CallId): boolean {
    return this.#going.has(callId) || this.#writing.has(callId);
  }

  close(): void {
    for (const callId of this.#going.keys()) this.#ports.calls.hangUp(callId);
    for (const { looking } of this.#going.values()) looking.stop();
    this.#leave();
  }

  #hear(event: CallEvent): void {
    const going = this.#going.get(event.call.id);
    if (going === undefined) return;
    if (event.type === 'call.rerouted') going.reroutings.push(event.rerouting);
    this.#look(going, event.call);
    if (event.type === 'call.ended') this.#end(event.call.id, going, event.call);
  }

  /** Early media is told by no event, so calls are looked at in between. */
  #lookAgain(callId: CallId): Timer {
    return this.#ports.timers.start(LOOK_MS, () => {
      const going = this.#going.get(callId);
      const call = this.#ports.calls.call(callId);
      if (going === undefined || call === undefined) return;
      this.#look(going, call);
      if (this.#ports.wallClock() - going.startedAt > LONGEST_MS) this.#ports.calls.hangUp(callId);
      else if (this.#going.has(callId)) going.looking = this.#lookAgain(callId);
    });
  }

  #look(going: Going, call: CallView): void {
    if (going.reached !== null) return;
    const leg = call.legs.find(({ role, state }) => role === 'called' && (state === 'ringing' || state === 'early' || state === 'answered'));
    if (leg === undefined) return;
    going.reached = { endpoint: leg.endpoint, at: this.#ports.wallClock(), how: { ringing: 'rang', early: 'was heard', answered: 'answered' }[leg.state as 'ringing' | 'early' | 'answered'] };
    this.#ports.calls.hangUp(call.id);
  }

  #end(callId: CallId, going: Going, call: CallView): void {
    const { kept, events, wallClock, log } = this.#ports;
    this.#going.delete(callId);
    going.looking.stop();
    const result = resultOf(going, call);
    events.append('drill.ended', { drillId: going.id, trunkId: going.trunkId, callId, ...result });
    const endedAt = wallClock();
    this.#writing.add(callId);
    going.began
      .then(() => kept.ended(going.id, endedAt, result))
      .catch((error: unknown) => log.warn({ err: error, drill: going.id, result }, 'drillNotWritten'))
      .finally(() => this.#writing.delete(callId));
  }
}

function resultOf({ trunkId, startedAt, reroutings, reached }: Going, call: CallView): DrillResult {
  const failed = reroutings.map(({ from, cause, evidence, afterMs }): DrillAttempt => ({ name: from.name, endpoints: from.endpoints, outcome: 'failed', afterMs, cause, text: evidence.text }));
  const hasFailed = failed.some(({ endpoints }) => endpoints.includes(trunkId));
  const gotThroughAfterMs = reached === null ? null : Math.round(reached.at - startedAt);
  const last = reroutings.at(-1)?.to;
  const leg = call.legs.findLast(({ endpoint }) => endpoint === reached?.endpoint);
  const name = last?.name ?? null;
  const attempts = reached === null ? failed : [
    ...failed,
    { name, endpoints: [reached.endpoint], outcome: 'gotThrough' as const, afterMs: Math.round(reached.at - (leg?.startedAt ?? startedAt)), cause: null, text: reached.how },
  ];
  if (reached === null) return { passed: false, gotThroughAfterMs, attempts, text: failed.length === 0 ? 'Nothing was tried after the trunk had failed.' : 'After the trunk had failed no other way got through.' };
  if (reached.endpoint === trunkId || !hasFailed) return { passed: false, gotThroughAfterMs, attempts, text: 'The call got through without the trunk having failed: it proves nothing.' };
  return { passed: true, gotThroughAfterMs, attempts, text: `${name ?? reached.endpoint} ${reached.how} ${((gotThroughAfterMs ?? 0) / 1000).toFixed(1)} s after the call began; nobody had to dial again.` };
}

const LOOK_MS = 100;
const LONGEST_MS = 90_000;
