import type { Tone } from '@tipring/dsp';
import { z } from 'zod';

const ToneSegment = z.strictObject({
  frequenciesHz: z.array(z.number().min(100).max(3_800)).max(4).readonly().meta({ description: 'Heard together; none is silence' }),
  modulation: z.strictObject({ frequencyHz: z.number().min(1).max(200), depth: z.number().min(0).max(1) }).readonly().optional(),
  sweepToHz: z.number().min(100).max(3_800).optional(),
  levelDb: z.number().min(-40).max(20).optional(),
  durationMs: z.number().min(10).max(60_000).nullable().meta({ description: 'Null lasts for ever' }),
});

/** As libs/dsp has it: generator and detector work from it. */
const ToneShape = z.strictObject({
  segments: z.array(ToneSegment.readonly()).min(1).max(16).readonly(),
  repeatFrom: z.int().min(0).max(15).nullable().optional(),
}) satisfies z.ZodType<Tone>;

/** A tone that was heard on a line and is none of its country's. */
export const LearnedTone = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'lower-case letters, digits and hyphens').meta({ examples: ['operator-busy'] }),
    tone: ToneShape.readonly(),
  })
  .readonly();
export type LearnedTone = z.infer<typeof LearnedTone>;
