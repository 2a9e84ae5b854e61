import type { Cause } from './cause.ts';
import type { CallView, LegState } from './call-control.ts';
import type { Call } from './call-machine.ts';
import type { ArrivalAs, Transfer } from './call-operations.ts';
import { type LoggedSegment, segmentsOf } from './call-segments.ts';
import { callState } from './call-state.ts';
import { inUse, wordsFor } from './command-words.ts';
import type { EndpointId } from './endpoint.ts';
import type { Evidence, LegCommand, LegEvent, LegId, Party, TransferTarget } from './leg.ts';
import type { MediaQuality, TerminationId } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { CallDirection, CallId, CallRecord, LegRole, StoryEntry } from './record.ts';
import type { RouteFeatures } from './route.ts';

/** What is known of a leg while it lives, and for the record afterwards. */
export interface LoggedLeg {
  readonly id: LegId;
  readonly endpoint: EndpointId;
  readonly role: LegRole;
  /** Who is behind it. */
  readonly party: Party;
  /** It went on as this leg of another call. */
  movedTo?: LegId;
  readonly reference: string;
  readonly media: TerminationId;
  readonly startedAt: number;
  state: LegState;
  answeredAt: number | null;
  endedAt: number | null;
  cause: Cause | null;
  evidence: Evidence | null;
}

/** An attempt while it is made: what its record will be. `endedAt`, `cause`, `evidence`: null while it goes on. */
export interface LoggedAttempt {
  readonly name: string | null;
  readonly endpoints: EndpointId[];
  readonly number: string;
  readonly startedAt: number;
  answeredAt: number | null;
  endedAt: number | null;
  cause: Cause | null;
  evidence: Evidence | null;
  readonly legs: LegId[];
}

/** The record so far, as it is kept in the gateway's blob: plain JSON. */
export interface CallLogState {
  readonly id: CallId;
  readonly from: Party;
  readonly to: string;
  readonly startedAt: number;
  direction: CallDirection;
  answeredAt: number | null;
  answeredBy: EndpointId | null;
  recovered: boolean;
  /** The codecs that are converted into each other, as told last. */
  transcoded?: string | null;
  /** The emergency number it goes to. */
  emergency: string | null;
  /** What it is to have besides, as routing said. */
  features?: RouteFeatures;
  /** It is recorded, or to be again once somebody talks. `files`: how many there are. */
  recording?: { readonly is: 'running' | 'paused'; readonly files: number };
  /** The latest by which a party of it was sent on. */
  transfer?: Transfer;
  /** It was begun so that the transferor of that call's transfer can consult somebody. */
  consults?: CallId;
  /** Who comes up in it goes over into that call. */
  goesInto?: { readonly call: CallId; readonly as: ArrivalAs };
  /** When its waiting party's time is over, ms since the epoch. */
  waitsUntil?: number;
  readonly segments: LoggedSegment[];
  readonly continues: CallId[];
  continuedIn: CallId | null;
  readonly legs: LoggedLeg[];
  readonly attempts: LoggedAttempt[];
  readonly story: StoryEntry[];
}

/** Writes a call's story while it happens. Instants are handed in as `at`, ms since the epoch. */
export class CallLog {
  readonly state: CallLogState;
  /** Counts how often a leg came or took another state. */
  legChanges = 0;

  constructor(state: CallLogState) {
    this.state = state;
  }

  leg(id: LegId): LoggedLeg | undefined {
    for (const leg of this.state.legs) if (leg.id === id) return leg;
    return undefined;
  }

  started(leg: LoggedLeg, type: 'offered' | 'originated' | 'arrived'): void {
    this.state.legs.push(leg);
    this.legChanges += 1;
    this.state.story.push({
      at: leg.startedAt,
      leg: leg.id,
      type,
      text: startWords[type] + leg.endpoint,
    });
  }

  attempted(attempt: LoggedAttempt): void {
    this.state.attempts.push(attempt);
  }

  /** The attempt being made has failed so. */
  failed(at: number, { cause, evidence }: Outcome): LoggedAttempt | undefined {
    const attempt = this.state.attempts.at(-1);
    if (attempt === undefined) return undefined;
    attempt.endedAt = at;
    attempt.cause = cause;
    attempt.evidence = evidence;
    return attempt;
  }

