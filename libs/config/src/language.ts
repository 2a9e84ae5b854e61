import { z } from 'zod';

/** In which the system speaks. */
export const Language = z.enum(['en', 'de', 'fr', 'es']).meta({ description: 'In which the system speaks, ISO 639-1' });
export type Language = z.infer<typeof Language>;
