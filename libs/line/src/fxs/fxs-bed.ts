import { digitMap, type DigitMap } from './digit-map.ts';
import { fxsLine, newFxsLine } from './fxs-line.ts';
import type { FxsEffect, FxsInput, FxsLine, FxsTimer, IncomingCall } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { timerOf } from './fxs-step.ts';

/* What tests of the FXS machine share: a station with its timers, and settings to begin from. */

/** A machine with virtual time; what it does is noted in words, timers apart. */
export class Station {
  settings: FxsSettings;
  line: FxsLine = newFxsLine;
  /** Everything ever done. */
  readonly effects: FxsEffect[] = [];
  readonly #due = new Map<FxsTimer, number>();
  #now = 0;
  #words: string[] = [];

  constructor(change: SettingsChange = {}) {
    this.settings = settingsWith(change);
    this.say({ type: 'portPresent' });
    this.does();
  }

  get at(): FxsLine['at'] {
    return this.line.at;
  }

  get timers(): readonly FxsTimer[] {
    return [...this.#due.keys()];
  }

  say(...inputs: readonly (FxsInput | FxsInput['type'])[]): this {
    for (const input of inputs) this.#step(typeof input === 'string' ? (plain[input] ?? ({ type: input } as FxsInput)) : input);
    return this;
  }

  dial(digits: string, by: 'dtmf' | 'pulse' = 'dtmf'): this {
    for (const digit of digits) this.say({ type: 'digit', digit, by, durationMs: 80 });
    return this;
  }

  change(change: SettingsChange): this {
    this.settings = { ...this.settings, ...change };
    return this.say('settingsChanged');
  }

  wait(ms: number): this {
    const until = this.#now + ms;
    for (let timer = this.#next(until); timer !== undefined; timer = this.#next(until)) {
      this.#now = this.#due.get(timer)!;
      this.#due.delete(timer);
      this.#step({ type: 'timeout', timer });
    }
    this.#now = until;
    return this;
  }

  /** What was done since the last call, in words. */
  does(): readonly string[] {
    const words = this.#words;
    this.#words = [];
    return words;
  }

  #next(until: number): FxsTimer | undefined {
    return [...this.#due].filter(([, due]) => due <= until).sort(([, a], [, b]) => a - b)[0]?.[0];
  }

  #step(input: FxsInput): void {
    const [next, effects] = fxsLine(this.line, input, this.settings);
    this.line = next;
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.do === 'start') {
        if (this.#due.has(effect.timer)) throw new Error(`timer ${effect.timer} is started twice`);
        this.#due.set(effect.timer, this.#now + effect.ms);
      } else if (effect.do === 'stop') {
        if (!this.#due.delete(effect.timer)) throw new Error(`timer ${effect.timer} is stopped and does not run`);
      } else this.#words.push(wordsFor(effect));
    }
    const expected = timerOf(next);
    if (this.timers.join() !== (expected ?? '')) throw new Error(`in ${next.at} after ${input.type}: ${this.timers.join()} instead of ${expected}`);
  }
}

export type SettingsChange = Partial<FxsSettings>;

/** A telephone that dials by DTMF and pulses, without services; changes are made to whole groups. */
export function settingsWith(change: SettingsChange = {}): FxsSettings {
  return {
    isEnabled: true,
    dialing: { map: mapOf('[1-8]xx|0xxxxx.T|*xx', ['112']), matching: 'longest', terminator: '#', byDtmf: true, byPulse: true, firstDigitMs: 16_000, interDigitLongMs: 10_000, interDigitShortMs: 4_000 },
    hotline: null,
    ringing: { cadence: [2_000, 4_000], patterns: { door: [500, 500, 500, 2_500] } },
    callerId: { place: 'none', ringPulseMs: 250, afterAlertMs: 600, afterRingMs: 500, beforeRingMs: 300, sendingMs: 2_000 },
    messageWaiting: { isWaiting: false, stutterTone: true, lamp: false, data: false },
    callWaiting: { isEnabled: true, callerId: false, burstMs: 300, pauseMs: 9_700, bursts: 2, acknowledgeMs: 300 },
    recall: { consults: true, withTwo: 'choice', choiceMs: 2_000, transfers: true, toneMs: 5_000 },
    isLoudspeaker: false,
    supervision: { reversalOnAnswer: false, openLoopMs: 0, toneAtEnd: 'busy', toneMs: 20_000, howlerMs: 50_000 },
    guardMs: 800,
    ...change,
  };
}

export function mapOf(text: string, emergency: readonly string[] = []): DigitMap {
  const result = digitMap(text, emergency);
  if (!result.ok) throw new Error(`${result.fault.problem} at ${result.fault.at}`);
  return result.map;
}

export const alice: IncomingCall = { caller: { number: { shown: '0301234' }, name: { shown: 'Alice' } }, pattern: null };
export const bob: IncomingCall = { caller: { number: { absent: 'private' } }, pattern: null };

function wordsFor(effect: FxsEffect): string {
  switch (effect.do) {
    case 'ring': return `ring ${effect.cadence.join('/')}${effect.callerIdAfterBurst === null ? '' : `, caller ID after ${effect.callerIdAfterBurst}`}`;
    case 'polarity': return effect.polarity;
    case 'openLoop': return `open loop ${effect.ms}`;
    case 'lamp': return effect.isLit ? 'lamp on' : 'lamp off';
    case 'playTone': return `${effect.tone} tone`;
    case 'sendCallerId': return `caller ID ${'shown' in effect.caller.number ? effect.caller.number.shown : effect.caller.number.absent} ${effect.hook}${effect.alertTone ? ' after alert tone' : ''}`;
    case 'sendMessageWaiting': return `messages ${effect.isWaiting ? 'wait' : 'gone'}${effect.alertTone ? ' after alert tone' : ''}`;
    case 'offer': return `offer ${effect.number}`;
    case 'reportDigit': return `digit ${effect.digit}`;
    case 'reportReleased': return `released ${effect.cause}`;
    case 'releaseHeld': return `release held ${effect.cause}`;
    case 'refuse': return `refuse ${effect.cause}`;
    case 'alarm': return effect.is;
    default: return effect.do;
  }
}

const plain: { readonly [Type in FxsInput['type']]?: FxsInput } = {
  ring: { type: 'ring', call: alice },
  released: { type: 'released', cause: 'normalClearing' },
  ringBurstEnded: { type: 'ringBurstEnded', burst: 1 },
};
