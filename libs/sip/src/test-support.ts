// What tests and benches of other rooms share with this one's; no part of the product.
export { exercise, mutate, pathologicalMessages, seeded } from './message/mutations.test-support.ts';
export { tortureMessages } from './message/rfc4475.test-support.ts';
export type { TortureMessage } from './message/rfc4475.test-support.ts';
export { DnsResponder } from './transport/node/dns-responder.ts';
export type { Zone, ZoneRecord } from './transport/node/dns-responder.ts';
