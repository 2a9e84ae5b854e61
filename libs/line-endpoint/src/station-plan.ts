import type { FxsSettings as CardSettings } from '@tipring/cards';
import type { Extension, Station } from '@tipring/config';
import { dtmfCallerIdPlans } from '@tipring/dsp';
import { type DigitMap, digitMap, type FxsSettings, fxsSettings, type HookSettings, hookSettings, type Region } from '@tipring/line';
import type { CallerIdSending, StationPlan } from './plan.ts';
import { impedanceFor, lawOf, overridden, portName, treatmentOf } from './port-plan.ts';

/** A station as its country has telephones, with what is different on this one. `map`: what can be dialled, unless it has a map of its own. */
export function stationPlan(station: Station, extension: Extension, region: Region, map: DigitMap | null): StationPlan {
  const { overrides } = station;
  const callerId = overrides.callerId?.isEnabled === false || station.kind === 'paging' ? null : sendingOf(region);
  const codec = lawOf(region);
  const portSettings: Partial<CardSettings> = {
    law: codec,
    impedance: overrides.impedance ?? impedanceFor(region),
    ...(overrides.ringing?.voltsRms === undefined ? {} : { ringVoltsRms: overrides.ringing.voltsRms }),
    ringFrequencyHz: overrides.ringing?.frequencyHz ?? region.ringing?.frequency?.is.hz ?? usualRingHz,
    ...(overrides.loopMilliamps === undefined ? {} : { loopMilliamps: overrides.loopMilliamps }),
  };
  return {
    id: station.id,
    port: portName(station.port),
    portSettings,
    treatment: treatmentOf(overrides),
    codec,
    extensionId: extension.id,
    extension: extension.number,
    displayName: extension.displayName,
    settings: settingsOf(station, extension, region, callerId !== null, map),
    hook: hookOf(station, region),
    tones: region.tones,
    toneDbm0: -13,
    howlerDbm0: -3,
    callerId,
    isFax: station.kind === 'fax',
    door: station.kind === 'door' ? (overrides.door ?? null) : null,
    recallMs: 60_000,
  };
}

function settingsOf({ isEnabled, kind, overrides }: Station, { isCallWaiting }: Extension, region: Region, isTold: boolean, officeMap: DigitMap | null): FxsSettings {
  const base = fxsSettings(region);
  const { map, terminator, ...dialing } = overrides.dialing ?? {};
  // A map of its own keeps nobody from calling for help either.
  const read = map === undefined ? null : digitMap(map, officeMap?.emergency);
  // Nobody is there to hear another call or to be shown who it is.
  const isPerson = kind === 'telephone' || kind === 'other';
  const callWaiting = overridden(base.callWaiting, overrides.callWaiting);
  // Door phones and amplifiers know by it that they are to hang up; and nobody is there to hear a howler.
  const supervision = isPerson || kind === 'fax' ? base.supervision : { ...base.supervision, openLoopMs: base.supervision.openLoopMs || usualOpenLoopMs, howlerMs: 0 };
  const { voltsRms: _volts, frequencyHz: _hertz, ...ringing } = overrides.ringing ?? {};
  return {
    ...base,
    isEnabled,
    dialing: {
      ...overridden(base.dialing, dialing),
      map: read?.ok === true ? read.map : officeMap,
      ...(terminator === undefined ? {} : { terminator: terminator === 'off' ? null : terminator }),
    },
    hotline: overrides.hotline ?? null,
    ringing: overridden(base.ringing, ringing),
    callerId: isTold ? base.callerId : { ...base.callerId, place: 'none' },
    // A machine that waits for dial tone knows no other.
    messageWaiting: overridden(isPerson ? base.messageWaiting : { ...base.messageWaiting, stutterTone: false }, overrides.messageWaiting),
    callWaiting: { ...callWaiting, isEnabled: isCallWaiting && callWaiting.isEnabled && (isPerson || overrides.callWaiting?.isEnabled === true), callerId: callWaiting.callerId && isTold },
    recall: overridden({ ...base.recall, consults: isPerson }, overrides.recall),
    isLoudspeaker: kind === 'paging',
    supervision: overridden(supervision, overrides.supervision),
    guardMs: overrides.guardMs ?? base.guardMs,
  };
}

function hookOf({ overrides }: Station, { dialing }: Region): HookSettings {
  const { flash } = overrides;
  const settings = hookSettings(dialing ?? {}, { flash: flash !== 'off', pulse: overrides.dialing?.byPulse !== false });
  return flash === undefined || flash === 'off' ? settings : { ...settings, flash };
}

/** Null: its country has none, or one that cannot be sent: NTT's message has a form of its own. */
function sendingOf({ code, callerId }: Region): CallerIdSending | null {
  const scheme = callerId?.is;
  if (scheme?.by === 'fsk' && scheme.standard !== 'ntt') return { by: 'fsk', modem: scheme.modulation === 'v23' ? 'v23' : 'bell-202', format: 'mdmf', levelDbm0: -13.5, alertToneDbm0: -18 };
  const plan = dtmfCallerIdPlans[code];
  return scheme?.by === 'dtmf' && plan !== undefined ? { by: 'dtmf', plan, digitMs: 70, pauseMs: 70, levelDbm0: -9 } : null;
}

const usualRingHz = 25;
/** GR-506's open switching interval. */
const usualOpenLoopMs = 600;
