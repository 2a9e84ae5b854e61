import { z } from 'zod';

/** ITU-T E.164 with its plus sign. */
export const E164 = z
  .string()
  .regex(/^\+[1-9][0-9]{4,14}$/, 'an international number: +, country code, number; at most 15 digits')
  .meta({ description: 'Number as ITU-T E.164 has it', examples: ['+12125550123'] });

/** Digits of a digit map (RFC 3435 2.1.5): `x` one digit, `[2-57]` one of these, `.` at the end any number more of what is before it. */
export const NumberPattern = z
  .string()
  .max(64)
  .regex(/^\+?(?:[0-9*#x]|\[[0-9](?:-?[0-9])*\])+\.?$/, 'digits, *, #, x for any digit, [2-57] for one of several, . at the end for any number more; + at the beginning for an international number')
  .meta({ description: 'Which numbers: digits, `x` any digit, `[2-57]` one of these, `.` at the end: any number more of what is before it', examples: ['+49x.', '0[1-9]x.', '1xx'] });
export type NumberPattern = z.infer<typeof NumberPattern>;

/** What kind of number it is, told by the numbering plans of libphonenumber. `unknown`: no number of any plan. */
export const DestinationClass = z.enum(['internal', 'emergency', 'tollFree', 'national', 'mobile', 'international', 'sharedCost', 'premium', 'satellite', 'unknown']);
export type DestinationClass = z.infer<typeof DestinationClass>;

/** How a far end wants a number. The format first, then digits are taken away, then put before. */
export const NumberForm = z
  .strictObject({
    format: z.enum(['asDialled', 'e164', 'e164Digits', 'national', 'international']).meta({
      description: 'asDialled: what is left behind the prefix; e164: +12125550123; e164Digits: 12125550123; national: with the trunk prefix of the country, 02125550123 where it has one; international: with the country’s own prefix for that, 00 or 011',
    }),
    strip: z.int().min(0).max(20).meta({ description: 'So many characters are taken away from the beginning' }),
    prepend: z.string().regex(/^[0-9*#+]{0,20}$/).meta({ description: 'Put before what is left' }),
  })
  .readonly();
export type NumberForm = z.infer<typeof NumberForm>;

/** What calls cost there; the longest prefix decides. No rate: the call is not taken for free, its cost is unknown. */
export const Tariff = z
  .strictObject({
    currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code'),
    rates: z
      .array(
        z.strictObject({
          prefix: z.string().regex(/^\+[0-9]{0,15}$/, '+ and the first digits of the number'),
          perMinute: z.number().min(0).max(1_000),
          perCall: z.number().min(0).max(1_000),
          incrementS: z.int().min(1).max(3_600).meta({ description: 'Seconds; so much is charged at a time' }),
        }).readonly(),
      )
      .max(5_000)
      .readonly(),
  })
  .readonly();
export type Tariff = z.infer<typeof Tariff>;
