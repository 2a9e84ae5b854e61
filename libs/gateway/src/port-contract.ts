import type { Card, LineReading, PortCommand, PortEvent, PortRefusalCode, PortSettings, PortSettingsChange } from '@tipring/cards';
import type { CallerIdParity, FaxTone, FskModem, LearnedTone, LevelReading, Presented, RecognisedTone, Tone, WatchedTone } from '@tipring/dsp';
import type { ContextId, TerminationId } from './identifiers.ts';

/*
 * The analog half of the gateway contract. A port is opened by the controller that has a line or a station on it; from then on it tells
 * what happens there, plays and listens as it is told, in a call or not. As a termination it is added to a context like any other end.
 *
 * What is open stays open, and what is off-hook stays off-hook, while no controller is there: calls go on. What happens meanwhile is kept,
 * as far as there is room, and told in its order to the controller that comes back, once it has opened the port again.
 */

/** A port by its card's serial and its number: `portKey` of libs/cards, as `SIM-1/3`. */
export type PortName = string;

/** A card as `cards` tells of it: the driver's description, with its ports' settings as they are. */
export interface CardDescription extends Omit<Card, 'ports'> {
  readonly driver: 'simulated' | 'dahdi';
  readonly ports: readonly PortDescription[];
}

export interface PortDescription {
  readonly port: PortName;
  readonly number: number;
  readonly capabilities: Card['ports'][number]['capabilities'];
  readonly settings: PortSettings;
  readonly isOpen: boolean;
}

/** How a port's audio is treated by the DSP, beside what the hardware does. What is left out stays; at first as `usualTreatment` has it. */
export interface PortTreatment {
  /** Line echo canceller (ITU-T G.168); null: none. */
  readonly echo: { readonly tailMs: 32 | 64 | 128 } | null;
  /** From the line and to the line, after the canceller and before it; -24 to 24 dB. */
  readonly receiveGainDb: number;
  readonly sendGainDb: number;
  readonly automaticGain: boolean;
  readonly noiseReduction: boolean;
  /** Mains hum and direct voltage are measured and taken out. */
  readonly humFilter: boolean;
  /** What its detector watches for while it listens for tones: a country's plan, and what was learned. */
  readonly tones: readonly WatchedTone[];
  /** Nothing from a side for so long is told as `silent`; 0: never. */
  readonly silentMs: number;
  /** `data`: what a fax or modem says: gains are fixed, nothing is suppressed, and the delay does not change any more. `voice`: until one is heard that answers. */
  readonly audio: 'voice' | 'data';
}

export const usualTreatment: PortTreatment = {
  echo: { tailMs: 64 }, receiveGainDb: 0, sendGainDb: 0, automaticGain: false, noiseReduction: false, humFilter: true, tones: [], silentMs: 10_000, audio: 'voice',
};

/** What a port listens for in what comes from its line; what is left out is not listened for. In place of what it listened for before. */
export interface PortListening {
  /** DTMF. In a call with an end that takes RFC 4733 events they leave the audio and go as events. */
  readonly digits?: boolean;
  /** The tones of its treatment; `learns`: also a steady cadence that is none of them. */
  readonly tones?: boolean;
  readonly learns?: boolean;
  /** Caller ID by these, and the dual tone that announces it. */
  readonly callerId?: {
    readonly modems: readonly ('fsk' | 'dtmf')[];
    /** Of its characters; `none` when absent. */
    readonly parity?: CallerIdParity;
    /** Whose codes are meant by digits: a country of libs/dsp's `dtmfCallerIdPlans`. Absent: A or D, the number, C or #. */
    readonly dtmfCodes?: string;
  };
  /** Voice and its end, silence of either side. */
  readonly voice?: boolean;
  /** The alert tone of a call waiting's caller ID, and the digit that acknowledges: while data is sent off-hook. */
  readonly alertTone?: boolean;
  readonly fax?: boolean;
}

/** What a port sends to its line. */
export type PortSound =
  /** Until the tone's own end or `hush`. `over`: added to the call; else in place of it. */
  | { readonly type: 'tone'; readonly tone: Tone; readonly levelDbm0: number; readonly over?: boolean }
  /** DTMF, ITU-T Q.23; of each of the two tones. */
  | { readonly type: 'digits'; readonly digits: string; readonly digitMs: number; readonly pauseMs: number; readonly levelDbm0: number }
  /** A message as `encodeCallerId` makes it, checksum included: octets 0 to 255. */
  | { readonly type: 'fsk'; readonly message: readonly number[]; readonly modem: FskModem; readonly hook: 'on' | 'off'; readonly levelDbm0: number; readonly seizureBits?: number; readonly markBits?: number }
  | { readonly type: 'pause'; readonly ms: number };

