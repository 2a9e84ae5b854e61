import type { CallRecordSummary } from '@tipring/store';
import type { CallView } from '@tipring/telephony';
import { q850 } from '@tipring/telephony';
import { z } from 'zod';
import { Instant, instant, instantOrNull } from './representations.ts';

export const CauseName = z.enum(Object.keys(q850) as [keyof typeof q850, ...(keyof typeof q850)[]]).meta({ id: 'Cause', description: 'Why it ended: the causes of ITU-T Q.850' });

export const PartyRepresentation = z.object({ number: z.string(), name: z.string().optional(), anonymous: z.boolean().optional() }).meta({ id: 'Party' });
const EvidenceRepresentation = z.object({ kind: z.string(), text: z.string() }).meta({ id: 'Evidence', description: 'How we know: a kind for machines, a sentence for people' });
const Role = z.enum(['caller', 'called', 'observer']).meta({ description: 'observer: who supervises' });
const Direction = z.enum(['internal', 'inbound', 'outbound']);

const EmergencyNumber = z.string().nullable().meta({ description: 'The emergency number it goes to; null: an ordinary call' });

export const CallRepresentation = z
  .object({
    id: z.string(),
    state: z.enum(['trying', 'asking', 'ringing', 'talking', 'held', 'parked', 'releasing']),
    direction: Direction,
    startedAt: Instant,
    answeredAt: Instant.nullable(),
    from: PartyRepresentation,
    to: z.string().meta({ description: 'As dialled' }),
    legs: z.array(
      z.object({
        id: z.string(),
        endpoint: z.string(),
        role: Role,
        state: z.enum(['trying', 'ringing', 'early', 'answered', 'held', 'released']),
        party: PartyRepresentation.meta({ description: 'Who is behind it' }),
        isMuted: z.boolean(),
        reference: z.string(),
        startedAt: Instant,
        answeredAt: Instant.nullable(),
      }),
    ),
    recovered: z.boolean(),
    emergency: EmergencyNumber,
    parked: z.object({ lot: z.string(), slot: z.string() }).nullable().meta({ description: 'The slot in which its party waits' }),
    recording: z.enum(['running', 'paused']).nullable(),
  })
  .meta({ id: 'Call', description: 'A call as it stands' });

const QualityRepresentation = z
  .object({
    codec: z.string().nullable(),
    packetsReceived: z.int(),
    packetsSent: z.int(),
    packetsLost: z.int(),
    jitterMs: z.number(),
    roundTripMs: z.number().nullable(),
    mos: z.number().nullable().meta({ description: 'Estimated by ITU-T G.107, 1.0 to 4.5' }),
    packetsDiscarded: z.int().optional().meta({ description: 'Arrived and of no use' }),
    worstJitterMs: z.number().optional(),
    farLost: z.int().nullable().optional().meta({ description: 'Of what was sent, as the far end reported by RTCP' }),
    farJitterMs: z.number().nullable().optional(),
  })
  .meta({ id: 'MediaQuality' });

export const CallRecordRepresentation = z
  .object({
    id: z.string(),
    direction: Direction,
    startedAt: Instant,
    answeredAt: Instant.nullable(),
    endedAt: Instant,
    durationMs: z.int().meta({ description: 'From the answer to the end; 0 when nobody answered' }),
    from: PartyRepresentation,
    to: z.string().meta({ description: 'As dialled' }),
    cause: CauseName,
    causeCode: z.int().meta({ description: 'ITU-T Q.850 value' }),
    evidence: EvidenceRepresentation,
    answeredBy: z.string().nullable(),
    recovered: z.boolean().meta({ description: 'The controller was restarted while the call lived' }),
    legs: z.array(
      z.object({
        id: z.string(),
        endpoint: z.string(),
        role: Role,
        reference: z.string(),
        startedAt: Instant,
        answeredAt: Instant.nullable(),
        endedAt: Instant.nullable(),
        cause: CauseName.nullable(),
        evidence: EvidenceRepresentation.nullable(),
        quality: QualityRepresentation.nullable(),
        movedTo: z.string().optional().meta({ description: 'It went on as this leg of another call' }),
      }),
    ),
    attempts: z
      .array(
        z.object({
          name: z.string().nullable(),
          endpoints: z.array(z.string()),
          number: z.string().meta({ description: 'What they were given' }),
          startedAt: Instant,
          answeredAt: Instant.nullable(),
          endedAt: Instant,
          cause: CauseName,
          evidence: EvidenceRepresentation,
          legs: z.array(z.string()),
        }),
      )
      .meta({ description: 'The ways that were tried, in their order; empty: it was refused, or its first party never answered' }),
    emergency: EmergencyNumber,
    segments: z
      .array(
        z.object({
          startedAt: Instant,
          endedAt: Instant,
          is: z.enum(['setup', 'talking', 'held', 'parked', 'ending']),
          legs: z.array(z.string()),
          recordings: z.array(z.object({ file: z.string(), ms: z.int() })),
        }),
      )
      .meta({ description: 'What it was made of, without gap from its begin to its end; empty of calls of versions that did not note it' }),
    continues: z.array(z.string()).meta({ description: 'Calls of which parties came into this one' }),
    continuedIn: z.string().nullable().meta({ description: 'The call into which its last party went' }),
  })
  .meta({ id: 'CallRecord', description: 'One attempt to call, also a refused one' });

export function presentCall(call: CallView): z.infer<typeof CallRepresentation> {
  return {
    ...call,
    startedAt: instant(call.startedAt),
    answeredAt: instantOrNull(call.answeredAt),
    legs: call.legs.map((leg) => ({ ...leg, startedAt: instant(leg.startedAt), answeredAt: instantOrNull(leg.answeredAt) })),
  };
}

export function presentRecord(record: CallRecordSummary): z.infer<typeof CallRecordRepresentation> {
  return {
    ...record,
    startedAt: instant(record.startedAt),
    answeredAt: instantOrNull(record.answeredAt),
    endedAt: instant(record.endedAt),
    durationMs: record.answeredAt === null ? 0 : Math.max(0, Math.round(record.endedAt - record.answeredAt)),
    causeCode: q850[record.cause],
    legs: record.legs.map((leg) => ({ ...leg, startedAt: instant(leg.startedAt), answeredAt: instantOrNull(leg.answeredAt), endedAt: instantOrNull(leg.endedAt) })),
    attempts: record.attempts.map((attempt) => ({ ...attempt, endpoints: [...attempt.endpoints], legs: [...attempt.legs], startedAt: instant(attempt.startedAt), answeredAt: instantOrNull(attempt.answeredAt), endedAt: instant(attempt.endedAt) })),
    segments: record.segments.map((segment) => ({ ...segment, legs: [...segment.legs], recordings: [...segment.recordings], startedAt: instant(segment.startedAt), endedAt: instant(segment.endedAt) })),
    continues: [...record.continues],
  };
}
