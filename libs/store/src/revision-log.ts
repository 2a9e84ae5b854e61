import type { DataSource } from 'typeorm';
import type { Revision, RevisionSummary } from './revision.ts';
import { type RevisionRow, revisionSchema } from './schema/revision.ts';

/** The revisions, for reading. */
export class RevisionLog {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** Newest first; `before`: continue below this number. */
  async latest(query: { readonly limit: number; readonly before?: number | undefined }): Promise<readonly RevisionSummary[]> {
    const rows = this.#orm.getRepository(revisionSchema).createQueryBuilder('revision').orderBy('revision.number', 'DESC').limit(query.limit);
    if (query.before !== undefined) rows.where('revision.number < :before', { before: query.before });
    return (await rows.getMany()).map(summary);
  }

  /** undefined: there is none of that number. */
  async byNumber(number: number): Promise<Revision | undefined> {
    const row = await this.#orm.getRepository(revisionSchema).createQueryBuilder('revision').addSelect('revision.objects').where('revision.number = :number', { number }).getOne();
    return row === null ? undefined : { ...summary(row), objects: row.objects };
  }
}

function summary({ number, at, actor, requestId, why, restores, rolledBackBy, confirmBy, state, counts }: RevisionRow): RevisionSummary {
  return { number, at: at.toISOString(), actor, requestId, why, restores, rolledBackBy, confirmBy: confirmBy?.toISOString() ?? null, state, counts };
}
