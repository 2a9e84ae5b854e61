import type { Signal } from '@tipring/gateway';
import type { Sound } from '@tipring/telephony';

export type ToneSignal = Extract<Signal, { type: 'tone' }>;

/** What a far end that hears us is told by tones; `ringback`: where signalling cannot say any more that it rings. */
export type LegSound = Sound | 'ringback';

export type LegTones = Readonly<Record<LegSound, ToneSignal>>;

/**
 * For phones of no particular country: ITU-T E.180 and E.182 (425 Hz; ringing 1 s of 5 s, congestion, a dial tone that is not the usual one),
 * and the pre-emption tone of networks that have one (440 and 620 Hz without pause).
 */
export const plainTones: LegTones = {
  ringback: tone(-13, [[425], 1_000], [[], 4_000]),
  askPin: tone(-13, [[425], 500], [[], 50]),
  refused: tone(-13, [[425], 250], [[], 250]),
  preempted: tone(-13, [[440, 620], null]),
};

/** Nothing, for an end that sends digits only as sounds: the gateway listens for them while it plays something to an end that is joined with nobody. */
export const attention: ToneSignal = tone(-60, [[], null]);

function tone(levelDbm0: number, ...segments: readonly (readonly [frequenciesHz: readonly number[], durationMs: number | null])[]): ToneSignal {
  return { type: 'tone', tone: { segments: segments.map(([frequenciesHz, durationMs]) => ({ frequenciesHz, durationMs })) }, levelDbm0 };
}
