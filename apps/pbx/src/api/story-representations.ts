import type { Story } from '@tipring/story';
import { z } from 'zod';
import { CallRecordRepresentation, CauseName } from './call-representations.ts';
import { Instant, instant, instantOrNull } from './representations.ts';

const Level = z.number().nullable();
const EvidenceRepresentation = z.object({ kind: z.string(), text: z.string() });

const SdpFactsRepresentation = z
  .object({
    address: z.string().nullable().meta({ description: 'c= of the session' }),
    media: z.array(
      z.object({ kind: z.string(), protocol: z.string(), address: z.string().nullable(), port: z.int().meta({ description: '0: refused' }), codecs: z.array(z.string()), direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']) }),
    ),
  })
  .meta({ id: 'SdpFacts', description: 'What a session description says' });

const SipStepRepresentation = z
  .object({
    direction: z.enum(['received', 'sent']),
    transport: z.string(),
    local: z.string().nullable(),
    remote: z.string(),
    start: z.string(),
    method: z.string(),
    status: z.int().nullable(),
    cseq: z.number(),
    times: z.int().meta({ description: 'How often it was on the wire' }),
    lastAt: Instant,
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    sdp: SdpFactsRepresentation.nullable(),
    text: z.string().meta({ description: 'As it was on the wire, secrets crossed out' }),
  })
  .meta({ id: 'SipStep', description: 'One arrow of a SIP ladder' });

export const VerdictRepresentation = z
  .object({
    code: z.string().meta({ description: 'For machines; stable', examples: ['oneWayAudioNat'] }),
    severity: z.enum(['error', 'warning', 'info']),
    title: z.string(),
    cause: z.string(),
    remedy: z.string(),
    legs: z.array(z.string()),
    evidence: z.array(z.string()),
  })
  .meta({ id: 'Verdict', description: 'What was wrong, why, and what to do; with the facts it rests on' });

export const StoryRepresentation = z
  .object({
    callId: z.string(),
    summary: z.string().meta({ description: 'The worst verdict in one sentence' }),
    verdicts: z.array(VerdictRepresentation),
    attempts: CallRecordRepresentation.shape.attempts,
    legs: z.array(
      z.object({
        id: z.string(),
        endpoint: z.string(),
        role: z.enum(['caller', 'called', 'observer']),
        carrier: z.enum(['device', 'trunk', 'line', 'station', 'other']),
        reference: z.string(),
        startedAt: Instant,
        answeredAt: Instant.nullable(),
        endedAt: Instant.nullable(),
        cause: CauseName.nullable(),
        evidence: EvidenceRepresentation.nullable(),
        media: z
          .object({
            codec: z.string().nullable(),
            received: z.object({ packets: z.int(), lost: z.int(), discarded: z.int(), jitterMs: z.number(), worstJitterMs: z.number(), mos: Level }),
            sent: z.object({ packets: z.int(), lost: Level.meta({ description: 'As the far end reported by RTCP' }), jitterMs: Level }),
            roundTripMs: Level,
            signalled: z.string().nullable(),
            heardFrom: z.array(z.string()),
            firstPacketAt: Instant.nullable(),
            silences: z.array(z.object({ from: Instant, to: Instant.nullable() })),
          })
          .nullable(),
        port: z
          .object({ receivedDbm0: Level, sentDbm0: Level, clipped: z.int(), humDbm0: Level, mainsHz: Level, erlDb: Level, erleDb: Level, loopMa: Level })
          .nullable()
          .meta({ description: 'Of an analog port, while it was in the call' }),
      }),
    ),
    timeline: z.array(
      z.object({
        at: Instant,
        kind: z.enum(['call', 'routing', 'sip', 'line', 'media']),
        leg: z.string().nullable(),
        type: z.string(),
        text: z.string(),
        data: z.record(z.string(), z.unknown()).optional(),
        message: SipStepRepresentation.optional(),
      }),
    ),
    ladder: z.object({ isKept: z.boolean(), messages: z.int(), omitted: z.int() }),
  })
  .meta({ id: 'Story', description: 'What happened in a call and what was wrong with it: SIP, media, wires and routing in one order, and verdicts in words' });

export function presentStory({ verdicts, attempts, legs, timeline, ...story }: Story): z.infer<typeof StoryRepresentation> {
  return {
    ...story,
    verdicts: verdicts.map((verdict) => ({ ...verdict, legs: [...verdict.legs], evidence: [...verdict.evidence] })),
    attempts: attempts.map((attempt) => ({ ...attempt, endpoints: [...attempt.endpoints], legs: [...attempt.legs], startedAt: instant(attempt.startedAt), answeredAt: instantOrNull(attempt.answeredAt), endedAt: instant(attempt.endedAt) })),
    legs: legs.map(({ media, ...leg }) => ({
      ...leg,
      startedAt: instant(leg.startedAt),
      answeredAt: instantOrNull(leg.answeredAt),
      endedAt: instantOrNull(leg.endedAt),
      media: media === null ? null : {
        ...media,
        heardFrom: [...media.heardFrom],
        firstPacketAt: instantOrNull(media.firstPacketAt),
        silences: media.silences.map(({ from, to }) => ({ from: instant(from), to: instantOrNull(to) })),
      },
    })),
    timeline: timeline.map(({ at, message, ...entry }) => ({
      ...entry,
      at: instant(at),
      ...(message === undefined ? {} : { message: { ...message, lastAt: instant(message.lastAt), headers: [...message.headers], sdp: message.sdp === null ? null : { ...message.sdp, media: message.sdp.media.map((media) => ({ ...media, codecs: [...media.codecs] })) } } }),
    })),
  };
}
