import { StandardSchemaValidationPipe } from '@nestjs/common';
import { refuseAll } from './problem.ts';

/** Parses every @Body, @Query and @Param that names a schema; what does not pass is a 422 that points at each fault. */
export const parsePipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    refuseAll(
      issues.map((issue) => ({
        code: 'invalidValue' as const,
        pointer: (issue.path ?? []).map((part) => `/${String(typeof part === 'object' ? part.key : part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
        hint: issue.message,
      })),
    ),
});
