import { z } from 'zod';
import { FeatureCodes, firstFeatureCodes } from './feature-codes.ts';
import { Versioned } from './identity.ts';
import { EmergencyPolicy, firstEmergencyPolicy, firstFraudLimits, firstSite, FraudLimits, Site } from './site.ts';
import { firstRecordingPolicy, firstVoice, MailServer, RecordingPolicy, Voice } from './voice-settings.ts';

/** How long registrations last. */
export const RegistrationBounds = z.strictObject({
  minExpiresS: z.int().min(10).max(86_400).meta({ description: 'Seconds; a shorter registration is answered 423 with Min-Expires (RFC 3261 10.3 step 7)' }),
  maxExpiresS: z.int().min(60).max(86_400).meta({ description: 'Seconds; a longer one is shortened to this' }),
  defaultExpiresS: z.int().min(60).max(86_400).meta({ description: 'Seconds; when the phone asks for nothing' }),
});

/** What one source address may do before it is limited or banned. */
export const GuardLimits = z.strictObject({
  messagesPerSecond: z.int().min(1).max(1_000_000).meta({ description: 'From a source where nobody has signed in' }),
  burst: z.int().min(1).max(1_000_000).meta({ description: 'As many at once' }),
  failuresToBan: z.int().min(1).max(100_000).meta({ description: 'Failures within a minute; an unknown user name counts twice' }),
  banS: z.int().min(1).max(604_800).meta({ description: 'Seconds the first ban lasts; each further one twice as long, a day at most' }),
});

/** How long calls may go on that nobody ends. */
export const CallLimits = z.strictObject({
  silenceS: z.int().min(0).max(86_400).meta({ description: 'Seconds; a call is released when no audio has come from either side for so long and nobody holds. 0: never. Silence is noticed after TIPRING_MEDIA_TIMEOUT_MS at the earliest' }),
});

/** What holds for the whole system. */
export const SystemSettings = z.strictObject({
  sip: z
    .strictObject({
      realm: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/).meta({ description: 'Digest realm. Passwords are hashed with it, so it is chosen at the first start and stays' }),
      ...RegistrationBounds.shape,
    })
    .readonly(),
  guard: GuardLimits.readonly(),
  calls: CallLimits.readonly(),
  site: Site,
  emergency: EmergencyPolicy,
  fraud: FraudLimits,
  featureCodes: FeatureCodes,
  voice: Voice,
  recording: RecordingPolicy,
  mail: MailServer.nullable().meta({ description: 'null: no mail is sent' }),
  ...Versioned.shape,
});
export type SystemSettings = Readonly<z.infer<typeof SystemSettings>>;

/** What the first start writes, with the realm it chose. */
export function firstSettings(realm: string, now: string): SystemSettings {
  return {
    sip: { realm, minExpiresS: 30, maxExpiresS: 3600, defaultExpiresS: 600 },
    guard: { messagesPerSecond: 1000, burst: 5000, failuresToBan: 20, banS: 600 },
    calls: firstCallLimits,
    site: firstSite,
    emergency: firstEmergencyPolicy,
    fraud: firstFraudLimits,
    featureCodes: firstFeatureCodes,
    voice: firstVoice,
    recording: firstRecordingPolicy,
    mail: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** Also of a system whose settings are older than these. */
export const firstCallLimits: z.infer<typeof CallLimits> = { silenceS: 60 };
