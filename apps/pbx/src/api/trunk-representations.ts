import type { Trunk } from '@tipring/config';
import type { LiveTrunk } from '@tipring/sip-endpoint';
import { z } from 'zod';
import type { Drill } from '../kept-drills.ts';
import { CauseName } from './call-representations.ts';
import { Instant, instant, instantOrNull } from './representations.ts';

export const TrunkStatusRepresentation = z
  .object({
    id: z.string(),
    key: z.string(),
    at: Instant,
    state: z.enum(['up', 'degraded', 'down', 'disabled']).nullable().meta({ description: 'degraded: it carries calls, but some fail, or some of its servers are dead. null: nothing runs it' }),
    since: Instant.nullable(),
    why: z.string().meta({ description: 'A sentence for people' }),
    registration: z
      .object({ state: z.enum(['registered', 'registering', 'refused', 'unanswered']), expiresAt: Instant.nullable(), lastStatus: z.int().nullable(), text: z.string() })
      .nullable()
      .meta({ description: 'null: it does not register' }),
    options: z.object({ lastAnsweredAt: Instant.nullable(), roundTripMs: z.number().nullable(), unanswered: z.int() }).nullable().meta({ description: 'null: none are sent' }),
    servers: z
      .array(z.object({ transport: z.string(), address: z.string(), port: z.int(), state: z.enum(['unknown', 'answers', 'silent', 'refuses']), text: z.string() }))
      .meta({ description: 'As DNS has them, in the order of trying' }),
    calls: z.object({ inbound: z.int(), outbound: z.int() }),
    outcomes: z.object({ attempts: z.int(), answered: z.int(), failed: z.int(), lastFailure: z.string().nullable() }).meta({ description: 'Of the last hundred attempts out' }),
  })
  .meta({ id: 'TrunkStatus', description: 'A trunk as it stands' });

export function presentTrunkStatus({ id, key }: Trunk, live: LiveTrunk | undefined, now: number): z.infer<typeof TrunkStatusRepresentation> {
  if (live === undefined) {
    return {
      id, key, at: instant(now), state: null, since: null, why: 'Nothing runs this trunk.', registration: null, options: null, servers: [],
      calls: { inbound: 0, outbound: 0 }, outcomes: { attempts: 0, answered: 0, failed: 0, lastFailure: null },
    };
  }
  const { state, since, why, registration, options, servers, calls, outcomes } = live;
  return {
    id, key, at: instant(now), state, since: instant(since), why,
    registration: registration === null ? null : { ...registration, expiresAt: instantOrNull(registration.expiresAt) },
    options: options === null ? null : { ...options, lastAnsweredAt: instantOrNull(options.lastAnsweredAt) },
    servers: [...servers], calls, outcomes,
  };
}

export const DrillCreation = z
  .strictObject({
    number: z.string().regex(/^[0-9*#+]{1,32}$/, 'digits, *, # and +').meta({ description: 'Dialled by the test call; it rings there for a moment', examples: ['95551234'] }),
    from: z.string().min(1).max(80).optional().meta({ description: 'The extension in whose name it calls: number, key or id. Absent: the first that has a phone' }),
    impairment: z.enum(['blackHole', 'refuse503', 'unreachable']).default('blackHole').meta({ description: 'blackHole: nothing that is sent to the trunk is answered; refuse503: it answers 503 at once; unreachable: nothing can be sent to it' }),
  })
  .meta({ id: 'DrillCreation' });

const ResultRepresentation = z.object({
  passed: z.boolean().meta({ description: 'Another way got through after the trunk had failed' }),
  gotThroughAfterMs: z.int().nullable().meta({ description: 'From the begin of the call until something rang, was heard or answered' }),
  attempts: z.array(z.object({ name: z.string().nullable(), endpoints: z.array(z.string()), outcome: z.enum(['failed', 'gotThrough']), afterMs: z.number(), cause: CauseName.nullable(), text: z.string() })),
  text: z.string(),
});

export const DrillRepresentation = z
  .object({
    id: z.string(),
    trunkId: z.string(),
    state: z.enum(['going', 'passed', 'failed', 'interrupted']).meta({ description: 'interrupted: by a restart' }),
    number: z.string(),
    extensionId: z.string(),
    impairment: z.enum(['blackHole', 'refuse503', 'unreachable']),
    by: z.string().meta({ description: 'The API key that asked' }),
    callId: z.string().meta({ description: 'Its record and story are the call’s' }),
    startedAt: Instant,
    endedAt: Instant.nullable(),
    result: ResultRepresentation.nullable(),
  })
  .meta({ id: 'Drill', description: 'A test call for which one trunk is as if it had failed; other calls see it as it is' });

export function presentDrill({ id, trunkId, callId, asked, startedAt, endedAt, result }: Drill, isGoing: boolean): z.infer<typeof DrillRepresentation> {
  return {
    id, trunkId, callId, ...asked,
    state: isGoing ? 'going' : result === null ? 'interrupted' : result.passed ? 'passed' : 'failed',
    startedAt: instant(startedAt),
    endedAt: instantOrNull(endedAt),
    result: result === null ? null : { ...result, attempts: result.attempts.map((attempt) => ({ ...attempt, endpoints: [...attempt.endpoints] })) },
  };
}
