import type { Presented } from '@tipring/dsp';
import type { LineCause, LineEvidence } from '../line-cause.ts';
import type { RingCadence } from '../regions/line-profile.ts';
import type { ToneName } from '../regions/tone-plan.ts';

/*
 * An analog telephone on our port.
 *
 *   idle ─────── a call to ring, messages ───────► announcing ─────► ringing
 *   ▲  │ off-hook                                       │ off-hook      │ off-hook
 *   │  ▼                                                ▼               ▼
 *   │  dialing ──number, hotline──► offered ──answered──────────────► talking
 *   │  │                            │   │                             ▲  │
 *   │  │ nothing, too little,       │   └► ringback ─► early ─answered┘  │ far end gone
 *   │  │ impossible                 │ released (of the next two as well) ▼
 *   │  ▼                            │                                 openLoop
 *   │  toned ◄──────────────────────┴────────────────────────────────────┘
 *   │  │ time
 *   │  ▼
 *   │  howling ──time──► parked
 *   │
 *   guard ◄── on-hook, from every state off the hook
 *
 *   announcing, ringing ──caller gave up──► idle ◄──settings──► disabled;   every state ──card pulled──► absent ──► idle
 *
 * A hook flash in a call holds it, and dial tone asks for another number (recall). From `dialing` to `talking`, and in `toned`, one call may be held:
 *
 *    (one call)        (one is held)                                    (two calls)
 *   talking ──flash──► dialing ──number──► offered, ringback, early ──► talking ◄─┐ swap, three-way, one of them ends
 *   ▲ ▲ ▲                │ │ impossible              │ │ released          │ └─flash─► choosing
 *   │ │ └─────flash──────┘ └────────► toned ◄────────┼─┘                   │
 *   │ │        nothing     └──► holding ◄──time──┘   │                     │
 *   │ └─────────flash───────────┘                    │                     │
 *   └──────────── flash, and the other ends ─────────┘ ◄───────────────────┘ the other ends
 *
 *   On-hook: two calls are handed to each other (`transfer`), also while the second is not answered, but not one that had waited; otherwise the one that is held
 *   rings back.
 *
 * Each state has at most one timer; `leaving` (fxs-step.ts) knows what each must undo. A call that comes for a telephone in use
 * is a waiting call while it talks and holds none, and refused otherwise.
 */
export type FxsLine = Standing & FxsState;

/** What outlasts calls. */
export interface Standing {
  /** What the telephone was last told about messages; null: nothing yet. */
  readonly shown: boolean | null;
}

export type FxsState =
  /** No port: its card was pulled. */
  | { readonly at: 'absent' }
  | { readonly at: 'disabled'; readonly hook: 'on' | 'off' }
  | { readonly at: 'idle' }
  | Announcing
  | RingingState
  | DialingState
  /** The exchange has the number. */
  | { readonly at: 'offered'; readonly held: Held }
  | { readonly at: 'ringback'; readonly held: Held }
  | { readonly at: 'early'; readonly held: Held }
  | Talking
  /** Of two calls, after a flash: a digit says what is to become of them. */
  | { readonly at: 'choosing'; readonly held: Held }
  /** Silent, with a call held and no other: nothing was dialled, or it came to nothing. */
  | { readonly at: 'holding' }
  /** Loop current is cut. A call that waited rings when the telephone is hung up: so in all states from here on. */
  | { readonly at: 'openLoop'; readonly waiting: IncomingCall | null; readonly cause: LineCause }
  | { readonly at: 'toned'; readonly waiting: IncomingCall | null; readonly held: Held }
  | { readonly at: 'howling' }
  /** Lockout: silent until on-hook. */
  | { readonly at: 'parked' }
  | { readonly at: 'guard'; readonly next: IncomingCall | null };

/** The other call of the telephone: `toConsult` while this one is made, or was; `forWaiting`: one that waited was taken. Who changes between the two changes nothing of that. */
export type Held = 'none' | 'toConsult' | 'forWaiting';

