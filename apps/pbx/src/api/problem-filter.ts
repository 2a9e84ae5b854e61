import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { catalogue, type Problem, problem, type ProblemCode } from './problem.ts';

/** Whatever was thrown becomes application/problem+json (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const body = problemOf(thrown);
    if (body.code === 'internalError') this.#log.error({ err: thrown, method: request.method, url: request.url }, 'bug');
    if (reply.sent) return;
    if (body.status === 503) void reply.header('retry-after', '2');
    if (body.code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer realm="tipring"');
    void reply.status(body.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(body));
  }
}

/** What somebody threw, as a problem of the catalogue. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof HttpException) {
    const body = thrown.getResponse();
    if (typeof body === 'object' && 'code' in body && typeof body.code === 'string' && body.code in catalogue) return body as Problem;
    return problem(byStatus[thrown.getStatus()] ?? 'internalError', thrown.message);
  }
  if (isStoreAway(thrown)) return problem('storeUnavailable', 'Calls go on; what is configured or recorded cannot be read or changed just now. Try again in a moment.');
  // Fastify's own refusals: a body that is no JSON, too large, of an unknown type.
  const status = statusOf(thrown);
  const code = status === undefined ? undefined : byStatus[status];
  if (code !== undefined && thrown instanceof Error) return problem(code, thrown.message);
  return problem('internalError', 'It is in the log; please report it.');
}

const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'malformedRequest',
  404: 'notFound',
  413: 'payloadTooLarge',
  415: 'unsupportedMediaType',
};

function statusOf(thrown: unknown): number | undefined {
  return typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

/** No connection to PostgreSQL: node's socket errors, SQLSTATE class 08 and 57P, and pg's own words. */
function isStoreAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EHOSTUNREACH', 'ENOTFOUND'].includes(code)) return true;
  if (code.startsWith('08') || code.startsWith('57P') || code === '53300' || code === '57014') return true;
  return ['Connection terminated', 'timeout exceeded when trying to connect', 'Query read timeout', 'Client has encountered a connection error'].some((words) => thrown.message.includes(words));
}
