import { z } from 'zod';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { Secret } from './trunk.ts';

/** `call.ended`, `call.*`, `*`. */
export const EventPattern = z
  .string()
  .max(80)
  .regex(/^(?:\*|[a-z][A-Za-z]*(?:\.[a-zA-Z]+)*(?:\.\*)?)$/, 'a type of event, a group of them (`call.*`), or `*`')
  .meta({ examples: ['call.ended', 'call.*', '*'] });

/** What a person may set on a webhook. */
export const WebhookSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Customer database'] }),
  isEnabled: z.boolean(),
  url: z.url({ protocol: /^https?$/ }).max(2_000).meta({ description: 'Events are sent there by POST', examples: ['https://crm.example.org/hooks/tipring'] }),
  secret: Secret.min(16).meta({ description: 'What is sent is signed with it (standardwebhooks.com); `whsec_` and base64, or any text' }),
  events: z.array(EventPattern).min(1).max(50).readonly().meta({ description: 'Which events are sent' }),
});

/** Who is told of what happens. */
export const Webhook = z.strictObject({ id: OpaqueId, ...WebhookSettings.shape, ...Versioned.shape });
export type Webhook = Readonly<z.infer<typeof Webhook>>;

/** Whether a type of event is one of these. */
export function isEventOf(type: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))));
}
