import { z } from 'zod';

/** Of the gateway's sounds: relative, '/' between folders, none of them hidden or above. */
export const SoundFile = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\.wav$/, 'a WAV file in the folder of sounds: letters, digits, dot, underscore, hyphen and slashes')
  .meta({ description: 'A WAV file, by its path in the folder of sounds', examples: ['uploads/hold/guitar.wav'] });
