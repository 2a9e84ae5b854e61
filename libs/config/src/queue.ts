import { z } from 'zod';
import { Destination } from './destination.ts';
import { OwnNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { Language } from './language.ts';

/** As those of ring groups; fewestCalls: who took the fewest of the queue today comes first. */
export const QueueStrategy = z.enum(['all', 'linear', 'roundRobin', 'leastRecent', 'fewestCalls']);
export type QueueStrategy = z.infer<typeof QueueStrategy>;

/** What a person may set on a queue. */
export const QueueSettings = z.strictObject({
  key: StableKey,
  number: OwnNumber,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Support'] }),
  agents: z
    .array(
      z.strictObject({
        extensionId: OpaqueId,
        tier: z.int().min(1).max(20).meta({ description: 'Those of a higher tier are rung when none of a lower one can' }),
        startsLoggedIn: z.boolean().meta({ description: 'Until they log out; else they have to log in' }),
      }).readonly(),
    )
    .max(500)
    .readonly(),
  strategy: QueueStrategy,
  agentRingMs: z.int().min(5_000).max(180_000).meta({ description: 'Milliseconds that an agent rings before the next one is' }),
  retryMs: z.int().min(0).max(60_000).meta({ description: 'Milliseconds between one that did not answer and the next' }),
  wrapUpMs: z.int().min(0).max(3_600_000).meta({ description: 'Milliseconds after a call before an agent gets the next' }),
  mostWaiting: z.int().min(0).max(1_000).nullable().meta({ description: 'More overflow; null: no limit' }),
  longestWaitMs: z.int().min(1_000).max(86_400_000).nullable().meta({ description: 'Milliseconds; who waited so long overflows; null: no limit' }),
  withoutAgents: z.enum(['wait', 'overflow']).meta({ description: 'What becomes of callers while nobody is logged in' }),
  overflow: Destination.nullable().meta({ description: 'Where the call goes then; null: the caller is told that it is busy' }),
  musicClassId: OpaqueId.nullable().meta({ description: 'What those hear who wait; null: the site’s' }),
  greetingId: OpaqueId.nullable().meta({ description: 'A prompt that is played first' }),
  announcement: z
    .strictObject({
      everyMs: z.int().min(10_000).max(600_000).nullable().meta({ description: 'Milliseconds; null: never' }),
      position: z.boolean().meta({ description: 'Says how many are before' }),
      promptId: OpaqueId.nullable().meta({ description: 'A prompt that is played with it' }),
    })
    .readonly(),
  callerNamePrefix: z.string().max(20).nullable().meta({ description: 'Put before the caller’s name' }),
  record: z.enum(['never', 'always', 'onDemand']),
  language: Language.nullable().meta({ description: 'null: the site’s' }),
});

/** Callers who wait for one of its agents. */
export const Queue = z.strictObject({ id: OpaqueId, ...QueueSettings.shape, ...Versioned.shape });
export type Queue = Readonly<z.infer<typeof Queue>>;
