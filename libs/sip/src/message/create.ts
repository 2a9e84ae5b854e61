import type { SipRequest, SipResponse } from './message.ts';
export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** Values may hold any text: beyond latin1 they are written as UTF-8, line breaks become spaces. Content-Length is not given. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Text is written as UTF-8. */
  readonly body?: Uint8Array | string;
}
export interface ResponseParts {
  /** Defaults to the RFC's phrase. */
  readonly reason?: string;
  /** Added to To when the request's To has no tag. */
  readonly toTag?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string;
}
export declare function createRequest(parts: RequestParts): SipRequest;
/** Via*, From, To, Call-ID, CSeq copied; Record-Route in 101–299 (RFC 3261 12.1.1), Timestamp in 100 (8.2.6.1). */
export declare function createResponse(request: SipRequest, status: number, parts?: ResponseParts): SipResponse;
/** The RFC's phrase for a status, e.g. 486 → 'Busy Here'. */
export declare function reasonPhrase(status: number): string;
