import { z } from 'zod';
import { CallerLists, FollowMe, Forwarding, WakeUp } from './answering.ts';
import { ExtensionCalling } from './calling.ts';
import { ExtensionNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { Language } from './language.ts';

/** What a person may set on an extension. */
export const ExtensionSettings = z.strictObject({
  key: StableKey,
  number: ExtensionNumber,
  displayName: z.string().trim().min(1).max(80).meta({ description: 'Shown to whoever is called', examples: ['Front desk'] }),
  ringTimeoutMs: z
    .int()
    .min(5_000)
    .max(180_000)
    .meta({ description: 'How long its devices ring before the caller is told that nobody answers, in milliseconds' }),
  calling: ExtensionCalling.optional().meta({ description: 'How it calls outside; absent: as the site does' }),
  forwarding: Forwarding,
  followMe: FollowMe,
  isDoNotDisturb: z.boolean().meta({ description: 'Its telephones do not ring: it is busy to all but callers who are allowed' }),
  callers: CallerLists,
  voicemailBoxId: OpaqueId.nullable().meta({ description: 'Who is not answered, and not forwarded, leaves a message there; null: nowhere' }),
  callPickupGroups: z.array(StableKey).max(50).readonly().meta({ description: 'Names of groups: who is in one may take calls that ring at another of it', examples: [['sales']] }),
  supervises: z.array(OpaqueId).max(1_000).readonly().meta({ description: 'Extensions whose calls it may listen to' }),
  isCallWaiting: z.boolean().meta({ description: 'A second call is offered while it talks; else it is busy' }),
  record: z.enum(['never', 'always', 'onDemand']).meta({ description: 'onDemand: when one of its calls is told to be recorded; never: not even then' }),
  language: Language.nullable().meta({ description: 'In which the system speaks to it; null: as to everybody' }),
  wakeUps: z.array(WakeUp).max(50).readonly().meta({ description: 'When it is called to wake somebody, by the clock of the site' }),
});

/** What holds where nothing is said of them. */
export const usualExtension = {
  ringTimeoutMs: 30_000,
  forwarding: { always: null, busy: null, noAnswer: null, unreachable: null },
  followMe: { isEnabled: true, steps: [] },
  isDoNotDisturb: false,
  callers: { allowed: [], blocked: [], anonymous: 'taken', others: 'taken' },
  voicemailBoxId: null,
  callPickupGroups: [],
  supervises: [],
  isCallWaiting: true,
  record: 'onDemand',
  language: null,
  wakeUps: [],
} as const satisfies Omit<z.infer<typeof ExtensionSettings>, 'key' | 'number' | 'displayName' | 'calling'>;

/** An internal number and the person or thing behind it; it has devices. */
export const Extension = z.strictObject({ id: OpaqueId, ...ExtensionSettings.shape, ...Versioned.shape });
export type Extension = Readonly<z.infer<typeof Extension>>;
