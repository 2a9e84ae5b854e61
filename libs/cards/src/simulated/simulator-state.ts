import type { CallerIdTime, Presented } from '@tipring/dsp';
import type { PortId } from '../contract.ts';
import type { Polarity } from '../port-command.ts';
import type { AnswerPolicy, FarEnd, SpokenTone } from './simulator-plan.ts';

/** Everything that a person beside the simulated far ends would see and hear: plain JSON. */
export interface SimulatorState {
  /** By the clock that the simulator was given. */
  readonly atMs: number;
  readonly cards: readonly CardState[];
  /** In the order of the plan. */
  readonly lines: readonly ExchangeLineState[];
  readonly telephones: readonly TelephoneState[];
}

export interface CardState {
  readonly is: 'card';
  readonly card: string;
  readonly slot: string | null;
  readonly present: boolean;
  readonly ppm: number;
}

export interface TelephoneState {
  readonly is: 'telephone';
  readonly port: PortId;
  readonly name: string;
  /** `interrupted`: it flashes or dials pulses. */
  readonly hook: 'on' | 'off' | 'interrupted';
  /** The bell sounds. */
  readonly ringing: boolean;
  /** Bursts of the present ringing; 0 when it does not ring, and has not for ten seconds. */
  readonly rings: number;
  /** Null: none is shown. Who calls, or calls while another is talked to, or is talked to. */
  readonly caller: ShownCaller | null;
  /** Shown since the beginning, the last ten, newest first. */
  readonly callers: readonly ShownCaller[];
  /** As its data told (VMWI); null: nothing yet. */
  readonly messageWaiting: boolean | null;
  /** The neon lamp: high voltage. */
  readonly lamp: 'on' | 'off';
  readonly polarity: Polarity;
  readonly lineVolts: number;
  readonly loopMilliamps: number;
  /** At the handset during the last 400 ms. */
  readonly hears: readonly HeardFrequency[];
  /** Of all of it; null for nothing. */
  readonly levelDbm0: number | null;
  readonly speaks: SpokenTone | null;
  readonly wire: WireState;
}

export interface ShownCaller {
  readonly number?: Presented;
  readonly name?: Presented;
  readonly time?: CallerIdTime;
  readonly by: 'fsk' | 'dtmf';
  /** Type II: while the handset was off its rest. */
  readonly waiting: boolean;
  readonly atMs: number;
}

/** The strongest first, at most six; fainter than -45 dBm0, or than the strongest by 30 dB, is left out. Of tones that are on for a part of the time, the level over all of it. */
export interface HeardFrequency {
  /** Within 1 Hz. */
  readonly hz: number;
  readonly dbm0: number;
}

export interface ExchangeLineState {
  readonly is: 'line';
  readonly port: PortId;
  readonly number: string;
  /** The loop is closed: the port is off hook. */
  readonly seized: boolean;
  /** All digits heard since it was seized, in a call as well. */
  readonly digits: string;
  readonly digitsBy: 'dtmf' | 'pulse' | null;
  /** Since it was seized. */
  readonly flashes: number;
  readonly call: ExchangeCall;
  readonly policy: AnswerPolicy;
  readonly battery: boolean;
  readonly polarity: Polarity;
  readonly lineVolts: number;
  readonly loopMilliamps: number;
  /** From the line, during the last 400 ms. */
  readonly hears: readonly HeardFrequency[];
  readonly levelDbm0: number | null;
  /** What the party at the other end is heard as, in a call. */
  readonly speaks: SpokenTone | null;
  readonly wire: WireState;
}

/**
 *   idle ──call──► announcing ──► ringing ──lifted──► answered (incoming)
 *    │  ◄──the caller gives up──────┘                      │ hangUp
 *    │ seized                                              ▼
 *    └──► dialling ──complete──► ringback ──policy──► answered (outgoing) ──► over
 *              └──policy──► failed                    on hook, from everywhere: idle
 */
export type ExchangeCall =
  | { readonly at: 'idle' }
  /** Caller ID goes before the ringing. */
  | { readonly at: 'announcing'; readonly callerId: 'sent' | 'none' }
  | { readonly at: 'ringing'; readonly bursts: number; readonly callerId: 'sent' | 'none' }
  | { readonly at: 'dialling'; readonly number: string }
  | { readonly at: 'ringback'; readonly number: string; readonly rings: number }
  | { readonly at: 'answered'; readonly direction: 'incoming'; readonly sinceMs: number }
  | { readonly at: 'answered'; readonly direction: 'outgoing'; readonly number: string; readonly sinceMs: number }
  | { readonly at: 'failed'; readonly number: string; readonly because: 'busy' | 'congestion' | 'unobtainable' | 'dead' }
  /** The other party has hung up, this side has not. */
  | { readonly at: 'over'; readonly by: FarEnd; readonly sinceMs: number };

export interface WireState {
  readonly cable: 'whole' | 'cut';
  readonly parallelSet: 'off' | 'on';
  readonly noiseDbm0: number | null;
  readonly hum: { readonly hz: 50 | 60; readonly levelDbm0: number } | null;
}
