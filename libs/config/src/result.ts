/** Bad input at the edge is a value, never a throw (STYLE, errors kind 2). */
export type Result<Value, Failure> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problems: readonly Failure[] };

export type ProblemCode =
  /** A field's own rule: length, characters, range. */
  | 'invalidValue'
  /** Two things may not have the same key, number or user name. */
  | 'notUnique'
  /** A reference to something that does not exist. */
  | 'danglingReference'
  /** Every field is fine, but not together. */
  | 'contradiction';

/** What is wrong with a configuration, said so that a person can put it right. */
export interface ConfigurationProblem {
  readonly code: ProblemCode;
  /** JSON Pointer (RFC 6901) into `ConfigurationRows`, by position: `/devices/3/extensionId`. */
  readonly pointer: string;
  readonly hint: string;
}
