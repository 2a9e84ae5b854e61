import { fitsCadence, onTime } from './ring-cadence.ts';
import type { RingSettings } from './ring-settings.ts';

/*
 * Whether what comes in on the line is ringing. Only a line that is on-hook and has been for its guard is asked; who asks sees to that.
 *
 *            begins                         lasted realAfterMs (frequency known and right)
 *   quiet ───────────► burst ──────────────────────────────────────────────────────────────► real ◄─┐ begins, ends
 *    ▲ ▲                 │ │ ends: a ring by its length, or by the cadence so far (frequency unknown) ▲ └──┘
 *    │ │                 │ └────────────────────────────────────────────────────────────────────────┤
 *    │ │                 │ ends: the beginning of a cadence                                           │
 *    │ │                 ├───────────────────────────► pause ── begins, ends: cadence ──────────────┘
 *    │ │ too short,      │                               │                       │
 *    │ │ a ring pulse    │ wrong frequency, too weak,    │ no more, or too late  │ nothing for lossMs: over
 *    │ └─────────────────┤ endless                       │                       ▼
 *    └──── ends ──── noise ◄                             └──────────────────►  quiet
 *
 * Cards that measure the frequency have the ring known during its first burst. Cards that do not are believed when the burst ends: it
 * is longer than pulses, spikes and message-waiting lamps are, or the cadence is one of the line's.
 */
export type Ring =
  | { readonly at: 'quiet' }
  /** `before`: bursts and pauses of this cadence so far. `knownMs`: how far into the burst its frequency was measured. */
  | { readonly at: 'burst'; readonly since: number; readonly knownMs: number | null; readonly before: readonly number[] }
  | { readonly at: 'pause'; readonly since: number; readonly heard: readonly number[] }
  /** Until it ends. */
  | { readonly at: 'noise' }
  /** `since`: when the last burst began or ended. `rings`: those of the far end's cadence, however many bursts each has. */
  | { readonly at: 'real'; readonly burst: 'on' | 'off'; readonly since: number; readonly rings: number };

/** `burst`: how long one may last, or must; `cadence`: the next burst of a cadence; `ringLoss`: nothing begins or ends any more. */
export type RingTimer = 'burst' | 'cadence' | 'ringLoss';

/** As the card sees it; `at` in ms of any steady clock. Frequency and root mean square volts where the card measures them. */
export type RingInput =
  | { readonly type: 'ringBegins'; readonly at: number; readonly frequencyHz?: number; readonly volts?: number }
  /** Later in the burst, once it is known. */
  | { readonly type: 'ringMeasured'; readonly at: number; readonly frequencyHz: number; readonly volts?: number }
  | { readonly type: 'ringEnds'; readonly at: number; readonly frequencyHz?: number; readonly volts?: number }
  | { readonly type: 'timeout'; readonly timer: RingTimer };

export type RingNews =
  /** The first ring, or one more. */
  | { readonly type: 'ring'; readonly count: number }
  /** The burst ended; between rings caller ID may come. */
  | { readonly type: 'pause' }
  /** Too short for a ring; it may announce caller ID. */
  | { readonly type: 'pulse'; readonly ms: number }
  /** It was no ring. */
  | { readonly type: 'ghost'; readonly text: string }
  /** The far end rings no more. */
  | { readonly type: 'over'; readonly text: string };

export type RingStep = readonly [Ring, RingNews | null];

export const quiet: Ring = { at: 'quiet' };

export function ring(state: Ring, input: RingInput, settings: RingSettings): RingStep {
  switch (state.at) {
    case 'quiet': return input.type === 'ringBegins' ? begins(input, [], settings) : stay(state);
    case 'burst': return burst(state, input, settings);
    case 'pause': return pause(state, input, settings);
    case 'noise': return noise(state, input, settings);
    case 'real': return real(state, input, settings);
  }
}

/** The timers of a state. Each runs as long as its state does; `since` tells one run of it from the next. */
export function ringTimers(state: Ring, settings: RingSettings): readonly { readonly timer: RingTimer; readonly ms: number; readonly since: number }[] {
  switch (state.at) {
    case 'burst': {
      if (state.knownMs === null) return [{ timer: 'burst', ms: settings.longestBurstMs, since: state.since }];
      return [{ timer: 'burst', ms: Math.max(0, settings.realAfterMs - state.knownMs), since: state.since + state.knownMs }];
    }
    case 'pause': return [{ timer: 'cadence', ms: longestPauseMs, since: state.since }];
    case 'real': return [{ timer: 'ringLoss', ms: settings.lossMs, since: state.since }];
    case 'quiet':
    case 'noise': return [];
  }
}

function begins(input: Extract<RingInput, { type: 'ringBegins' }>, before: readonly number[], settings: RingSettings): RingStep {
  const wrong = whyNotRinging(input, settings);
  if (wrong !== null) return [{ at: 'noise' }, { type: 'ghost', text: wrong }];
  return [{ at: 'burst', since: input.at, knownMs: input.frequencyHz === undefined ? null : 0, before }, null];
}

