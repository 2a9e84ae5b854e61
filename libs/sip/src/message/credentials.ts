/** A challenge (WWW-Authenticate, Proxy-Authenticate) or credentials (Authorization, Proxy-Authorization). */
export interface AuthenticationValue {
  /** As written: 'Digest'. */
  readonly scheme: string;
  /** By lower-case name, unquoted and unescaped. */
  parameter(name: string): string | undefined;
  /** Was the value a quoted string? */
  isQuoted(name: string): boolean;
}
/** undefined when malformed (a parameter twice included). */
export declare function parseAuthentication(text: string): AuthenticationValue | undefined;
