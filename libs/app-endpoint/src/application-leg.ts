import type { Timer } from '@tipring/clock';
import type { Cause, Codec, DialRequest, Evidence, Leg, LegCommand, LegId, LegListener, LegSnapshot, Party, TerminationId } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';
import type { Application, Effect, Input, Started, Step } from './application.ts';
import type { ApplicationSurroundings } from './application-ports.ts';
import { Player, type PlayerListener, type PlayerSnapshot } from './player.ts';
import { usable } from './usable-codecs.ts';

/** Whose leg it is. */
export interface LegKind<State, Ask, Answer> {
  readonly endpoint: string;
  readonly application: Application<State, Ask, Answer>;
  /** `en`, `de-AT`. */
  readonly language: (from: Party) => string;
}

/**
 * One call of an application: it answers as soon as it has a player, and runs the application's function, one input after the other.
 *
 *   opening ──player is there──► up ──released by the call or by itself──► leaving ──what was recorded is told──► over
 *      └──────────────────── no player, released ───────────────────────────────────────────────────────────────► over
 */
export class ApplicationLeg<State, Ask, Answer> implements Leg {
  readonly media: TerminationId;
  readonly reference = '';
  readonly #kind: LegKind<State, Ask, Answer>;
  readonly #surroundings: ApplicationSurroundings;
  readonly #report: LegReport;
  readonly #player: Player;
  readonly #timers = new Map<string, { readonly ms: number; readonly timer: Timer }>();
  readonly #inbox: (() => void)[] = [];
  #phase: Phase<State>;
  #language: string;
  #codecs: readonly Codec[] = [];
  /** The question that is open: its number, so that what is answered to a former one is not told. */
  #asked: { readonly number: number; readonly ask: Ask } | null = null;
  #asks = 0;
  #isBusy = false;
  #id: LegId;

