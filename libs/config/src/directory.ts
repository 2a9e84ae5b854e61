import { z } from 'zod';
import { OwnNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { Language } from './language.ts';

/** What a person may set on a directory. */
export const DirectorySettings = z.strictObject({
  key: StableKey,
  number: OwnNumber,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['People'] }),
  extensions: z.array(OpaqueId).max(10_000).readonly().nullable().meta({ description: 'Who can be found; null: everybody' }),
  by: z.enum(['lastName', 'firstName', 'either']).meta({ description: 'Which word of the name is spelled by digits' }),
  language: Language.nullable().meta({ description: 'null: the site’s' }),
});

/** People who are found by spelling their names on the dial pad. */
export const Directory = z.strictObject({ id: OpaqueId, ...DirectorySettings.shape, ...Versioned.shape });
export type Directory = Readonly<z.infer<typeof Directory>>;
