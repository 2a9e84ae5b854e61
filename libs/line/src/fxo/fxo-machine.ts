import type { Presented } from '@tipring/dsp';
import type { Disconnect, DisconnectTimer, Side } from '../disconnect/disconnect.ts';
import type { HeardTone } from '../disconnect/tone-words.ts';
import type { LineCause, LineEvidence } from '../line-cause.ts';
import type { Ring, RingTimer } from '../ring/ring.ts';
import type { CallerIdModem } from './fxo-settings.ts';

/*
 * A telephone company's line on an FXO port.
 *
 *                        announced, by whatever
 *    ┌────────────────────────────────────► announced ◄── read, on-hook again ── reading ◄── short burst, NTT ── validating
 *    │   ring begins                            │ ring begins
 *    │ ┌───────────────────────► validating ◄───┘
 *    │ │                          │  │ a ring; caller known, or never told between rings
 *    │ │            a ring        │  └──────────────► offered ──answer──► answering
 *    │ │             collecting ◄─┘                   ▲                      │ settled
 *    │ │             │ known, not to come, rings enough                      ▼
 *   idle             └────────────────────────────────┘       ┌───────────► up ──► flashing ──► recalled ──digits, time──► up
 *    │ ▲   no ring, no more rings: back to idle               │              │
 *    │ │   offered and released: ignored, while it rings      │              │
 *    │ │                                                      │ answer       │ the disconnect arbiter, release,
 *    │ │             ring, reversal or a voice at seizure     │              │ the longest call
 *    │ └─ guard    ┌───────────────────────────────────► caught              │
 *    │dial  ▲      │                                           answered ─────┤
 *    ▼      │      │ settled         heard, or policy                │       │
 *  seizing ─┼──────┴─► awaitingDialTone ──► outpulsing ──► awaitingAnswer    │
 *           │               ▲    second dial tone │                          │
 *           │               └─────────────────────┘                          │
 *           └── the port is on-hook ── releasing ◄── every state off-hook ───┘   release, failure, watchdog
 *
 *   idle ◄──► inUseElsewhere, noBattery;   every state ──► disabled, absent (the card was pulled)
 *
 *   An emergency call takes a line from what it does (fxo-emergency.ts): a call that is up is released and hung up; one that comes in is answered
 *   in `clearing`, to be hung up; `releasing` and `guard` then have what is to be dialled `next`, and seize.
 *
 * An answer is known by reversal of polarity (signalled), or assumed: ringing tone has ended and somebody speaks, or time has passed.
 * Which timer runs in which state is one table: fxo-timers.ts.
 */
export type Fxo =
  | { readonly at: 'absent'; readonly then: 'idle' | 'disabled' }
  | { readonly at: 'disabled' }
  | { readonly at: 'idle' }
  | { readonly at: 'noBattery'; readonly alarm: 'awaited' | 'given' }
  | { readonly at: 'inUseElsewhere' }
  | { readonly at: 'announced'; readonly caller: LineCaller | null; readonly reading: 'to do' | 'done' }
  /** Off-hook for caller ID, as NTT's networks want it; the call rings afterwards. */
  | { readonly at: 'reading' }
  /** `unannounced`: it began by itself. */
  | { readonly at: 'validating'; readonly ring: Ring; readonly caller: LineCaller | null; readonly reading: 'unannounced' | 'to do' | 'done' }
  | { readonly at: 'collecting'; readonly ring: Ring }
  | { readonly at: 'offered'; readonly ring: Ring }
  /** Nobody wants the call that rings. */
  | { readonly at: 'ignored'; readonly ring: Ring }
  /** The far end called while we seized: its call is offered, off-hook. */
  | { readonly at: 'caught' }
  | { readonly at: 'answering' }
  /** Off-hook on a call that comes in and is in the way of one for help: answered, to be hung up. Dial tone means there was none. */
  | ({ readonly at: 'clearing' } & Dialling)
  | ({ readonly at: 'seizing'; readonly ringSince: number | null } & Dialling)
  /** `voice`: somebody speaks, since then, or (null) has spoken; null: nobody. */
  | ({ readonly at: 'awaitingDialTone'; readonly which: 'first' | 'second'; readonly voice: { readonly since: number | null } | null } & Dialling)
  /** `parts`: what comes after the digits being sent. */
  | { readonly at: 'outpulsing'; readonly digits: string; readonly parts: readonly string[] }
  | AwaitingAnswer
  | Up
  /** `digits`: to be sent once the far exchange has seen the flash. */
  | { readonly at: 'flashing'; readonly line: Up; readonly digits: string }
  /** Its dial tone is no hang-up: another number is awaited. `settling`: it is not there yet, and digits wait for it. */
  | { readonly at: 'recalled'; readonly line: Up; readonly is: 'settling' | 'listening'; readonly digits: string }
  | { readonly at: 'releasing'; readonly tries: number; readonly then: 'guard' | 'disabled'; readonly next: Dialling | null }
  /** `next`: a call for help that waits for it to end. */
  | { readonly at: 'guard'; readonly next: Dialling | null };

