import type { FxoCapabilities, FxsCapabilities } from '../port-capabilities.ts';
import { impedanceNames } from '../twin/impedance.ts';

/** As of a silicon data access arrangement. */
export const fxoCapabilities: FxoCapabilities = {
  kind: 'fxo',
  impedances: impedanceNames,
  gainsDb: { least: -15, most: 12 },
  laws: ['PCMA', 'PCMU'],
  measures: ['lineVolts', 'loopMilliamps', 'ringVoltsRms'],
  echoDelayMs: 20,
  flashMs: { least: 50, most: 1_500 },
  pulseDialing: true,
  seesPolarity: true,
  seesLoopCurrent: true,
  seesLineInUse: true,
  seesMessageWaiting: true,
  measuresRinging: true,
  ringThresholdsVrms: [15, 21, 45],
  dcTermination: { currentLimit: true, lineVolts: [3.1, 3.2, 3.35, 3.5], minimumLoopMilliamps: [10, 12, 14, 16] },
};

/** As of a programmable subscriber line interface. */
export const fxsCapabilities: FxsCapabilities = {
  kind: 'fxs',
  impedances: impedanceNames,
  gainsDb: { least: -15, most: 12 },
  laws: ['PCMA', 'PCMU'],
  measures: ['lineVolts', 'loopMilliamps', 'ringVoltsRms'],
  echoDelayMs: 20,
  polarityReversal: true,
  openLoopMs: { least: 50, most: 3_000 },
  onHookTransmission: true,
  messageWaitingLamp: true,
  ringBursts: 8,
  ringVoltsRms: { least: 40, most: 75 },
  ringFrequencyHz: { least: 15, most: 70 },
  loopMilliamps: { least: 18, most: 45 },
  hookTransitions: 'raw',
  seesFaults: true,
};
