import type { DataSource, QueryDeepPartialEntity } from 'typeorm';
import { type DrillRow, drillSchema } from './schema/happenings.ts';

/** A drill as it is kept. Instants are ms since the epoch; `asked` and `result` are plain JSON, known to who writes them. */
export interface KeptDrill<Asked = unknown, Outcome = unknown> {
  readonly id: string;
  readonly trunkId: string;
  readonly callId: string;
  readonly asked: Asked;
  readonly startedAt: number;
  /** Null: it goes on, or the process was restarted meanwhile. */
  readonly endedAt: number | null;
  readonly result: Outcome | null;
}

/** The evidence that a trunk’s failure was survived. Rejects when the database cannot be reached. */
export class DrillLog<Asked, Outcome> {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  async began({ id, trunkId, callId, asked, startedAt }: Omit<KeptDrill<Asked, Outcome>, 'endedAt' | 'result'>): Promise<void> {
    const row = { id, trunkId, callId, asked, startedAt: new Date(startedAt), endedAt: null, result: null };
    await this.#orm.getRepository(drillSchema).insert(row as unknown as QueryDeepPartialEntity<DrillRow>);
  }

  async ended(id: string, endedAt: number, result: Outcome): Promise<void> {
    await this.#orm.getRepository(drillSchema).update({ id }, { endedAt: new Date(endedAt), result } as QueryDeepPartialEntity<DrillRow>);
  }

  async find(trunkId: string, id: string): Promise<KeptDrill<Asked, Outcome> | undefined> {
    const row = await this.#orm.getRepository(drillSchema).findOneBy({ id, trunkId });
    return row === null ? undefined : keptDrill(row);
  }

  /** Newest first; `before`: continue below this id. */
  async latest(trunkId: string, query: { readonly limit: number; readonly before?: string | undefined }): Promise<readonly KeptDrill<Asked, Outcome>[]> {
    const rows = this.#orm.getRepository(drillSchema).createQueryBuilder('drill').where('drill.trunkId = :trunkId', { trunkId }).orderBy('drill.id', 'DESC').limit(query.limit);
    if (query.before !== undefined) rows.andWhere('drill.id < :before', { before: query.before });
    return (await rows.getMany()).map((row) => keptDrill<Asked, Outcome>(row));
  }
}

function keptDrill<Asked, Outcome>(row: DrillRow): KeptDrill<Asked, Outcome> {
  return { ...row, asked: row.asked as Asked, startedAt: row.startedAt.getTime(), endedAt: row.endedAt?.getTime() ?? null, result: row.result as Outcome | null };
}
