import { Controller, Inject, Param, Query } from '@nestjs/common';
import { AuditLog, type Author } from '@tipring/store';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { type Blocks, BLOCKS, LOG } from './ports.ts';
import { refuse } from './problem.ts';
import { Instant, instant } from './representations.ts';

const BlockRepresentation = z
  .object({
    source: z.string().meta({ description: 'An address, address:port where phones that signed in share it, or an IPv6 /64' }),
    reason: z.string(),
    since: Instant,
    until: Instant,
    refused: z.int().meta({ description: 'Messages dropped since' }),
  })
  .meta({ id: 'Block', description: 'A source that is shut out for a while' });

const BySource = z.object({ source: z.string().min(1).max(100) });
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/security/blocks')
export class SecurityController {
  readonly #blocks: Blocks;
  readonly #audit: AuditLog;
  readonly #log: Logger;

  constructor(@Inject(BLOCKS) blocks: Blocks, @Inject(AuditLog) audit: AuditLog, @Inject(LOG) log: Logger) {
    this.#blocks = blocks;
    this.#audit = audit;
    this.#log = log;
  }

  @Operation({ method: 'GET', path: '', id: 'listBlocks', summary: 'Sources that are shut out, and why', scope: 'read', status: 200, response: pageOf('Block', BlockRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const rows = this.#blocks
      .list()
      .filter((block) => after === undefined || block.source > after)
      .sort((a, b) => (a.source < b.source ? -1 : 1));
    return page(rows, query.limit, (block) => [block.source], (block) => ({ ...block, since: instant(block.since), until: instant(block.until) }));
  }

  @Operation({ method: 'DELETE', path: ':source', id: 'liftBlock', summary: 'Let a source in again', description: 'Its failures are forgotten.', scope: 'act', status: 204, problems: ['notFound'] })
  lift(@Param({ schema: BySource }) { source }: z.infer<typeof BySource>, @Caller() caller: Author): void {
    if (!this.#blocks.lift(source)) refuse('notFound', 'This source is not blocked. GET /api/v1/security/blocks names those that are.');
    this.#audit.record(caller, 'lift', `block:${source}`, null, null).catch((error: unknown) => this.#log.warn({ err: error, caller, source }, 'auditNotWritten'));
  }
}
