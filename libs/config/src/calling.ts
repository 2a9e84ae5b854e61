import { z } from 'zod';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { DestinationClass, E164, NumberPattern } from './numbers.ts';
import { Secret } from './trunk.ts';

/** What a person may set on a permission. Emergency numbers need none, ever. */
export const PermissionSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['National calls'] }),
  classes: z.array(DestinationClass).max(10).readonly().meta({ description: 'Kinds of numbers that may be called' }),
  countries: z.array(z.string().regex(/^[A-Z]{2}$/)).max(250).readonly().nullable().meta({ description: 'Of international numbers, those of these countries; null: all' }),
  allowed: z.array(NumberPattern).max(1_000).readonly().meta({ description: 'These too, whatever their kind' }),
  denied: z.array(NumberPattern).max(1_000).readonly().meta({ description: 'But never these' }),
});

/** What an extension may call. */
export const Permission = z.strictObject({ id: OpaqueId, ...PermissionSettings.shape, ...Versioned.shape });
export type Permission = Readonly<z.infer<typeof Permission>>;

/** What a person may set on a PIN set. */
export const PinSetSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80),
  pins: z
    .array(z.strictObject({ label: z.string().trim().min(1).max(80).meta({ description: 'Whose it is; stands in the call record in place of the PIN' }), pin: Secret.regex(/^[0-9]{4,12}$/, 'four to twelve digits') }).readonly())
    .min(1)
    .max(1_000)
    .readonly(),
});

/** PINs that open an outbound route. */
export const PinSet = z.strictObject({ id: OpaqueId, ...PinSetSettings.shape, ...Versioned.shape });
export type PinSet = Readonly<z.infer<typeof PinSet>>;

/** What a person may set on a block list. */
export const BlocklistSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Spam'] }),
  isEnabled: z.boolean(),
  direction: z.enum(['inbound', 'outbound']).meta({ description: 'inbound: callers; outbound: numbers that nobody may call' }),
  numbers: z.array(NumberPattern).max(10_000).readonly(),
  anonymous: z.boolean().meta({ description: 'Inbound: also callers who withhold their number' }),
  as: z.enum(['busy', 'rejected', 'unallocated']).meta({ description: 'What the caller is told' }),
});

/** Numbers that may not call, or not be called. Emergency numbers are never blocked, nor is who calls back after an emergency call. */
export const Blocklist = z.strictObject({ id: OpaqueId, ...BlocklistSettings.shape, ...Versioned.shape });
export type Blocklist = Readonly<z.infer<typeof Blocklist>>;

/** What a person may set on an emergency location. */
export const EmergencyLocationSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Second floor, east'] }),
  address: z.string().trim().min(1).max(400).meta({ description: 'Where help is to go: street, house, floor, room (47 CFR 9.3, dispatchable location)' }),
  callbackNumber: E164.nullable().meta({ description: 'Shown to the emergency service; null: as on other calls' }),
});

/** Where a telephone stands, for whoever is called in an emergency. */
export const EmergencyLocation = z.strictObject({ id: OpaqueId, ...EmergencyLocationSettings.shape, ...Versioned.shape });
export type EmergencyLocation = Readonly<z.infer<typeof EmergencyLocation>>;

/** How an extension calls outside. Absent: the site's usual ways. */
export const ExtensionCalling = z
  .strictObject({
    permissionId: OpaqueId.nullable().meta({ description: 'null: the site’s usual permission' }),
    locationId: OpaqueId.nullable().meta({ description: 'Where its telephones stand; null: the site’s usual location' }),
    shownNumber: E164.nullable().meta({ description: 'Its number outside; null: the site’s main number' }),
    isLocked: z.boolean().meta({ description: 'Nothing but internal and emergency numbers may be called' }),
  })
  .readonly();
export type ExtensionCalling = z.infer<typeof ExtensionCalling>;
