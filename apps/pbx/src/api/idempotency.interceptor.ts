import { createHash } from 'node:crypto';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { IdempotencyKeys } from '@tipring/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { authorOf } from './api-key.guard.ts';
import { OPERATION, type OperationSettings } from './operation.ts';
import { refuse } from './problem.ts';

/**
 * POST with an Idempotency-Key is done once; a repetition within a day gets the first answer again, marked
 * Idempotency-Replayed. What is shown once (a password, a key) is not kept for that and is null in the repetition.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  readonly #keys: IdempotencyKeys;

  constructor(keys: IdempotencyKeys) {
    this.#keys = keys;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    const operation = Reflect.getMetadata(OPERATION, context.getHandler()) as OperationSettings;
    if (request.method !== 'POST' || key === undefined || operation.scope === null) return next.handle();
    if (typeof key !== 'string' || key.length === 0 || key.length > 255) refuse('invalidValue', 'Idempotency-Key is one value of 1 to 255 characters.');

    const { actor } = authorOf(request);
    const fingerprint = createHash('sha256').update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`).digest('hex');
    const claim = await this.#keys.claim(actor, key, fingerprint);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    switch (claim.state) {
      case 'different':
        return refuse('idempotencyKeyReused', 'Use a new key for a new request.');
      case 'inProgress':
        return refuse('requestInProgress', 'Wait for its answer, or try again in a moment.');
      case 'done':
        void reply.status(claim.answer.status).headers({ ...claim.answer.headers, 'idempotency-replayed': 'true' });
        return of(claim.answer.body);
      case 'new':
        return of(await this.#first(operation, actor, key, next, reply));
    }
  }

  async #first(operation: OperationSettings, actor: string, key: string, next: CallHandler, reply: FastifyReply): Promise<unknown> {
    let body: unknown;
    try {
      body = await lastValueFrom(next.handle(), { defaultValue: null });
    } catch (error) {
      await this.#keys.abandon(actor, key);
      throw error;
    }
    const headers: Record<string, string> = {};
    for (const name of ['etag', 'location']) {
      const value = reply.getHeader(name);
      if (typeof value === 'string') headers[name] = value;
    }
    await this.#keys.finish(actor, key, { status: operation.status, headers, body: withoutShownOnce(body, operation.shownOnce) });
    return body;
  }
}

function withoutShownOnce(body: unknown, fields: readonly string[] = []): object | null {
  if (typeof body !== 'object' || body === null) return null;
  return fields.length === 0 ? body : { ...body, ...Object.fromEntries(fields.map((field) => [field, null])) };
}
