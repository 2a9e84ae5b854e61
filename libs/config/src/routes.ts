import { z } from 'zod';
import { Destination } from './destination.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { DestinationClass, E164, NumberForm, NumberPattern } from './numbers.ts';
import { ScheduleCondition } from './schedule.ts';

/** What carries calls to and from outside. */
export const Carrier = z.strictObject({ type: z.enum(['trunk', 'lineGroup', 'line']), id: OpaqueId }).readonly();
export type Carrier = z.infer<typeof Carrier>;

const Position = z.int().min(0).max(1_000_000).meta({ description: 'Rules are asked in this order, equal ones by key; the first that fits decides' });

/** What a person may set on an inbound route. Of what is empty or null, anything fits. */
export const InboundRouteSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Reception by day'] }),
  position: Position,
  isEnabled: z.boolean(),
  match: z
    .strictObject({
      via: z.array(Carrier).max(256).readonly().meta({ description: 'It came in by one of these' }),
      called: z.array(NumberPattern).max(1_000).readonly().meta({ description: 'The number that was called, as the trunk’s `inboundForm` makes it E.164 (or as it is); a line calls its own `number`' }),
      callers: z.array(NumberPattern).max(1_000).readonly().meta({ description: 'The caller’s number, E.164 where it can be read as one' }),
      anonymous: z.boolean().nullable().meta({ description: 'Only callers who withhold their number, or only those who do not' }),
      schedule: ScheduleCondition.nullable(),
    })
    .readonly(),
  destination: Destination,
  callerNamePrefix: z.string().max(20).nullable().meta({ description: 'Put before the caller’s name, so that people see by which number they are called', examples: ['Sales: '] }),
});

/** Who is called when somebody calls from outside. */
export const InboundRoute = z.strictObject({ id: OpaqueId, ...InboundRouteSettings.shape, ...Versioned.shape });
export type InboundRoute = Readonly<z.infer<typeof InboundRoute>>;

/** One way out, and the numbers it is given. `null`: as the trunk has it; a line dials what was dialled behind the prefix. */
export const OutboundAttempt = z
  .strictObject({
    via: Carrier,
    number: NumberForm.nullable(),
    shown: E164.nullable().meta({ description: 'The caller’s number as it is shown outside; null: the extension’s own, else the site’s main number' }),
  })
  .readonly();
export type OutboundAttempt = z.infer<typeof OutboundAttempt>;

/** What a person may set on an outbound route. Of what is empty or null, anything fits. */
export const OutboundRouteSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Outside calls'] }),
  position: Position,
  isEnabled: z.boolean(),
  match: z
    .strictObject({
      prefix: z.string().regex(/^[0-9*#]{0,6}$/, 'up to six digits, * or #').meta({ description: 'Dialled before the number, and taken away' }),
      numbers: z.array(NumberPattern).max(1_000).readonly().meta({ description: 'What is dialled behind the prefix; those with + are compared with the number as E.164' }),
      classes: z.array(DestinationClass).max(10).readonly(),
      callers: z.array(OpaqueId).max(10_000).readonly().meta({ description: 'Extensions that it is for' }),
      schedule: ScheduleCondition.nullable(),
    })
    .readonly(),
  pinSetId: OpaqueId.nullable().meta({ description: 'The caller is asked for a PIN of this set' }),
  order: z.enum(['listed', 'leastCost']).meta({ description: 'leastCost: by the tariffs, those without a rate last; equal ones as listed' }),
  attempts: z.array(OutboundAttempt).max(50).readonly().meta({ description: 'Tried one after the other; none: these numbers may not be called' }),
});

/** How calls go out. */
export const OutboundRoute = z.strictObject({ id: OpaqueId, ...OutboundRouteSettings.shape, ...Versioned.shape });
export type OutboundRoute = Readonly<z.infer<typeof OutboundRoute>>;