/** A call that is to be made. */
export interface Dialling {
  /** What is still to be dialled, at least one; before each there is dial tone. */
  readonly parts: readonly string[];
  /** When a call comes in at seizure: this one is for another line; or, of an emergency call and once, that one is ended. */
  readonly glare: 'givesWay' | 'clears';
}

export interface AwaitingAnswer {
  readonly at: 'awaitingAnswer';
  /** `dialled`: nothing but silence and voices since. `rang`: ringing tone has ended. */
  readonly far: { readonly is: 'dialled' | 'ringing' | 'rang'; readonly since: number };
  /** Somebody speaks, since then; null: nobody. */
  readonly voiceSince: number | null;
  readonly disconnect: Disconnect;
}

export interface Up {
  readonly at: 'up';
  readonly disconnect: Disconnect;
}

/** Who calls, as far as the network told; what is absent was not sent. */
export interface LineCaller {
  readonly number?: Presented;
  readonly name?: Presented;
}

/**
 * `announcement`: from the announcement of caller ID to a ring. `reading`: caller ID, off-hook. `alarm`: without battery. `caught`: a call
 * that came at seizure waits to be taken. `clear`: the exchange has seen the answer. `settle`: the loop, after off-hook. `outpulse`: the digits are not sent at last. `noAnswer`:
 * nobody does. `voice`: it has lasted. `answer`: taken for answered. `longest`: a call. `flash`: the port does not end it. `recall`: dial tone after it. `onHook`: the
 * port does not say so.
 */
export type FxoTimer =
  | 'announcement' | 'reading' | 'alarm' | 'caught' | 'clear' | 'settle' | 'dialTone' | 'outpulse' | 'noAnswer' | 'voice' | 'answer' | 'longest' | 'flash' | 'recall' | 'onHook' | 'guard'
  | `ring.${RingTimer}`
  | `disconnect.${DisconnectTimer}`
  | 'watchdog';

/** `at` in ms of any steady clock. */
export type FxoInput =
  | PortInput
  | HeardInput
  | CallInput
  | { readonly type: 'timeout'; readonly timer: FxoTimer; readonly at: number }
  /** Raised in fxo-line.ts alone. */
  | { readonly type: 'watchdogBites'; readonly at: number };

export type PortInput =
  | { readonly type: 'ringBegins'; readonly at: number; readonly frequencyHz?: number; readonly volts?: number }
  | { readonly type: 'ringMeasured'; readonly at: number; readonly frequencyHz: number; readonly volts?: number }
  | { readonly type: 'ringEnds'; readonly at: number; readonly frequencyHz?: number; readonly volts?: number }
  | { readonly type: 'batteryLost'; readonly at: number }
  | { readonly type: 'batteryReturned'; readonly at: number }
  | { readonly type: 'polarityReversed'; readonly at: number }
  /** Another telephone on the same pair is off-hook, or no longer. Told only while the port is on-hook. */
  | { readonly type: 'inUse'; readonly at: number }
  | { readonly type: 'inUseEnded'; readonly at: number }
  /** Every change of the hook, wanted or not, and the answer to `inspect`. */
  | { readonly type: 'hook'; readonly is: 'offHook' | 'onHook'; readonly at: number }
  | { readonly type: 'flashed'; readonly at: number }
  /** Pulses by the port, DTMF by the gateway. */
  | { readonly type: 'digitsSent'; readonly at: number }
  /** The card was pulled, or came. */
  | { readonly type: 'absent'; readonly at: number }
  | { readonly type: 'present'; readonly at: number };