function burst(state: Extract<Ring, { at: 'burst' }>, input: RingInput, settings: RingSettings): RingStep {
  switch (input.type) {
    case 'ringBegins':
      return stay(state);
    case 'ringMeasured': {
      const wrong = whyNotRinging(input, settings);
      if (wrong !== null) return [{ at: 'noise' }, { type: 'ghost', text: wrong }];
      return state.knownMs === null ? [{ ...state, knownMs: input.at - state.since }, null] : stay(state);
    }
    case 'timeout':
      if (input.timer !== 'burst') return stay(state);
      if (state.knownMs !== null) return [{ at: 'real', burst: 'on', since: state.since, rings: 1 }, { type: 'ring', count: 1 }];
      return [{ at: 'noise' }, { type: 'ghost', text: `it did not end in ${settings.longestBurstMs} ms` }];
    case 'ringEnds': {
      const ms = input.at - state.since;
      const heard = [...state.before, ms];
      const wrong = whyNotRinging(input, settings);
      if (wrong !== null) return [quiet, { type: 'ghost', text: wrong }];
      const longEnoughMs = state.knownMs !== null || input.frequencyHz !== undefined ? settings.realAfterMs : longBurstMs;
      if (isRing(heard, longEnoughMs, settings)) return [{ at: 'real', burst: 'off', since: input.at, rings: 1 }, { type: 'ring', count: 1 }];
      if (ms >= settings.pulseMs.least && fitsCadence(heard, settings.cadences)) return [{ at: 'pause', since: input.at, heard }, null];
      if (heard.length === 1 && ms >= settings.pulseMs.least && ms <= settings.pulseMs.most) return [quiet, { type: 'pulse', ms }];
      return [quiet, { type: 'ghost', text: `${Math.round(ms)} ms are no ring` }];
    }
  }
}

function pause(state: Extract<Ring, { at: 'pause' }>, input: RingInput, settings: RingSettings): RingStep {
  switch (input.type) {
    case 'ringEnds':
    case 'ringMeasured':
      return stay(state);
    case 'timeout': {
      if (input.timer !== 'cadence') return stay(state);
      const [ms = 0] = state.heard;
      if (state.heard.length === 1 && ms <= settings.pulseMs.most) return [quiet, { type: 'pulse', ms }];
      return [quiet, { type: 'ghost', text: `${Math.round(ms)} ms are no ring` }];
    }
    case 'ringBegins': {
      const heard = [...state.heard, input.at - state.since];
      return begins(input, fitsCadence(heard, settings.cadences) ? heard : [], settings);
    }
  }
}

function noise(state: Ring, input: RingInput, settings: RingSettings): RingStep {
  switch (input.type) {
    case 'ringEnds': return [quiet, null];
    // The card did not tell its end.
    case 'ringBegins': return begins(input, [], settings);
    case 'ringMeasured':
    case 'timeout': return stay(state);
  }
}

function real(state: Extract<Ring, { at: 'real' }>, input: RingInput, settings: RingSettings): RingStep {
  switch (input.type) {
    case 'ringBegins': {
      if (state.burst === 'on' || whyNotRinging(input, settings) !== null) return stay(state);
      const again: Ring = { ...state, burst: 'on', since: input.at };
      // The second burst of a double ring is the same ring.
      if (input.at - state.since < betweenRingsMs) return [again, null];
      return [{ ...again, rings: state.rings + 1 }, { type: 'ring', count: state.rings + 1 }];
    }
    case 'ringEnds':
      return state.burst === 'off' ? stay(state) : [{ ...state, burst: 'off', since: input.at }, { type: 'pause' }];
    case 'ringMeasured':
      return stay(state);
    case 'timeout':
      if (input.timer !== 'ringLoss') return stay(state);
      return [state.burst === 'on' ? { at: 'noise' } : quiet, { type: 'over', text: `rang ${state.rings === 1 ? 'once' : `${state.rings} times`}, then not for ${settings.lossMs / 1000} s` }];
  }
}

function isRing(heard: readonly number[], longEnoughMs: number, settings: RingSettings): boolean {
  const last = heard.at(-1) ?? 0;
  if (last > settings.longestBurstMs) return false;
  return last >= longEnoughMs || (onTime(heard) >= longCadenceMs && fitsCadence(heard, settings.cadences));
}

/** Null: it may be ringing, as far as it was measured. */
export function whyNotRinging({ frequencyHz, volts }: { readonly frequencyHz?: number; readonly volts?: number }, settings: RingSettings): string | null {
  if (frequencyHz !== undefined && (frequencyHz < settings.frequencyHz.least || frequencyHz > settings.frequencyHz.most)) return `${Math.round(frequencyHz)} Hz is no ringing current`;
  if (volts !== undefined && volts < settings.leastVolts) return `${Math.round(volts)} V are too little to ring`;
  return null;
}

function stay(state: Ring): RingStep {
  return [state, null];
}

/** No burst of anything else lasts so long: a digit 0 dialled at 10 pulses a second is split or is 10 Hz, a message-waiting lamp blinks faster. */
const longBurstMs = 800;
/** Of bursts that fit the line's cadence, together. */
const longCadenceMs = 600;
/** Within one ring, pauses are shorter (ANSI T1.401, ETSI EN 300 001: up to 500 ms); between rings they are longer. */
const betweenRingsMs = 700;
const longestPauseMs = 1_000;