  tell(at: number, type: string, text: string, leg?: LegId, data?: Readonly<Record<string, unknown>>): void {
    const { story } = this.state;
    // A far end that sends digits or re-INVITEs without end must not fill the memory; how it all ends is told in any case.
    if (story.length >= LONGEST_STORY && type !== 'released' && type !== 'ended') {
      if (story.length === LONGEST_STORY) story.push({ at, type: 'note', text: 'there was more; it is not told' });
      return;
    }
    // Written out: a dozen a call, and spreading an empty object costs more than the entry.
    if (data === undefined) story.push(leg === undefined ? { at, type, text } : { at, leg, type, text });
    else story.push(leg === undefined ? { at, type, text, data } : { at, leg, type, text, data });
  }

  commanded(at: number, leg: LegId, command: LegCommand): void {
    const words = wordsFor(command);
    if (words !== null) this.tell(at, 'commanded', words, leg);
    const logged = command.type === 'answer' ? this.leg(leg) : undefined;
    if (logged !== undefined) this.#up(at, logged);
  }

  event(at: number, leg: LoggedLeg, event: LegEvent): void {
    const before = leg.state;
    this.#hear(at, leg, event);
    if (leg.state !== before) this.legChanges += 1;
  }

  #hear(at: number, leg: LoggedLeg, event: LegEvent): void {
    switch (event.type) {
      case 'ringing':
        if (leg.state === 'trying') leg.state = 'ringing';
        return this.tell(at, 'ringing', 'it rings', leg.id);
      case 'progress':
        if (leg.state === 'trying' || leg.state === 'ringing') leg.state = 'early';
        return this.tell(at, 'progress', `early media: ${inUse(event.media)}`, leg.id);
      case 'answered':
        leg.state = 'answered';
        leg.answeredAt = at;
        return this.tell(at, 'answered', `${event.supervision === 'signalled' ? 'answered' : 'taken as answered'}: ${inUse(event.media)}`, leg.id, { supervision: event.supervision });
      case 'digit':
        return this.tell(at, 'digit', `digit ${event.digit}`, leg.id, { digit: event.digit, durationMs: event.durationMs });
      case 'silent':
        return this.tell(at, 'note', `no packet for ${Math.round(event.silentMs / 1000)} s`, leg.id, { kind: 'mediaTimeout', silentMs: event.silentMs });
      case 'heard':
        return this.tell(at, 'note', `packets again, after ${Math.round(event.silentMs / 1000)} s without`, leg.id, { kind: 'mediaResumed', silentMs: event.silentMs });
      case 'held':
        leg.state = 'held';
        return this.tell(at, 'held', 'put the other side on hold', leg.id);
      case 'resumed':
        leg.state = 'answered';
        return this.tell(at, 'resumed', 'took the other side back', leg.id);
      case 'digitPassed':
        // Whoever acts on it tells it.
        return;
      case 'mediaReturned':
        // Joining tells it.
        return;
      case 'note':
        return this.tell(at, 'note', event.evidence.text, leg.id, { ...event.data, kind: event.evidence.kind });
      case 'changed':
        return;
      case 'transferRequested':
        return this.tell(at, 'transferRequested', `wants the other side to talk to ${wordsOf(event.to)}`, leg.id);
      case 'mirror':
        return this.tell(at, 'mirror', event.is === 'on' ? 'the other side hears itself' : 'the other side hears itself no longer', leg.id);
      case 'mergeRequested':
        return this.tell(at, 'mergeRequested', 'wants all of its two calls to hear each other', leg.id);
      case 'released':
        leg.state = 'released';
        leg.endedAt = at;
        leg.cause = event.cause;
        leg.evidence = event.evidence;
        return this.tell(at, 'released', event.evidence.text, leg.id, { cause: event.cause, kind: event.evidence.kind });
    }
  }

  /** An answer to the call, the first is the record's; the caller's leg counts as answered from here on. */
  answered(at: number, called: LegId, caller: LegId): void {
    if (this.state.answeredAt === null) {
      this.state.answeredAt = at;
      this.state.answeredBy = this.leg(called)?.endpoint ?? null;
    }
    const attempt = this.state.attempts.at(-1);
    if (attempt !== undefined) attempt.answeredAt = at;
    const leg = this.leg(caller);
    if (leg !== undefined) this.#up(at, leg);
  }

  #up(at: number, leg: LoggedLeg): void {
    if (leg.answeredAt !== null) return;
    leg.answeredAt = at;
    leg.state = 'answered';
    this.legChanges += 1;
  }

  /** `codecs`: those that are converted into each other now, undefined: none. */
  transcoded(at: number, codecs: string | undefined): void {
    const { state } = this;
    if ((state.transcoded ?? undefined) === codecs) return;
    if (codecs !== undefined) this.tell(at, 'transcoded', `transcoded ${codecs}`, undefined, { codecs });
    else this.tell(at, 'transcoded', 'no longer transcoded: both have a codec in common again', undefined, { codecs: null });
    state.transcoded = codecs ?? null;
  }

  /** A party of that call came into this one. */
  continued(from: CallId): void {
    if (!this.state.continues.includes(from)) this.state.continues.push(from);
  }

  /** It went over: here it is over. */
  moved(at: number, leg: LoggedLeg, to: LegId, call: CallId): void {
    this.legChanges += 1;
    leg.state = 'released';
    leg.endedAt = at;
    leg.cause = 'normalClearing';
    leg.evidence = { kind: 'moved', text: `went over to call ${call}` };
    leg.movedTo = to;
    this.tell(at, 'moved', leg.evidence.text, leg.id, { to, call });
  }

  view(state: Call): CallView {
    const { id, direction, startedAt, answeredAt, from, to, recovered, emergency, recording, legs } = this.state;
    const [muted, heldHere] = state.at === 'talking' ? [state.muted, state.heldHere] : [nobody, nobody];
    return {
      id, state: callState(state), direction, startedAt, answeredAt, from, to, recovered, emergency,
      parked: state.at === 'waiting' && state.why.is === 'slot' ? { lot: state.why.lot, slot: state.why.slot } : null,
      recording: recording?.is ?? null,
      legs: legs.map((leg) => ({
        id: leg.id, endpoint: leg.endpoint, role: leg.role, state: heldHere.includes(leg.id) ? 'held' : leg.state, party: leg.party, isMuted: muted.includes(leg.id), reference: leg.reference,
        startedAt: leg.startedAt, answeredAt: leg.answeredAt,
      })),
    };
  }

  record(at: number, outcome: Outcome, quality: Readonly<Record<TerminationId, MediaQuality>> | null): CallRecord {
    const { id, direction, startedAt, answeredAt, answeredBy, from, to, recovered, emergency, legs, attempts, story, segments, continues, continuedIn } = this.state;
    this.tell(at, 'ended', outcome.evidence.text, undefined, { cause: outcome.cause, kind: outcome.evidence.kind });
    return {
      id, direction, startedAt, answeredAt, endedAt: at, from, to, answeredBy, story, recovered, emergency,
      continuedIn,
      segments: segmentsOf(segments, at),
      continues: [...continues],
      cause: outcome.cause,
      evidence: outcome.evidence,
      legs: legs.map((leg) => ({
        id: leg.id, endpoint: leg.endpoint, role: leg.role, reference: leg.reference,
        startedAt: leg.startedAt, answeredAt: leg.answeredAt, endedAt: leg.endedAt, cause: leg.cause, evidence: leg.evidence,
        quality: leg.movedTo === undefined ? (quality?.[leg.media] ?? null) : null,
        ...(leg.movedTo === undefined ? {} : { movedTo: leg.movedTo }),
      })),
      attempts: attempts.map((attempt) => ({ ...attempt, endedAt: attempt.endedAt ?? at, cause: attempt.cause ?? outcome.cause, evidence: attempt.evidence ?? outcome.evidence })),
    };
  }
}

/** As it is told to a leg that takes PINs. */
export function concealedCommand(command: LegCommand): LegCommand {
  return command.type === 'sendDigit' ? { ...command, digit: '*' } : command;
}

/** As it is told while a PIN is dialled. */
export function concealed(event: LegEvent): LegEvent {
  if (event.type === 'digit') return { ...event, digit: '*' };
  if (event.type === 'note' && event.evidence.kind === 'digit') return { type: 'note', evidence: { kind: 'digit', text: 'digit *' } };
  return event;
}

function wordsOf(to: TransferTarget): string {
  if (to.type === 'number') return to.number;
  return to.type === 'leg' ? 'whom it talks to in its other call' : `a ${to.destination.type}`;
}

/** A new call's log. */
export function emptyLog(id: CallId, startedAt: number, from: Party, to: string): CallLogState {
  return { id, from, to, startedAt, direction: 'internal', answeredAt: null, answeredBy: null, recovered: false, emergency: null, segments: [], continues: [], continuedIn: null, legs: [], attempts: [], story: [] };
}

const startWords = { offered: 'call from ', originated: 'calling ', arrived: 'came from another call: ' } as const;
const nobody: readonly LegId[] = [];
const LONGEST_STORY = 500;
