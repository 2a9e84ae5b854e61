import { z } from 'zod';
import { DialledDigits, type PortReference } from '../analog-port.ts';
import { Application, type Destination, destinationKinds, type RingTarget } from '../destination.ts';
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

const WrittenExtensionTarget = z.strictObject({ extension: keyOf('an extension') }).readonly();
const WrittenNumberTarget = z.strictObject({ number: DialledDigits }).readonly();

export const WrittenDestination = z.union(
  [
    WrittenExtensionTarget,
    WrittenNumberTarget,
    z.strictObject({ refusal: z.enum(['busy', 'rejected', 'unallocated']) }).readonly(),
    z.strictObject({ ringGroup: keyOf('a ring group') }).readonly(),
    z.strictObject({ queue: keyOf('a queue') }).readonly(),
    z.strictObject({ voicemail: keyOf('a voicemail box') }).readonly(),
    z.strictObject({ ivr: keyOf('a menu') }).readonly(),
    z.strictObject({ conference: keyOf('a conference') }).readonly(),
    z.strictObject({ parkingLot: keyOf('a parking lot') }).readonly(),
    z.strictObject({ paging: keyOf('a paging zone') }).readonly(),
    z.strictObject({ announcement: keyOf('a prompt') }).readonly(),
    z.strictObject({ directory: keyOf('a directory') }).readonly(),
    z.strictObject({ application: Application }).readonly(),
  ],
  {
    error:
      'one of { extension: <key> }, { number: "<digits>" }, { refusal: busy, rejected or unallocated }, { ringGroup: <key> }, { queue: <key> }, { voicemail: <key of a box> }, { ivr: <key> }, { conference: <key> }, { parkingLot: <key> }, { paging: <key of a zone> }, { announcement: <key of a prompt> }, { directory: <key> } and { application: echoTest, milliwatt or speakingClock }',
  },
);
export type WrittenDestination = z.infer<typeof WrittenDestination>;

/** What can ring together with others. */
export const WrittenTarget = z.union([WrittenExtensionTarget, WrittenNumberTarget], { error: '{ extension: <key> } or { number: "<digits>" }' });
export type WrittenTarget = z.infer<typeof WrittenTarget>;

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
    case 'number': return { number: destination.number };
    case 'refusal': return { refusal: destination.as };
    case 'application': return { application: destination.name };
    default: return { [destination.type]: names.key(destinationKinds[destination.type], destination.id) } as WrittenDestination;
  }
}

export function destinationOf(written: WrittenDestination, pointer: string, ids: Ids): Destination {
  if ('number' in written) return { type: 'number', number: written.number };
  if ('refusal' in written) return { type: 'refusal', as: written.refusal };
  if ('application' in written) return { type: 'application', name: written.application };
  const [type, key] = Object.entries(written)[0] as [keyof typeof destinationKinds, string];
  return { type, id: ids.id(destinationKinds[type], key, `${pointer}/${type}`) };
}

/** Of what may lead nowhere. */
export const MayWrittenDestination = WrittenDestination.nullable().default(null);

export function mayDestinationOf(written: WrittenDestination | null, pointer: string, ids: Ids): Destination | null {
  return written && destinationOf(written, pointer, ids);
}

export function writtenTarget(target: RingTarget, names: Names): WrittenTarget {
  return target.type === 'number' ? { number: target.number } : { extension: names.key('extension', target.id) };
}

export function targetOf(written: WrittenTarget, pointer: string, ids: Ids): RingTarget {
  return 'number' in written ? { type: 'number', number: written.number } : { type: 'extension', id: ids.id('extension', written.extension, `${pointer}/extension`) };
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
