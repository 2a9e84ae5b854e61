import { Body, Controller, Inject, Param, Query } from '@nestjs/common';
import { type Author, type ChangeFailure, LiveConfiguration, RevisionLog } from '@tipring/store';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { presentRevision, presentRevisionSummary, RevisionRepresentation, RevisionSummaryRepresentation } from './config-representations.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { refuse, refuseAll } from './problem.ts';
import { Instant } from './representations.ts';

const ByNumber = z.object({ number: z.coerce.number().int().min(0).max(2_000_000_000) });
const Cursor = z.tuple([z.number().int()]);
const Why = z.strictObject({ why: z.string().trim().min(1).max(1_000).optional() }).default({}).meta({ id: 'RollbackCreation' });
const Confirmed = z.object({ revision: z.int() }).meta({ id: 'Confirmation' });
const RolledBack = z.object({ revision: z.int().nullable().meta({ description: 'The new one; null: nothing was different' }), confirmBy: Instant.nullable() }).meta({ id: 'Rollback' });

@Controller('api/v1/config/revisions')
export class RevisionsController {
  readonly #configuration: LiveConfiguration;
  readonly #revisions: RevisionLog;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(RevisionLog) revisions: RevisionLog) {
    this.#configuration = configuration;
    this.#revisions = revisions;
  }

  @Operation({ method: 'GET', path: '', id: 'listRevisions', summary: 'Changes of the configuration, newest first', scope: 'read', status: 200, response: pageOf('RevisionSummary', RevisionSummaryRepresentation), problems: ['invalidCursor', 'storeUnavailable'] })
  async list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const rows = await this.#revisions.latest({ limit: query.limit + 1, before: cursor(query.after, Cursor)?.[0] });
    return page(rows, query.limit, ({ number }) => [number], presentRevisionSummary);
  }

  @Operation({ method: 'GET', path: ':number', id: 'getRevision', summary: 'One change: who, when, why and what', scope: 'read', status: 200, response: RevisionRepresentation, problems: ['notFound', 'storeUnavailable'] })
  async get(@Param({ schema: ByNumber }) { number }: z.infer<typeof ByNumber>) {
    const revision = await this.#revisions.byNumber(number);
    return revision === undefined ? refuse('notFound', 'There is no revision of this number.') : presentRevision(revision);
  }

  @Operation({ method: 'POST', path: ':number/confirmation', id: 'confirmRevision', summary: 'It stands', description: 'For a change that goes back by itself otherwise.', scope: 'write', status: 201, response: Confirmed, problems: ['unknownRevision'] })
  async confirm(@Param({ schema: ByNumber }) { number }: z.infer<typeof ByNumber>, @Caller() caller: Author): Promise<z.infer<typeof Confirmed>> {
    const outcome = await this.#configuration.confirm(number, caller);
    return outcome.ok ? outcome.value : refused(outcome.problems);
  }

  @Operation({
    method: 'POST', path: ':number/rollback', id: 'rollBackToRevision', summary: 'Back to how it was with this revision', description: 'Puts in force again what was in force when this revision was the newest; 0: before the first. It is a change as any other. While one waits to be confirmed, this is the other way out.',
    scope: 'write', status: 201, response: RolledBack, problems: ['unknownRevision'],
  })
  async rollback(@Param({ schema: ByNumber }) { number }: z.infer<typeof ByNumber>, @Body({ schema: Why }) { why }: z.infer<typeof Why>, @Caller() caller: Author): Promise<z.infer<typeof RolledBack>> {
    const outcome = await this.#configuration.rollback(number, caller, why ?? null);
    return outcome.ok ? { revision: outcome.value.revision, confirmBy: outcome.value.confirmBy } : refused(outcome.problems);
  }
}

function refused(problems: readonly ChangeFailure[]): never {
  return refuseAll(problems.map((problem) => ({ ...problem, code: problem.code === 'changedMeanwhile' ? ('preconditionFailed' as const) : problem.code })));
}
