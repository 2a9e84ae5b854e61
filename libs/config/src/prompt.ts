import { z } from 'zod';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import type { Language } from './language.ts';
import { SoundFile } from './sound-file.ts';

/** A recording, or a text that the system speaks. */
const Spoken = z.union([z.strictObject({ file: SoundFile }).readonly(), z.strictObject({ text: z.string().trim().min(1).max(1_000) }).readonly()]).optional();

/** What a person may set on a prompt. */
export const PromptSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['We are closed'] }),
  spoken: z
    .strictObject({ en: Spoken, de: Spoken, fr: Spoken, es: Spoken } satisfies { readonly [Of in Language]: unknown })
    .refine((spoken) => Object.values(spoken).some((one) => one !== undefined), { error: 'something in one language at least' })
    .readonly()
    .meta({ description: 'By language. Who is to hear it in another one hears the first that there is' }),
});

/** Something that is said. */
export const Prompt = z.strictObject({ id: OpaqueId, ...PromptSettings.shape, ...Versioned.shape });
export type Prompt = Readonly<z.infer<typeof Prompt>>;
