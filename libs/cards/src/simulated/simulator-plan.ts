import type { CallerIdFormat, CallerIdParity, DtmfCallerIdPlan, Tone } from '@tipring/dsp';
import type { RingCadence } from '../port-command.ts';
import type { Cable } from '../twin/cable.ts';
import type { DcLoad, Feed } from '../twin/dc-loop.ts';
import type { Disturbance } from '../twin/disturbance.ts';
import type { ImpedanceName } from '../twin/impedance.ts';

/** Cards that do not exist, and what is plugged into them: plain JSON. What a country's lines are like is handed in as values. */
export interface SimulatorPlan {
  readonly cards: readonly PlannedCard[];
}

export interface PlannedCard {
  readonly serial: string;
  readonly slot?: string;
  /** How much too fast its clock is, parts in a million; 0 when absent. */
  readonly ppm?: number;
  /** Port 1 is the first; null: no module in that place. At most 32. */
  readonly ports: readonly (PlannedPort | null)[];
}

/** Null: nothing is plugged in. */
export type PlannedPort = { readonly kind: 'fxo'; readonly line: ExchangeLinePlan | null } | { readonly kind: 'fxs'; readonly telephone: TelephonePlan | null };

/** From the port to the far end. */
export interface WirePlan {
  readonly cable: Cable;
  readonly disturbance?: Disturbance;
  /** Of noise: the same seed gives the same noise for ever. By the port when absent. */
  readonly seed?: number;
}

/** A line of the telephone company, and the exchange at its end. */
export interface ExchangeLinePlan {
  /** Its own number, for people. */
  readonly number: string;
  readonly wire: WirePlan;
  /** 48 V behind 400 Ω when absent. */
  readonly feed?: Feed;
  /** 900 Ω + 2.16 µF when absent. */
  readonly impedance?: ImpedanceName;
  readonly ringing: ExchangeRinging;
  readonly tones: ExchangeTones;
  /** -13 when absent. */
  readonly toneLevelDbm0?: number;
  readonly callerId: ExchangeCallerId;
  /** How the line lets know that the other party hung up, the likeliest first: that one when an act names none. At least one. */
  readonly disconnect: readonly FarEnd[];
  readonly dialling?: ExchangeDialling;
  /** What becomes of calls that are made on the line, until an act says otherwise; answered after two rings when absent. */
  readonly policy?: AnswerPolicy;
  /** Numbers that have a policy of their own, whatever an act says: those that end so. None when absent. */
  readonly numbers?: readonly { readonly digits: string; readonly policy: AnswerPolicy }[];
  /** What the party at the other end is heard as in a call; null: silent. A tone of its own for each line when absent. */
  readonly partyTone?: SpokenTone | null;
}

export interface ExchangeRinging {
  readonly voltsRms: number;
  readonly hz: number;
  /** 510 when absent. */
  readonly ohms?: number;
  readonly cadence: RingCadence;
  /** Others, by the name that an act calls them. */
  readonly patterns?: Readonly<Record<string, RingCadence>>;
}

/** By the names of ITU-T E.182, as libs/line's tone plans have them. */
export type ExchangeToneName = 'dial' | 'secondDial' | 'stutterDial' | 'ringing' | 'busy' | 'congestion' | 'numberUnobtainable' | 'specialInformation' | 'callWaiting' | 'offHook';

/** What is absent the exchange does not have: congestion is busy tone then, an unobtainable number special information or congestion tone. */
export type ExchangeTones = Readonly<Record<'dial' | 'ringing' | 'busy', Tone>> & { readonly [name in ExchangeToneName]?: Tone };

