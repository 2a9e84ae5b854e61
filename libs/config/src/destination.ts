import { z } from 'zod';
import { DialledDigits } from './analog-port.ts';
import { OpaqueId } from './identity.ts';

/** Where a call goes: what it is and which. Further kinds come with what can be called. */
export const Destination = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('extension'), id: OpaqueId }).readonly(),
  /** As if it were dialled inside: a number outside goes out again. */
  z.strictObject({ type: z.literal('number'), number: DialledDigits }).readonly(),
  /** It is not taken: spam, a number that is no longer ours. */
  z.strictObject({ type: z.literal('refusal'), as: z.enum(['busy', 'rejected', 'unallocated']) }).readonly(),
]);
export type Destination = z.infer<typeof Destination>;
