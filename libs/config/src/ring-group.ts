import { z } from 'zod';
import { Destination, RingTarget } from './destination.ts';
import { OwnNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';

/** all: together; linear: one after the other as listed; roundRobin: the same, beginning behind who was rung last; leastRecent: whose last call ended first comes first. */
export const RingStrategy = z.enum(['all', 'linear', 'roundRobin', 'leastRecent']);
export type RingStrategy = z.infer<typeof RingStrategy>;

/** What a person may set on a ring group. */
export const RingGroupSettings = z.strictObject({
  key: StableKey,
  number: OwnNumber,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Sales'] }),
  members: z
    .array(
      z.strictObject({
        target: RingTarget,
        afterMs: z.int().min(0).max(120_000).meta({ description: 'Milliseconds after the first ones; where all ring together' }),
      }).readonly(),
    )
    .min(1)
    .max(100)
    .readonly()
    .meta({ description: 'Forwarding and voicemail of members do not hold here; who is not to be disturbed is not rung' }),
  strategy: RingStrategy,
  skipsBusy: z.boolean().meta({ description: 'Members who talk are not rung, whether or not they would see a second call' }),
  memberRingMs: z.int().min(5_000).max(180_000).meta({ description: 'Milliseconds that each rings where one rings after the other' }),
  ringMs: z.int().min(5_000).max(600_000).meta({ description: 'Milliseconds that the group rings as a whole' }),
  callerNamePrefix: z.string().max(20).nullable().meta({ description: 'Put before the caller’s name', examples: ['Sales: '] }),
  alertInfo: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dot, underscore and hyphen, at most 64').nullable().meta({ description: 'Name of a way of ringing; telephones that do not know it ring as usual' }),
  otherwise: Destination.nullable().meta({ description: 'Where the call goes when no member takes it; null: the caller is told so' }),
});

/** Telephones that ring for one number. */
export const RingGroup = z.strictObject({ id: OpaqueId, ...RingGroupSettings.shape, ...Versioned.shape });
export type RingGroup = Readonly<z.infer<typeof RingGroup>>;
