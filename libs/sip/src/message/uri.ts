/** A SIP or SIPS URI (RFC 3261 19.1). Parts are as written (still escaped) except scheme and host, which are lower case. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** Escaped, as written; `unescapeUser` reads it. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** An IPv6 reference keeps its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** Lower-case names; '' for one without value. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** name=value pairs after '?', as written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}
/** A tel URI (RFC 3966). */
export interface TelUri {
  readonly scheme: 'tel';
  /** Without visual separators, with '+' when global. */
  readonly number: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}
/** undefined when not a well-formed sip/sips URI (another scheme included). */
export declare function parseUri(text: string): SipUri | undefined;
export declare function parseTelUri(text: string): TelUri | undefined;
/** Lower-case scheme of any URI, undefined when there is none. */
export declare function uriScheme(text: string): string | undefined;
export declare function formatUri(uri: { readonly scheme?: 'sip' | 'sips'; readonly user?: string | undefined; readonly password?: string | undefined; readonly host: string; readonly port?: number | undefined; readonly parameters?: SipUri['parameters']; readonly headers?: SipUri['headers'] }): string;
/** RFC 3261 19.1.4. */
export declare function sameUri(a: SipUri, b: SipUri): boolean;
/** Value of a parameter by lower-case name; '' for one without value. */
export declare function uriParameter(uri: SipUri | TelUri, name: string): string | undefined;
/** Decodes %XX (into the bytes, as latin1). */
export declare function unescapeUser(user: string): string;
/** Escapes what may not stand in a user part (RFC 3261 25.1); takes any text, beyond ASCII as UTF-8. */
export declare function escapeUser(user: string): string;
