import type { LineEvidence } from '../line-cause.ts';
import { confidenceOf, noted, without, type Finding } from './finding.ts';
import type { DisconnectSettings } from './disconnect-settings.ts';
import { toneWords, type HeardTone } from './tone-words.ts';

/*
 * Whether the far end of a line has hung up. Everything is looked at all the time, each for itself:
 *
 *   battery    there ──lost──► gone since … ──timer denial, or back after long enough──► finding
 *   polarity   guarded ──timer polarityGuard──► watched ──reversed──► finding
 *   tones      ──recognised, its cycles counted from the last voice on──► finding
 *   continuous tones, dial tone   none ──recognised──► going on ──timer goesOn──► finding   (ended, or a voice: none)
 *   silence    both sides silent, nobody holds ──timer silence──► finding
 *   far leg    ──dead──► finding
 *
 * A finding has a confidence c. All findings of the last `windowMs`, the best of each kind, make 1 − Π(1 − c) together: the first
 * moment that is sufficient, the arbiter decides, once. Whoever speaks has not hung up: a voice takes back what tones have found.
 */
export interface Disconnect {
  readonly battery: { readonly is: 'there' } | { readonly is: 'gone'; readonly since: number };
  readonly polarity: 'guarded' | 'watched';
  readonly continuous: { readonly is: 'none' } | { readonly is: 'goingOn'; readonly kind: 'dialTone' | 'tone'; readonly tone: HeardTone; readonly since: number };
  /** Sides from which nothing comes, and for how long the one that fell silent last had been so when it was told. */
  readonly silent: readonly Side[];
  readonly silentMs: number;
  readonly held: boolean;
  /** The tone being heard and, of its cycles, those that a voice has made worthless. */
  readonly tone: { readonly id: string; readonly cycles: number; readonly worthless: number } | null;
  readonly findings: readonly Finding[];
}

export type Side = 'line' | 'far';

export type DisconnectTimer = 'denial' | 'polarityGuard' | 'goesOn' | 'silence';

/** `at` in ms of any steady clock. */
export type DisconnectInput =
  | { readonly type: 'batteryLost'; readonly at: number }
  | { readonly type: 'batteryReturned'; readonly at: number }
  | { readonly type: 'polarityReversed'; readonly at: number }
  /** Recognised; again whenever it has one more cycle. */
  | { readonly type: 'tone'; readonly tone: HeardTone; readonly at: number }
  | { readonly type: 'toneEnded'; readonly id: string; readonly at: number }
  /** Speech or music from the line, and no tone. */
  | { readonly type: 'voice'; readonly at: number }
  /** Nothing has come from this side for so long; once for each silence. */
  | { readonly type: 'silent'; readonly side: Side; readonly silentMs: number; readonly at: number }
  | { readonly type: 'heard'; readonly side: Side; readonly at: number }
  | { readonly type: 'held' }
  | { readonly type: 'resumed' }
  | { readonly type: 'farLegDead'; readonly text: string; readonly at: number }
  | { readonly type: 'timeout'; readonly timer: DisconnectTimer; readonly at: number };

export interface Verdict {
  readonly confidence: number;
  readonly evidence: LineEvidence;
}

export type DisconnectStep = readonly [Disconnect, Verdict | null];

/** From the answer on. */
export const connected: Disconnect = {
  battery: { is: 'there' },
  polarity: 'guarded',
  continuous: { is: 'none' },
  silent: [],
  silentMs: 0,
  held: false,
  tone: null,
  findings: [],
};

export function disconnect(state: Disconnect, input: DisconnectInput, settings: DisconnectSettings): DisconnectStep {
  switch (input.type) {
    case 'batteryLost':
      return state.battery.is === 'gone' ? stay(state) : [{ ...state, battery: { is: 'gone', since: input.at } }, null];
    case 'batteryReturned':
      return batteryReturned(state, input.at, settings);
    case 'polarityReversed':
      if (settings.polarity === null || state.polarity === 'guarded') return stay(state);
      return find(state, { kind: 'polarityReversal', confidence: settings.polarity.confidence, text: 'polarity reversal', at: input.at }, settings);
    case 'tone':
      return tone(state, input.tone, input.at, settings);
    case 'toneEnded':
      if (state.continuous.is === 'goingOn' && state.continuous.tone.id === input.id) return [{ ...state, continuous: { is: 'none' } }, null];
      return state.tone?.id === input.id ? [{ ...state, tone: null }, null] : stay(state);
    case 'voice': {
      const worthless = state.tone === null ? null : { ...state.tone, worthless: state.tone.cycles };
      return [{ ...state, continuous: { is: 'none' }, tone: worthless, findings: without(state.findings, 'tone', 'dialTone') }, null];
    }
    case 'silent':
      return [{ ...state, silent: [...state.silent.filter((side) => side !== input.side), input.side], silentMs: input.silentMs }, null];
    case 'heard':
      return [{ ...state, silent: state.silent.filter((side) => side !== input.side) }, null];
    case 'held':
      return [{ ...state, held: true }, null];
    case 'resumed':
      // Silence is waited for the whole time again.
      return [{ ...state, held: false, silentMs: 0 }, null];
    case 'farLegDead':
      if (settings.farLeg === 'off') return stay(state);
      return find(state, { kind: 'farLegDead', confidence: 1, text: input.text, at: input.at }, settings);
    case 'timeout':
      return timeout(state, input.timer, input.at, settings);
  }
}

