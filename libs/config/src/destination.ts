import { z } from 'zod';
import { DialledDigits } from './analog-port.ts';
import { OpaqueId } from './identity.ts';

const row = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type), id: OpaqueId }).readonly();
const extension = row('extension');
/** As if it were dialled inside: a number outside goes out again. */
const number = z.strictObject({ type: z.literal('number'), number: DialledDigits }).readonly();

/** What needs no row to be called. */
export const Application = z.enum(['echoTest', 'milliwatt', 'speakingClock']);
export type Application = z.infer<typeof Application>;

/** Where a call goes: what it is and which. */
export const Destination = z.discriminatedUnion('type', [
  extension,
  number,
  /** It is not taken: spam, a number that is no longer ours. */
  z.strictObject({ type: z.literal('refusal'), as: z.enum(['busy', 'rejected', 'unallocated']) }).readonly(),
  row('ringGroup'),
  row('queue'),
  /** The caller leaves a message. */
  row('voicemail'),
  row('ivr'),
  row('conference'),
  /** The caller is parked there. */
  row('parkingLot'),
  row('paging'),
  /** A prompt is played, and the call is over. */
  row('announcement'),
  row('directory'),
  z.strictObject({ type: z.literal('application'), name: Application }).readonly(),
]);
export type Destination = z.infer<typeof Destination>;

/** What can ring together with others. */
export const RingTarget = z.discriminatedUnion('type', [extension, number]);
export type RingTarget = z.infer<typeof RingTarget>;

/** Of destinations that are rows: of which kind. */
export const destinationKinds = {
  extension: 'extension', ringGroup: 'ringGroup', queue: 'queue', voicemail: 'voicemailBox', ivr: 'ivr', conference: 'conference', parkingLot: 'parkingLot', paging: 'pagingZone', announcement: 'prompt', directory: 'directory',
} as const satisfies { readonly [Type in Extract<Destination, { readonly id: string }>['type']]: string };
