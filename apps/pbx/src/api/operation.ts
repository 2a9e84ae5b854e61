import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { Scope } from '@tipring/store';
import type { z } from 'zod';
import type { ProblemCode } from './problem.ts';

/** What a route is, said once: Nest routes by it, the guard asks its scope, the OpenAPI document is made of it. */
export interface OperationSettings {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Its name in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** null: open to everyone. */
  readonly scope: Scope | null;
  readonly status: 200 | 201 | 202 | 204 | 302;
  /** Absent: the answer has no body, or is not JSON (`mediaType`). */
  readonly response?: z.ZodType;
  readonly mediaType?: string;
  /** What the body may be written in; absent: JSON, for PATCH a merge patch. */
  readonly bodyTypes?: readonly string[];
  /** A write to a versioned thing: If-Match is required (RFC 6585 3, RFC 9110 13.1.1). */
  readonly ifMatch?: boolean;
  /** The answer carries the ETag. */
  readonly etag?: boolean;
  /** Fields of the answer that are shown once and left out when an Idempotency-Key repeats it. */
  readonly shownOnce?: readonly string[];
  readonly problems?: readonly ProblemCode[];
}

export const OPERATION = 'tipring:operation';

export function Operation(settings: OperationSettings): MethodDecorator {
  return applyDecorators(RequestMapping({ path: settings.path, method: RequestMethod[settings.method] }), HttpCode(settings.status), SetMetadata(OPERATION, settings));
}
