export interface Source { readonly address: string; readonly port: number }
/**
 * A complete response made by copying header lines byte-wise, with a To tag derived from the request (RFC 3261 8.2.7:
 * the same for a retransmission). undefined for a response, an ACK, or when no Via can be copied.
 */
export declare function statelessResponse(bytes: Uint8Array, status: number, reason: string, headers?: readonly (readonly [name: string, value: string])[], source?: Source): Uint8Array | undefined;
