import type { PortId } from '../contract.ts';
import type { Polarity } from '../port-command.ts';
import type { AnswerPolicy, FarEnd, SpokenTone } from './simulator-plan.ts';
import type { CardState, ExchangeLineState, TelephoneState } from './simulator-state.ts';

/** What a person, or a test, does to a simulated far end: plain JSON, told apart by `on` and `do`. */
export type SimulatorAct = TelephoneAct | LineAct | WireAct | CardAct;

/** To the telephone on an FXS port. */
export type TelephoneAct = { readonly on: 'telephone'; readonly port: PortId } & (
  | { readonly do: 'lift' }
  | { readonly do: 'hangUp' }
  /** 300 when absent; 20 … 2000. Off hook only, like all that follow. */
  | { readonly do: 'flash'; readonly ms?: number }
  /** At most 64 of 0–9, and * # A–D by DTMF. */
  | { readonly do: 'dial'; readonly digits: string; readonly by?: 'dtmf' | 'pulse' }
  /** Null: it falls silent. */
  | { readonly do: 'speak'; readonly tone: SpokenTone | null }
);

/** To the exchange of the line on an FXO port. */
export type LineAct = { readonly on: 'line'; readonly port: PortId } & (
  /** Somebody outside calls: it rings until it is answered or `hangUp`. Refused while the line is in use. */
  | ({ readonly do: 'call' } & OutsideCall)
  /** Of calls that are made on it from now on, and of the one that rings now. */
  | { readonly do: 'policy'; readonly policy: AnswerPolicy }
  /** The party at the other end; null: it falls silent. */
  | { readonly do: 'speak'; readonly tone: SpokenTone | null }
  /** The party at the other end hangs up: a caller gives up, a call ends. Without `by` as the line usually does. */
  | { readonly do: 'hangUp'; readonly by?: FarEnd }
  | { readonly do: 'battery'; readonly battery: 'on' | 'off' }
  | { readonly do: 'polarity'; readonly polarity: Polarity }
  /** High voltage for a message waiting lamp, steadily or as a blinking lamp has it. */
  | { readonly do: 'lamp'; readonly lamp: 'on' | 'off' | 'blinks' }
);

/** What is absent is not sent; `private` and `unavailable` are said in its place. */
export interface OutsideCall {
  readonly number?: CallerPart;
  readonly name?: CallerPart;
  /** Distinctive ringing, one of the line's patterns; ordinary when absent. */
  readonly pattern?: string;
}

/** At most 20 digits, a name of at most 50 characters. */
export type CallerPart = { readonly shown: string } | { readonly absent: 'private' | 'unavailable' };

/** To the pair of wires on any port. */
export type WireAct = { readonly on: 'wire'; readonly port: PortId } & (
  | { readonly do: 'cut' }
  | { readonly do: 'repair' }
  /** Another telephone on the same pair. */
  | { readonly do: 'parallelSet'; readonly hook: 'off' | 'on' }
  /** 200 V for 4 ms when absent; at most 2000 V, 1000 ms. */
  | { readonly do: 'spike'; readonly voltsRms?: number; readonly ms?: number }
  /** The ringing of a neighbour's line: 30 V of 20 Hz for 2 s when absent; 1 … 120 V, 10 … 100 Hz, at most 60 s. */
  | { readonly do: 'ringBleed'; readonly voltsRms?: number; readonly hz?: number; readonly ms?: number }
  /** Three strokes within half a second. */
  | { readonly do: 'lightning' }
  /** White; -80 … -10, null: none. */
  | { readonly do: 'noise'; readonly levelDbm0: number | null }
  | { readonly do: 'hum'; readonly hum: { readonly hz: 50 | 60; readonly levelDbm0: number } | null }
);

export type CardAct = { readonly on: 'card'; readonly card: string } & (
  | { readonly do: 'pull' }
  /** Its lines and telephones are in their jacks as before. */
  | { readonly do: 'insert' }
  /** Its clock is so much too fast from now on, parts in a million: -10000 … 10000. */
  | { readonly do: 'drift'; readonly ppm: number }
);

/** `state`: of what the act was to, when it had been done; what needs time (tones, ringing) shows later. */
export type ActResult = { readonly ok: true; readonly state: CardState | ExchangeLineState | TelephoneState } | { readonly ok: false; readonly refusal: ActRefusal };

export interface ActRefusal {
  /** `badAct`: no act, or a value out of its range. `notFound`: there is nothing of that kind at that port. `wrongState`: not now. */
  readonly code: 'badAct' | 'notFound' | 'wrongState';
  /** For people. */
  readonly text: string;
}
