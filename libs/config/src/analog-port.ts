import type { ImpedanceName, PortId } from '@tipring/cards';
import { isUnknownRegion, regionOf } from '@tipring/line';
import { z } from 'zod';

/** Of a card that is plugged in, or will be. */
export const PortReference = z
  .strictObject({
    card: z.string().regex(/^[!-.0-~]{1,64}$/, 'a serial number: printable ASCII without spaces and slashes, at most 64').meta({ description: 'The card’s serial number', examples: ['SIM-1'] }),
    port: z.int().min(1).max(32).meta({ description: 'What is printed beside the jack' }),
  })
  .readonly()
  .meta({ description: 'A port is known by its card’s serial number and its own; slots and the order of discovery mean nothing' });
export type PortReference = z.infer<typeof PortReference> & PortId;

/** Whose tones, ringing, caller ID and impedance it has: a matter of each port, not of the box. */
export const RegionCode = z
  .string()
  .regex(/^[A-Z]{2}$/, 'an ISO 3166-1 alpha-2 code in capitals')
  .refine((code) => !isUnknownRegion(regionOf(code)), { error: 'There is no profile of this country; GET /api/v1/region-profiles names those that there are.' })
  .meta({ description: 'Country whose habits the line or the telephone has, ISO 3166-1 alpha-2', examples: ['US', 'DE'] });

/** Levels are changed in the card where it can, and in the DSP beyond that. */
export const Gains = z
  .strictObject({
    receiveDb: z.number().min(-24).max(24).optional().meta({ description: 'dB, of what comes in from the wire' }),
    sendDb: z.number().min(-24).max(24).optional().meta({ description: 'dB, of what goes out to the wire' }),
  })
  .readonly();

/** Line echo canceller (ITU-T G.168). */
export const EchoCancelling = z.union([z.strictObject({ tailMs: z.union([z.literal(32), z.literal(64), z.literal(128)]) }).readonly(), z.literal('off')]);

/** What the port is to alternating current, and what its hybrid balances for. A card has some of them. */
export const Impedance = z.enum({
  '600': '600',
  '900': '900',
  '600+1µF': '600+1µF',
  '600+2.16µF': '600+2.16µF',
  '900+1µF': '900+1µF',
  '900+2.16µF': '900+2.16µF',
  '270+750∥150nF': '270+750∥150nF',
  '220+820∥120nF': '220+820∥120nF',
  '220+820∥115nF': '220+820∥115nF',
  '370+620∥310nF': '370+620∥310nF',
  '320+1050∥230nF': '320+1050∥230nF',
  '200+680∥100nF': '200+680∥100nF',
} satisfies { readonly [Name in ImpedanceName]: Name });

/** On, off, on, off … over and over. */
export const RingCadence = z
  .array(z.int().min(50).max(20_000))
  .min(2)
  .max(8)
  .refine((cadence) => cadence.length % 2 === 0, { error: 'Each ring has its pause: an even number of durations.' })
  .readonly()
  .meta({ description: 'Milliseconds of ringing and of pause in turn', examples: [[1_000, 4_000]] });

export const millis = (least: number, most: number, description: string) => z.int().min(least).max(most).optional().meta({ description: `Milliseconds. ${description}` });

/** As the dial pad has them, and what a far exchange wants before or between. */
export const DialledDigits = z.string().regex(/^[0-9A-D*#]{1,32}$/, 'digits, *, # and A to D, at most 32');
