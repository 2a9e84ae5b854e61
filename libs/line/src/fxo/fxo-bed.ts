import { defaultFxoSettings, type FxoSettings } from './fxo-settings.ts';
import { absentLine, fxoLine, type FxoLine } from './fxo-line.ts';
import type { FxoEffect, FxoInput, FxoTimer, TimerEffect } from './fxo-machine.ts';

type Said = FxoInput extends infer One ? (One extends { readonly at: number } ? Omit<One, 'at'> : never) : never;

/** A line in tests: its port obeys, its timers are run by hand, and what must never happen is thrown. */
export class FxoBed {
  state: FxoLine = absentLine;
  now = 0;
  /** The port's; while it does not confirm, orders are lost on it. */
  hook: 'offHook' | 'onHook' = 'onHook';
  confirms = true;
  /** Once it is gone it knows no leg, nor any that is offered from then on. */
  exchange: 'there' | 'gone' = 'there';
  /** All effects but those of timers, in short words. */
  readonly did: string[] = [];
  readonly incidents: string[] = [];
  readonly #settings: FxoSettings;
  readonly #due = new Map<FxoTimer, number>();
  readonly #inbox: FxoInput[] = [];
  #leg: 'none' | 'live' = 'none';

  constructor(change: Partial<FxoSettings> = {}) {
    this.#settings = { ...defaultFxoSettings, ...change };
  }

  /** Card there, battery on, nothing going on. */
  static idle(change: Partial<FxoSettings> = {}): FxoBed {
    const bed = new FxoBed(change);
    bed.say({ type: 'present' });
    bed.advance(defaultFxoSettings.guardMs);
    bed.did.length = 0;
    return bed;
  }

  get at(): string {
    return this.state.line.at;
  }

  get timers(): readonly FxoTimer[] {
    return [...this.#due.keys()];
  }

  say(...said: readonly Said[]): void {
    for (const one of said) {
      // A card that is pulled holds no loop.
      if (one.type === 'absent') this.hook = 'onHook';
      this.#input({ ...one, at: this.now } as FxoInput);
    }
  }

  /** A dial that is not refused makes a leg. */
  dial(number: string, priority?: 'emergency'): void {
    const before = this.did.length;
    this.say({ type: 'dial', number, ...(priority === undefined ? {} : { priority }) });
    if (!this.did.slice(before).some((did) => did.startsWith('refuse'))) this.#leg = 'live';
  }

  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = [...this.#due].sort(([, a], [, b]) => a - b)[0];
      if (next === undefined || next[1] > until) break;
      this.now = Math.max(this.now, next[1]);
      this.#due.delete(next[0]);
      this.#input({ type: 'timeout', timer: next[0], at: this.now });
    }
    this.now = until;
  }

  /** What was done since the last time it was asked. */
  take(): readonly string[] {
    return this.did.splice(0);
  }

  burst(ms: number, frequencyHz?: number): void {
    this.say(frequencyHz === undefined ? { type: 'ringBegins' } : { type: 'ringBegins', frequencyHz });
    this.advance(ms);
    this.say({ type: 'ringEnds' });
  }

  /** To `offered`, nobody known. */
  offered(): void {
    this.burst(2000, 20);
    this.advance(4000);
    this.say({ type: 'ringBegins', frequencyHz: 20 });
  }

  /** To `up`, called. */
  answered(): void {
    this.offered();
    this.say({ type: 'answer' });
    this.advance(this.#settings.settleMs);
  }

  /** To `awaitingAnswer`. */
  dialled(number = '5551234'): void {
    this.dial(number);
    this.advance(this.#settings.settleMs);
    this.tone('dial');
    this.say({ type: 'digitsSent' });
  }

  /** To `up`, calling. */
  talking(): void {
    this.dialled();
    this.say({ type: 'polarityReversed' });
  }

  tone(id: string, cycles: number | null = id.toLowerCase().includes('dial') ? null : 2, confidence = 0.95, levelDbm0 = -18): void {
    this.say({ type: 'tone', tone: { id, cycles, confidence, levelDbm0 } });
  }

  /** Runs to completion: what is raised while effects are performed waits. */
  #input(input: FxoInput): void {
    this.#inbox.push(input);
    if (this.#inbox.length > 1) return;
    for (let next = this.#inbox[0]; next !== undefined; next = this.#inbox[0]) {
      const [state, effects] = fxoLine(this.state, next, this.#settings);
      this.state = state;
      for (const effect of effects) this.#perform(effect);
      this.#inbox.shift();
    }
  }

  #perform(effect: FxoEffect | TimerEffect): void {
    switch (effect.do) {
      case 'start':
        if (this.#due.has(effect.timer)) throw new Error(`timer ${effect.timer} runs already`);
        this.#due.set(effect.timer, this.now + effect.ms);
        return;
      case 'stop':
        if (!this.#due.delete(effect.timer)) throw new Error(`timer ${effect.timer} does not run`);
        return;
      case 'hook':
        this.did.push(effect.to);
        if (!this.confirms) return;
        this.hook = effect.to;
        this.say({ type: 'hook', is: effect.to });
        return;
      case 'offer':
        if (this.#leg === 'live') throw new Error('a second leg');
        this.#leg = 'live';
        if (this.exchange === 'gone') this.say({ type: 'legGone' });
        break;
      case 'leg':
        if (this.#leg === 'none') throw new Error(`${effect.event.type} of no leg`);
        if (effect.event.type === 'released') this.#leg = 'none';
        break;
      case 'incident':
        this.incidents.push(effect.incident);
    }
    this.did.push(words(effect));
  }
}

function words(effect: Exclude<FxoEffect, { readonly do: 'hook' }>): string {
  switch (effect.do) {
    case 'sendDigits':
    case 'dialPulses': return `${effect.do} ${effect.digits}`;
    case 'flash': return `flash ${effect.ms}`;
    case 'listenForCallerId': return `listenForCallerId ${effect.modems.join(' ')}`;
    case 'offer': return `offer ${shown(effect.caller.number)}: ${effect.evidence.text}`;
    case 'refuse': return `refuse ${effect.cause}: ${effect.evidence.text}`;
    case 'incident': return `incident ${effect.incident}: ${effect.text}`;
    case 'leg': {
      const { event } = effect;
      switch (event.type) {
        case 'answered': return `answered ${event.supervision} ${event.confidence}: ${event.evidence.text}`;
        case 'digit': return `digit ${event.digit}`;
        case 'note': return `note: ${event.evidence.text}`;
        case 'released': return `released ${event.cause}: ${event.evidence.text}`;
        default: return event.type;
      }
    }
    default: return effect.do;
  }
}

function shown(number: { readonly shown: string } | { readonly absent: string } | undefined): string {
  if (number === undefined) return 'unknown';
  return 'shown' in number ? number.shown : number.absent;
}
