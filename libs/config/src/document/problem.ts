import type { ProblemCode } from '../result.ts';

export type DocumentProblemCode =
  | ProblemCode
  /** The text is neither JSON nor YAML. The pointer is empty, the hint tells line and column. */
  | 'syntax'
  /** No `version`, or one of a later Tipring. */
  | 'unknownVersion'
  /** A field or a kind that there is not: mostly a slip of the pen, so it is not passed over. */
  | 'unknownField'
  /** Something that has no default was left out. */
  | 'missing'
  /** A secret that was sealed with another key, or for something else. */
  | 'sealedElsewhere';

/** What is wrong with a document, said so that a person can put it right. */
export interface DocumentProblem {
  readonly code: DocumentProblemCode;
  /** JSON Pointer (RFC 6901) into the document, by key: `/trunks/carrier/server/host`. */
  readonly pointer: string;
  readonly hint: string;
}

/** One step of a JSON Pointer (RFC 6901 3). */
export function step(name: PropertyKey): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
