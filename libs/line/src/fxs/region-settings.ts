import type { CallerIdScheme } from '../regions/caller-id/scheme.ts';
import type { RingCadence } from '../regions/line-profile.ts';
import type { Region } from '../regions/region.ts';
import type { ToneName } from '../regions/tone-plan.ts';
import type { CallerIdDelivery, CallWaitingSettings, FxsSettings, StationSupervision } from './fxs-settings.ts';
import { stationTone } from './station-tones.ts';

/** A station as its country has it: an ordinary telephone, with nothing configured yet. */
export function fxsSettings(region: Region): FxsSettings {
  const callerId = deliveryOf(region.callerId?.is);
  return {
    isEnabled: true,
    dialing: { map: null, matching: 'longest', terminator: '#', byDtmf: true, byPulse: true, firstDigitMs: 16_000, interDigitLongMs: 16_000, interDigitShortMs: 4_000 },
    hotline: null,
    ringing: { cadence: region.ringing?.cadence.is ?? usualCadence, patterns: distinctivePatterns },
    callerId,
    messageWaiting: { isWaiting: false, stutterTone: true, lamp: false, data: false },
    callWaiting: callWaitingOf(region, callerId),
    recall: { consults: true, withTwo: 'choice', choiceMs: 2_000, transfers: true, toneMs: 5_000 },
    isLoudspeaker: false,
    supervision: supervisionOf(region),
    guardMs: 800,
  };
}

function deliveryOf(scheme: CallerIdScheme | undefined): CallerIdDelivery {
  const place = scheme === undefined || scheme.by === 'none' || scheme.by === 'request' ? 'none' : scheme.place;
  const isPulse = place === 'afterRingPulse' || place === 'afterShortRing';
  return {
    place,
    ringPulseMs: 250,
    afterAlertMs: isPulse ? 600 : 150,
    afterRingMs: 500,
    beforeRingMs: 300,
    // An alert tone, seizure, mark and 60 octets at 1200 bit/s; or twenty digits and their codes at 140 ms each.
    sendingMs: scheme?.by === 'dtmf' ? 3_300 : 1_300,
  };
}

/** Once what the country's tone does before it is silent for a while; that silence; twice (GR-506). Caller ID off hook goes with FSK on hook. */
function callWaitingOf({ tones, callerId }: Region, { place }: CallerIdDelivery): CallWaitingSettings {
  const { segments } = stationTone(tones, 'callWaiting');
  const silent = segments.findIndex(({ frequenciesHz, durationMs }) => frequenciesHz.length === 0 && durationMs !== null && durationMs >= 1_000);
  const burst = silent === -1 ? segments : segments.slice(0, silent);
  const burstMs = burst.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  const isFsk = callerId?.is.by === 'fsk' && place !== 'afterReversalAndBursts';
  return { isEnabled: true, callerId: isFsk, burstMs, pauseMs: Math.max(3_000, segments[silent]?.durationMs ?? 0), bursts: 2, acknowledgeMs: 320 };
}

/** What a line of the country does when the far end is gone, a station does too. */
function supervisionOf({ supervision }: Region): StationSupervision {
  const signals = supervision?.disconnect.is ?? [];
  const denial = signals.find((signal) => signal.by === 'batteryDenial');
  // Dial tone would be an invitation.
  const tones = signals.flatMap((signal): ToneName[] => (signal.by === 'tone' && signal.tone !== 'dial' ? [signal.tone] : []));
  return { reversalOnAnswer: false, openLoopMs: denial?.ms ?? 0, toneAtEnd: tones[0] ?? 'busy', toneMs: 30_000, howlerMs: 50_000 };
}

const usualCadence: RingCadence = [1_000, 4_000];

/** GR-506's, by the names that SIP's Alert-Info has for them. */
const distinctivePatterns: Readonly<Record<string, RingCadence>> = {
  'Bellcore-dr2': [800, 400, 800, 4_000],
  'Bellcore-dr3': [400, 200, 400, 200, 800, 4_000],
  'Bellcore-dr4': [300, 200, 1_000, 200, 300, 4_000],
};
