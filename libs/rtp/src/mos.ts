/** What is known of a stream when its quality is to be estimated. */
export interface StreamQuality {
  /** RTP encoding name. */
  readonly codec: string;
  /** Lost packets over expected ones, 0–1. */
  readonly lossRatio: number;
  readonly jitterMs: number;
  /** From RTCP; null counts as no delay beyond the jitter buffer's. */
  readonly roundTripMs: number | null;
}

/**
 * Estimated listening quality, 1.0–4.5: ITU-T G.107's E-model with all but delay and equipment impairment at their
 * defaults, for one narrow-band scale (so G.722 and Opus are not credited for their wider band).
 *
 *   R       = 93.2 − Id − Ie,eff
 *   Id      = 0.024·d + 0.11·(d − 177.3)·[d > 177.3]          d: one-way delay in ms (G.107's Idd, as commonly fitted)
 *   Ie,eff  = Ie + (95 − Ie)·Ppl / (Ppl + Bpl)                Ppl: loss in %, random (BurstR = 1)
 *   MOS     = 1 + 0.035·R + R·(R − 60)·(100 − R)·7·10⁻⁶       (G.107 Annex B)
 *
 * d is half the round trip, the 20 ms of one packet, and a jitter buffer of twice the jitter.
 */
export function estimateMos({ codec, lossRatio, jitterMs, roundTripMs }: StreamQuality): number {
  const delay = (roundTripMs ?? 0) / 2 + 20 + 2 * jitterMs;
  const { ie, bpl } = equipment[codec.toLowerCase()] ?? defaultEquipment;
  const ppl = 100 * Math.min(1, Math.max(0, lossRatio));
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const lossImpairment = ie + ((95 - ie) * ppl) / (ppl + bpl);
  const r = Math.min(100, Math.max(0, 93.2 - delayImpairment - lossImpairment));
  const mos = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
  return Math.min(4.5, Math.max(1, mos));
}

interface EquipmentImpairment {
  readonly ie: number;
  readonly bpl: number;
}

/** ITU-T G.113 Appendix I: G.711 with packet loss concealment, G.729A; the wide-band codecs are taken like G.711. */
const equipment: Readonly<Record<string, EquipmentImpairment | undefined>> = {
  pcmu: { ie: 0, bpl: 25.1 },
  pcma: { ie: 0, bpl: 25.1 },
  g729: { ie: 11, bpl: 19 },
};
const defaultEquipment: EquipmentImpairment = { ie: 0, bpl: 25.1 };
