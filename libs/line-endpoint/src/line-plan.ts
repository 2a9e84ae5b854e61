import type { FxoSettings as CardSettings } from '@tipring/cards';
import type { Line } from '@tipring/config';
import { dtmfCallerIdPlans } from '@tipring/dsp';
import { defaultDisconnectSettings, type DisconnectSettings, type FxoSettings, type Region, regionalFxoSettings, uncommissioned, watchedTones } from '@tipring/line';
import type { LinePlan } from './plan.ts';
import { impedanceFor, lawOf, overridden, portName, treatmentOf } from './port-plan.ts';

/** A line as its country has lines, with what is different on this one. `emergency`: numbers that are dialled on any line. */
export function linePlan(line: Line, inbound: Pick<LinePlan, 'inboundNumber' | 'isAnswered'>, region: Region, emergency: readonly string[]): LinePlan {
  const { overrides } = line;
  const codec = lawOf(region);
  const dc = region.termination?.dc?.is;
  const portSettings: Partial<CardSettings> = {
    law: codec,
    impedance: overrides.impedance ?? impedanceFor(region),
    ...(dc === undefined ? {} : { ringThresholdVrms: dc.ringThresholdVrms }),
    ...(dc === undefined && overrides.dcTermination === undefined
      ? {}
      : { dcTermination: overridden({ currentLimit: dc?.currentLimitMa !== undefined, lineVolts: dc?.voltage ?? 3.5, minimumLoopMilliamps: dc?.leastCurrentMa ?? 10 }, overrides.dcTermination) }),
  };
  const tones = [...watchedTones(region.tones), ...(overrides.learnedTones ?? [])];
  return {
    id: line.id,
    port: portName(line.port),
    portSettings,
    treatment: { ...treatmentOf(overrides), tones },
    codec,
    isEnabled: line.isEnabled,
    settings: settingsOf(line, region, emergency),
    tones,
    learns: !line.isCommissioned,
    digitDbm0: -9,
    played: region.tones,
    playedDbm0: -13,
    callerIdForm: callerIdFormOf(region),
    ...inbound,
  };
}

/** NTT's interface has seven bits and even parity. */
function callerIdFormOf({ code, callerId }: Region): LinePlan['callerIdForm'] {
  const isNtt = callerId?.is.by === 'fsk' && callerId.is.standard === 'ntt';
  return { ...(code in dtmfCallerIdPlans ? { dtmfCodes: code } : {}), ...(isNtt ? { parity: 'even' } : {}) };
}

function settingsOf({ isCommissioned, overrides }: Line, region: Region, emergency: readonly string[]): FxoSettings {
  const base = regionalFxoSettings(region);
  const { voiceMs, assumedAfterMs, ...answer } = overrides.answer ?? {};
  const settings: FxoSettings = {
    ...overridden(base, { flashMs: overrides.flashMs, settleMs: overrides.settleMs, guardMs: overrides.guardMs, noBatteryMs: overrides.noBatteryMs }),
    ring: overridden(base.ring, overrides.ring),
    callerId: overridden(base.callerId, overrides.callerId),
    dialing: overridden(base.dialing, overrides.dialing),
    answer: overridden(base.answer, { ...answer, voiceMs: unlessOff(voiceMs), assumedAfterMs: unlessOff(assumedAfterMs) }),
    disconnect: disconnectOf(base.disconnect, overrides.disconnect),
    // Which calls go out over it is routing's.
    calls: 'both',
    emergency,
    longestMs: overrides.longestMs ?? null,
  };
  return isCommissioned ? settings : uncommissioned(settings);
}

function disconnectOf(base: DisconnectSettings, overrides: Line['overrides']['disconnect']): DisconnectSettings {
  if (overrides === undefined) return base;
  const { battery, polarity, tone, dialTone, silence, farLeg } = overrides;
  const usual = defaultDisconnectSettings;
  return {
    ...base,
    battery: kindOf(base.battery ?? usual.battery, base.battery, battery),
    polarity: kindOf(base.polarity ?? usual.polarity, base.polarity, polarity),
    tone: kindOf(base.tone ?? usual.tone, base.tone, tone),
    dialTone: kindOf(base.dialTone ?? usual.dialTone, base.dialTone, dialTone),
    silence: kindOf(base.silence ?? usual.silence, base.silence, silence),
    ...(farLeg === undefined ? {} : { farLeg }),
  };
}

/** `off` switches it off; something said of it switches it on; nothing said leaves it as it is. */
function kindOf<Kind extends object>(usual: Kind | null, base: Kind | null, override: { readonly [Key in keyof Kind]?: Kind[Key] | undefined } | 'off' | undefined): Kind | null {
  if (override === 'off') return null;
  return override === undefined || usual === null ? base : overridden(usual, override);
}

function unlessOff(ms: number | 'off' | undefined): number | null | undefined {
  return ms === 'off' ? null : ms;
}
