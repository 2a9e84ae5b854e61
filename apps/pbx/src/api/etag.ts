import type { FastifyReply } from 'fastify';
import { refuse } from './problem.ts';

/** Strong: equal versions are equal to the byte (RFC 9110 8.8.3). */
export function etagOf(row: { readonly version: number }): string {
  return `"${row.version}"`;
}

export function withEtag<Row extends { readonly version: number }, Answer>(reply: FastifyReply, row: Row, answer: Answer): Answer {
  void reply.header('etag', etagOf(row));
  return answer;
}

/** RFC 6585 3 and RFC 9110 13.1.1: a change says which version it was made from, or it is refused. */
export function requireMatch(ifMatch: string | undefined, row: { readonly version: number }): void {
  if (ifMatch === undefined) refuse('preconditionRequired', 'Read it first and send its ETag in If-Match, so that nobody else’s change is overwritten. If-Match: * means any version.');
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes('*') && !tags.includes(etagOf(row))) refuse('preconditionFailed', `It is at version ${etagOf(row)} by now. Read it again and repeat your change.`);
}
