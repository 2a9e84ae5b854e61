import type { CallRecord, StoryEntry } from '@tipring/telephony';
import { Brackets, type DataSource } from 'typeorm';
import { callRecordSchema, type CallRecordRow } from './schema/happenings.ts';

/** A record without its story. */
export type CallRecordSummary = Omit<CallRecord, 'story'>;

export interface CallRecordQuery {
  readonly limit: number;
  /** Continue below this one (newest first). */
  readonly before?: { readonly startedAt: number; readonly id: string } | undefined;
  /** Ms since the epoch, inclusive. */
  readonly since?: number | undefined;
  /** Ms since the epoch, exclusive. */
  readonly until?: number | undefined;
  /** Caller's or called number, exactly. */
  readonly number?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cause?: string | undefined;
}

/** A call that went outside, as what routing remembers of calls is made of it again. */
export interface OutsideCallRecord {
  readonly id: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly answeredBy: string | null;
  readonly emergency: string | null;
  readonly legs: CallRecord['legs'];
  /** How routing came to it; null: it was not written, as of calls that a restart interrupted. */
  readonly explanation: Readonly<Record<string, unknown>> | null;
}

export class CallRecordRepository {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** Newest first. */
  async latest(query: CallRecordQuery): Promise<readonly CallRecordSummary[]> {
    const records = this.#orm.getRepository(callRecordSchema).createQueryBuilder('record').orderBy('record.startedAt', 'DESC').addOrderBy('record.id', 'DESC').limit(query.limit);
    if (query.before !== undefined) records.andWhere('(record.startedAt, record.id) < (:startedAt, :id)', { startedAt: new Date(query.before.startedAt), id: query.before.id });
    if (query.since !== undefined) records.andWhere('record.startedAt >= :since', { since: new Date(query.since) });
    if (query.until !== undefined) records.andWhere('record.startedAt < :until', { until: new Date(query.until) });
    if (query.from !== undefined) records.andWhere('record.fromNumber = :from', { from: query.from });
    if (query.to !== undefined) records.andWhere('record.toNumber = :to', { to: query.to });
    if (query.cause !== undefined) records.andWhere('record.cause = :cause', { cause: query.cause });
    const { number } = query;
    if (number !== undefined) records.andWhere(new Brackets((either) => either.where('record.fromNumber = :number', { number }).orWhere('record.toNumber = :number', { number })));
    return (await records.getMany()).map(callRecordFromRow);
  }

  /** In the order in which they began; of more than `limit` the latest. */
  async outsideSince(since: number, limit: number): Promise<readonly OutsideCallRecord[]> {
    const rows: (Pick<CallRecordRow, 'id' | 'startedAt' | 'answeredAt' | 'endedAt' | 'answeredBy' | 'emergency' | 'legs'> & Pick<OutsideCallRecord, 'explanation'>)[] = await this.#orm.query(
      `SELECT id, started_at AS "startedAt", answered_at AS "answeredAt", ended_at AS "endedAt", answered_by AS "answeredBy", emergency, legs,
        jsonb_path_query_first(story, '$[*] ? (@.type == "routed").data.explanation') AS explanation
      FROM call_records WHERE direction = 'outbound' AND started_at >= $1 ORDER BY started_at DESC LIMIT $2`,
      [new Date(since), limit],
    );
    return rows.reverse().map(({ startedAt, answeredAt, endedAt, legs, ...row }) => ({ ...row, startedAt: startedAt.getTime(), answeredAt: answeredAt?.getTime() ?? null, endedAt: endedAt.getTime(), legs: legs as CallRecord['legs'] }));
  }

  async byId(id: string): Promise<CallRecordSummary | undefined> {
    const row = await this.#orm.getRepository(callRecordSchema).findOneBy({ id });
    return row === null ? undefined : callRecordFromRow(row);
  }

  /** With its story; undefined: there is no such record. */
  async wholeById(id: string): Promise<CallRecord | undefined> {
    const row = await this.#orm.getRepository(callRecordSchema).createQueryBuilder('record').addSelect('record.story').where('record.id = :id', { id }).getOne();
    return row === null ? undefined : { ...callRecordFromRow(row), story: row.story as StoryEntry[] };
  }

  /** undefined: there is no such record. */
  async storyOf(id: string): Promise<readonly StoryEntry[] | undefined> {
    const row = await this.#orm.getRepository(callRecordSchema).createQueryBuilder('record').select(['record.id', 'record.story']).where('record.id = :id', { id }).getOne();
    return row === null ? undefined : (row.story as StoryEntry[]);
  }
}

/** Rows are written by the record journal's statement, which is this mapper's other half. */
export function callRecordFromRow(row: Omit<CallRecordRow, 'story'>): CallRecordSummary {
  return {
    id: row.id,
    direction: row.direction as CallRecord['direction'],
    startedAt: row.startedAt.getTime(),
    answeredAt: row.answeredAt?.getTime() ?? null,
    endedAt: row.endedAt.getTime(),
    from: { number: row.fromNumber, ...(row.fromName === null ? {} : { name: row.fromName }), ...(row.fromAnonymous ? { anonymous: true } : {}) },
    to: row.toNumber,
    legs: row.legs as CallRecord['legs'],
    attempts: row.attempts as CallRecord['attempts'],
    emergency: row.emergency,
    segments: row.segments as CallRecord['segments'],
    continues: row.continues as CallRecord['continues'],
    continuedIn: row.continuedIn,
    cause: row.cause as CallRecord['cause'],
    evidence: row.evidence as CallRecord['evidence'],
    answeredBy: row.answeredBy,
    recovered: row.recovered,
  };
}
