import type { ImpedanceName } from './twin/impedance.ts';

export type PortSettings = FxoSettings | FxsSettings;

/** What is left out stays. */
export type PortSettingsChange = Partial<Omit<FxoSettings, 'kind'>> | Partial<Omit<FxsSettings, 'kind'>>;

interface CommonSettings {
  readonly law: 'PCMA' | 'PCMU';
  /** What the port is to alternating current, and what its hybrid balances for. */
  readonly impedance: ImpedanceName;
  /** From the line to us, and from us to the line. */
  readonly receiveGainDb: number;
  readonly sendGainDb: number;
}

export interface FxoSettings extends CommonSettings {
  readonly kind: 'fxo';
  readonly dcTermination: DcTermination;
  /** Less is not told as ringing. */
  readonly ringThresholdVrms: number;
}

/** How the port draws direct current off hook. */
export interface DcTermination {
  /** At most 60 mA, as ETSI TBR 21 wants it. */
  readonly currentLimit: boolean;
  /** At the lowest current: 3.1 to 3.5 V. Lower helps on long lines, higher gives room to loud signals. */
  readonly lineVolts: number;
  /** Below it the port no longer works: 10 to 16 mA. */
  readonly minimumLoopMilliamps: number;
}

export interface FxsSettings extends CommonSettings {
  readonly kind: 'fxs';
  readonly ringVoltsRms: number;
  readonly ringFrequencyHz: number;
  /** Constant-current feed: a short loop gets no more. */
  readonly loopMilliamps: number;
}

export const defaultFxoSettings: FxoSettings = {
  kind: 'fxo',
  law: 'PCMU',
  impedance: '600',
  receiveGainDb: 0,
  sendGainDb: 0,
  dcTermination: { currentLimit: false, lineVolts: 3.5, minimumLoopMilliamps: 10 },
  ringThresholdVrms: 15,
};

export const defaultFxsSettings: FxsSettings = {
  kind: 'fxs',
  law: 'PCMU',
  impedance: '600',
  receiveGainDb: 0,
  sendGainDb: 0,
  ringVoltsRms: 60,
  ringFrequencyHz: 20,
  loopMilliamps: 25,
};
