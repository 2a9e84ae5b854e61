import { z } from 'zod';

export const ExtensionNumber = z
  .string()
  .regex(/^[0-9]{2,15}$/, 'two to fifteen digits')
  .meta({ description: 'The internal number people dial', examples: ['101'] });

/** Of what can be dialled and need not be. */
export const OwnNumber = ExtensionNumber.nullable().meta({ description: 'The internal number people dial; null: it cannot be dialled' });
