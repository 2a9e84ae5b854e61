import type { HeaderFields } from './message.ts';
/** A value with parameters: `active;expires=60`. */
export interface ParameterValue { readonly value: string; parameter(name: string): string | undefined }
/** Digits only; larger than 2^32-1 reads as 2^32-1; undefined when malformed. */
export declare function parseDeltaSeconds(text: string): number | undefined;
/** 0–255. */
export declare function parseMaxForwards(text: string): number | undefined;
export declare function parseCSeq(text: string): { readonly number: number; readonly method: string } | undefined;
export declare function parseRAck(text: string): { readonly rseq: number; readonly cseq: number; readonly method: string } | undefined;
export declare function parseRSeq(text: string): number | undefined;
/** RFC 4028: Session-Expires, Min-SE. */
export declare function parseSessionExpires(text: string): { readonly seconds: number; readonly refresher: 'uac' | 'uas' | undefined } | undefined;
export declare function parseRetryAfter(text: string): { readonly seconds: number; readonly comment: string | undefined; readonly duration: number | undefined } | undefined;
export declare function parseReplaces(text: string): { readonly callId: string; readonly toTag: string; readonly fromTag: string; readonly earlyOnly: boolean } | undefined;
/** RFC 3326. */
export declare function parseReason(text: string): { readonly protocol: string; readonly cause: number | undefined; readonly text: string | undefined } | undefined;
export declare function parseEvent(text: string): ParameterValue | undefined;
/** type/subtype in lower case. */
export declare function parseContentType(text: string): ParameterValue | undefined;
/** RFC 3323: priv-values in lower case. */
export declare function parsePrivacy(text: string): string[] | undefined;
/** A value, then `;name=value`. */
export declare function parseParameterValue(text: string): ParameterValue | undefined;
/** Lower-case option tags, methods as written, of all fields of that name (Require, Supported, Unsupported, Allow …). */
export declare function tokens(headers: HeaderFields, name: string): string[];
