import { Body, Controller, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { type Line, rowsOf, type Snapshot } from '@tipring/config';
import { type Author, LiveConfiguration, newId } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { LineChange, LineCreation, LineFilter, LineLiveRepresentation, LineRepresentation, presentLine, presentLiveLine } from './analog-representations.ts';
import { Caller } from './api-key.guard.ts';
import { change, changed } from './change.ts';
import { requireMatch, withEtag } from './etag.ts';
import { presenceOf, requireFitting } from './fitting-port.ts';
import { patched } from './merge-patch.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { ANALOG, type AnalogLive, type Cards, CARDS } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';

const ListQuery = PageQuery.extend(LineFilter);
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/lines')
export class LinesController {
  readonly #configuration: LiveConfiguration;
  readonly #cards: Cards;
  readonly #analog: AnalogLive;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(CARDS) cards: Cards, @Inject(ANALOG) analog: AnalogLive) {
    this.#configuration = configuration;
    this.#cards = cards;
    this.#analog = analog;
  }

  @Operation({ method: 'GET', path: '', id: 'listLines', summary: 'Lines, by key', scope: 'read', status: 200, response: pageOf('Line', LineRepresentation), problems: ['invalidCursor'] })
  async list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const isPresent = await presenceOf(this.#cards, 'fxo');
    const { snapshot } = this.#configuration;
    const rows = [...snapshot.lines.values()].filter(
      ({ key, port }) => (after === undefined || key > after) && (query.key === undefined || key === query.key) && (query.port === undefined || `${port.card}/${port.port}` === query.port),
    );
    return page(rows, query.limit, (line) => [line.key], (line) => presentLine(line, isPresent(line.port)));
  }

  @Operation({ method: 'GET', path: ':id', id: 'getLine', summary: 'One line', scope: 'read', status: 200, response: LineRepresentation, etag: true, problems: ['notFound'] })
  async get(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Res({ passthrough: true }) reply: FastifyReply) {
    const line = found(this.#configuration.snapshot, id);
    return withEtag(reply, line, await this.#present(line));
  }

  @Operation({ method: 'GET', path: ':id/live', id: 'getLineLive', summary: 'What a line does now, and what is measured on its wires', scope: 'read', status: 200, response: LineLiveRepresentation, problems: ['notFound'] })
  async live(@Param({ schema: ById }) { id }: z.infer<typeof ById>): Promise<z.infer<typeof LineLiveRepresentation>> {
    const line = found(this.#configuration.snapshot, id);
    const measured = await this.#cards.measure(line.port);
    const live = this.#analog.find(id);
    return presentLiveLine(line, live?.kind === 'line' ? live : undefined, measured.ok ? measured.value : null, Date.now());
  }

  @Operation({
    method: 'POST', path: '', id: 'createLine', summary: 'A new line', description: 'Its card need not be there yet. It begins uncommissioned: it takes calls and makes none, and `nextStep` says what to do.',
    scope: 'write', status: 201, response: LineRepresentation, etag: true, problems: ['notUnique', 'danglingReference', 'contradiction'],
  })
  async create(@Body({ schema: LineCreation }) body: z.infer<typeof LineCreation>, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply) {
    await requireFitting(this.#cards, body.port, 'fxo');
    const now = new Date().toISOString();
    const line: Line = { id: newId('lin'), ...body, isCommissioned: false, version: 1, createdAt: now, updatedAt: now };
    await change(this.#configuration, (snapshot) => ({ ...rowsOf(snapshot), lines: [...snapshot.lines.values(), line] }), caller);
    void reply.header('location', `/api/v1/lines/${line.id}`);
    return withEtag(reply, line, await this.#present(found(this.#configuration.snapshot, line.id)));
  }

  @Operation({
    method: 'PATCH', path: ':id', id: 'changeLine', summary: 'Change a line, or commission it', description: 'JSON merge patch (RFC 7396): an override that is null is the region’s again; `port`, `inbound` and `outbound` are replaced as a whole.',
    scope: 'write', status: 200, response: LineRepresentation, ifMatch: true, etag: true, problems: ['notFound', 'notUnique', 'danglingReference', 'contradiction'],
  })
  async patch(
    @Param({ schema: ById }) { id }: z.infer<typeof ById>,
    @Body({ schema: LineChange }) body: z.infer<typeof LineChange>,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Author,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (body.port !== undefined) await requireFitting(this.#cards, body.port, 'fxo');
    const after = await change(
      this.#configuration,
      (snapshot) => {
        const line = found(snapshot, id);
        requireMatch(ifMatch, line);
        const edited = changed(line, { ...body, overrides: patched(line.overrides, body.overrides) }, new Date());
        return { ...rowsOf(snapshot), lines: [...snapshot.lines.values()].map((row) => (row.id === id ? edited : row)) };
      },
      caller,
    );
    const line = found(after, id);
    return withEtag(reply, line, await this.#present(line));
  }

  @Operation({ method: 'DELETE', path: ':id', id: 'deleteLine', summary: 'Delete a line', scope: 'write', status: 204, ifMatch: true, problems: ['notFound'] })
  async delete(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Headers('if-match') ifMatch: string | undefined, @Caller() caller: Author): Promise<void> {
    await change(
      this.#configuration,
      (snapshot) => {
        requireMatch(ifMatch, found(snapshot, id));
        return { ...rowsOf(snapshot), lines: [...snapshot.lines.values()].filter((row) => row.id !== id) };
      },
      caller,
    );
  }

  async #present(line: Line) {
    const isPresent = await presenceOf(this.#cards, 'fxo');
    return presentLine(line, isPresent(line.port));
  }
}

function found(snapshot: Snapshot, id: string): Line {
  return snapshot.lines.get(id) ?? refuse('notFound', 'There is no line with this id. GET /api/v1/lines?port=CARD/NUMBER finds one by its port.');
}
