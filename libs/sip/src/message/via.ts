import type { HeaderFields, SipRequest, Via } from './message.ts';
import type { Source } from './stateless.ts';
/** One Via element; undefined when malformed. */
export declare function parseVia(text: string): Via | undefined;
/** Every Via, topmost first; undefined when one is malformed. */
export declare function parseVias(headers: HeaderFields): Via[] | undefined;
/** Writes received (RFC 3261 18.2.1) and rport (RFC 3581 4) into the topmost Via. */
export declare function stampVia(request: SipRequest, source: Source): void;
