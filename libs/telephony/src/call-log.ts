import type { Cause } from './cause.ts';
import type { CallState, CallView, LegState } from './call-control.ts';
import type { EndpointId } from './endpoint.ts';
import type { Evidence, LegCommand, LegEvent, LegId, Party, Sound, TransferTarget } from './leg.ts';
import type { MediaProfile, MediaQuality, TerminationId } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { CallDirection, CallId, CallRecord, LegRole, StoryEntry } from './record.ts';

/** What is known of a leg while it lives, and for the record afterwards. */
export interface LoggedLeg {
  readonly id: LegId;
  readonly endpoint: EndpointId;
  readonly role: LegRole;
  party: Party;
  isMuted: boolean;
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
  readonly endpoints: readonly EndpointId[];
  readonly number: string;
  readonly startedAt: number;
  answeredAt: number | null;
  endedAt: number | null;
  cause: Cause | null;
  evidence: Evidence | null;
  readonly legs: readonly LegId[];
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

  started(leg: LoggedLeg, type: 'offered' | 'originated'): void {
    this.state.legs.push(leg);
    this.legChanges += 1;
    this.state.story.push({
      at: leg.startedAt,
      leg: leg.id,
      type,
      text: type === 'offered' ? `call from ${leg.endpoint}` : `calling ${leg.endpoint}`,
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
    switch (command.type) {
      case 'alert':
        return this.tell(at, 'commanded', 'told: it rings', leg);
      case 'progress':
        return this.tell(at, 'commanded', `given early media: ${inUse(command.media)}`, leg);
      case 'answer':
        return this.tell(at, 'commanded', `told: answered, ${inUse(command.media)}`, leg);
      case 'sendDigit':
        return this.tell(at, 'commanded', `given digit ${command.digit}`, leg);
      case 'sound':
        return this.tell(at, 'commanded', command.sound === null ? 'given no tone any more' : `given a tone: ${soundWords[command.sound]}`, leg);
      case 'held':
      case 'resumed':
      case 'silent':
      case 'heard':
        // Told by who does it.
        return;
      case 'restoreMedia':
        return this.tell(at, 'commanded', 'told to make its media again', leg);
      case 'transfer':
        return this.tell(at, 'commanded', `told of its transfer: ${command.is}`, leg);
      case 'moved':
        return this.tell(at, 'commanded', `goes over to ${command.context}`, leg);
      case 'party':
        return this.tell(at, 'commanded', `told whom it talks to: ${command.party.number}`, leg);
      case 'release':
        return this.tell(at, 'commanded', `told to release: ${command.cause}`, leg);
    }
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

  /** The call's answer; the caller's leg counts as answered from here on. */
  answered(at: number, called: LegId, caller: LegId): void {
    this.state.answeredAt = at;
    this.state.answeredBy = this.leg(called)?.endpoint ?? null;
    const attempt = this.state.attempts.at(-1);
    if (attempt !== undefined) attempt.answeredAt = at;
    const leg = this.leg(caller);
    if (leg === undefined || leg.answeredAt !== null) return;
    leg.answeredAt = at;
    leg.state = 'answered';
  }

  /** `codecs`: those that are converted into each other now, undefined: none. */
  transcoded(at: number, codecs: string | undefined): void {
    const { state } = this;
    if ((state.transcoded ?? undefined) === codecs) return;
    if (codecs !== undefined) this.tell(at, 'transcoded', `transcoded ${codecs}`, undefined, { codecs });
    else this.tell(at, 'transcoded', 'no longer transcoded: both have a codec in common again', undefined, { codecs: null });
    state.transcoded = codecs ?? null;
  }

  view(state: CallState): CallView {
    const { id, direction, startedAt, answeredAt, from, to, recovered, emergency, legs } = this.state;
    return {
      id, state, direction, startedAt, answeredAt, from, to, recovered, emergency, parked: null, recording: null,
      legs: legs.map((leg) => ({ id: leg.id, endpoint: leg.endpoint, role: leg.role, state: leg.state, party: leg.party, isMuted: leg.isMuted, reference: leg.reference, startedAt: leg.startedAt, answeredAt: leg.answeredAt })),
    };
  }

  record(at: number, outcome: Outcome, quality: Readonly<Record<TerminationId, MediaQuality>> | null): CallRecord {
    const { id, direction, startedAt, answeredAt, answeredBy, from, to, recovered, emergency, legs, attempts, story } = this.state;
    this.tell(at, 'ended', outcome.evidence.text, undefined, { cause: outcome.cause, kind: outcome.evidence.kind });
    return {
      id, direction, startedAt, answeredAt, endedAt: at, from, to, answeredBy, story, recovered, emergency,
      segments: [], continues: [], continuedIn: null,
      cause: outcome.cause,
      evidence: outcome.evidence,
      legs: legs.map((leg) => ({
        id: leg.id, endpoint: leg.endpoint, role: leg.role, reference: leg.reference,
        startedAt: leg.startedAt, answeredAt: leg.answeredAt, endedAt: leg.endedAt, cause: leg.cause, evidence: leg.evidence,
        quality: quality?.[leg.media] ?? null,
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

function inUse(media: MediaProfile): string {
  return media.codecs[0]?.name ?? 'no codec';
}

/** A new call's log. */
export function emptyLog(id: CallId, startedAt: number, from: Party, to: string): CallLogState {
  return { id, from, to, startedAt, direction: 'internal', answeredAt: null, answeredBy: null, recovered: false, emergency: null, legs: [], attempts: [], story: [] };
}

const soundWords: Readonly<Record<Sound, string>> = { preempted: 'the call is taken away', askPin: 'a PIN is to be dialled', refused: 'that was not taken' };

const LONGEST_STORY = 500;
