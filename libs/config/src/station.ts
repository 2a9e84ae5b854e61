import { digitMap, toneNames } from '@tipring/line';
import { z } from 'zod';
import { DialledDigits, EchoCancelling, Gains, Impedance, millis, PortReference, RegionCode, RingCadence } from './analog-port.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';

/** RFC 3435 2.1.5. */
const DigitMapText = z
  .string()
  .max(4_096)
  .superRefine((text, context) => {
    const read = digitMap(text);
    if (!read.ok) context.addIssue({ code: 'custom', message: `At character ${read.fault.at + 1} of the digit map: ${read.fault.problem}.` });
  })
  .meta({ description: 'Which numbers can be dialled, as RFC 3435 2.1.5 writes it', examples: ['[1-8]xx|9xx.T'] });

/** What this telephone has otherwise than the ordinary one of its country. Named as in libs/line and libs/cards. */
export const StationOverrides = z.strictObject({
  dialing: z
    .strictObject({
      map: DigitMapText.optional(),
      matching: z.enum(['immediate', 'longest']).optional(),
      terminator: z.enum(['#', '*', 'off']).optional().meta({ description: 'Ends a number that might be longer' }),
      byDtmf: z.boolean().optional(),
      byPulse: z.boolean().optional(),
      firstDigitMs: millis(1_000, 60_000, 'How long dial tone is heard'),
      interDigitLongMs: millis(1_000, 60_000, 'While the number is not complete'),
      interDigitShortMs: millis(500, 30_000, 'When it is complete unless more comes'),
    })
    .readonly()
    .optional(),
  hotline: z
    .strictObject({
      number: DialledDigits,
      delayMs: z.int().min(0).max(60_000).meta({ description: 'Milliseconds. 0: at once, and nothing else can be dialled; otherwise dial tone for so long' }),
    })
    .readonly()
    .optional()
    .meta({ description: 'Lifting the handset calls this number' }),
  ringing: z
    .strictObject({
      cadence: RingCadence.optional(),
      patterns: z.record(z.string().regex(/^[A-Za-z0-9._-]{1,40}$/), RingCadence).readonly().optional().meta({ description: 'Distinctive ringing, by the names that calls ask for it (Alert-Info)' }),
      voltsRms: z.number().min(20).max(120).optional().meta({ description: 'Volts, root mean square' }),
      frequencyHz: z.number().min(15).max(68).optional(),
    })
    .readonly()
    .optional(),
  callerId: z.strictObject({ isEnabled: z.boolean() }).readonly().optional().meta({ description: 'Whether it is told who calls; how is the region’s' }),
  callWaiting: z
    .strictObject({ isEnabled: z.boolean().optional(), callerId: z.boolean().optional().meta({ description: 'Off hook, type II' }) })
    .readonly()
    .optional(),
  messageWaiting: z
    .strictObject({ stutterTone: z.boolean().optional(), lamp: z.boolean().optional(), data: z.boolean().optional() })
    .readonly()
    .optional()
    .meta({ description: 'How it tells of messages: by its dial tone, a neon lamp, or data (FSK)' }),
  supervision: z
    .strictObject({
      reversalOnAnswer: z.boolean().optional().meta({ description: 'Polarity is reversed while a call from here is answered: for payphones, meters, other exchanges' }),
      openLoopMs: millis(0, 2_000, 'Loop current is cut for so long when the far end is gone; 0: not at all'),
      toneAtEnd: z.enum(toneNames).optional(),
      toneMs: millis(0, 600_000, 'How long that tone is heard before the howler'),
      howlerMs: millis(0, 600_000, '0: no howler'),
    })
    .readonly()
    .optional(),
  flash: z
    .union([z.strictObject({ leastMs: z.int().min(50).max(2_000), mostMs: z.int().min(50).max(2_000) }).readonly(), z.literal('off')])
    .optional()
    .meta({ description: 'How long a hook flash takes; off: none is understood' }),
  recall: z
    .strictObject({
      consults: z.boolean().optional().meta({ description: 'A flash in a call holds it and asks for another number' }),
      withTwo: z.enum(['swap', 'threeWay', 'choice']).optional().meta({ description: 'What a flash does with two calls: changes between them, joins all three, or asks for a digit: 0 ends the held one, 1 the other, 2 changes, 3 joins, 4 connects the two' }),
      choiceMs: millis(500, 10_000, 'How long that digit is waited for; then it changes between the two'),
      transfers: z.boolean().optional().meta({ description: 'Hanging up on two calls connects them' }),
    })
    .readonly()
    .optional()
    .meta({ description: 'What a hook flash does in a call' }),
  door: z
    .strictObject({
      digit: z.string().regex(/^[0-9*#]$/, 'one digit, * or #').meta({ description: 'Whoever talks to it dials this to open' }),
      code: z.string().regex(/^[0-9*#A-D]{1,16}$/, 'up to sixteen digits, *, # and A to D').meta({ description: 'What its relay wants to hear for that' }),
    })
    .readonly()
    .optional()
    .meta({ description: 'How a door phone opens its door' }),
  loopMilliamps: z.number().min(15).max(60).optional().meta({ description: 'Milliamperes that the port feeds' }),
  impedance: Impedance.optional(),
  gains: Gains.optional(),
  echo: EchoCancelling.optional(),
  guardMs: millis(0, 10_000, 'After hanging up, before the bell may ring again'),
}).meta({ id: 'StationOverrides', description: 'What is different from the region; what is absent is the region’s' });
export type StationOverrides = Readonly<z.infer<typeof StationOverrides>>;

export const StationKind = z.enum(['telephone', 'fax', 'door', 'paging', 'other']);
export type StationKind = z.infer<typeof StationKind>;

/** What a person may set on a station. */
export const StationSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Workshop wall telephone'] }),
  extensionId: OpaqueId.meta({ description: 'The extension it rings for, and in whose name it calls' }),
  port: PortReference.meta({ description: 'The FXS port it is plugged into' }),
  region: RegionCode,
  kind: StationKind.meta({ description: 'What is plugged in' }),
  isEnabled: z.boolean().meta({ description: 'A disabled station has no dial tone and does not ring' }),
  overrides: StationOverrides.readonly(),
});

/** An FXS port in use: an analog telephone, fax, door phone or paging amplifier. */
export const Station = z.strictObject({ id: OpaqueId, ...StationSettings.shape, ...Versioned.shape });
export type Station = Readonly<z.infer<typeof Station>>;
