import { z } from 'zod';
import { OpaqueId } from './identity.ts';
import { Language } from './language.ts';
import { Secret } from './trunk.ts';

/** What people hear of the system itself. */
export const Voice = z
  .strictObject({
    language: Language,
    musicClassId: OpaqueId.nullable().meta({ description: 'What those hear who wait, where nothing else is said; null: what comes with the system' }),
  })
  .readonly();
export type Voice = z.infer<typeof Voice>;

/** What of calls is recorded. Calls to emergency numbers never are. */
export const RecordingPolicy = z
  .strictObject({
    calls: z.enum(['never', 'asExtensionsSay', 'outside', 'all']).meta({ description: 'never: also not on demand; outside: all calls with somebody outside' }),
    keepDays: z.int().min(1).max(36_500).nullable().meta({ description: 'Recordings go after so long; null: never' }),
  })
  .readonly();
export type RecordingPolicy = z.infer<typeof RecordingPolicy>;

/** By which mail is sent. */
export const MailServer = z
  .strictObject({
    host: z.string().regex(/^(?:[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45})$/, 'a host name or an address').meta({ examples: ['mail.example.org'] }),
    port: z.int().min(1).max(65_535),
    security: z.enum(['none', 'startTls', 'tls']).meta({ description: 'startTls: not without; tls: from the first byte (RFC 8314)' }),
    credentials: z.strictObject({ username: z.string().min(1).max(256), password: Secret }).readonly().nullable(),
    from: z.email().max(254).meta({ description: 'Whom mail comes from' }),
  })
  .readonly();
export type MailServer = z.infer<typeof MailServer>;

export const firstVoice: Voice = { language: 'en', musicClassId: null };
export const firstRecordingPolicy: RecordingPolicy = { calls: 'asExtensionsSay', keepDays: null };
