import { defaultDisconnectSettings, type DisconnectSettings } from '../disconnect/disconnect-settings.ts';
import type { CallerIdPlace, CallerIdScheme } from '../regions/caller-id/scheme.ts';
import type { Fact } from '../regions/fact.ts';
import type { DisconnectSignal, RingCadence } from '../regions/line-profile.ts';
import type { Region } from '../regions/region.ts';
import { ringSettings } from '../ring/ring-settings.ts';
import { defaultFxoSettings, type CallerIdSettings, type FxoSettings } from './fxo-settings.ts';

/** What is known of the lines of a country, as a line needs it: whatever any source or operator has is expected. */
export function regionalFxoSettings(region: Region): FxoSettings {
  const callerId = callerIdOf(region);
  return {
    ...defaultFxoSettings,
    ring: ringSettings(ringCadencesOf(region), callerId.read === 'offHook' ? 'bursts' : callerId.announcedBy.includes('ringPulse') ? 'pulse' : 'none'),
    callerId,
    dialing: { ...defaultFxoSettings.dialing, dialToneMs: dialToneMsOf(region) },
    answer: { ...defaultFxoSettings.answer, polarity: region.supervision?.answerReversal?.is === 'none' ? 'means nothing' : 'signals' },
    disconnect: disconnectOf(region),
    flashMs: region.dialing?.flash?.is.sendMs ?? defaultFxoSettings.flashMs,
  };
}

/** Where it is not known how telephones ring: as ringing tone is heard, which is nearly the same everywhere. */
export function ringCadencesOf({ ringing, tones }: Region): readonly RingCadence[] {
  const known = ringing === undefined ? [] : [...all(ringing.cadence), ...(ringing.distinctive === undefined ? [] : all(ringing.distinctive).flat())];
  const heard = [tones.ringing.tone, ...(tones.ringing.alternates ?? [])].map(({ segments }) => segments.map(({ durationMs }) => durationMs ?? 0));
  return [...known, ...heard].filter((cadence) => cadence.length > 0 && cadence.length % 2 === 0);
}

/** Where another tone of the plan begins with seconds of a steady one, dial tone is known after these. */
function dialToneMsOf({ tones }: Region): number {
  const usual = defaultFxoSettings.dialing.dialToneMs;
  const heads = Object.values(tones).flatMap(({ tone, alternates = [] }) => [tone, ...alternates].map(({ segments }) => segments[0]?.durationMs ?? 0));
  const longest = Math.max(...heads);
  return longest < usual / 2 ? usual : Math.round(longest * 1.2) + 1_500;
}

function callerIdOf({ callerId }: Region): CallerIdSettings {
  const { callerId: unknown } = defaultFxoSettings;
  if (callerId === undefined) return unknown;
  const schemes = all(callerId).filter((scheme) => scheme.by === 'fsk' || scheme.by === 'dtmf');
  const places = new Set(schemes.map(({ place }) => place));
  const modems = unknown.modems.filter((modem) => schemes.some(({ by }) => by === modem));
  const announcedBy = unknown.announcedBy.filter((by) => schemes.some(({ place }) => announcements[place].includes(by)));
  const betweenRings = places.has('betweenRings') || places.has('afterShortRing') ? 'expected' : 'never';
  return { ...unknown, modems, announcedBy, betweenRings, read: isByNtt(callerId.is) ? 'offHook' : 'onHook' };
}

function disconnectOf({ supervision, tones }: Region): DisconnectSettings {
  const { battery, tone } = defaultDisconnectSettings;
  const signals = supervision === undefined ? [] : all(supervision.disconnect).flat();
  const shortestMs = Math.min(...signals.map((signal) => (signal.by === 'batteryDenial' ? signal.ms : Infinity)));
  const named = signals.flatMap((signal: DisconnectSignal) => (signal.by === 'tone' && !isDialTone(signal.tone) ? [signal.tone] : []));
  // Some denials are shorter than the usual threshold; a third less is left to exchanges that are quicker still.
  const denialMs = battery === null ? 0 : Math.max(50, Math.min(battery.denialMs, (shortestMs * 2) / 3));
  return {
    ...defaultDisconnectSettings,
    battery: battery === null ? null : { ...battery, denialMs },
    tone: tone === null ? null : { ...tone, names: [...new Set([...tone.names, ...named])].filter((name) => name in tones) },
  };
}

function all<T>({ is, alternates = [], byOperator = [] }: Fact<T>): readonly T[] {
  return [is, ...alternates, ...byOperator];
}

function isByNtt(scheme: CallerIdScheme): boolean {
  return scheme.by === 'fsk' && scheme.place === 'afterReversalAndBursts';
}

function isDialTone(name: string): boolean {
  return defaultDisconnectSettings.dialTone?.names.includes(name) ?? false;
}

const announcements: Readonly<Record<CallerIdPlace, CallerIdSettings['announcedBy']>> = {
  betweenRings: [],
  beforeRinging: ['nothing'],
  afterShortRing: ['ringPulse'],
  afterReversal: ['polarityReversal'],
  afterDualTone: ['alertTone'],
  afterReversalAndDualTone: ['polarityReversal', 'alertTone'],
  afterRingPulse: ['ringPulse'],
  afterReversalAndBursts: ['polarityReversal'],
};
