import { Body, Controller, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiKeys, type Author } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { requireMatch, withEtag } from './etag.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { refuse } from './problem.ts';
import { ById, Instant } from './representations.ts';

const ScopeName = z.enum(['read', 'write', 'act']).meta({ description: 'read: look; write: change the configuration; act: make and end calls, lift blocks' });

const ApiKeyRepresentation = z
  .object({ id: z.string(), name: z.string(), prefix: z.string().meta({ description: 'Its first characters, to tell keys apart' }), scopes: z.array(ScopeName), version: z.int(), createdAt: Instant })
  .meta({ id: 'ApiKey' });

const ApiKeyWithSecret = ApiKeyRepresentation.extend({ secret: z.string().nullable().meta({ description: 'The key. Shown this once; only its hash is kept.' }) }).meta({ id: 'ApiKeyWithSecret' });

const ApiKeyCreation = z.strictObject({ name: z.string().trim().min(1).max(80), scopes: z.array(ScopeName).min(1).max(3) }).meta({ id: 'ApiKeyCreation' });

const Cursor = z.tuple([z.string()]);

@Controller('api/v1/api-keys')
export class ApiKeysController {
  readonly #keys: ApiKeys;

  constructor(@Inject(ApiKeys) keys: ApiKeys) {
    this.#keys = keys;
  }

  @Operation({ method: 'GET', path: '', id: 'listApiKeys', summary: 'API keys, oldest first', scope: 'read', status: 200, response: pageOf('ApiKey', ApiKeyRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const keys = this.#keys.list().filter((key) => after === undefined || key.id > after);
    return page(keys, query.limit, (key) => [key.id], (key) => key);
  }

  @Operation({ method: 'GET', path: ':id', id: 'getApiKey', summary: 'One API key', scope: 'read', status: 200, response: ApiKeyRepresentation, etag: true, problems: ['notFound'] })
  get(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Res({ passthrough: true }) reply: FastifyReply) {
    const key = this.#found(id);
    return withEtag(reply, key, key);
  }

  @Operation({ method: 'POST', path: '', id: 'createApiKey', summary: 'A new API key', scope: 'write', status: 201, response: ApiKeyWithSecret, etag: true, shownOnce: ['secret'], problems: ['storeUnavailable'] })
  async create(@Body({ schema: ApiKeyCreation }) body: z.infer<typeof ApiKeyCreation>, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof ApiKeyWithSecret>> {
    const mayGive = this.#keys.byId(caller.actor)?.scopes ?? [];
    const beyond = body.scopes.filter((scope) => !mayGive.includes(scope));
    if (beyond.length > 0) refuse('forbidden', `A key cannot give what it does not have: ${beyond.join(', ')}.`, '/scopes');
    const { key, secret } = await this.#keys.create(body.name, [...new Set(body.scopes)], caller);
    void reply.header('location', `/api/v1/api-keys/${key.id}`);
    return withEtag(reply, key, { ...key, scopes: [...key.scopes], secret });
  }

  @Operation({ method: 'DELETE', path: ':id', id: 'revokeApiKey', summary: 'Revoke an API key', description: 'It opens nothing from now on. A key cannot revoke itself, so that nobody is locked out by mistake.', scope: 'write', status: 204, ifMatch: true, problems: ['notFound', 'inUse', 'storeUnavailable'] })
  async revoke(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Headers('if-match') ifMatch: string | undefined, @Caller() caller: Author): Promise<void> {
    requireMatch(ifMatch, this.#found(id));
    if (id === caller.actor) refuse('inUse', 'This is the key you are using; revoke it with another one.');
    if (!(await this.#keys.revoke(id, caller))) refuse('notFound', 'Somebody else has just revoked it.');
  }

  #found(id: string) {
    return this.#keys.byId(id) ?? refuse('notFound', 'There is no API key with this id.');
  }
}
