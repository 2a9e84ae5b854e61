import type { DcTermination, PortCapabilities, PortSettingsChange, Range } from '@tipring/cards';
import type { PortTreatment } from '@tipring/gateway';

/** What a port can have of the settings that are wanted: numbers as near as it comes. `missing`, in words: what it cannot at all. */
export function fittedSettings(wanted: PortSettingsChange, capabilities: PortCapabilities): { readonly settings: PortSettingsChange; readonly missing: readonly string[] } {
  const settings: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const [name, value] of Object.entries(wanted) as [string, unknown][]) {
    if (value === undefined) continue;
    const fitted = fittedValue(name, value, capabilities);
    if (fitted === undefined) missing.push(`${name} ${words(value)}`);
    else settings[name] = fitted;
  }
  return { settings: settings as PortSettingsChange, missing };
}

/** Levels are changed in the card as far as it can, and the rest by the DSP. */
export function fittedGains(treatment: Partial<PortTreatment>, { gainsDb }: PortCapabilities): { readonly card: PortSettingsChange; readonly treatment: Partial<PortTreatment> } {
  const { receiveGainDb = 0, sendGainDb = 0 } = treatment;
  const [receive, send] = [within(receiveGainDb, gainsDb) ?? 0, within(sendGainDb, gainsDb) ?? 0];
  return { card: { receiveGainDb: receive, sendGainDb: send }, treatment: { ...treatment, receiveGainDb: receiveGainDb - receive, sendGainDb: sendGainDb - send } };
}

/** Undefined: not at all. */
function fittedValue(name: string, value: unknown, capabilities: PortCapabilities): unknown {
  switch (name) {
    case 'law': return (capabilities.laws as readonly unknown[]).includes(value) ? value : undefined;
    case 'impedance': return (capabilities.impedances as readonly unknown[]).includes(value) ? value : undefined;
    case 'receiveGainDb':
    case 'sendGainDb': return capabilities.gainsDb === null && value === 0 ? 0 : within(value, capabilities.gainsDb);
  }
  if (capabilities.kind === 'fxs') {
    switch (name) {
      case 'ringVoltsRms': return within(value, capabilities.ringVoltsRms);
      case 'ringFrequencyHz': return within(value, capabilities.ringFrequencyHz);
      case 'loopMilliamps': return within(value, capabilities.loopMilliamps);
      default: return undefined;
    }
  }
  if (name === 'ringThresholdVrms') return nearest(value as number, capabilities.ringThresholdsVrms);
  if (name !== 'dcTermination' || capabilities.dcTermination === null) return undefined;
  const { currentLimit, lineVolts, minimumLoopMilliamps } = capabilities.dcTermination;
  const { currentLimit: limit, lineVolts: volts, minimumLoopMilliamps: least } = value as DcTermination;
  const [nearestVolts, nearestLeast] = [nearest(volts, lineVolts), nearest(least, minimumLoopMilliamps)];
  return nearestVolts === undefined || nearestLeast === undefined ? undefined : { currentLimit: limit && currentLimit, lineVolts: nearestVolts, minimumLoopMilliamps: nearestLeast };
}

function within(value: unknown, range: Range | null): number | undefined {
  return range === null || typeof value !== 'number' ? undefined : Math.min(range.most, Math.max(range.least, value));
}

function nearest(value: number, all: readonly number[]): number | undefined {
  let best: number | undefined;
  for (const one of all) if (best === undefined || Math.abs(one - value) < Math.abs(best - value)) best = one;
  return best;
}

function words(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
