import type { CallerIdPlace } from '../regions/caller-id/scheme.ts';
import type { RingCadence } from '../regions/line-profile.ts';
import type { ToneName } from '../regions/tone-plan.ts';
import type { DigitMap, DigitMatching } from './digit-map.ts';

/** Everything that a station's machine decides by, its configuration and its region's habits, as an immutable snapshot; `fxsSettings` begins one. */
export interface FxsSettings {
  /** False: out of service. A call that is up goes on to its end. */
  readonly isEnabled: boolean;
  readonly dialing: StationDialing;
  /** Null: an ordinary telephone. */
  readonly hotline: Hotline | null;
  readonly ringing: StationRinging;
  readonly callerId: CallerIdDelivery;
  readonly messageWaiting: MessageWaitingSettings;
  readonly callWaiting: CallWaitingSettings;
  readonly recall: RecallSettings;
  /** What is heard here is heard by many: nothing is played but calls. */
  readonly isLoudspeaker: boolean;
  readonly supervision: StationSupervision;
  /** After hanging up, before the bell may ring again. */
  readonly guardMs: number;
}

export interface StationDialing {
  /** Null: every number is possible, and a short pause ends it. */
  readonly map: DigitMap | null;
  readonly matching: DigitMatching;
  /** Ends a number that might be longer, unless the map has it as a digit. Null: none. */
  readonly terminator: '#' | '*' | null;
  readonly byDtmf: boolean;
  readonly byPulse: boolean;
  /** Telcordia GR-506: 16 to 24 s. */
  readonly firstDigitMs: number;
  /** While the number is not complete. GR-506: 16 to 24 s; private exchanges often less. */
  readonly interDigitLongMs: number;
  /** When the number is complete unless more comes (critical timing). GR-506: 4 s. */
  readonly interDigitShortMs: number;
}

/** Lifting the handset is enough. */
export interface Hotline {
  readonly number: string;
  /** 0: at once, and nothing else can be dialled. Otherwise dial tone for so long, and who dials meanwhile dials (warm line). */
  readonly delayMs: number;
}

export interface StationRinging {
  readonly cadence: RingCadence;
  /** Distinctive ringing: by name, as calls ask for it. One that is not here rings as usual. */
  readonly patterns: Readonly<Record<string, RingCadence>>;
}

/** How and where caller ID is delivered on hook. What carries it (Bell 202, V.23, DTMF) is the adapter's. */
export interface CallerIdDelivery {
  readonly place: CallerIdPlace | 'none';
  /** Of a ring pulse (EN 300 659-1: 200 to 300) or short ring. */
  readonly ringPulseMs: number;
  /** From a reversal (EN 300 659-1: at least 100) or the end of a ring pulse (500 to 800) to what comes next. */
  readonly afterAlertMs: number;
  /** From the end of a ring to the data (GR-30, EN 300 659-1: 500 to 1500). */
  readonly afterRingMs: number;
  /** From the end of the data to the first ring (EN 300 659-1: 200 to 500). */
  readonly beforeRingMs: number;
  /** The longest that sending may take, alert tone included. A pause between rings that has no room for it gets no caller ID. */
  readonly sendingMs: number;
}

export interface MessageWaitingSettings {
  /** What the mailbox says now. */
  readonly isWaiting: boolean;
  readonly stutterTone: boolean;
  /** The port's own indication: a neon lamp's voltage, or what the card has in its place. */
  readonly lamp: boolean;
  /** Data without ringing (GR-30 VMWI, EN 300 659-1). */
  readonly data: boolean;
}

export interface CallWaitingSettings {
  readonly isEnabled: boolean;
  /** Caller ID off hook, type II (GR-30, TIA-777, EN 300 659-2). */
  readonly callerId: boolean;
  /** How long the tone is heard each time, the pause after it, and how often. */
  readonly burstMs: number;
  readonly pauseMs: number;
  readonly bursts: number;
  /** From the order for an alert tone to the last moment that the telephone may acknowledge: 85 ms of tone, 160 ms, and the way there and back. */
  readonly acknowledgeMs: number;
}

/** What a hook flash does in a call. One that takes a waiting call, or changes between two, is understood always. */
export interface RecallSettings {
  /** It holds the call, and dial tone asks for another number. Not of a hotline. */
  readonly consults: boolean;
  /**
   * With two calls. `swap`: changes between them. `threeWay`: joins all, unless the second was one that waited (GR-577). `choice`: a digit says what
   * (ETSI ETS 300 738): 0 ends the one that is held, 1 the one that is up, 2 changes, 3 joins all, 4 hands them to each other; none, or another flash, changes.
   */
  readonly withTwo: 'swap' | 'threeWay' | 'choice';
  /** How long a digit is waited for. */
  readonly choiceMs: number;
  /** Hanging up on two calls, the second made from here, hands them to each other. Otherwise the one that is held rings back. */
  readonly transfers: boolean;
  /** How long it is heard that the second call came to nothing. */
  readonly toneMs: number;
}

/** How a telephone, or what is plugged in its place, learns that the far end answered and is gone. */
export interface StationSupervision {
  /** The poles change places when a call from this port is answered, and back at its end: for payphones and meters. */
  readonly reversalOnAnswer: boolean;
  /** Loop current is cut for so long when the far end of an answered call is gone; 0: not at all. CPC, GR-506's open switching interval. */
  readonly openLoopMs: number;
  /** What is heard after it. */
  readonly toneAtEnd: ToneName;
  /** How long busy tone and its like are heard before the howler. */
  readonly toneMs: number;
  /** 0: no howler. GR-506: 50 s. */
  readonly howlerMs: number;
}