/** The timers of what is looked at. Each runs as long as that is so; `since` tells one run of it from the next. */
export function disconnectTimers(state: Disconnect, settings: DisconnectSettings): readonly { readonly timer: DisconnectTimer; readonly ms: number; readonly since: number }[] {
  const timers: { timer: DisconnectTimer; ms: number; since: number }[] = [];
  if (state.battery.is === 'gone' && settings.battery !== null) timers.push({ timer: 'denial', ms: settings.battery.denialMs, since: state.battery.since });
  if (state.polarity === 'guarded' && settings.polarity !== null) timers.push({ timer: 'polarityGuard', ms: settings.polarity.guardMs, since: 0 });
  const goesOn = state.continuous.is === 'goingOn' ? settings[state.continuous.kind] : null;
  if (state.continuous.is === 'goingOn' && goesOn !== null) timers.push({ timer: 'goesOn', ms: stillMs(goesOn.goesOnMs, state.continuous.tone), since: state.continuous.since });
  if (state.silent.length === 2 && !state.held && settings.silence !== null) timers.push({ timer: 'silence', ms: Math.max(0, settings.silence.ms - state.silentMs), since: 0 });
  return timers;
}

/** What might have been the beginning of another tone was heard for longer before it was recognised: that has been its going on. */
function stillMs(goesOnMs: number, { lastedMs, cycles, tone }: HeardTone): number {
  const cycleMs = tone?.segments.slice(tone.repeatFrom ?? 0).reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0) ?? 0;
  const heardMs = lastedMs ?? (cycles ?? 0) * cycleMs;
  return Math.max(Math.min(leastGoesOnMs, goesOnMs), goesOnMs - Math.max(0, heardMs - recognisedMs));
}

function batteryReturned(state: Disconnect, at: number, settings: DisconnectSettings): DisconnectStep {
  if (state.battery.is === 'there') return stay(state);
  const ms = Math.round(at - state.battery.since);
  const back: Disconnect = { ...state, battery: { is: 'there' } };
  if (settings.battery === null || ms < settings.battery.denialMs / 2) return [back, null];
  // Too short to be sure: the shorter the less it says.
  const confidence = settings.battery.confidence * Math.min(1, ms / settings.battery.denialMs);
  return find(back, { kind: 'batteryDenial', confidence, text: `battery denial ${ms} ms`, at }, settings);
}

function tone(state: Disconnect, heard: HeardTone, at: number, settings: DisconnectSettings): DisconnectStep {
  const kind = continuousKind(heard, settings);
  if (kind !== null) return state.continuous.is === 'goingOn' ? stay(state) : [{ ...state, continuous: { is: 'goingOn', kind, tone: heard, since: at } }, null];
  if (heard.cycles === null) return stay(state);
  const worthless = state.tone?.id === heard.id ? Math.min(state.tone.worthless, heard.cycles) : 0;
  const now: Disconnect = { ...state, continuous: { is: 'none' }, tone: { id: heard.id, cycles: heard.cycles, worthless } };
  if (settings.tone === null || !settings.tone.names.includes(heard.id) || heard.levelDbm0 < settings.tone.leastDbm0) return [now, null];
  const cycles = heard.cycles - worthless;
  if (cycles <= 0) return [now, null];
  // Each time it is heard for as many cycles as are wanted the doubt of the detector is multiplied with itself.
  const confidence = 1 - (1 - heard.confidence) ** (cycles / settings.tone.cycles);
  return find(now, { kind: 'tone', confidence, text: toneWords({ ...heard, cycles }), at }, settings);
}

/** Null: it has a cadence, or tells nothing. */
function continuousKind({ id, cycles, levelDbm0 }: HeardTone, { dialTone, tone }: DisconnectSettings): 'dialTone' | 'tone' | null {
  if (dialTone?.names.includes(id) === true) return 'dialTone';
  return cycles === null && tone?.names.includes(id) === true && levelDbm0 >= tone.leastDbm0 ? 'tone' : null;
}

function timeout(state: Disconnect, timer: DisconnectTimer, at: number, settings: DisconnectSettings): DisconnectStep {
  switch (timer) {
    case 'denial':
      if (settings.battery === null) return stay(state);
      return find(state, { kind: 'batteryDenial', confidence: settings.battery.confidence, text: `battery denial of ${Math.round(settings.battery.denialMs)} ms`, at }, settings);
    case 'polarityGuard':
      return [{ ...state, polarity: 'watched' }, null];
    case 'goesOn': {
      if (state.continuous.is === 'none') return stay(state);
      const { kind, tone: heard } = state.continuous;
      return find(state, { kind, confidence: heard.confidence, text: `${toneWords(heard)}${kind === 'dialTone' ? ', on an answered call' : ''}`, at }, settings);
    }
    case 'silence':
      if (settings.silence === null) return stay(state);
      return find(state, { kind: 'silence', confidence: 1, text: `nothing heard from either side for ${Math.round(settings.silence.ms / 1_000)} s`, at }, settings);
  }
}

function find(state: Disconnect, found: Finding, settings: DisconnectSettings): DisconnectStep {
  const findings = noted(state.findings, found, settings.windowMs);
  const confidence = confidenceOf(findings);
  if (confidence < settings.sufficient) return [{ ...state, findings }, null];
  // What is sufficient alone needs no other; among several that are not, the latest gives the kind.
  const text = found.confidence >= settings.sufficient ? found.text : findings.map((finding) => finding.text).join(' and ');
  return [{ ...state, findings }, { confidence, evidence: { kind: found.kind, text } }];
}

function stay(state: Disconnect): DisconnectStep {
  return [state, null];
}

/** A continuous tone that is like no other of its plan is recognised after so long. */
const recognisedMs = 700;
/** In any case it is heard a little longer than it took to recognise it. */
const leastGoesOnMs = 100;
