import type { PortSettingsChange } from '@tipring/cards';
import type { DtmfCallerIdPlan, FskModem, WatchedTone } from '@tipring/dsp';
import type { PortCodec, PortListening, PortName, PortTreatment } from '@tipring/gateway';
import type { FxoSettings, FxsSettings, HookSettings, TonePlan } from '@tipring/line';
import type { EndpointId } from '@tipring/telephony';

/** All lines and stations there are to be; immutable. `plansOf` makes it of a configuration. */
export interface Plans {
  readonly stations: readonly StationPlan[];
  readonly lines: readonly LinePlan[];
}

/** What both kinds of port have. */
export interface PortPlan {
  /** By this name calls find it; also in records and on the event stream. */
  readonly id: EndpointId;
  readonly port: PortName;
  /** Of the card; what it does not know is refused, told as an incident, and left out. */
  readonly portSettings: PortSettingsChange;
  /** Gains are of card and DSP together. */
  readonly treatment: Partial<PortTreatment>;
  /** The G.711 law that is preferred. */
  readonly codec: PortCodec;
}

/** An analog telephone of ours. */
export interface StationPlan extends PortPlan {
  /** Whose it is. */
  readonly extensionId: string;
  /** Its number, shown to whom it calls. */
  readonly extension: string;
  readonly displayName: string;
  readonly settings: FxsSettings;
  readonly hook: HookSettings;
  /** What it hears. */
  readonly tones: TonePlan;
  /** Of every tone; howlers are `howlerDbm0`. */
  readonly toneDbm0: number;
  readonly howlerDbm0: number;
  /** What carries caller ID and message waiting; null: nothing is told, whatever the settings say. */
  readonly callerId: CallerIdSending | null;
  /** A fax, not a telephone: its calling tone is believed. */
  readonly isFax: boolean;
  /** Of a door phone: the digit by which whoever talks to it opens the door, and what the door phone wants to hear for that, in DTMF. Null: it is none, or has no relay. */
  readonly door: { readonly digit: string; readonly code: string } | null;
  /** How long a held call rings back when the telephone is hung up. */
  readonly recallMs: number;
}

/** How caller ID sounds. */
export type CallerIdSending =
  | {
      readonly by: 'fsk';
      readonly modem: FskModem;
      /** `sdmf`: time and number only. */
      readonly format: 'sdmf' | 'mdmf';
      readonly levelDbm0: number;
      /** Of each of its two frequencies. */
      readonly alertToneDbm0: number;
    }
  | { readonly by: 'dtmf'; readonly plan: DtmfCallerIdPlan; readonly digitMs: number; readonly pauseMs: number; readonly levelDbm0: number };

/** A telephone company's line. */
export interface LinePlan extends PortPlan {
  readonly isEnabled: boolean;
  readonly settings: FxoSettings;
  /** What is listened for, by the names of the line's tone plan and of learned tones. */
  readonly tones: readonly WatchedTone[];
  /** Also steady cadences that are none of these: told as an incident, so that somebody can name them. */
  readonly learns: boolean;
  /** Of each of the two tones of a digit. */
  readonly digitDbm0: number;
  /** What its far end is made to hear of the office. */
  readonly played: TonePlan;
  readonly playedDbm0: number;
  /** What its country's caller ID has otherwise than most: whose codes DTMF has, the parity of data. */
  readonly callerIdForm: Pick<NonNullable<PortListening['callerId']>, 'dtmfCodes' | 'parity'>;
  /** What a call that comes in on it has dialled: its own number, else what its `inbound` comes to; '': neither, and who is called is told by the line's id alone. */
  readonly inboundNumber: string;
  /** Whether anybody may be called when it rings. False: it rings until the caller gives up, and no call comes of it. */
  readonly isAnswered: boolean;
}