/** On-hook data before the first ring, or about messages. */
export interface Announcing {
  readonly at: 'announcing';
  readonly about: { readonly is: 'call' } | { readonly is: 'messages'; readonly isWaiting: boolean };
  /**
   * `pulse`: a ring pulse sounds. `waiting`: after it or a reversal. `settling`: sent, and the bell may not ring yet. NTT: in `bursts` of
   * ringing the telephone seizes the line by itself, in `seized` it is told, and `told` it hangs up.
   */
  readonly step: 'pulse' | 'waiting' | 'bursts' | 'sending' | 'seized' | 'told' | 'settling';
  readonly polarity: 'normal' | 'reversed';
  /** The call that rings when this is done. */
  readonly next: IncomingCall | null;
}

export interface RingingState {
  readonly at: 'ringing';
  readonly call: IncomingCall;
  /** `awaited`: the pause that it goes into is still to come. `due`: that pause has begun. */
  readonly callerId: { readonly is: 'none' | 'due' | 'sending' } | { readonly is: 'awaited'; readonly afterBurst: number };
}

export interface DialingState {
  readonly at: 'dialing';
  /** What was dialled; '' while dial tone is heard. */
  readonly digits: string;
  readonly timer: 'firstDigit' | 'hotline' | 'interDigit';
  readonly held: Held;
}

export interface Talking {
  readonly at: 'talking';
  readonly polarity: 'normal' | 'reversed';
  /** Of a telephone that holds a call none waits. */
  readonly waiting: WaitingCall;
  readonly held: Held;
}

/** `toned`: call waiting tone is heard. `alerted`: the telephone may acknowledge. `sending`: caller ID off hook. `pausing`: until the next tone. `bursts`: how often it was heard. */
export type WaitingCall =
  | { readonly is: 'none' }
  | { readonly is: 'toned' | 'alerted' | 'sending' | 'pausing' | 'told'; readonly call: IncomingCall; readonly bursts: number };

/** A call for this telephone. */
export interface IncomingCall {
  readonly caller: CallerShown;
  /** Distinctive ringing, by name; null: as usual. */
  readonly pattern: string | null;
}

/** As `libs/dsp` writes it into a caller ID message. */
export interface CallerShown {
  readonly number: Presented;
  readonly name?: Presented;
}

/**
 * `firstDigit`, `interDigit`, `hotline`: dialing. `alert`, `callerId`: on-hook and off-hook data. `callWaiting`: the tone and its pause.
 * `acknowledge`: of an alert tone. `choice`: what is to become of two calls. `openLoop`, `tone`, `howler`: after the far end. `guard`: after hanging up.
 */
export type FxsTimer = 'firstDigit' | 'interDigit' | 'hotline' | 'alert' | 'callerId' | 'callWaiting' | 'acknowledge' | 'choice' | 'openLoop' | 'tone' | 'howler' | 'guard';

export type FxsInput =
  /** The card is there, or back: on hook unless `offHook` follows. */
  | { readonly type: 'portPresent' }
  | { readonly type: 'portAbsent' }
  /** As the hook filter decides. */
  | { readonly type: 'offHook' }
  | { readonly type: 'onHook' }
  | { readonly type: 'hookFlash' }
  | { readonly type: 'digit'; readonly digit: string; readonly by: 'dtmf' | 'pulse'; readonly durationMs: number }
  /** Since `ring`, counted from 1. */
  | { readonly type: 'ringBurstEnded'; readonly burst: number }
  | { readonly type: 'openLoopEnded' }
  /** What `sendCallerId` or `sendMessageWaiting` ordered is out. */
  | { readonly type: 'dataSent' }
  /** The exchange has a call for this telephone. */
  | { readonly type: 'ring'; readonly call: IncomingCall }
  /** The call that rings or waits is no more. */
  | { readonly type: 'cancelled' }
  /** Of the call that this telephone makes or has. */
  | { readonly type: 'alerting' }
  | { readonly type: 'progress' }
  | { readonly type: 'answered' }
  | { readonly type: 'released'; readonly cause: LineCause }
  /** The call that is held is no more. */
  | { readonly type: 'heldGone' }
  /** The snapshot handed in is another one; also when messages came or went. */
  | { readonly type: 'settingsChanged' }
  | { readonly type: 'timeout'; readonly timer: FxsTimer };

