import { z } from 'zod';
import { OpaqueId, StableKey, Versioned } from './identity.ts';

/** RFC 8760 2.2 names. MD5 is the default, because baresip 1.0, sipp 3.6 and sipsak fail when SHA-256 is offered. */
export const DigestAlgorithm = z.enum(['MD5', 'SHA-256']);
export type DigestAlgorithm = z.infer<typeof DigestAlgorithm>;

export const SipUsername = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, underscore and hyphen, at most 64')
  .meta({ description: 'The user name the phone authenticates with', examples: ['101', '101-desk'] });

/** What a person may set on a device. Its password is made by the system. */
export const DeviceSettings = z.strictObject({
  key: StableKey,
  extensionId: OpaqueId.meta({ description: 'The extension it rings for' }),
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Desk phone'] }),
  username: SipUsername,
  algorithm: DigestAlgorithm.meta({ description: 'Digest algorithm it is challenged with (RFC 8760)' }),
  enabled: z.boolean().meta({ description: 'A disabled device can neither register nor call' }),
});

/** H(username:realm:password), hexadecimal (RFC 7616 3.4.2). Both are kept, so that the algorithm can change without a new password. */
export const DigestSecrets = z.strictObject({
  MD5: z.string().regex(/^[0-9a-f]{32}$/),
  'SHA-256': z.string().regex(/^[0-9a-f]{64}$/),
});
export type DigestSecrets = Readonly<z.infer<typeof DigestSecrets>>;

/** A SIP phone. */
export const Device = z.strictObject({ id: OpaqueId, ...DeviceSettings.shape, ha1: DigestSecrets, ...Versioned.shape });
export type Device = Readonly<z.infer<typeof Device>>;
