import type { HeaderFields, NameAddress } from './message.ts';
/** undefined when malformed. A URI without `<>` gives its parameters to the header (RFC 3261 20). */
export declare function parseNameAddress(text: string): NameAddress | undefined;
/** All elements of a name-address header (Route, Record-Route, Path, P-Asserted-Identity …); undefined when one is malformed. */
export declare function parseNameAddresses(headers: HeaderFields, name: string): NameAddress[] | undefined;
/** `"Display" <uri>;name=value`; the display name is quoted and escaped, any text is allowed. */
export declare function formatNameAddress(parts: { readonly displayName?: string | undefined; readonly uri: string; readonly parameters?: readonly (readonly [name: string, value: string])[] }): string;
