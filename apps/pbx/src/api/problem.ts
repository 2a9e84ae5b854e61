import { HttpException } from '@nestjs/common';

/** Every way this API says no: status and title, once. The code is stable; title and hint are for people. */
export const catalogue = {
  malformedRequest: [400, 'The request cannot be read'],
  invalidCursor: [400, 'The cursor is not one of ours'],
  syntax: [400, 'The document is neither YAML nor JSON'],
  unauthenticated: [401, 'No valid API key'],
  forbidden: [403, 'The API key may not do this'],
  notFound: [404, 'There is nothing here'],
  notUnique: [409, 'Another one has that already'],
  callFailed: [409, 'The call could not be begun'],
  inUse: [409, 'Something else needs it'],
  wrongState: [409, 'Not now'],
  emergencyCall: [409, 'Nothing is done with a call for help'],
  confirmationPending: [409, 'A change of the configuration waits to be confirmed'],
  unknownRevision: [409, 'There is no such revision to confirm or to go back to'],
  stalePlan: [409, 'The configuration was changed since it was planned'],
  requestInProgress: [409, 'The first request with this Idempotency-Key is still at work'],
  preconditionFailed: [412, 'It was changed since you read it'],
  payloadTooLarge: [413, 'The body is too large'],
  unsupportedMediaType: [415, 'The body is of a kind this place does not take'],
  notAWav: [422, 'This is no WAV that can be played'],
  invalidValue: [422, 'A value is not allowed'],
  danglingReference: [422, 'A reference points nowhere'],
  contradiction: [422, 'The values do not fit together'],
  unknownVersion: [422, 'The document is of no known version'],
  unknownField: [422, 'There is no such setting'],
  missing: [422, 'Something must be said'],
  sealedElsewhere: [422, 'A secret was sealed by another system'],
  idempotencyKeyReused: [422, 'The Idempotency-Key was used for another request'],
  preconditionRequired: [428, 'If-Match is needed'],
  internalError: [500, 'A bug of ours'],
  gatewayUnavailable: [503, 'The media gateway cannot be reached'],
  storeUnavailable: [503, 'The database cannot be reached'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof catalogue;

/** One of several things that are wrong. `pointer`: JSON Pointer into the request's body. */
export interface ProblemDetail {
  readonly code: ProblemCode;
  readonly pointer: string;
  readonly hint: string;
}

/** RFC 9457, with a stable `code` and a `hint` that says what to do about it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly hint: string;
  readonly pointer?: string;
  /** When there is more than one. */
  readonly problems?: readonly ProblemDetail[];
}

/** The only way out of a request other than its answer. */
export function refuse(code: ProblemCode, hint: string, pointer?: string): never {
  throw new HttpException(problem(code, hint, pointer), catalogue[code][0]);
}

/** Several at once: the first decides the status. */
export function refuseAll(problems: readonly ProblemDetail[]): never {
  const first = problems[0];
  if (first === undefined) throw new Error('a refusal has a reason');
  const body = problems.length === 1 ? problem(first.code, first.hint, first.pointer) : { ...problem(first.code, first.hint, first.pointer), problems };
  throw new HttpException(body, catalogue[first.code][0]);
}

export function problem(code: ProblemCode, hint: string, pointer?: string): Problem {
  const [status, title] = catalogue[code];
  return { type: `urn:tipring:problem:${code}`, title, status, code, hint, ...(pointer === undefined ? {} : { pointer }) };
}
