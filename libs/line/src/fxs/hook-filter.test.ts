import { describe, expect, test } from 'vitest';
import { hookFilter, newHookFilter, type HookEvent, type HookFilter, type HookInput } from './hook-filter.ts';
import { pulsesOf } from '../regions/dialing/pulse-dialing.ts';
import { valuesOf } from '../regions/fact.ts';
import { regions } from '../regions/regions.ts';
import { hookSettings, type HookSettings } from './hook-settings.ts';
import { mulberry32 } from '../testing/mulberry32.ts';

const both = hookSettings({}, { flash: true, pulse: true });
const flashOnly = hookSettings({}, { flash: true, pulse: false });
const pulseOnly = hookSettings({}, { flash: false, pulse: true });
const neither = hookSettings({}, { flash: false, pulse: false });

/** A telephone whose loop is closed and opened in turns, for so many ms each, from the handset's being lifted on. */
function heard(settings: HookSettings, ...closedOpenMs: readonly number[]): readonly string[] {
  const hook = new Hook(settings);
  for (const [index, ms] of closedOpenMs.entries()) {
    hook.loop(index % 2 === 0 ? 'closed' : 'open');
    hook.wait(ms);
  }
  return hook.words;
}

/** The filter with its timer, as an adapter runs it; `lateMs`: how late the timer is. */
class Hook {
  readonly events: HookEvent[] = [];
  readonly #settings: HookSettings;
  readonly #lateMs: number;
  #filter: HookFilter = newHookFilter;
  #now = 0;
  #due: number | null = null;

  constructor(settings: HookSettings, lateMs = 0) {
    this.#settings = settings;
    this.#lateMs = lateMs;
  }

  get at(): string {
    return this.#filter.at;
  }

  get words(): readonly string[] {
    return this.events.map((event) => (event.type === 'pulseDigit' ? event.digit : event.type));
  }

  loop(loop: 'open' | 'closed'): void {
    this.#step({ type: 'hook', loop, at: this.#now });
  }

  wait(ms: number): void {
    const until = this.#now + ms;
    while (this.#due !== null && this.#due <= until) {
      this.#now = this.#due;
      this.#due = null;
      this.#step({ type: 'timeout', timer: 'hook', at: this.#now });
    }
    this.#now = until;
  }

