import { type CanActivate, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ApiKey, ApiKeys, Author, Scope } from '@tipring/store';
import type { FastifyRequest } from 'fastify';
import { OPERATION, type OperationSettings } from './operation.ts';
import { refuse } from './problem.ts';

const keyOf = new WeakMap<FastifyRequest, ApiKey>();

/** `Authorization: Bearer tip_…` (RFC 6750 2.1), and the scope the operation asks for. */
export class ApiKeyGuard implements CanActivate {
  readonly #keys: ApiKeys;

  constructor(keys: ApiKeys) {
    this.#keys = keys;
  }

  canActivate(context: ExecutionContext): boolean {
    const operation = Reflect.getMetadata(OPERATION, context.getHandler()) as OperationSettings | undefined;
    if (operation === undefined) throw new Error(`${context.getHandler().name} is a route without @Operation`);
    if (operation.scope === null) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = requireKey(request, this.#keys);
    requireScope(key, operation.scope);
    keyOf.set(request, key);
    return true;
  }
}

/** Whose request it is; refused when it is nobody's. */
export function requireKey(request: FastifyRequest, keys: Pick<ApiKeys, 'authenticate'>): ApiKey {
  const authorization = request.headers.authorization ?? '';
  const key = authorization.toLowerCase().startsWith('bearer ') ? keys.authenticate(authorization.slice(7).trim()) : undefined;
  return key ?? refuse('unauthenticated', 'Send the header Authorization: Bearer KEY. The first key is in first-start.json in the data folder.');
}

/** Of what this request asks beyond its operation: refused unless its key has that scope too. */
export function requireAlso(request: FastifyRequest, scope: Scope): void {
  const key = keyOf.get(request) ?? refuse('unauthenticated', 'Send the header Authorization: Bearer KEY.');
  requireScope(key, scope);
}

function requireScope(key: ApiKey, scope: Scope): void {
  if (!key.scopes.includes(scope)) refuse('forbidden', `The key "${key.name}" lacks the scope ${scope}. Make one that has it with POST /api/v1/api-keys.`);
}

/** On whose behalf: for audit rows. */
export function authorOf(request: FastifyRequest): Author {
  return { actor: keyOf.get(request)?.id ?? 'anonymous', requestId: request.id };
}

export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Author => authorOf(context.switchToHttp().getRequest<FastifyRequest>()));