/** But for the first two and `modifyPort`, all are refused as `closed` while the port is not open. */
export type PortGatewayCommand =
  /** All cards there are. Arrivals and departures are told as `card`. */
  | { readonly do: 'cards' }
  /**
   * From now on the port is the controller's. Its first events say how its line is (FXO: battery, polarity where it is seen, hook; FXS: hook); if it is open
   * already it stays as it is, tells what was kept, and then how its line is now. Refused as `absent` while its card is gone, as `noSuchPort` when it
   * never was there. Every controller opens it for itself, also after it was connected anew; until then happenings are kept.
   */
  | { readonly do: 'openPort'; readonly port: PortName; readonly settings?: PortSettingsChange; readonly treatment?: Partial<PortTreatment> }
  /** On hook, silent; nothing is told any more. As an end of a context it is silent too, until it is subtracted. */
  | { readonly do: 'closePort'; readonly port: PortName }
  /** At once, also in a call; all of it or, refused, none. */
  | { readonly do: 'configurePort'; readonly port: PortName; readonly settings?: PortSettingsChange; readonly treatment?: Partial<PortTreatment> }
  | { readonly do: 'commandPort'; readonly port: PortName; readonly command: PortCommand }
  /** These one after the other, in place of what was played; `soundEnded` follows when the last has ended by itself. None: hush. */
  | { readonly do: 'play'; readonly port: PortName; readonly sounds: readonly PortSound[] }
  | { readonly do: 'listen'; readonly port: PortName; readonly listening: PortListening }
  /** It tells again how its line is, as after `openPort`. */
  | { readonly do: 'inspectPort'; readonly port: PortName }
  /** What is measured now. */
  | { readonly do: 'measurePort'; readonly port: PortName }
  /** The port becomes an end of a context, as `add` makes one; refused as `portTaken` while it is one of any. */
  | { readonly do: 'addPort'; readonly context: ContextId; readonly termination: TerminationId; readonly port: PortName; readonly codec: PortCodec }
  /** What it speaks from now on; it understands both laws always. Of RTP terminations, and `modify` of a port: `badCommand`. */
  | { readonly do: 'modifyPort'; readonly context: ContextId; readonly termination: TerminationId; readonly codec: PortCodec };

export type PortCodec = 'PCMA' | 'PCMU';

export interface PortGatewayReplies {
  cards: { readonly cards: readonly CardDescription[] };
  openPort: PortDescription;
  closePort: Record<string, never>;
  configurePort: { readonly settings: PortSettings; readonly treatment: PortTreatment };
  commandPort: Record<string, never>;
  play: Record<string, never>;
  listen: Record<string, never>;
  inspectPort: Record<string, never>;
  measurePort: PortMeasurement;
  addPort: Record<string, never>;
  modifyPort: Record<string, never>;
}

/** Levels are of the last seconds, since the former measurement at the longest. Null is what is not measured. */
export interface PortMeasurement {
  readonly line: LineReading;
  readonly received: LevelReading;
  readonly sent: LevelReading;
  readonly hum: { readonly mainsHz: 50 | 60 | null; readonly levelDbm0: number } | null;
  readonly echo: { readonly erlDb: number; readonly erleDb: number; readonly residualDbm0: number; readonly isConverged: boolean; readonly isDisabled: boolean } | null;
  readonly buffer: { readonly delayMs: number; readonly driftPpm: number; readonly underruns: number; readonly overruns: number } | null;
}

export type PortGatewayEvent =
  | { readonly event: 'card'; readonly change: 'arrived'; readonly card: CardDescription }
  | { readonly event: 'card'; readonly change: 'gone'; readonly serial: string }
  | { readonly event: 'port'; readonly port: PortName; /** By the gateway's monotonic clock, ms. */ readonly atMs: number; readonly is: PortHappening };

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'atMs' | 'sequence'> : never;

export type PortHappening =
  /** As the hardware tells it. */
  | WithoutTime<PortEvent>
  /** FXO: the port's own hook: after every change, wanted or not, and after `inspectPort`. */
  | { readonly type: 'portHook'; readonly hook: 'off' | 'on' }
  /** Heard from the line, at its end. */
  | { readonly type: 'digit'; readonly digit: string; readonly durationMs: number; readonly levelDbm0: number }
  /** The first digit's tone has begun: dial tone may end. */
  | { readonly type: 'digitBegan'; readonly digit: string }
  /** Recognised; again with each further cycle. `isContinuous`: it has no cadence, and has been heard for `lastedMs`. */
  | { readonly type: 'tone'; readonly tone: Omit<RecognisedTone, 'atSample'>; readonly isContinuous: boolean; readonly levelDbm0: number; readonly lastedMs?: number }
  | { readonly type: 'toneEnded'; readonly id: string }
  | { readonly type: 'toneLearned'; readonly learned: Omit<LearnedTone, 'atSample'> }
  /** Speech or music, and neither tone nor digit; from the line. */
  | { readonly type: 'voice' }
  | { readonly type: 'voiceEnded' }
  /** `line`: from the line; `far`: from the call. Once for each silence. */
  | { readonly type: 'silent'; readonly side: 'line' | 'far'; readonly silentMs: number }
  | { readonly type: 'heard'; readonly side: 'line' | 'far' }
  /** CAS or DT-AS. */
  | { readonly type: 'alertTone'; readonly durationMs: number }
  | { readonly type: 'callerId'; readonly by: 'fsk' | 'dtmf'; readonly number?: Presented; readonly name?: Presented }
  /** Something came that is none: a bad checksum, a carrier that broke off. */
  | { readonly type: 'noCallerId'; readonly text: string }
  /** `far`: from the call; else from the line. */
  | { readonly type: 'faxTone'; readonly tone: FaxTone; readonly side?: 'far' }
  | { readonly type: 'soundEnded' }
  /** First of what was kept, when that was more than there is room for: so many are missing. What was heard goes first, hooks and battery last: `inspectPort` tells how they are. */
  | { readonly type: 'missed'; readonly count: number };

/** Of commands about ports; `absent` and `closed` as of a card's port. */
export type PortGatewayRefusalCode = PortRefusalCode | 'noSuchPort';