export type FxsEffect =
  // To the port.
  /** Over and over until `stopRing`. Null: no pause is for caller ID; 1: the one after the first burst. */
  | { readonly do: 'ring'; readonly cadence: RingCadence; readonly callerIdAfterBurst: number | null }
  | { readonly do: 'stopRing' }
  | { readonly do: 'polarity'; readonly polarity: 'normal' | 'reversed' }
  /** No loop current for so long; `openLoopEnded` follows. Of the hook nothing is told meanwhile. */
  | { readonly do: 'openLoop'; readonly ms: number }
  /** The lamp, or what the port has in its place. */
  | { readonly do: 'lamp'; readonly isLit: boolean }
  // To the gateway.
  /** As `stationTone` has it for the region; `callWaiting` over the voice. */
  | { readonly do: 'playTone'; readonly tone: ToneName }
  | { readonly do: 'stopTone' }
  /** The telephone hears its call, and is heard by it. */
  | { readonly do: 'connectAudio' }
  | { readonly do: 'disconnectAudio' }
  /** Data, after the alert tone if there is to be one; `dataSent` follows. */
  | { readonly do: 'sendCallerId'; readonly caller: CallerShown; readonly hook: 'onHook' | 'offHook'; readonly alertTone: boolean }
  | { readonly do: 'sendMessageWaiting'; readonly isWaiting: boolean; readonly alertTone: boolean }
  | { readonly do: 'stopSending' }
  /** Of a waiting call: CAS, DT-AS. */
  | { readonly do: 'playAlertTone' }
  // To the exchange and the leg.
  | { readonly do: 'offer'; readonly number: string }
  /** The bell rings, or call waiting tone is heard. */
  | { readonly do: 'reportRinging' }
  | { readonly do: 'reportAnswered' }
  | { readonly do: 'reportDigit'; readonly digit: string; readonly durationMs: number }
  /** Of the call that was made, is up or rings, and only what this side did: `released` and `cancelled` are not answered. */
  | { readonly do: 'reportReleased'; readonly cause: LineCause; readonly evidence: LineEvidence }
  /** Of the call that came with `ring` and neither rings nor will, or that waited. */
  | { readonly do: 'refuse'; readonly cause: LineCause; readonly evidence: LineEvidence }
  /** The waiting call is from now on the one that rings. */
  | { readonly do: 'takeWaiting' }
  /** The call that is up is held from now on. */
  | { readonly do: 'hold' }
  /** The held call is the one that is up again. */
  | { readonly do: 'takeBack' }
  /** The one that is up is held, and the held one is up. */
  | { readonly do: 'swap' }
  /** All three are to hear each other. Until that is so, `heldGone`, nothing changes. */
  | { readonly do: 'merge' }
  /** The other sides of both calls are to have each other; neither call is the telephone's any more. */
  | { readonly do: 'transfer' }
  /** The held call is to ring: `ring` follows, at once. */
  | { readonly do: 'ringBack' }
  | { readonly do: 'releaseHeld'; readonly cause: LineCause; readonly evidence: LineEvidence }
  /** For the operator: the receiver was left off the hook, and put back. */
  | { readonly do: 'alarm'; readonly is: 'leftOffHook' | 'backOnHook' }
  | { readonly do: 'start'; readonly timer: FxsTimer; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: FxsTimer };

export type FxsStep = readonly [FxsLine, readonly FxsEffect[]];
