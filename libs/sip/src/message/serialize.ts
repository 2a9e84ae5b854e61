import type { SipMessage } from './message.ts';
/** The bytes to send. Untouched header lines go out as they came in; Content-Length is always right. */
export declare function serialize(message: SipMessage): Uint8Array;
