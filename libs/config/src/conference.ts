import { z } from 'zod';
import { OwnNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { Language } from './language.ts';
import { AccessPin } from './voicemail-box.ts';

/** What a person may set on a conference. */
export const ConferenceSettings = z.strictObject({
  key: StableKey,
  number: OwnNumber,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Monday meeting'] }),
  pin: AccessPin.nullable().meta({ description: 'null: everybody may come in' }),
  moderatorPin: AccessPin.nullable().meta({ description: 'Who gives it is a moderator; null: there is none' }),
  mostParties: z.int().min(2).max(1_000),
  announces: z.enum(['nothing', 'tone', 'name']).meta({ description: 'What is heard when somebody comes or goes; name: who comes is asked for it first' }),
  startsMuted: z.boolean().meta({ description: 'All but moderators' }),
  waitsForModerator: z.boolean().meta({ description: 'Until one is there, all hear music' }),
  endsWithModerator: z.boolean().meta({ description: 'It is over when the last one has gone' }),
  record: z.enum(['never', 'always', 'onDemand']),
  musicClassId: OpaqueId.nullable().meta({ description: 'What those hear who wait; null: the site’s' }),
  language: Language.nullable().meta({ description: 'null: the site’s' }),
});

/** A room in which all hear each other. */
export const Conference = z.strictObject({ id: OpaqueId, ...ConferenceSettings.shape, ...Versioned.shape });
export type Conference = Readonly<z.infer<typeof Conference>>;
