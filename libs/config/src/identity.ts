import { z } from 'zod';

/** Made by the system, never reused, says nothing. */
export const OpaqueId = z
  .string()
  .regex(/^[a-z]{3}_[a-z0-9]{20,40}$/, 'an id as the system made it')
  .meta({ description: 'Opaque identifier, never reused', examples: ['ext_0mzq3v8k1r9c5t7w2x4y'] });

/** Chosen by people, stable over export and import, unique within its kind. */
export const StableKey = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, at most 63')
  .meta({ description: 'Stable human name, unique among its kind; survives export and import', examples: ['front-desk'] });

export const Versioned = z.strictObject({
  version: z.int().min(1).meta({ description: 'Counts the changes; the ETag is made of it' }),
  createdAt: z.iso.datetime().meta({ description: 'RFC 3339, UTC' }),
  updatedAt: z.iso.datetime().meta({ description: 'RFC 3339, UTC' }),
});
