import { Body, Controller, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { type Extension, rowsOf, type Snapshot } from '@tipring/config';
import { type Author, LiveConfiguration, newId } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { change, changed } from './change.ts';
import { requireMatch, withEtag } from './etag.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { refuse } from './problem.ts';
import { ById, ExtensionChange, ExtensionCreation, ExtensionFilter, ExtensionRepresentation } from './representations.ts';

const ListQuery = PageQuery.extend(ExtensionFilter);
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/extensions')
export class ExtensionsController {
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#configuration = configuration;
  }

  @Operation({ method: 'GET', path: '', id: 'listExtensions', summary: 'Extensions, by number', scope: 'read', status: 200, response: pageOf('Extension', ExtensionRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const rows = [...this.#configuration.snapshot.extensions.values()].filter(
      (extension) =>
        (after === undefined || extension.number > after) &&
        (query.number === undefined || extension.number === query.number) &&
        (query.key === undefined || extension.key === query.key),
    );
    return page(rows, query.limit, (extension) => [extension.number], (extension) => extension);
  }

  @Operation({ method: 'GET', path: ':id', id: 'getExtension', summary: 'One extension', scope: 'read', status: 200, response: ExtensionRepresentation, etag: true, problems: ['notFound'] })
  get(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Res({ passthrough: true }) reply: FastifyReply): Extension {
    const extension = found(this.#configuration.snapshot, id);
    return withEtag(reply, extension, extension);
  }

  @Operation({ method: 'POST', path: '', id: 'createExtension', summary: 'A new extension', scope: 'write', status: 201, response: ExtensionRepresentation, etag: true, problems: ['notUnique'] })
  async create(@Body({ schema: ExtensionCreation }) body: z.infer<typeof ExtensionCreation>, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply): Promise<Extension> {
    const now = new Date().toISOString();
    const extension: Extension = { id: newId('ext'), ...body, version: 1, createdAt: now, updatedAt: now };
    await change(this.#configuration, (snapshot) => ({ ...rowsOf(snapshot), extensions: [...snapshot.extensions.values(), extension] }), caller);
    void reply.header('location', `/api/v1/extensions/${extension.id}`);
    return withEtag(reply, extension, extension);
  }

  @Operation({ method: 'PATCH', path: ':id', id: 'changeExtension', summary: 'Change an extension', description: 'JSON merge patch (RFC 7396).', scope: 'write', status: 200, response: ExtensionRepresentation, ifMatch: true, etag: true, problems: ['notFound', 'notUnique'] })
  async patch(
    @Param({ schema: ById }) { id }: z.infer<typeof ById>,
    @Body({ schema: ExtensionChange }) body: z.infer<typeof ExtensionChange>,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Author,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Extension> {
    const after = await change(
      this.#configuration,
      (snapshot) => {
        const extension = found(snapshot, id);
        requireMatch(ifMatch, extension);
        return { ...rowsOf(snapshot), extensions: [...snapshot.extensions.values()].map((row) => (row.id === id ? changed(row, body, new Date()) : row)) };
      },
      caller,
    );
    const extension = found(after, id);
    return withEtag(reply, extension, extension);
  }

  @Operation({ method: 'DELETE', path: ':id', id: 'deleteExtension', summary: 'Delete an extension that nothing belongs to', scope: 'write', status: 204, ifMatch: true, problems: ['notFound', 'inUse'] })
  async delete(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Headers('if-match') ifMatch: string | undefined, @Caller() caller: Author): Promise<void> {
    await change(
      this.#configuration,
      (snapshot) => {
        requireMatch(ifMatch, found(snapshot, id));
        const phones = [...snapshot.devicesOf(id), ...snapshot.stationsOf(id)];
        if (phones.length > 0) refuse('inUse', `Delete its devices and stations first, or give them to another extension: ${phones.map(({ key }) => key).join(', ')}.`);
        const lines = [...snapshot.lines.values()].filter(({ inbound }) => inbound?.type === 'extension' && inbound.id === id);
        if (lines.length > 0) refuse('inUse', `Let somebody else be called when these lines ring: ${lines.map(({ key }) => key).join(', ')}.`);
        return { ...rowsOf(snapshot), extensions: [...snapshot.extensions.values()].filter((row) => row.id !== id) };
      },
      caller,
    );
  }
}

function found(snapshot: Snapshot, id: string): Extension {
  return snapshot.extensions.get(id) ?? refuse('notFound', 'There is no extension with this id. GET /api/v1/extensions?number=… finds one by its number.');
}