  #step(input: HookInput): void {
    const [next, effects] = hookFilter(this.#filter, input, this.#settings);
    this.#filter = next;
    for (const effect of effects) {
      if (effect.do === 'report') this.events.push(effect.event);
      else if (effect.do === 'stop') {
        expect(this.#due).not.toBeNull();
        this.#due = null;
      } else {
        expect(this.#due).toBeNull();
        expect(effect.ms).toBeGreaterThan(0);
        this.#due = this.#now + effect.ms + this.#lateMs;
      }
    }
  }
}

/** Closed, then one pulse after the other, then closed. */
function pulses(count: number, breakMs: number, makeMs: number, thenMs = 700): readonly number[] {
  return [...Array.from({ length: count }, () => [breakMs, makeMs]).flat().slice(0, -1), thenMs];
}

describe('lifting and hanging up', () => {
  test('a handset that is lifted and put back is off-hook and on-hook, once each, at the times it was done', () => {
    const hook = new Hook(both);
    hook.wait(100);
    hook.loop('closed');
    hook.wait(2_000);
    hook.loop('open');
    hook.wait(2_000);
    expect(hook.events).toEqual([{ type: 'offHook', at: 100 }, { type: 'onHook', at: 2_100 }]);
  });

  test('a telephone that bounces while it is lifted is off-hook once, and has dialled nothing', () => {
    expect(heard(both, 3, 5, 12, 4, 60, 30, 2_000)).toEqual(['offHook']);
    expect(heard(both, 45, 60, 30, 45, 2_000)).toEqual(['offHook']);
  });

  test('a telephone that bounces while it is hung up is on-hook once, and has dialled and flashed nothing', () => {
    expect(heard(both, 2_000, 50, 15, 40, 5, 20, 12, 3_000)).toEqual(['offHook', 'onHook']);
    expect(heard(both, 2_000, 3, 2, 4, 1, 3_000)).toEqual(['offHook', 'onHook']);
  });

  test('ringing current or lightning that closes the loop for a moment lifts nothing', () => {
    expect(heard(both, 20, 30, 20, 30, 39, 500)).toEqual([]);
  });

  test('with neither flash nor pulses, a hang-up is known after 200 ms, and a shorter break is nothing', () => {
    expect(heard(neither, 1_000, 195, 1_000)).toEqual(['offHook']);
    const hook = new Hook(neither);
    hook.loop('closed');
    hook.wait(1_000);
    hook.loop('open');
    hook.wait(201);
    expect(hook.words).toEqual(['offHook', 'onHook']);
  });
});

describe('the hook flash (80 to 1000 ms)', () => {
  test.each([[79, []], [80, ['hookFlash']], [300, ['hookFlash']], [1_000, ['hookFlash']], [1_001, ['onHook', 'offHook']]])('a break of %i ms', (ms, expected) => {
    expect(heard(flashOnly, 1_000, ms, 2_000)).toEqual(['offHook', ...expected]);
  });

  test('it is told with its length, and bounces at its ends belong to it', () => {
    const hook = new Hook(flashOnly);
    for (const [index, ms] of [1_000, 200, 4, 100, 5, 3, 2_000].entries()) {
      hook.loop(index % 2 === 0 ? 'closed' : 'open');
      hook.wait(ms);
    }
    expect(hook.events.slice(1)).toEqual([{ type: 'hookFlash', at: 1_000, durationMs: 312 }]);
  });

  test('switched off, a break is nothing, or a hang-up', () => {
    expect(heard(neither, 1_000, 100, 2_000)).toEqual(['offHook']);
    expect(heard(neither, 1_000, 500, 2_000)).toEqual(['offHook', 'onHook', 'offHook']);
  });

  test('a country has its own limits', () => {
    const flash = { is: { sendMs: 600, recognised: [300, 1_100] }, source: 'a country of this test', confidence: 'standard' } as const;
    const settings = hookSettings({ flash }, { flash: true, pulse: false });
    expect(heard(settings, 1_000, 299, 2_000)).toEqual(['offHook']);
    expect(heard(settings, 1_000, 1_100, 2_000)).toEqual(['offHook', 'hookFlash']);
  });
});

describe('pulse digits', () => {
  const digits = '1234567890';
  const speeds = { '10 a second, 60/40': [60, 40], '10 a second, 66/33': [67, 33], '20 a second, 66/33': [33, 17], '20 a second, 60/40': [30, 20], '8 a second': [78, 47], '12 a second': [50, 33] } as const;

  test.each(Object.entries(speeds))('%s', (_, [breakMs, makeMs]) => {
    for (const settings of [both, pulseOnly]) {
      const train = [...digits].flatMap((digit) => pulses(Number(digit) === 0 ? 10 : Number(digit), breakMs, makeMs));
      expect(heard(settings, 1_000, ...train).join('')).toBe(`offHook${digits}`);
    }
  });

  test('the contacts of a dial bounce', () => {
    const bouncing = [55, 2, 3, 40, 61, 1, 1, 2, 2, 600];
    expect(heard(both, 1_000, ...bouncing)).toEqual(['offHook', '2']);
  });

  test('counted as the country counts', () => {
    const complement = { ...both, pulse: { ...both.pulse!, coding: 'complement' as const } };
    expect(heard(complement, 1_000, ...pulses(9, 60, 40))).toEqual(['offHook', '1']);
    const plusOne = { ...both, pulse: { ...both.pulse!, coding: 'plusOne' as const } };
    expect(heard(plusOne, 1_000, ...pulses(1, 60, 40))).toEqual(['offHook', '0']);
  });

  test('eleven are no digit, and a hang-up in the middle of one is a hang-up', () => {
    expect(heard(both, 1_000, ...pulses(11, 60, 40))).toEqual(['offHook']);
    expect(heard(both, 1_000, 60, 40, 60, 40, 3_000)).toEqual(['offHook', 'onHook']);
  });

  test('switched off, they are nothing, though some might be flashes', () => {
    expect(heard(flashOnly, 1_000, ...pulses(5, 60, 40))).toEqual(['offHook']);
    expect(heard(neither, 1_000, ...pulses(5, 60, 40))).toEqual(['offHook']);
  });

  test('where both are heard, a break that could be either is a flash', () => {
    expect(heard(both, 1_000, 79, 1_000)).toEqual(['offHook', '1']);
    expect(heard(both, 1_000, 80, 1_000)).toEqual(['offHook', 'hookFlash']);
    expect(heard(pulseOnly, 1_000, 90, 1_000)).toEqual(['offHook', '1']);
  });

  test('in every country, the pulses and the flash of its telephones are told apart', () => {
    for (const { code, dialing } of regions) {
      for (const { sendMs } of valuesOf(dialing?.flash)) expect(heard(hookSettings(dialing!, { flash: true, pulse: true }), 1_000, sendMs, 1_000), code).toEqual(['offHook', 'hookFlash']);
      for (const { perSecond, breakPercent, coding } of valuesOf(dialing?.pulse)) {
        const breakMs = Math.round((10 * breakPercent) / perSecond);
        const settings = hookSettings(dialing!, { flash: true, pulse: true });
        expect(heard({ ...settings, pulse: { ...settings.pulse!, coding } }, 1_000, ...pulses(pulsesOf(7, coding), breakMs, Math.round(1_000 / perSecond) - breakMs)), code).toEqual(['offHook', '7']);
      }
    }
  });
});

test('a late timer changes nothing: 2,000 random telephones', () => {
  for (let seed = 1; seed <= 2_000; seed++) {
    const random = mulberry32(seed);
    const steps = Array.from({ length: 1 + Math.floor(random() * 40) }, () => Math.ceil(random() * [10, 50, 110, 400, 1_500][Math.floor(random() * 5)]!));
    const settings = [both, flashOnly, pulseOnly, neither][seed % 4]!;
    const [onTime, late] = [new Hook(settings), new Hook(settings, 70)];
    for (const hook of [onTime, late]) {
      for (const [index, ms] of steps.entries()) {
        hook.loop(index % 2 === 0 ? 'closed' : 'open');
        hook.wait(ms);
      }
      hook.loop('open');
      hook.wait(5_000);
      expect(hook.at).toBe('onHook');
    }
    expect(late.events).toEqual(onTime.events);
    // Off and on in turns, and all else in between.
    const hooks = onTime.words.filter((word) => word === 'offHook' || word === 'onHook');
    expect(hooks.every((word, index) => word === (index % 2 === 0 ? 'offHook' : 'onHook'))).toBe(true);
    expect(onTime.words.length === 0 || (onTime.words[0] === 'offHook' && onTime.words.at(-1) === 'onHook')).toBe(true);
  }
});