/** What the detectors and the decoder of caller ID make of the audio. */
export type HeardInput =
  /** Recognised; again whenever it has one more cycle. */
  | { readonly type: 'tone'; readonly tone: HeardTone; readonly at: number }
  | { readonly type: 'toneEnded'; readonly id: string; readonly at: number }
  /** Speech or music from the line, and no tone; and its end. */
  | { readonly type: 'voice'; readonly at: number }
  | { readonly type: 'voiceEnded'; readonly at: number }
  /** Nothing has come from this side for so long; once for each silence. */
  | { readonly type: 'silent'; readonly side: Side; readonly silentMs: number; readonly at: number }
  | { readonly type: 'heard'; readonly side: Side; readonly at: number }
  | { readonly type: 'digit'; readonly digit: string; readonly durationMs: number; readonly at: number }
  /** The tone that announces caller ID (DT-AS). */
  | { readonly type: 'alertTone'; readonly at: number }
  | { readonly type: 'callerId'; readonly caller: LineCaller; readonly at: number }
  /** The decoder knows that none will come: it ended without, or was bad. */
  | { readonly type: 'noCallerId'; readonly text: string; readonly at: number };

/** What the call's leg is asked for, and the owner of the line. A command that no longer applies is ignored. */
export type CallInput =
  /** `emergency`: a line that is in use lets go of its call. That its call is an emergency call too, its owner knows, and does not ask. */
  | { readonly type: 'dial'; readonly number: string; readonly priority?: 'emergency'; readonly at: number }
  | { readonly type: 'answer'; readonly at: number }
  | { readonly type: 'sendDigit'; readonly digit: string; readonly at: number }
  | { readonly type: 'flash'; readonly at: number }
  | { readonly type: 'held'; readonly at: number }
  | { readonly type: 'resumed'; readonly at: number }
  /** The other leg of the call is dead though nobody released it: one more piece of evidence. */
  | { readonly type: 'farLegDead'; readonly text: string; readonly at: number }
  /** The exchange does not know the line's own leg (any more): the watchdog's case. */
  | { readonly type: 'legGone'; readonly at: number }
  | { readonly type: 'release'; readonly cause: LineCause; readonly at: number }
  | { readonly type: 'disable'; readonly at: number }
  | { readonly type: 'enable'; readonly at: number }
  /** The snapshot handed in is another one. */
  | { readonly type: 'settingsChanged'; readonly at: number };

export type FxoEffect =
  // To the port. `inspect`: it tells again what is not as usual (battery, in use, hook).
  | { readonly do: 'hook'; readonly to: 'offHook' | 'onHook' }
  | { readonly do: 'flash'; readonly ms: number }
  | { readonly do: 'dialPulses'; readonly digits: string }
  | { readonly do: 'inspect' }
  // To the media gateway.
  | { readonly do: 'sendDigits'; readonly digits: string; readonly digitMs: number; readonly pauseMs: number }
  /** Tones, voice and digits of the line. */
  | { readonly do: 'listen' }
  | { readonly do: 'listenForCallerId'; readonly modems: readonly CallerIdModem[] }
  /** Line and call hear each other. */
  | { readonly do: 'connect' }
  /** Ends all of these. */
  | { readonly do: 'silence' }
  // To the call. `offer` makes a leg, and so did the `dial` that is not refused; `released` is the last thing a leg says, once.
  | { readonly do: 'offer'; readonly caller: LineCaller; readonly evidence: LineEvidence }
  | { readonly do: 'refuse'; readonly cause: LineCause; readonly evidence: LineEvidence }
  | { readonly do: 'leg'; readonly event: FxoLegEvent }
  /** For the owner of the line. */
  | { readonly do: 'incident'; readonly incident: FxoIncident; readonly text: string };

/** Why a line does not do what it is asked for. */
export interface LineRefusal {
  readonly cause: LineCause;
  readonly evidence: LineEvidence;
}

export type TimerEffect = { readonly do: 'start'; readonly timer: FxoTimer; readonly ms: number } | { readonly do: 'stop'; readonly timer: FxoTimer };

export type FxoLegEvent =
  | { readonly type: 'ringing' }
  /** What the line lets hear may be heard. */
  | { readonly type: 'progress' }
  /** `confidence` 0 … 1 */
  | { readonly type: 'answered'; readonly supervision: 'signalled' | 'assumed'; readonly confidence: number; readonly evidence: LineEvidence }
  /** The answer of a call that was offered has taken effect. */
  | { readonly type: 'changed' }
  | { readonly type: 'digit'; readonly digit: string; readonly durationMs: number }
  | { readonly type: 'note'; readonly evidence: LineEvidence }
  | { readonly type: 'released'; readonly cause: LineCause; readonly evidence: LineEvidence };

/** `ghostRing`: for the statistics of the line; the others want somebody. */
export type FxoIncident = 'ghostRing' | 'noBattery' | 'batteryReturned' | 'cardPulled' | 'stuckOffHook' | 'watchdog';

export type FxoStep = readonly [Fxo, readonly FxoEffect[]];
