import { z } from 'zod';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { SoundFile } from './sound-file.ts';

/** What a person may set on a class of music. */
export const MusicClassSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Guitar'] }),
  files: z.array(SoundFile).min(1).max(100).readonly(),
  order: z.enum(['listed', 'shuffled']),
});

/** What those hear who wait. */
export const MusicClass = z.strictObject({ id: OpaqueId, ...MusicClassSettings.shape, ...Versioned.shape });
export type MusicClass = Readonly<z.infer<typeof MusicClass>>;
