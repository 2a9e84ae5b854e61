import { z } from 'zod';
import { Versioned } from './identity.ts';

const bounds = 'seconds';

/** What holds for the whole system. */
export const SystemSettings = z.strictObject({
  sip: z
    .strictObject({
      /** Digest realm. HA1s are made with it, so it is chosen at the first start and stays. */
      realm: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
      /** RFC 3261 10.3 step 7: shorter is answered 423 with Min-Expires. */
      minExpiresS: z.int().min(10).max(86_400).meta({ description: bounds }),
      maxExpiresS: z.int().min(60).max(86_400).meta({ description: bounds }),
      /** When the phone asks for nothing. */
      defaultExpiresS: z.int().min(60).max(86_400).meta({ description: bounds }),
    })
    .readonly(),
  /** What one source address may do before it is limited or banned. */
  guard: z
    .strictObject({
      messagesPerSecond: z.int().min(1).max(1_000_000),
      burst: z.int().min(1).max(1_000_000),
      failuresToBan: z.int().min(1).max(100_000),
      banS: z.int().min(1).max(604_800),
    })
    .readonly(),
  media: z
    .strictObject({
      /** No packet for this long although there should be: the leg is released. 0 = never. */
      timeoutMs: z.int().min(0).max(3_600_000),
    })
    .readonly(),
  ...Versioned.shape,
});
export type SystemSettings = Readonly<z.infer<typeof SystemSettings>>;

/** What the first start writes, with the realm it chose. */
export function firstSettings(realm: string, now: string): SystemSettings {
  return {
    sip: { realm, minExpiresS: 30, maxExpiresS: 3600, defaultExpiresS: 600 },
    guard: { messagesPerSecond: 1000, burst: 5000, failuresToBan: 20, banS: 600 },
    media: { timeoutMs: 60_000 },
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}
