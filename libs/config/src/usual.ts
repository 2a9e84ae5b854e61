import { z } from 'zod';
import { usualExtension } from './extension.ts';
import { type Kind, kinds } from './kinds.ts';
import { usualTrunk } from './trunk.ts';

/** What holds where nothing is said, by the names of the settings; of a union's parts those that bear the name, of a list's objects those of each. */
type Usual = Readonly<Record<string, unknown>>;

const matchesAnything = { via: [], called: [], callers: [], numbers: [], classes: [], prefix: '' } as const;

/** Of each kind what is not said; besides these, what may be null is null. */
export const usual = {
  permission: { classes: [], allowed: [], denied: [] },
  pinSet: {},
  schedule: { week: [], holidays: [] },
  blocklist: { isEnabled: true, direction: 'inbound', numbers: [], anonymous: false, as: 'rejected' },
  emergencyLocation: {},
  musicClass: { order: 'listed' },
  prompt: {},
  voicemailBox: { longestMs: 180_000, shortestMs: 1_000, silenceMs: 8_000, mostMessages: 100, saysWhen: true, mail: { attaches: true, deletes: false } },
  extension: { ...usualExtension, calling: { isLocked: false } },
  device: { algorithm: 'MD5', enabled: true },
  station: { kind: 'telephone', isEnabled: true, overrides: {} },
  ringGroup: { members: { afterMs: 0 }, strategy: 'all', skipsBusy: false, memberRingMs: 15_000, ringMs: 60_000 },
  queue: {
    agents: { tier: 1, startsLoggedIn: false }, strategy: 'leastRecent', agentRingMs: 20_000, retryMs: 2_000, wrapUpMs: 10_000, withoutAgents: 'wait', announcement: { position: false }, record: 'never',
  },
  ivr: { unless: [], dialsExtensions: false, firstDigitMs: 7_000, interDigitMs: 2_500, tries: 3 },
  conference: { mostParties: 50, announces: 'tone', startsMuted: false, waitsForModerator: false, endsWithModerator: false, record: 'onDemand' },
  parkingLot: { timeoutMs: 90_000 },
  pagingZone: { extensions: [], multicast: { codec: 'PCMU', ttl: 1 }, preTone: 'beep', priority: 0, interruptsCalls: false, longestMs: 60_000 },
  directory: { by: 'either' },
  webhook: { isEnabled: true, events: ['*'] },
  line: { isEnabled: true, isCommissioned: false, overrides: {} },
  lineGroup: { hunt: 'linear', fromTheEnd: true },
  trunk: { ...usualTrunk, peering: { expiresS: 600, sources: [] } },
  inboundRoute: { position: 100, isEnabled: true, match: matchesAnything },
  outboundRoute: { position: 100, isEnabled: true, order: 'listed', match: matchesAnything, attempts: [] },
} as const satisfies { readonly [Of in Kind]: Usual };

const made = { id: true, version: true, createdAt: true, updatedAt: true } as const;

/** A kind's settings as a person says them: the system’s own fields are not among them, what is usual may be left out, and parsing puts it there. */
export function saidOf(kind: Kind): z.ZodObject {
  const whole = kinds[kind].schema as unknown as z.ZodObject;
  return lenient(whole.omit(kind === 'device' ? { ...made, ha1: true } : made), usual[kind]) as z.ZodObject;
}

/** Of the schema all that is usual, or may be null, may be left out. */
function lenient(schema: z.core.$ZodType, told: unknown): z.ZodType {
  const open = opened(schema, told);
  const about = z.globalRegistry.get(schema);
  // Without its id: under that the schema is known that leaves nothing out.
  const meta = about === undefined ? {} : Object.fromEntries(Object.entries(about).filter(([field]) => field !== 'id'));
  return Object.keys(meta).length === 0 ? open : open.meta(meta);
}

function opened(schema: z.core.$ZodType, told: unknown): z.ZodType {
  if (schema instanceof z.ZodReadonly) {
    const inner = lenient(schema.unwrap(), told);
    return leavesOut(inner) ? inner : inner.readonly();
  }
  if (schema instanceof z.ZodOptional) {
    const inner = lenient(schema.unwrap(), told);
    // What may be absent is absent; it is not there with all it usually has.
    return (inner instanceof z.ZodPrefault ? (inner.unwrap() as z.ZodType) : inner).optional();
  }
  if (schema instanceof z.ZodNullable) return lenient(schema.unwrap(), told).nullable().default(isWithin(told) ? null : (told ?? null));
  if (schema instanceof z.ZodUnion) return z.core.clone(schema, { ...schema.def, options: schema.options.map((option) => lenient(option, told)) } as never) as z.ZodType;
  if (schema instanceof z.ZodArray) {
    const array = z.core.clone(schema, { ...schema.def, element: lenient(schema.element, isWithin(told) ? told : undefined) } as never) as z.ZodType;
    if (isWithin(told)) return array.safeParse([]).success ? array.default([]) : array;
    return told === undefined ? array : array.default(told);
  }
  if (schema instanceof z.ZodObject) return lenientObject(schema, told);
  return told === undefined ? (schema as z.ZodType) : (schema as z.ZodType).default(told);
}

function lenientObject(schema: z.ZodObject, told: unknown): z.ZodType {
  const within = isWithin(told) ? told : {};
  const shape = Object.fromEntries(Object.entries(schema.shape).map(([name, part]) => [name, lenient(part, within[name])]));
  const object = z.core.clone(schema, { ...schema.def, shape } as never) as z.ZodObject;
  return told !== undefined && Object.values(shape).every(leavesOut) ? object.prefault({}) : object;
}

/** Of the parts, not of the whole. */
function isWithin(told: unknown): told is Usual {
  return typeof told === 'object' && told !== null && !Array.isArray(told);
}

function leavesOut(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success;
}
