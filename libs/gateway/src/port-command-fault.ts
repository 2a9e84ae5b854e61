import { aSwitch, type Check, type Fields, from, idFault, isBetween, isObject, isWhole, oneOf, optionalFault } from './fields.ts';
import type { PortGatewayCommand } from './port-contract.ts';
import { soundsFault } from './port-sound-fault.ts';
import { toneFault } from './tone-fault.ts';

/** As `commandFault`, of the commands about ports. What a port is able to do is not known here: its card says. */
export function portCommandFault(value: Fields): string | null {
  switch (value.do as PortGatewayCommand['do']) {
    case 'cards':
      return null;
    case 'openPort':
    case 'configurePort':
      return idFault(value, 'port') ?? optionalFault(value.settings, 'settings', settings) ?? optionalFault(value.treatment, 'treatment', treatment) ?? watchedFault(value.treatment);
    case 'closePort':
    case 'inspectPort':
    case 'measurePort':
      return idFault(value, 'port');
    case 'commandPort':
      return idFault(value, 'port') ?? driverCommandFault(value.command);
    case 'play':
      return idFault(value, 'port') ?? soundsFault(value.sounds);
    case 'listen':
      return idFault(value, 'port') ?? (value.listening === undefined ? 'listening must be an object' : optionalFault(value.listening, 'listening', listening));
    case 'addPort':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? idFault(value, 'port') ?? codecFault(value);
    case 'modifyPort':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? codecFault(value);
    default:
      return 'unknown command';
  }
}

/** The form of a command to a port; its values are held against the port's capabilities later. */
function driverCommandFault(value: unknown): string | null {
  if (!isObject(value)) return 'command must be an object';
  const { do: what, ...fields } = value;
  const form = typeof what === 'string' && Object.hasOwn(driverCommands, what) ? driverCommands[what] : undefined;
  if (form === undefined) return 'command.do must be a command of a port';
  for (const needed of form.needs) if (fields[needed] === undefined) return `command.${needed} is missing`;
  return optionalFault(fields, 'command', form.fields);
}

function watchedFault(value: unknown): string | null {
  const tones = isObject(value) ? value.tones : undefined;
  if (tones === undefined) return null;
  for (const watched of tones as readonly unknown[]) {
    if (!isObject(watched) || typeof watched.id !== 'string' || watched.id.length === 0 || watched.id.length > 64) return 'treatment.tones: each needs an id of 1 to 64 characters';
    const fault = toneFault(watched.tone, 'treatment.tones: tone') ?? optionalFault(watched.tolerance, 'treatment.tones: tolerance', tolerance);
    if (fault !== null) return fault;
  }
  return null;
}

function codecFault(value: Fields): string | null {
  return laws.holds(value.codec) ? null : `codec must be ${laws.is}`;
}

function isCadence(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= mostBursts && value.every((burst) => isObject(burst) && isBetween(burst.onMs, 0, 60_000) && isBetween(burst.offMs, 0, 60_000));
}

const laws = oneOf('PCMA', 'PCMU');
const decibels = from(-24, 24);
const milliseconds = from(0, 60_000);
const mostBursts = 16;
const mostWatched = 256;

const settings: Readonly<Record<string, Check>> = {
  law: laws,
  impedance: { is: 'the name of an impedance', holds: (value) => typeof value === 'string' && value.length <= 64 },
  receiveGainDb: decibels,
  sendGainDb: decibels,
  dcTermination: {
    is: '{ currentLimit, lineVolts, minimumLoopMilliamps }',
    holds: (value) => isObject(value) && typeof value.currentLimit === 'boolean' && isBetween(value.lineVolts, 0, 100) && isBetween(value.minimumLoopMilliamps, 0, 100),
  },
  ringThresholdVrms: from(0, 200),
  ringVoltsRms: from(0, 200),
  ringFrequencyHz: from(0, 200),
  loopMilliamps: from(0, 200),
};

const treatment: Readonly<Record<string, Check>> = {
  echo: { is: 'null, or { tailMs: 32, 64 or 128 }', holds: (value) => value === null || (isObject(value) && [32, 64, 128].includes(value.tailMs as number)) },
  receiveGainDb: decibels,
  sendGainDb: decibels,
  automaticGain: aSwitch,
  noiseReduction: aSwitch,
  humFilter: aSwitch,
  tones: { is: `a list of at most ${mostWatched}`, holds: (value) => Array.isArray(value) && value.length <= mostWatched },
  silentMs: from(0, 3_600_000),
  audio: oneOf('voice', 'data'),
};

const tolerance: Readonly<Record<string, Check>> = { frequencyHz: from(0, 200), cadence: from(0, 1) };

const listening: Readonly<Record<string, Check>> = {
  digits: aSwitch,
  tones: aSwitch,
  learns: aSwitch,
  callerId: {
    is: '{ modems: fsk, dtmf or both } and at most its parity, and the country of its dtmfCodes',
    holds: (value) =>
      isObject(value) && Array.isArray(value.modems) && value.modems.length > 0 && value.modems.length <= 2 && value.modems.every((modem) => modem === 'fsk' || modem === 'dtmf')
      && (value.parity === undefined || ['none', 'even', 'odd', 'ignored'].includes(value.parity as string)) && (value.dtmfCodes === undefined || (typeof value.dtmfCodes === 'string' && value.dtmfCodes.length <= 8)),
  },
  voice: aSwitch,
  alertTone: aSwitch,
  fax: aSwitch,
};

const driverCommands: Readonly<Record<string, { readonly needs: readonly string[]; readonly fields: Readonly<Record<string, Check>> }>> = {
  hook: { needs: ['hook'], fields: { hook: oneOf('off', 'on') } },
  flash: { needs: [], fields: { ms: milliseconds } },
  dialPulses: {
    needs: ['digits'],
    fields: {
      digits: { is: '1 to 64 digits', holds: (value) => typeof value === 'string' && value.length > 0 && value.length <= 64 },
      pulses: {
        is: '{ breakMs, makeMs, interDigitMs }',
        holds: (value) => isObject(value) && milliseconds.holds(value.breakMs) && milliseconds.holds(value.makeMs) && milliseconds.holds(value.interDigitMs),
      },
    },
  },
  ring: {
    needs: ['cadence'],
    fields: {
      cadence: { is: `a list of 1 to ${mostBursts} of { onMs, offMs }`, holds: isCadence },
      callerId: { is: '{ afterBurst }', holds: (value) => isObject(value) && isWhole(value.afterBurst, 1, 100) },
    },
  },
  ringStop: { needs: [], fields: {} },
  polarity: { needs: ['polarity'], fields: { polarity: oneOf('normal', 'reversed') } },
  openLoop: { needs: ['ms'], fields: { ms: milliseconds } },
  messageWaiting: { needs: ['lamp'], fields: { lamp: oneOf('on', 'off') } },
  onHookTransmission: { needs: ['ms'], fields: { ms: milliseconds } },
};
