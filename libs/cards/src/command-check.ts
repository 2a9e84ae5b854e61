import type { PortRefusal, PortRefusalCode } from './contract.ts';
import type { PortCapabilities, Range } from './port-capabilities.ts';
import type { FxoCommand, FxsCommand, PortCommand, RingCadence } from './port-command.ts';
import type { PortSettingsChange } from './port-settings.ts';

/** What a driver refuses before it asks its hardware: what this port cannot do, and what is no command. */
export function checkCommand(command: PortCommand, capabilities: PortCapabilities): PortRefusal | null {
  if (!(commandsOf[capabilities.kind] as readonly string[]).includes(command.do)) return refusal('unsupported', `An ${capabilities.kind.toUpperCase()} port knows no ${command.do}.`);
  return capabilities.kind === 'fxo' ? checkFxo(command as FxoCommand, capabilities) : checkFxs(command as FxsCommand, capabilities);
}

export function refusal(code: PortRefusalCode, text: string): PortRefusal {
  return { code, text };
}

function checkFxo(command: FxoCommand, capabilities: Extract<PortCapabilities, { kind: 'fxo' }>): PortRefusal | null {
  switch (command.do) {
    case 'hook':
      return oneOf(command.hook, ['off', 'on'], 'hook');
    case 'flash':
      return command.ms === undefined && capabilities.flashMs !== null ? null : within(command.ms, capabilities.flashMs, 'a flash, ms');
    case 'dialPulses': {
      if (!capabilities.pulseDialing) return unsupported('dial pulses');
      if (!/^[0-9]{1,64}$/.test(command.digits)) return refusal('badCommand', `"${command.digits}" cannot be dialled by pulses: digits 0 to 9, at most 64.`);
      const { breakMs, makeMs, interDigitMs } = command.pulses ?? defaultPulses;
      return within(breakMs, { least: 20, most: 100 }, 'the break of a pulse, ms') ?? within(makeMs, { least: 20, most: 100 }, 'the make of a pulse, ms') ?? within(interDigitMs, { least: 200, most: 2_000 }, 'the pause between digits, ms');
    }
  }
}

function checkFxs(command: FxsCommand, capabilities: Extract<PortCapabilities, { kind: 'fxs' }>): PortRefusal | null {
  switch (command.do) {
    case 'ring':
      if (command.callerId !== undefined && !capabilities.onHookTransmission) return unsupported('transmit to a telephone that is on hook');
      return checkCadence(command.cadence, capabilities.ringBursts);
    case 'ringStop':
      return null;
    case 'polarity':
      return capabilities.polarityReversal ? oneOf(command.polarity, ['normal', 'reversed'], 'polarity') : unsupported('reverse its polarity');
    case 'openLoop':
      return within(command.ms, capabilities.openLoopMs, 'an open loop, ms');
    case 'messageWaiting':
      return capabilities.messageWaitingLamp ? oneOf(command.lamp, ['on', 'off'], 'lamp') : unsupported('light a lamp');
    case 'onHookTransmission':
      return capabilities.onHookTransmission ? within(command.ms, { least: 1, most: 60_000 }, 'transmission on hook, ms') : unsupported('transmit to a telephone that is on hook');
  }
}

function checkCadence(cadence: RingCadence, mostBursts: number): PortRefusal | null {
  if (cadence.length < 1) return refusal('badCommand', 'A cadence has at least one burst.');
  if (cadence.length > Math.max(1, mostBursts)) return refusal('unsupported', `This port rings at most ${Math.max(1, mostBursts)} bursts in a cadence.`);
  for (const { onMs, offMs } of cadence) {
    const wrong = within(onMs, { least: 100, most: 10_000 }, 'a burst, ms') ?? within(offMs, { least: 100, most: 30_000 }, 'a pause, ms');
    if (wrong !== null) return wrong;
  }
  return null;
}

/** All of the change, against what the port can be. */
export function checkSettings(change: PortSettingsChange, capabilities: PortCapabilities): PortRefusal | null {
  if (change.law !== undefined && !capabilities.laws.includes(change.law)) return unsupported(`speak ${change.law}`);
  if (change.impedance !== undefined && !capabilities.impedances.includes(change.impedance)) return unsupported(`be ${change.impedance}`);
  const gains = setOrZero(change.receiveGainDb, capabilities.gainsDb, 'gain, dB') ?? setOrZero(change.sendGainDb, capabilities.gainsDb, 'gain, dB');
  if (gains !== null) return gains;
  for (const key of Object.keys(change)) if (!settingsOf[capabilities.kind].includes(key)) return unsupported(`set ${key}`);
  if (capabilities.kind === 'fxo') {
    const { dcTermination, ringThresholdVrms } = change as Extract<PortSettingsChange, { ringThresholdVrms?: number }>;
    if (ringThresholdVrms !== undefined && !capabilities.ringThresholdsVrms.includes(ringThresholdVrms)) return unsupported(`ring from ${ringThresholdVrms} V on`);
    if (dcTermination === undefined) return null;
    const can = capabilities.dcTermination;
    if (can === null || !can.lineVolts.includes(dcTermination.lineVolts) || !can.minimumLoopMilliamps.includes(dcTermination.minimumLoopMilliamps) || (dcTermination.currentLimit && !can.currentLimit)) return unsupported('terminate direct current so');
    return null;
  }
  const { ringVoltsRms, ringFrequencyHz, loopMilliamps } = change as Extract<PortSettingsChange, { loopMilliamps?: number }>;
  return (
    (ringVoltsRms === undefined ? null : within(ringVoltsRms, capabilities.ringVoltsRms, 'ringing, V')) ??
    (ringFrequencyHz === undefined ? null : within(ringFrequencyHz, capabilities.ringFrequencyHz, 'ringing, Hz')) ??
    (loopMilliamps === undefined ? null : within(loopMilliamps, capabilities.loopMilliamps, 'loop current, mA'))
  );
}

function setOrZero(value: number | undefined, range: Range | null, what: string): PortRefusal | null {
  return value === undefined || (value === 0 && range === null) ? null : within(value, range, what);
}

function within(value: number | undefined, range: Range | null, what: string): PortRefusal | null {
  if (range === null) return unsupported(`set ${what}`);
  if (value !== undefined && value >= range.least && value <= range.most) return null;
  return refusal('badCommand', `${what}: ${value} is not from ${range.least} to ${range.most}.`);
}

function oneOf(value: string, all: readonly string[], what: string): PortRefusal | null {
  return all.includes(value) ? null : refusal('badCommand', `${what}: ${value} is none of ${all.join(', ')}.`);
}

function unsupported(what: string): PortRefusal {
  return refusal('unsupported', `This port cannot ${what}.`);
}

const commandsOf = { fxo: ['hook', 'flash', 'dialPulses'], fxs: ['ring', 'ringStop', 'polarity', 'openLoop', 'messageWaiting', 'onHookTransmission'] } as const;

const common = ['law', 'impedance', 'receiveGainDb', 'sendGainDb'];
const settingsOf = { fxo: [...common, 'dcTermination', 'ringThresholdVrms'], fxs: [...common, 'ringVoltsRms', 'ringFrequencyHz', 'loopMilliamps'] };

/** As most exchanges take them: ten a second (ITU-T Q.24, national plans). */
export const defaultPulses = { breakMs: 60, makeMs: 40, interDigitMs: 700 };
export const defaultFlashMs = 500;
