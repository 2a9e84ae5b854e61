import { z } from 'zod';
import { Destination } from './destination.ts';
import { OwnNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { Language } from './language.ts';
import { Secret } from './trunk.ts';

/** What is dialled to get in. */
export const AccessPin = Secret.regex(/^[0-9]{4,12}$/, 'four to twelve digits');

/** What a person may set on a voicemail box. */
export const VoicemailBoxSettings = z.strictObject({
  key: StableKey,
  number: OwnNumber.meta({ description: 'Who dials it leaves a message; null: it cannot be dialled' }),
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Ann'] }),
  pin: AccessPin.nullable().meta({ description: 'Asked for before messages are played; null: only telephones of its extensions hear them' }),
  greetingId: OpaqueId.nullable().meta({ description: 'A prompt in place of the usual greeting; what was recorded by telephone comes before both' }),
  operator: Destination.nullable().meta({ description: 'Where 0 leads in place of a message; null: nowhere' }),
  longestMs: z.int().min(5_000).max(3_600_000).meta({ description: 'Milliseconds that a message may be long' }),
  shortestMs: z.int().min(0).max(30_000).meta({ description: 'Milliseconds; a shorter one is not kept' }),
  silenceMs: z.int().min(2_000).max(60_000).meta({ description: 'Milliseconds of silence that end a message' }),
  mostMessages: z.int().min(1).max(10_000).meta({ description: 'The box is full then' }),
  keepDays: z.int().min(1).max(3_650).nullable().meta({ description: 'Messages that were heard go after so long; null: never' }),
  saysWhen: z.boolean().meta({ description: 'Before each message, when it was left and by whom' }),
  mail: z
    .strictObject({
      to: z.array(z.email().max(254)).min(1).max(20).readonly(),
      attaches: z.boolean().meta({ description: 'The message itself, as a WAV file' }),
      deletes: z.boolean().meta({ description: 'It is taken out of the box once it was delivered by mail; one that was not attached, or was too long for it, stays' }),
    })
    .readonly()
    .nullable()
    .meta({ description: 'Who gets mail of new messages; null: nobody' }),
  language: Language.nullable().meta({ description: 'null: the site’s' }),
});

/** Where messages are left. */
export const VoicemailBox = z.strictObject({ id: OpaqueId, ...VoicemailBoxSettings.shape, ...Versioned.shape });
export type VoicemailBox = Readonly<z.infer<typeof VoicemailBox>>;
