import type { CarrierAct, CarrierState } from '@tipring/carrier-control';
import { z } from 'zod';

const Name = z.string().min(1).max(64);
const Digits = z.string().regex(/^[0-9*#A-D]{1,64}$/, 'digits, *, # and A to D, at most 64');
const Number = z.string().regex(/^\+?[0-9*#]{1,32}$/, 'digits, or + and digits, at most 32');
const Sound = z.union([z.enum(['own', 'echo', 'silence']), z.strictObject({ hz: z.number().min(200).max(3_600), levelDbm0: z.number().min(-60).max(0).optional() })]).meta({ id: 'CarrierSound' });

const Failure = z
  .discriminatedUnion('is', [
    z.strictObject({ is: z.literal('blackHole') }),
    z.strictObject({ is: z.literal('silentAfter'), status: z.union([z.literal(100), z.literal(180), z.literal(183)]), of: z.enum(['call', 'carrier']) }),
    z.strictObject({ is: z.literal('refuse'), status: z.int().min(300).max(699), what: z.enum(['calls', 'everything']), retryAfterS: z.int().min(0).max(3_600).optional() }),
    z.strictObject({ is: z.literal('reset') }),
    z.strictObject({ is: z.literal('full') }),
    z.strictObject({ is: z.literal('refuseRegistration'), status: z.int().min(300).max(699) }),
    z.strictObject({ is: z.literal('closed') }),
    z.strictObject({ is: z.literal('delay'), ms: z.int().min(0).max(60_000) }),
  ])
  .meta({ id: 'CarrierFailure', description: 'What is wrong with it: nothing is answered; nothing after that response; refusals; connections reset; all channels taken; registrations refused; its sockets closed; everything late' });

const Behaviour = z
  .discriminatedUnion('is', [
    z.strictObject({ is: z.literal('answered'), afterMs: z.int().min(0).max(180_000), earlyMedia: z.boolean().optional(), speaks: Sound.optional(), hangsUpAfterMs: z.int().min(0).max(3_600_000).optional() }),
    z.strictObject({ is: z.literal('noAnswer'), earlyMedia: z.boolean().optional() }),
    z.strictObject({ is: z.literal('refused'), status: z.int().min(300).max(699), reason: z.string().max(80).optional(), afterMs: z.int().min(0).max(60_000).optional(), announcement: z.boolean().optional() }),
  ])
  .meta({ id: 'CarrierBehaviour', description: 'What becomes of a number that is called' });

/** What a person may do to the simulated carrier. */
export const CarrierActBody = z
  .discriminatedUnion('do', [
    z.strictObject({
      do: z.literal('call'), to: Number, from: Number.nullable(), name: z.string().min(1).max(80).optional(), asserted: Number.nullable().optional(), diversion: Number.optional(), sound: Sound.optional(),
      lateOffer: z.boolean().optional(), givesUpAfterMs: z.int().min(0).max(180_000).optional(),
    }),
    z.strictObject({ do: z.literal('answer'), call: Name }),
    z.strictObject({ do: z.literal('hangUp'), call: Name.optional(), reason: z.string().max(120).optional() }),
    z.strictObject({ do: z.literal('speak'), call: Name, sound: Sound }),
    z.strictObject({ do: z.literal('press'), call: Name, digits: Digits }),
    z.strictObject({ do: z.literal('hold'), call: Name }),
    z.strictObject({ do: z.literal('resume'), call: Name }),
    z.strictObject({ do: z.literal('fail'), failure: Failure }),
    z.strictObject({ do: z.literal('mend') }),
    z.strictObject({ do: z.literal('forget') }),
    z.strictObject({ do: z.literal('number'), digits: Digits, behaviour: Behaviour.nullable() }),
    z.strictObject({ do: z.literal('limit'), channels: z.int().min(0).max(10_000).nullable() }),
  ])
  .meta({ id: 'CarrierAct', description: 'Somebody outside calls (`call`), answers, hangs up, speaks, presses digits, holds; the carrier fails (`fail`) and works again (`mend`), loses its registrations (`forget`), treats a number otherwise, has fewer channels' });

export const CarrierRepresentation = z
  .object({
    name: z.string(),
    listening: z.array(z.object({ transport: z.string(), address: z.string(), port: z.int() })),
    failure: Failure.nullable(),
    registrations: z.array(z.object({ username: z.string(), contact: z.string(), transport: z.string(), expiresAt: z.string() })),
    calls: z.array(
      z.object({
        id: z.string(), direction: z.enum(['toCarrier', 'toCustomer']), phase: z.enum(['calling', 'ringing', 'answered', 'ended']), number: z.string(), transport: z.string(),
        headers: z.record(z.string(), z.array(z.string())).meta({ description: 'Of the INVITE' }),
        speaksHz: z.number().meta({ description: 'Its own tone' }),
        hears: z.array(z.object({ hz: z.number(), dbm0: z.number() })).meta({ description: 'In the last 400 ms, the strongest first' }),
        digits: z.string(), held: z.boolean(), codec: z.string().nullable(), beganAt: z.string(), answeredAt: z.string().nullable(),
        ended: z.object({ at: z.string(), by: z.enum(['customer', 'carrier', 'nobody']), status: z.int().nullable(), text: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'SimulatedCarrier', description: 'The telephone company at the other end of the demo’s trunk' });

export const CarrierActedRepresentation = z.object({ call: z.string().nullable().meta({ description: 'The call that was begun' }) }).meta({ id: 'CarrierActed' });

export function presentCarrier({ name, listening, failure, registrations, calls }: CarrierState): z.infer<typeof CarrierRepresentation> {
  return {
    name,
    listening: listening.map(({ transport, address, port }) => ({ transport, address, port })),
    failure,
    registrations: registrations.map(({ username, contact, transport, expiresAt }) => ({ username, contact, transport, expiresAt: instant(expiresAt) })),
    calls: calls.map(({ id, direction, phase, number, transport, headers, ownHz, hears, digits, held, codec, beganAt, answeredAt, ended }) => ({
      id, direction, phase, number, transport,
      headers: Object.fromEntries(Object.entries(headers).map(([header, values]) => [header, [...values]])),
      speaksHz: ownHz, hears: [...hears], digits, held, codec, beganAt: instant(beganAt),
      answeredAt: answeredAt === null ? null : instant(answeredAt),
      ended: ended && { at: instant(ended.at), by: ended.by, status: ended.status, text: ended.text },
    })),
  };
}

/** What is left out is not there: the carrier takes no `undefined`. */
export function actOf(body: z.infer<typeof CarrierActBody>): CarrierAct {
  return JSON.parse(JSON.stringify(body)) as CarrierAct;
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