  private constructor(id: LegId, kind: LegKind<State, Ask, Answer>, surroundings: ApplicationSurroundings, listener: LegListener, begin: { readonly phase: Phase<State>; readonly language: string; readonly player: (listener: PlayerListener) => Player }) {
    this.#id = id;
    this.media = id;
    this.#kind = kind;
    this.#surroundings = surroundings;
    this.#report = new LegReport(listener);
    this.#phase = begin.phase;
    this.#language = begin.language;
    this.#player = begin.player({
      announced: (how) => this.#take({ type: 'announced', how }),
      recorded: (recorded) => this.#take({ type: 'recorded', ...recorded }),
    });
  }

  static begin<State, Ask, Answer>(id: LegId, request: DialRequest, kind: LegKind<State, Ask, Answer>, surroundings: ApplicationSurroundings, listener: LegListener): ApplicationLeg<State, Ask, Answer> {
    const { media, timers } = surroundings;
    const leg = new ApplicationLeg(id, kind, surroundings, listener, {
      phase: { at: 'opening' }, language: kind.language(request.from), player: (hears) => new Player(request.context, id, media, timers, hears),
    });
    leg.#open(request);
    return leg;
  }

  /** A leg that was up before this process was. */
  static adopt<State, Ask, Answer>(id: LegId, snapshot: LegSnapshot, kind: LegKind<State, Ask, Answer>, surroundings: ApplicationSurroundings, listener: LegListener): ApplicationLeg<State, Ask, Answer> {
    const { media, timers } = surroundings;
    const kept = keptOf<State, Ask>(snapshot, kind.application.name);
    const leg = new ApplicationLeg(id, kind, surroundings, listener, {
      phase: kept === null ? { at: 'opening' } : { at: 'up', state: kept.state },
      language: kept?.language ?? '',
      player: (hears) => (kept === null ? new Player('', id, media, timers, hears) : Player.adopt(kept.player, id, media, timers, hears)),
    });
    if (kept === null) timers.start(0, () => leg.#over('temporaryFailure', { kind: 'restart', text: 'it was being set up when the controller was restarted' }));
    else leg.#resume(kept);
    return leg;
  }

  get id(): LegId {
    return this.#id;
  }

  get isConfidential(): boolean {
    return this.#phase.at === 'up' && this.#concealed(this.#phase.state) !== null;
  }

  send(command: LegCommand): void {
    switch (command.type) {
      case 'sendDigit':
      // Whoever hears himself has his digits back already.
      case 'digitPassed':
        return this.#take({ type: 'digit', digit: command.digit });
      case 'held':
      case 'resumed':
        return this.#player.held(command.type);
      case 'silent':
        // Nobody is behind an application who could be silent or not: whether anybody is there at all, the other side alone shows.
        return this.#report.tell({ type: 'silent', silentMs: command.silentMs });
      case 'heard':
        return this.#report.tell({ type: 'heard', silentMs: 0 });
      case 'restoreMedia':
        return this.#player.restore();
      case 'release':
        return this.#leave(command.cause, { kind: 'local', text: `released: ${command.cause}` });
      case 'transfer':
        return this.#take(command.is === 'failed' ? { type: 'transfer', is: 'failed', cause: command.cause } : { type: 'transfer', is: command.is });
      case 'moved':
        this.#id = command.leg;
        return this.#player.move(command.context, () => this.#report.tell({ type: 'mediaReturned' }));
      case 'alert':
      case 'progress':
      case 'answer':
      case 'sound':
      case 'party':
        return;
    }
  }

  snapshot(): LegSnapshot {
    const phase = this.#phase;
    if (phase.at === 'opening') return { at: 'setup' };
    if (phase.at === 'over') return { at: 'over' };
    const timers = Array.from(this.#timers, ([name, { ms }]) => [name, ms] as const);
    const concealed = this.#concealed(phase.state);
    return {
      at: 'up', application: this.#kind.application.name, state: concealed ?? phase.state, language: this.#language, codecs: this.#codecs, player: this.#player.snapshot(), timers, ask: concealed === null ? (this.#asked?.ask ?? null) : null,
    } satisfies Kept<State, Ask>;
  }

  spoken(): readonly Codec[] {
    return this.#codecs;
  }

  #concealed(state: State): State | null {
    return this.#kind.application.concealed?.(state) ?? null;
  }

  #open(request: DialRequest): void {
    this.#codecs = usable(request.media.codecs, this.#surroundings.codecs);
    if (this.#codecs.length === 0) {
      this.#surroundings.timers.start(0, () => this.#over('incompatibleDestination', { kind: 'codec', text: 'the caller has no codec that the gateway decodes' }));
      return;
    }
    this.#player.open((refusal) => {
      if (this.#phase.at !== 'opening') return;
      if (refusal !== null) return this.#over(refusal.code === 'overloaded' ? 'congestion' : 'temporaryFailure', { kind: 'gateway', text: `media gateway: ${refusal.text}` });
      this.#report.tell({ type: 'answered', supervision: 'signalled', media: { codecs: this.#codecs, digits: 'rtpEvent' } });
      // It may have been released meanwhile.
      if (!this.#report.over) this.#work(() => this.#perform(this.#kind.application.begin(this.#started(request))));
    });
  }

  #started({ context, from, number, diversions }: DialRequest): Started {
    return { leg: this.id, call: context, from, number, reason: diversions?.at(-1)?.reason ?? null, language: this.#language, at: this.#surroundings.clock.now() };
  }

  /** What it had asked is asked again, and its timers begin anew. */
  #resume({ codecs, timers, ask }: Kept<State, Ask>): void {
    this.#codecs = codecs;
    for (const [name, ms] of timers) this.#start(name, ms);
    if (ask !== null) this.#surroundings.timers.start(0, () => this.#ask(ask));
    this.#player.check();
    // Nothing would ever happen to who waits for nothing.
    if (timers.length === 0 && ask === null && !this.#player.isBusy) this.#surroundings.timers.start(0, () => this.#take({ type: 'announced', how: 'ended' }));
  }

  #take(input: Input<Answer>): void {
    if (this.#phase.at === 'up' || this.#phase.at === 'leaving') this.#work(() => this.#step(input));
  }

  /** One after the other: what is raised meanwhile waits. */
  #work(task: () => void): void {
    this.#inbox.push(task);
    if (this.#isBusy) return;
    this.#isBusy = true;
    const before = stateOf(this.#phase);
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
      try {
        next();
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#isBusy = false;
    if (this.#phase.at === 'up' && this.#phase.state !== before) this.#report.tell({ type: 'changed' });
  }

  #step(input: Input<Answer>): void {
    const phase = this.#phase;
    if (phase.at !== 'up' && phase.at !== 'leaving') return;
    const isLast = input.type === 'recorded' || input.type === 'released';
    if (phase.at === 'leaving' && !isLast) return;
    this.#perform(this.#kind.application.step(phase.state, input));
    if (phase.at !== 'leaving') return;
    if (input.type === 'recorded') this.#take({ type: 'released', cause: phase.cause });
    else if (input.type === 'released') this.#over(phase.cause, phase.evidence);
  }

  #perform([state, effects]: Step<State, Ask>): void {
    const phase = this.#phase;
    if (phase.at === 'opening' || phase.at === 'up') this.#phase = { at: 'up', state };
    else if (phase.at === 'leaving') this.#phase = { ...phase, state };
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect<Ask>): void {
    if (effect.do === 'ask') return this.#ask(effect.ask);
    if (effect.do === 'tell') return this.#kind.application.ask(effect.tell, ignore);
    if (effect.do === 'note') return this.#report.note(effect.kind, effect.text, effect.data);
    // The caller is gone.
    if (this.#phase.at !== 'up') return;
    switch (effect.do) {
      case 'say':
        return this.#player.say(this.#surroundings.phrases.pieces(this.#language, effect.said), effect.times ?? 1);
      case 'hush':
        return this.#player.hush();
      case 'record': {
        const { do: _do, ...recording } = effect;
        return this.#player.record(recording);
      }
      case 'recording':
        return this.#player.recording(effect.is);
      case 'start':
        return this.#start(effect.timer, effect.ms);
      case 'stop':
        return this.#stop(effect.timer);
      case 'language':
        this.#language = effect.language;
        return;
      case 'transfer':
        return this.#report.tell({ type: 'transferRequested', to: effect.to, isFinal: true });
      case 'mirror':
        return this.#report.tell({ type: 'mirror', is: effect.is });
      case 'sit':
        return this.#player.sit({ room: effect.room, isMuted: effect.isMuted }, () => this.#report.tell({ type: 'mediaReturned' }));
      case 'stand':
        return this.#player.stand(() => this.#report.tell({ type: 'mediaReturned' }));
      case 'mute':
        return this.#player.mute(effect.isMuted);
      case 'release':
        return this.#leave(effect.cause, { kind: 'application', text: `${this.#kind.application.name}: ${effect.text ?? 'it is over'}` });
    }
  }

  #ask(ask: Ask): void {
    const number = ++this.#asks;
    this.#asked = { number, ask };
    this.#kind.application.ask(ask, (answer) => {
      if (this.#asked?.number !== number) return;
      this.#asked = null;
      this.#take({ type: 'answer', answer });
    });
  }

  #start(name: string, ms: number): void {
    this.#stop(name);
    const { timers, clock } = this.#surroundings;
    const timer = timers.start(ms, () => {
      this.#timers.delete(name);
      this.#take({ type: 'timeout', timer: name, at: clock.now() });
    });
    this.#timers.set(name, { ms, timer });
  }

  #stop(name: string): void {
    this.#timers.get(name)?.timer.stop();
    this.#timers.delete(name);
  }

  #leave(cause: Cause, evidence: Evidence): void {
    const phase = this.#phase;
    if (phase.at === 'opening') return this.#over(cause, evidence);
    if (phase.at !== 'up') return;
    this.#phase = { at: 'leaving', state: phase.state, cause, evidence };
    this.#asked = null;
    for (const name of [...this.#timers.keys()]) this.#stop(name);
    if (!this.#player.isRecording) return this.#take({ type: 'released', cause });
    // What is on the way of it is told first; of a gateway that does not answer nothing more is to be had.
    this.#player.recording('stopped');
    const timer = this.#surroundings.timers.start(lastWordMs, () => this.#player.abandonRecording());
    this.#timers.set('', { ms: lastWordMs, timer });
  }

  /** Our own code: the call ends, and what can be told of its end is told. */
  #failed(error: unknown): void {
    this.#surroundings.log.bug(this.#kind.endpoint, this.id, error);
    this.#inbox.length = 0;
    const { at } = this.#phase;
    const evidence = { kind: 'bug', text: `${this.#kind.application.name} failed` };
    if (at === 'leaving') this.#over('temporaryFailure', evidence);
    else this.#leave('temporaryFailure', evidence);
  }

  #over(cause: Cause, evidence: Evidence): void {
    if (this.#phase.at === 'over') return;
    this.#phase = { at: 'over' };
    for (const name of [...this.#timers.keys()]) this.#stop(name);
    this.#player.close();
    this.#report.released(cause, evidence);
  }
}

type Phase<State> =
  | { readonly at: 'opening' }
  | { readonly at: 'up'; readonly state: State }
  | { readonly at: 'leaving'; readonly state: State; readonly cause: Cause; readonly evidence: Evidence }
  | { readonly at: 'over' };

function stateOf<State>(phase: Phase<State>): State | undefined {
  return phase.at === 'up' || phase.at === 'leaving' ? phase.state : undefined;
}

function ignore(): void {}

/** Plain JSON. */
interface Kept<State, Ask> {
  readonly at: 'up';
  readonly application: string;
  readonly state: State;
  readonly language: string;
  readonly codecs: readonly Codec[];
  readonly player: PlayerSnapshot;
  readonly timers: readonly (readonly [name: string, ms: number])[];
  readonly ask: Ask | null;
}

/** Null: it was being set up, or what has its name now is another application. */
function keptOf<State, Ask>(snapshot: LegSnapshot, application: string): Kept<State, Ask> | null {
  return snapshot['at'] === 'up' && snapshot['application'] === application ? (snapshot as unknown as Kept<State, Ask>) : null;
}

/** How long a gateway may take to end a recording. */
const lastWordMs = 1_000;
