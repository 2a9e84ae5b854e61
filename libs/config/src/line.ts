import { z } from 'zod';
import { DialledDigits, EchoCancelling, Gains, Impedance, millis, PortReference, RegionCode } from './analog-port.ts';
import { Destination } from './destination.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { LearnedTone } from './learned-tone.ts';
import { E164 } from './numbers.ts';

/** Switches a kind of evidence off, whatever the region says. */
const off = z.literal('off');

/** What the lines of its country do differently on this one. Named as in libs/line; what is not here is the region's. */
export const LineOverrides = z.strictObject({
  ring: z
    .strictObject({
      frequencyHz: z.strictObject({ least: z.number().min(10).max(100), most: z.number().min(10).max(100) }).readonly().optional(),
      leastVolts: z.number().min(5).max(150).optional().meta({ description: 'Volts, root mean square; less is induction' }),
      realAfterMs: millis(50, 5_000, 'A burst is a ring once it has lasted so long'),
      lossMs: millis(1_000, 30_000, 'The caller has given up when nothing has rung for so long'),
    })
    .readonly()
    .optional(),
  callerId: z
    .strictObject({
      modems: z.array(z.enum(['fsk', 'dtmf'])).max(2).readonly().optional().meta({ description: 'What is listened for; none: callers are not known' }),
      announcedBy: z.array(z.enum(['polarityReversal', 'alertTone', 'ringPulse', 'nothing'])).max(4).readonly().optional(),
      read: z.enum(['onHook', 'offHook']).optional().meta({ description: 'offHook: as NTT has it' }),
      announcementMs: millis(500, 30_000, 'From the announcement to the first ring'),
      betweenRings: z.enum(['expected', 'never']).optional(),
      offeredAtRing: z.int().min(1).max(10).optional().meta({ description: 'The call is offered with this ring at the latest, caller known or not' }),
    })
    .readonly()
    .optional(),
  dialing: z
    .strictObject({
      by: z.enum(['dtmf', 'pulse']).optional(),
      dialToneMs: millis(500, 30_000, 'How long dial tone is waited for'),
      withoutDialTone: z.enum(['fail', 'dialAnyway', 'nextLine']).optional(),
      secondDialTone: z
        .strictObject({ after: z.array(DialledDigits).min(1).max(20).readonly(), ms: z.int().min(100).max(30_000) })
        .readonly()
        .optional()
        .meta({ description: 'Numbers that begin so meet a second dial tone there' }),
      digitMs: millis(40, 1_000, 'A DTMF digit'),
      pauseMs: millis(40, 1_000, 'The pause after it'),
    })
    .readonly()
    .optional(),
  answer: z
    .strictObject({
      polarity: z.enum(['signals', 'means nothing']).optional(),
      voiceMs: z.union([z.int().min(100).max(10_000), off]).optional().meta({ description: 'Milliseconds of voice after ringing tone that count as an answer' }),
      assumedAfterMs: z.union([z.int().min(1_000).max(180_000), off]).optional().meta({ description: 'Milliseconds without any evidence after which it is taken for answered' }),
      longestMs: millis(10_000, 600_000, 'Nobody answers for ever'),
    })
    .readonly()
    .optional(),
  disconnect: z
    .strictObject({
      battery: z.union([z.strictObject({ denialMs: z.int().min(50).max(3_000) }).readonly(), off]).optional().meta({ description: 'Calling party control: no battery for so long' }),
      polarity: z.union([z.strictObject({ guardMs: z.int().min(0).max(5_000) }).readonly(), off]).optional().meta({ description: 'A reversal so soon after the answer is the answer' }),
      tone: z
        .union([
          z.strictObject({
            names: z.array(z.string().min(1).max(40)).min(1).max(20).readonly().optional().meta({ description: 'Tones of the region, or ids of learned ones', examples: [['busy', 'congestion']] }),
            cycles: z.int().min(1).max(10).optional(),
            goesOnMs: millis(100, 10_000, 'How long a continuous tone goes on after it was recognised'),
            leastDbm0: z.number().min(-60).max(0).optional(),
          }).readonly(),
          off,
        ])
        .optional(),
      dialTone: z.union([z.strictObject({ goesOnMs: z.int().min(100).max(10_000) }).readonly(), off]).optional().meta({ description: 'Dial tone on an answered call' }),
      silence: z.union([z.strictObject({ ms: z.int().min(10_000).max(3_600_000) }).readonly(), off]).optional().meta({ description: 'From both sides, not on hold' }),
      farLeg: z.enum(['on', 'off']).optional().meta({ description: 'The other leg of the call is dead though nobody released it' }),
    })
    .readonly()
    .optional(),
  dcTermination: z
    .strictObject({
      currentLimit: z.boolean().optional().meta({ description: 'At most 60 mA, as ETSI TBR 21 wants it' }),
      lineVolts: z.number().min(3).max(5).optional(),
      minimumLoopMilliamps: z.number().min(5).max(20).optional(),
    })
    .readonly()
    .optional(),
  impedance: Impedance.optional(),
  gains: Gains.optional(),
  echo: EchoCancelling.optional(),
  flashMs: millis(50, 2_000, 'Hook flash to the far exchange'),
  settleMs: millis(0, 2_000, 'From off-hook until the loop is steady'),
  guardMs: millis(200, 30_000, 'On-hook before the line is used again'),
  noBatteryMs: millis(1_000, 600_000, 'Without battery for so long is an alarm'),
  longestMs: millis(60_000, 86_400_000, 'No call lasts longer'),
  learnedTones: z.array(LearnedTone).max(8).readonly().optional().meta({ description: 'What this line’s exchange was heard to do; an id can be named in `disconnect.tone.names`' }),
}).meta({ id: 'LineOverrides', description: 'What is different from the region; what is absent is the region’s' });
export type LineOverrides = Readonly<z.infer<typeof LineOverrides>>;

/** What a person may set on a line. */
export const LineSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Main number'] }),
  port: PortReference.meta({ description: 'The FXO port that the telephone company’s line is plugged into' }),
  region: RegionCode,
  number: E164.nullable().optional().meta({ description: 'The line’s own number: what its callers have dialled, and what calls over it show' }),
  isEnabled: z.boolean().meta({ description: 'A disabled line takes no calls and makes none' }),
  isCommissioned: z.boolean().meta({ description: 'Whether somebody has tried it. Until then it takes calls and makes none but to emergency numbers, everything that tells of a hang-up counts, and no call lasts over two hours' }),
  inbound: Destination.nullable().meta({ description: 'Who is called when it rings and no inbound route says otherwise; null: nobody' }),
  overrides: LineOverrides.readonly(),
});

/** An FXO port in use: a telephone company's line that arrives here. */
export const Line = z.strictObject({ id: OpaqueId, ...LineSettings.shape, ...Versioned.shape });
export type Line = Readonly<z.infer<typeof Line>>;
