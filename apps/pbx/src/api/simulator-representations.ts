import type { CardState, ExchangeLineState, SimulatorAct, SimulatorState, TelephoneState } from '@tipring/cards';
import { z } from 'zod';

const PortId = z.strictObject({ card: z.string().min(1).max(64), port: z.int().min(1).max(32) }).meta({ id: 'SimulatedPort', examples: [{ card: 'SIM-1', port: 5 }] });
const SpokenTone = z.strictObject({ frequencyHz: z.number().min(200).max(3_600), levelDbm0: z.number().min(-60).max(0).optional() }).meta({ id: 'SpokenTone' });
const Absent = z.strictObject({ absent: z.enum(['private', 'unavailable']) });
const CallerNumber = z.union([z.strictObject({ shown: z.string().regex(/^\+?[0-9*#]{1,20}$/, 'at most 20 digits') }), Absent], '{"shown":"2125550123"} with at most 20 digits, or {"absent":"private"} or {"absent":"unavailable"}');
const CallerName = z.union([z.strictObject({ shown: z.string().min(1).max(50) }), Absent], '{"shown":"ANNA SMITH"} with at most 50 characters, or {"absent":"private"} or {"absent":"unavailable"}');
const Presented = z.union([z.object({ shown: z.string() }), z.object({ absent: z.enum(['private', 'unavailable']) })]);
const Polarity = z.enum(['normal', 'reversed']);
const ToneName = z.enum(['dial', 'secondDial', 'stutterDial', 'ringing', 'busy', 'congestion', 'numberUnobtainable', 'specialInformation', 'callWaiting', 'offHook']);

const FarEnd = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('openLoop'), ms: z.number().min(20).max(10_000) }),
    z.strictObject({ by: z.literal('polarity') }),
    z.strictObject({ by: z.literal('tone'), tone: ToneName }),
    z.strictObject({ by: z.literal('dialTone') }),
    z.strictObject({ by: z.literal('silence') }),
  ])
  .meta({ id: 'FarEnd', description: 'How the exchange lets know that the other party has hung up; silence: not at all' });

const AnswerPolicy = z
  .discriminatedUnion('is', [
    z.strictObject({ is: z.literal('answered'), afterRings: z.int().min(0).max(100), supervision: z.enum(['reversal', 'none']) }),
    ...(['noAnswer', 'busy', 'congestion', 'unobtainable', 'dead'] as const).map((is) => z.strictObject({ is: z.literal(is) })),
  ])
  .meta({ id: 'AnswerPolicy', description: 'What becomes of calls that are made on the line' });

const Hum = z.strictObject({ hz: z.union([z.literal(50), z.literal(60)]), levelDbm0: z.number().min(-80).max(-10) });

function to<On extends string, Do extends string, Shape extends z.ZodRawShape>(on: On, does: Do, shape: Shape) {
  return z.strictObject({ on: z.literal(on), port: PortId, do: z.literal(does), ...shape });
}

const TelephoneAct = z
  .discriminatedUnion('do', [
    to('telephone', 'lift', {}),
    to('telephone', 'hangUp', {}),
    to('telephone', 'flash', { ms: z.int().min(20).max(2_000).optional() }),
    to('telephone', 'dial', { digits: z.string().regex(/^[0-9*#A-D]{1,64}$/, 'digits, *, # and A to D, at most 64'), by: z.enum(['dtmf', 'pulse']).optional() }),
    to('telephone', 'speak', { tone: SpokenTone.nullable() }),
  ])
  .meta({ id: 'TelephoneAct', description: 'To the telephone on an FXS port' });

const LineAct = z
  .discriminatedUnion('do', [
    to('line', 'call', { number: CallerNumber.optional(), name: CallerName.optional(), pattern: z.string().min(1).max(64).optional() }),
    to('line', 'policy', { policy: AnswerPolicy }),
    to('line', 'speak', { tone: SpokenTone.nullable() }),
    to('line', 'hangUp', { by: FarEnd.optional() }),
    to('line', 'battery', { battery: z.enum(['on', 'off']) }),
    to('line', 'polarity', { polarity: Polarity }),
    to('line', 'lamp', { lamp: z.enum(['on', 'off', 'blinks']) }),
  ])
  .meta({ id: 'LineAct', description: 'To the exchange of the line on an FXO port' });

const WireAct = z
  .discriminatedUnion('do', [
    to('wire', 'cut', {}),
    to('wire', 'repair', {}),
    to('wire', 'parallelSet', { hook: z.enum(['off', 'on']) }),
    to('wire', 'spike', { voltsRms: z.number().min(1).max(2_000).optional(), ms: z.number().min(0.125).max(1_000).optional() }),
    to('wire', 'ringBleed', { voltsRms: z.number().min(1).max(120).optional(), hz: z.number().min(10).max(100).optional(), ms: z.number().min(1).max(60_000).optional() }),
    to('wire', 'lightning', {}),
    to('wire', 'noise', { levelDbm0: z.number().min(-80).max(-10).nullable() }),
    to('wire', 'hum', { hum: Hum.nullable() }),
  ])
  .meta({ id: 'WireAct', description: 'To the pair of wires on any port' });

const CardAct = z
  .discriminatedUnion('do', [
    z.strictObject({ on: z.literal('card'), card: z.string().min(1).max(64), do: z.literal('pull') }),
    z.strictObject({ on: z.literal('card'), card: z.string().min(1).max(64), do: z.literal('insert') }),
    z.strictObject({ on: z.literal('card'), card: z.string().min(1).max(64), do: z.literal('drift'), ppm: z.number().min(-10_000).max(10_000) }),
  ])
  .meta({ id: 'CardAct', description: 'To a card' });

/** Told apart by `on` first, so that what is wrong is told of the act that was meant. */
export const SimulatorActBody = z.discriminatedUnion('on', [TelephoneAct, LineAct, WireAct, CardAct]).meta({ id: 'SimulatorAct' }) satisfies z.ZodType<SimulatorAct>;

const Heard = z.array(z.object({ hz: z.number(), dbm0: z.number() })).meta({ description: 'The strongest frequencies of the last 400 ms' });
const WireState = z.object({ cable: z.enum(['whole', 'cut']), parallelSet: z.enum(['off', 'on']).meta({ description: 'Hook of another telephone on the same pair' }), noiseDbm0: z.number().nullable(), hum: z.object({ hz: z.union([z.literal(50), z.literal(60)]), levelDbm0: z.number() }).nullable() }).meta({ id: 'WireState' });

const ShownCaller = z
  .object({
    number: Presented.optional(),
    name: Presented.optional(),
    time: z.object({ month: z.int(), day: z.int(), hour: z.int(), minute: z.int() }).optional(),
    by: z.enum(['fsk', 'dtmf']),
    waiting: z.boolean().meta({ description: 'While the handset was off its rest' }),
    atMs: z.number(),
  })
  .meta({ id: 'ShownCaller' });

const TelephoneShown = z
  .object({
    is: z.literal('telephone'),
    port: PortId,
    name: z.string(),
    hook: z.enum(['on', 'off', 'interrupted']),
    ringing: z.boolean(),
    rings: z.int(),
    caller: ShownCaller.nullable(),
    callers: z.array(ShownCaller),
    messageWaiting: z.boolean().nullable(),
    lamp: z.enum(['on', 'off']),
    polarity: Polarity,
    lineVolts: z.number(),
    loopMilliamps: z.number(),
    hears: Heard,
    levelDbm0: z.number().nullable(),
    speaks: SpokenTone.nullable(),
    wire: WireState,
  })
  .meta({ id: 'SimulatedTelephone' }) satisfies z.ZodType<TelephoneState>;

const ExchangeCall = z
  .looseObject({ at: z.enum(['idle', 'announcing', 'ringing', 'dialling', 'ringback', 'answered', 'failed', 'over']) })
  .meta({ id: 'ExchangeCall', description: 'What the exchange does for the line; the other fields belong to `at`' });

const LineShown = z
  .object({
    is: z.literal('line'),
    port: PortId,
    number: z.string(),
    seized: z.boolean(),
    digits: z.string().meta({ description: 'Heard since it was seized' }),
    digitsBy: z.enum(['dtmf', 'pulse']).nullable(),
    flashes: z.int(),
    call: ExchangeCall,
    policy: AnswerPolicy,
    battery: z.boolean(),
    polarity: Polarity,
    lineVolts: z.number(),
    loopMilliamps: z.number(),
    hears: Heard,
    levelDbm0: z.number().nullable(),
    speaks: SpokenTone.nullable(),
    wire: WireState,
  })
  .meta({ id: 'SimulatedLine' });

const CardShown = z.object({ is: z.literal('card'), card: z.string(), slot: z.string().nullable(), present: z.boolean(), ppm: z.number() }).meta({ id: 'SimulatedCard' }) satisfies z.ZodType<CardState>;

export const SimulatorRepresentation = z
  .object({ atMs: z.number().meta({ description: 'By the simulator’s own clock' }), cards: z.array(CardShown), lines: z.array(LineShown), telephones: z.array(TelephoneShown) })
  .meta({ id: 'Simulator', description: 'What a person beside the simulated far ends would see and hear' });

export const ActedOnRepresentation = z.discriminatedUnion('is', [TelephoneShown, LineShown, CardShown]).meta({ id: 'SimulatorActedOn', description: 'What the act was to, when it had been done; what needs time shows later' });

/** Copies, as the document says they are: what is frozen elsewhere is plain here. */
export function presentSimulator(state: SimulatorState): z.infer<typeof SimulatorRepresentation> {
  return state as unknown as z.infer<typeof SimulatorRepresentation>;
}

export function presentActedOn(state: CardState | ExchangeLineState | TelephoneState): z.infer<typeof ActedOnRepresentation> {
  return state as unknown as z.infer<typeof ActedOnRepresentation>;
}
