import { z } from 'zod';
import { OwnNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';

/** Of RFC 5771, without what routers use among themselves (224.0.0.0/24). */
const MulticastAddress = z
  .ipv4()
  .refine((address) => /^(?:22[4-9]|23[0-9])\./.test(address) && !address.startsWith('224.0.0.'), { error: 'an IPv4 multicast address, 224.0.1.0 to 239.255.255.255' })
  .meta({ examples: ['239.255.10.1'] });

/** What a person may set on a paging zone. */
export const PagingZoneSettings = z.strictObject({
  key: StableKey,
  number: OwnNumber,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Warehouse'] }),
  extensions: z.array(OpaqueId).max(200).readonly().meta({ description: 'Their telephones answer by themselves; paging amplifiers are stations of one' }),
  multicast: z
    .array(z.strictObject({ address: MulticastAddress, port: z.int().min(1_024).max(65_534), codec: z.enum(['PCMU', 'PCMA', 'G722']), ttl: z.int().min(1).max(255) }).readonly())
    .max(16)
    .readonly()
    .meta({ description: 'RTP is sent there, for telephones and loudspeakers that listen' }),
  preTone: z.enum(['none', 'beep', 'gong']).meta({ description: 'What is heard first' }),
  promptId: OpaqueId.nullable().meta({ description: 'A prompt behind the tone' }),
  priority: z.int().min(0).max(9).meta({ description: 'A page takes telephones away from one of lower priority' }),
  interruptsCalls: z.boolean().meta({ description: 'Telephones that talk are paged too; else they are left in peace' }),
  longestMs: z.int().min(5_000).max(600_000).meta({ description: 'Milliseconds; nobody speaks longer' }),
});

/** Loudspeakers that are spoken to at once. */
export const PagingZone = z.strictObject({ id: OpaqueId, ...PagingZoneSettings.shape, ...Versioned.shape });
export type PagingZone = Readonly<z.infer<typeof PagingZone>>;
