import { Controller, Inject, Query } from '@nestjs/common';
import { AuditLog } from '@tipring/store';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { Instant } from './representations.ts';

const AuditRepresentation = z
  .object({
    id: z.string(),
    at: Instant,
    actor: z.string().meta({ description: 'The API key’s id, or `system`' }),
    action: z.string().meta({ examples: ['create', 'update', 'delete', 'originate', 'hangUp'] }),
    target: z.string().meta({ description: 'kind:id', examples: ['device:dev_0mzq3v8k1r9c5t7w2x4y'] }),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    requestId: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry', description: 'Who did what to what' });

const ListQuery = PageQuery.extend({ target: z.string().max(100).optional() });
const Cursor = z.tuple([z.string().regex(/^[0-9]{1,18}$/)]);

@Controller('api/v1/audit')
export class AuditController {
  readonly #audit: AuditLog;

  constructor(@Inject(AuditLog) audit: AuditLog) {
    this.#audit = audit;
  }

  @Operation({ method: 'GET', path: '', id: 'listAudit', summary: 'Who changed what, newest first', scope: 'read', status: 200, response: pageOf('AuditEntry', AuditRepresentation), problems: ['invalidCursor', 'storeUnavailable'] })
  async list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const rows = await this.#audit.latest({ limit: query.limit + 1, before: cursor(query.after, Cursor)?.[0], target: query.target });
    return page(rows, query.limit, (row) => [row.id], (row) => row);
  }
}
