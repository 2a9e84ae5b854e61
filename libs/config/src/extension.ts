import { z } from 'zod';
import { ExtensionCalling } from './calling.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';

export const ExtensionNumber = z
  .string()
  .regex(/^[0-9]{2,15}$/, 'two to fifteen digits')
  .meta({ description: 'The internal number people dial', examples: ['101'] });

/** What a person may set on an extension. */
export const ExtensionSettings = z.strictObject({
  key: StableKey,
  number: ExtensionNumber,
  displayName: z.string().trim().min(1).max(80).meta({ description: 'Shown to whoever is called', examples: ['Front desk'] }),
  ringTimeoutMs: z
    .int()
    .min(5_000)
    .max(180_000)
    .meta({ description: 'How long its devices ring before the caller is told that nobody answers, in milliseconds' }),
  calling: ExtensionCalling.optional().meta({ description: 'How it calls outside; absent: as the site does' }),
});

/** An internal number and the person or thing behind it; it has devices. */
export const Extension = z.strictObject({ id: OpaqueId, ...ExtensionSettings.shape, ...Versioned.shape });
export type Extension = Readonly<z.infer<typeof Extension>>;
