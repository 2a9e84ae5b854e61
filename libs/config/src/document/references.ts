import { z } from 'zod';
import { DialledDigits, type PortReference } from '../analog-port.ts';
import type { Destination } from '../destination.ts';
import { StableKey } from '../identity.ts';
import type { Kind } from '../kinds.ts';
import type { Carrier } from '../routes.ts';
import type { ScheduleCondition } from '../schedule.ts';

/* In a document what is referred to is named by its kind and key: `{ trunk: carrier }`, `extension: front-desk`. */

/** The key of another object, said for the document’s JSON Schema. */
export function keyOf(kind: string): typeof StableKey {
  return StableKey.meta({ description: `Key of ${kind}` });
}

export const WrittenCarrier = z.union(
  [z.strictObject({ trunk: keyOf('a trunk') }).readonly(), z.strictObject({ lineGroup: keyOf('a line group') }).readonly(), z.strictObject({ line: keyOf('a line') }).readonly()],
  { error: 'one of { trunk: <key> }, { lineGroup: <key> } and { line: <key> }' },
);
export type WrittenCarrier = z.infer<typeof WrittenCarrier>;

export const WrittenDestination = z.union(
  [
    z.strictObject({ extension: keyOf('an extension') }).readonly(),
    z.strictObject({ number: DialledDigits }).readonly(),
    z.strictObject({ refusal: z.enum(['busy', 'rejected', 'unallocated']) }).readonly(),
  ],
  { error: 'one of { extension: <key> }, { number: "<digits>" } and { refusal: busy, rejected or unallocated }' },
);
export type WrittenDestination = z.infer<typeof WrittenDestination>;

export const WrittenCondition = z.union([z.strictObject({ open: keyOf('a schedule') }).readonly(), z.strictObject({ closed: keyOf('a schedule') }).readonly()], {
  error: '{ open: <key of a schedule> } or { closed: <key of a schedule> }',
});
export type WrittenCondition = z.infer<typeof WrittenCondition>;

/** `SIM-1/5`: a serial number has no slash. */
export const WrittenPort = z
  .string()
  .regex(/^[!-.0-~]{1,64}\/(?:[1-9]|[12][0-9]|3[0-2])$/, 'the card’s serial number, a slash, and the number of the port (1 to 32)')
  .meta({ description: 'The card’s serial number, a slash, and what is printed beside the jack', examples: ['SIM-1/5'] });

/** What turns ids into keys. */
export interface Names {
  key(kind: Kind, id: string): string;
}

/** What turns keys into ids. Of a key that names nothing it tells. */
export interface Ids {
  /** `pointer` is put behind the object’s own: `/match/via/0/trunk`. */
  id(kind: Kind, key: string, pointer: string): string;
}

export function writtenCarrier({ type, id }: Carrier, names: Names): WrittenCarrier {
  return { [type]: names.key(type, id) } as WrittenCarrier;
}

export function carrierOf(written: WrittenCarrier, pointer: string, ids: Ids): Carrier {
  const [type, key] = Object.entries(written)[0] as [Carrier['type'], string];
  return { type, id: ids.id(type, key, `${pointer}/${type}`) };
}

export function writtenDestination(destination: Destination, names: Names): WrittenDestination {
  switch (destination.type) {
    case 'extension': return { extension: names.key('extension', destination.id) };
    case 'number': return { number: destination.number };
    case 'refusal': return { refusal: destination.as };
  }
}

export function destinationOf(written: WrittenDestination, pointer: string, ids: Ids): Destination {
  if ('extension' in written) return { type: 'extension', id: ids.id('extension', written.extension, `${pointer}/extension`) };
  return 'number' in written ? { type: 'number', number: written.number } : { type: 'refusal', as: written.refusal };
}

export function writtenCondition({ scheduleId, is }: z.infer<typeof ScheduleCondition>, names: Names): WrittenCondition {
  return { [is]: names.key('schedule', scheduleId) } as WrittenCondition;
}

export function conditionOf(written: WrittenCondition, pointer: string, ids: Ids): z.infer<typeof ScheduleCondition> {
  const [is, key] = Object.entries(written)[0] as ['open' | 'closed', string];
  return { scheduleId: ids.id('schedule', key, `${pointer}/${is}`), is };
}

export function writtenPort({ card, port }: PortReference): string {
  return `${card}/${port}`;
}

export function portOf(written: string): PortReference {
  const slash = written.lastIndexOf('/');
  return { card: written.slice(0, slash), port: Number(written.slice(slash + 1)) };
}
