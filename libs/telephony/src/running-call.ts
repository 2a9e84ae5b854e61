import { aborted, call } from './call.ts';
import { CallAttempts } from './call-attempts.ts';
import { CallConnection } from './call-connection.ts';
import type { CallView } from './call-control.ts';
import { CallDialler } from './call-dialler.ts';
import { type CallAtWork, perform } from './call-effects.ts';
import { hearing } from './call-hearing.ts';
import type { CallInput, CallStep, CallTimer } from './call-inputs.ts';
import { CallKeeper } from './call-keeper.ts';
import { CallLegs } from './call-legs.ts';
import { CallLog, type CallLogState, concealed } from './call-log.ts';
import type { Call } from './call-machine.ts';
import { CallNews } from './call-news.ts';
import { CallRecording } from './call-recording.ts';
import { consulterIn } from './call-parties.ts';
import { cutSegments, segmentOf } from './call-segments.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import { CallTimers } from './call-timers.ts';
import type { Transfer } from './call-operations.ts';
import type { Cause } from './cause.ts';
import { transcoding } from './codec-choice.ts';
import type { LegCommand, LegEvent, LegId } from './leg.ts';
import type { MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { CallId } from './record.ts';

/**
 * Runs one call: feeds its machine one input after the other (an event that is raised while effects are performed
 * waits), performs the effects, writes its story. The call's id is its context's id. What our own code throws ends this
 * call and nothing else.
 */
export class RunningCall implements CallAtWork {
  readonly log: CallLog;
  readonly legs: CallLegs;
  readonly dialler: CallDialler;
  readonly recording: CallRecording;
  readonly news: CallNews;
  readonly attempts: CallAttempts;
  readonly connection: CallConnection;
  readonly keeper: CallKeeper;
  readonly timers: CallTimers;
  readonly inbox: CallInput[] = [];
  isAnew = false;
  quality: CallAtWork['quality'] = null;
  /** What a caller would take who goes over unanswered. */
  offeredMedia: MediaProfile | undefined;
  readonly #surroundings: CallSurroundings;
  #state: Call = { at: 'new' };
  #busy = false;
  #recorded = false;

  constructor(log: CallLogState, surroundings: CallSurroundings) {
    const { timers, ports } = surroundings;
    this.log = new CallLog(log);
    this.legs = new CallLegs(this.log, this);
    this.news = new CallNews(this.log, surroundings, () => this.view());
    this.recording = new CallRecording(this.log, ports.media);
    this.#surroundings = surroundings;
    this.timers = new CallTimers(timers, (timer) => this.#expired(timer));
    this.attempts = new CallAttempts(this.log, surroundings);
    this.dialler = new CallDialler(this.log, this.legs, this.attempts, surroundings);
    this.connection = new CallConnection(this.log, ports.media, (text) => this.hangUp({ cause: 'congestion', evidence: { kind: 'gateway', text: `media gateway: ${text}` } }));
    this.keeper = new CallKeeper(this.log, this.legs, surroundings);
  }

  get id(): CallId {
    return this.log.state.id;
  }

  get state(): Call {
    return this.#state;
  }

  get isEmergency(): boolean {
    return this.log.state.emergency !== null;
  }

  view(): CallView {
    return this.log.view(this.#state);
  }

  hangUp(outcome: Outcome): void {
    this.work(() => {
      this.log.tell(this.#now(), 'hangUp', outcome.evidence.text, undefined, { cause: outcome.cause });
      this.inbox.push({ type: 'hangUp', outcome });
    });
  }

  mediaLost(): void {
    this.work(() => {
      this.log.tell(this.#now(), 'restored', 'the media gateway came back without this call: its media is made again');
      this.recording.follow('lost');
      this.inbox.push({ type: 'mediaLost' });
    });
  }

  /** What somebody wants of it, and what took more than one call. */
  take(input: CallInput): void {
    this.work(() => this.inbox.push(input));
  }

  /** Anything that is no input of its machine; what follows of it for the gateway is done as after one. */
  touch(work: () => void): void {
    this.work(() => {
      work();
      this.keeper.due();
      this.#settle();
    });
  }

  /** By its legs. */
  heard(id: LegId, event: LegEvent): void {
    this.work(() => {
      const logged = this.log.leg(id);
      // After `released` a leg has nothing to say; one that does must not wake a call that is over.
      if (logged === undefined || logged.state === 'released') return;
      const isSecret = this.#state.at === 'asking' || this.#state.at === 'new' || this.legs.isConfidential;
      this.log.event(this.#now(), logged, isSecret ? concealed(event) : event);
      if (event.type === 'transferRequested' || event.type === 'mergeRequested') return this.#surroundings.between.requested(this.id, id, event);
      const input: CallInput = { type: 'leg', leg: id, event };
      if (event.type === 'released') this.legs.delete(id);
      if (event.type === 'released' && this.#consulter === id) this.#surroundings.between.consulterGone(this.id, id, () => this.take(input));
      else this.inbox.push(input);
    });
  }

  /** Who came from another call to talk to the others, or was left there meanwhile. */
  get #consulter(): LegId | null {
    const state = this.#state;
    if (state.at === 'setup') return state.returns ? state.caller.leg : null;
    return state.at === 'talking' ? state.returns : null;
  }

  /** However that came about: hung up by the API, gone into a third call, a party sent on … */
  #lostConsulter(before: Call): void {
    const { consults, transfer } = this.log.state;
    const other = consults ?? transfer?.consultation;
    if (other !== undefined && other !== null && consulterIn(before) !== null && consulterIn(this.#state) === null) this.#surroundings.between.consulterLeft(other);
  }

  #expired(timer: CallTimer): void {
    this.work(() => {
      this.log.tell(this.#now(), 'timeout', `timer ${timer}`);
      this.inbox.push({ type: 'timeout', timer });
    });
  }

  /** Takes something in, then works the inbox off unless that is being done further up the stack. */
  work(take: () => void): void {
    this.#surroundings.turn.take(() => {
      const nested = this.#busy;
      this.#busy = true;
      try {
        take();
      } catch (error) {
        this.#failed(error);
      }
      if (nested) return;
      for (let input = this.inbox.shift(); input !== undefined; input = this.inbox.shift()) {
        try {
          this.#perform(call(this.#state, input, this.#surroundings.settings));
          if (input.type === 'leg' && (input.event.type === 'changed' || input.event.type === 'answered')) this.#tellTranscoding();
        } catch (error) {
          this.#failed(error);
        }
      }
      this.#busy = false;
      if (!this.#recorded) this.news.settle();
      this.keeper.settle(this.#state, this.dialler.state, () => this.work(() => this.keeper.write(this.#state, this.dialler.state)));
    });
  }

  #perform([state, effects]: CallStep): void {
    const before = this.#state;
    this.#state = state;
    this.#lostConsulter(before);
    const isFirst = this.log.state.answeredAt === null;
    if (before.at === 'setup' && state.at === 'talking') this.#answered(before.caller.leg, state.parties[1]);
    for (const effect of effects) perform(effect, this, this.#surroundings, isFirst);
    if (before.at === 'waiting' && before.why.is === 'slot' && state.at !== 'waiting') this.#retrieved(before.why, state);
    this.#settle();
  }

  #answered(caller: LegId, called: LegId | undefined): void {
    if (called === undefined) return;
    const isFirst = this.log.state.answeredAt === null;
    this.log.answered(this.#now(), called, caller);
    if (isFirst && this.log.state.features?.record === true && !this.isEmergency) this.record('start');
    if (this.log.state.consults !== undefined) this.#surroundings.between.consulted(this.id);
  }

  /** @returns false: it is so already, or there is nothing to stop */
  record(what: 'start' | 'pause' | 'resume' | 'stop'): boolean {
    const is = this.recording.do(what);
    if (is === null) return false;
    this.log.tell(this.#now(), 'recording', recordingWords[is]);
    this.news.publish({ type: 'call.recording', is });
    return true;
  }

  #retrieved({ lot, slot }: { readonly lot: string; readonly slot: string }, state: Call): void {
    delete this.log.state.waitsUntil;
    if (state.at === 'talking') this.news.publish({ type: 'call.retrieved', lot, slot, leg: state.parties[1] ?? null });
    else if (state.at === 'setup') this.news.publish({ type: 'call.retrieved', lot, slot, leg: null });
  }

  /** What follows from the state it is in: its segment, its recording, who hears whom. */
  #settle(): void {
    const now = this.#now();
    const { segments, startedAt } = this.log.state;
    if (cutSegments(segments, segments.length === 0 ? startedAt : now, segmentOf(this.#state)) === 'cut') this.recording.follow();
    const heard = hearing(this.#state);
    if (heard !== null) this.connection.connect(now, heard, this.recording.recorder, this.isAnew);
    this.isAnew = false;
  }

  /** Both have answered, or one of them changed its codecs. */
  #tellTranscoding(): void {
    const state = this.#state;
    if (state.at !== 'talking') return;
    const [a, b, more] = state.parties;
    if (a === undefined || b === undefined || more !== undefined) return;
    const [spokenByA, spokenByB] = [this.legs.spoken(a), this.legs.spoken(b)];
    if (spokenByA !== undefined && spokenByB !== undefined) this.log.transcoded(this.#now(), transcoding(spokenByA, spokenByB));
  }

  send(leg: LegId, command: LegCommand): void {
    this.legs.send(this.#now(), leg, command);
  }

  /** What has become of the transfer by which a party of this call was sent on. */
  transferred(is: Transfer['state'], cause: Cause | null): void {
    const { transfer } = this.log.state;
    if (transfer === undefined || transfer.endedAt !== null) return;
    const isOver = is !== 'ringing' && is !== 'consulting';
    this.log.state.transfer = { ...transfer, state: is, cause, endedAt: isOver ? this.#now() : null };
    this.log.tell(this.#now(), 'transfer', `the transfer is ${is}`, undefined, { id: transfer.id, state: is, ...(cause === null ? {} : { cause }) });
    this.news.publish({ type: 'call.transferred', transfer: this.log.state.transfer });
    if (isOver) this.#surroundings.between.transferOver(this.log.state.transfer);
    this.keeper.due();
  }

  /** A bug of ours. */
  #failed(error: unknown): void {
    const { settings } = this.#surroundings;
    this.log.tell(this.#now(), 'bug', error instanceof Error ? error.message : 'unknown');
    this.#report(error);
    const outcome: Outcome = { cause: 'temporaryFailure', evidence: { kind: 'bug', text: 'an internal error ended the call' } };
    const ending = this.#state.at === 'releasing' || this.#state.at === 'measuring' || this.#state.at === 'ended';
    this.inbox.length = 0;
    this.timers.stopAll();
    // A second failure, while ending: nothing more is expected of the legs.
    const [state, effects] = ending ? [{ at: 'ended' } as const, [{ do: 'measure' }, { do: 'close', outcome }] as const] : aborted(this.legs.ids, outcome, settings);
    const before = this.#state;
    this.#state = state;
    this.#lostConsulter(before);
    for (const effect of effects) {
      try {
        perform(effect, this, this.#surroundings, false);
      } catch (further) {
        this.#report(further);
      }
    }
  }

  #report(error: unknown): void {
    this.#surroundings.settings.bug({ call: this.id, error, last: this.log.state.story.slice(-20) });
  }

  /** Its record is written, and it is forgotten. */
  close(outcome: Outcome): void {
    if (this.#recorded) return;
    this.#recorded = true;
    this.keeper.stop();
    const at = this.#now();
    this.transferred('failed', outcome.cause);
    const { segments, startedAt } = this.log.state;
    cutSegments(segments, segments.length === 0 ? startedAt : at, segmentOf(this.#state));
    const record = this.log.record(at, outcome, this.quality);
    try {
      this.#surroundings.ports.records.ended(record);
      this.news.publish({ type: 'call.ended', cause: record.cause }, record.endedAt);
    } finally {
      this.#surroundings.ended(this.id);
    }
  }

  #now(): number {
    return this.#surroundings.settings.wallClock();
  }
}

const recordingWords = { running: 'it is recorded', paused: 'the recording is paused', stopped: 'it is recorded no more' } as const;