/** The scheme of libs/line's region, with what a transmitter must know besides. */
export type ExchangeCallerId =
  | {
      readonly by: 'fsk';
      /** For people: what depends on it is in the other fields. The messages of `ntt` are framed as the others' are, which its own are not. */
      readonly standard: 'gr30' | 'tia777' | 'etsi' | 'sin227' | 'ntt';
      readonly modulation: 'bell202' | 'v23';
      readonly place: CallerIdMoment;
      /** `mdmf` when absent. */
      readonly format?: CallerIdFormat;
      readonly parity?: CallerIdParity;
      /** -13.5 when absent. */
      readonly levelDbm0?: number;
    }
  /** `start` before the number, `end` after all; `codes` are all of them, and what these say when absent. */
  | { readonly by: 'dtmf'; readonly place: CallerIdMoment; readonly start: string; readonly end: string; readonly codes?: DtmfCallerIdPlan }
  /** Russian AON is told to who asks for it off hook: nothing is sent on hook, and this exchange does not answer the question. */
  | { readonly by: 'request' }
  | { readonly by: 'none' };

/** When it comes (EN 300 659-1 6.1), as libs/line's `CallerIdPlace`. */
export type CallerIdMoment = 'betweenRings' | 'afterShortRing' | 'beforeRinging' | 'afterReversal' | 'afterDualTone' | 'afterReversalAndDualTone' | 'afterRingPulse' | 'afterReversalAndBursts';

/** How an exchange lets a line know that the other party has hung up. `silence`: not at all. */
export type FarEnd = { readonly by: 'openLoop'; readonly ms: number } | { readonly by: 'polarity' } | { readonly by: 'tone'; readonly tone: ExchangeToneName } | { readonly by: 'dialTone' } | { readonly by: 'silence' };

export interface ExchangeDialling {
  /** Whether it takes pulses as digits; when absent, it does. */
  readonly pulses?: 'taken' | 'ignored';
  /** From seizure; 300 when absent. */
  readonly dialToneAfterMs?: number;
  /** How long the line must be closed until the exchange sees it; a call that comes in meanwhile meets one that goes out (glare). 0 when absent. */
  readonly seizureMs?: number;
  /** Once exactly this is dialled a second dial tone is heard, until the next digit. None when absent. */
  readonly secondDialToneAfter?: string;
  /** A number is complete with so many digits; null (and absent): after a pause. */
  readonly digits?: number | null;
  /** 4000 when absent. */
  readonly pauseMs?: number;
}

/** What becomes of a call that is made on a line. */
export type AnswerPolicy =
  /** 0: at once. */
  | { readonly is: 'answered'; readonly afterRings: number; readonly supervision: 'reversal' | 'none' }
  | { readonly is: 'noAnswer' }
  | { readonly is: 'busy' }
  | { readonly is: 'congestion' }
  | { readonly is: 'unobtainable' }
  /** No dial tone, and nothing afterwards. */
  | { readonly is: 'dead' };

export interface SpokenTone {
  /** 200 … 3600. */
  readonly frequencyHz: number;
  /** -60 … 0; -13 when absent. */
  readonly levelDbm0?: number;
}

/** An analog telephone, or what behaves like one: a fax, a door phone, a paging amplifier. */
export interface TelephonePlan {
  /** For people: reception, fax. */
  readonly name: string;
  readonly wire: WirePlan;
  /** Of its bell; 1 when absent. */
  readonly ren?: number;
  /** 600 Ω when absent. */
  readonly impedance?: ImpedanceName;
  readonly load?: DcLoad;
  /** Null: it shows no callers. Bell 202 with call waiting when absent. */
  readonly display?: DisplayPlan | null;
}

/** What a telephone's display understands. */
export interface DisplayPlan {
  readonly fsk: 'bell-202' | 'v23' | null;
  readonly parity?: CallerIdParity;
  readonly dtmf: DtmfCallerIdPlan | null;
  /** Caller ID of a waiting call (type II): it silences its handset at the alert tone and acknowledges with D. */
  readonly callWaiting: boolean;
  /** NTT: it seizes the line in the bursts after a reversal, to be told, and hangs up. */
  readonly seizesForIt?: boolean;
}
