import type { DataSource } from 'typeorm';

/** Ms since the epoch; `until` is not in it. */
export interface UsagePeriod {
  readonly since: number;
  readonly until: number;
}

/** A line, station or trunk that was in a call. Instants are ms since the epoch. */
export interface UsedLeg {
  readonly endpoint: string;
  readonly role: 'caller' | 'called';
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly cause: string | null;
}

/** A call that routing found ways for: what each was like, and which of those that were tried had no circuit. */
export interface AskedCall {
  readonly startedAt: number;
  readonly candidates: readonly { readonly endpoint: string; readonly state: string; readonly tried: boolean }[];
  readonly withoutCircuit: readonly string[];
}

/** What was used and what was wanted, out of the call records; in pieces, so that a report takes no more memory for a year than for a day. */
export class UsageRepository {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** Legs of the period in the order of their beginning, also those that began before it: in calls of the day before. */
  legs({ since, until }: UsagePeriod): AsyncGenerator<readonly UsedLeg[]> {
    return this.#read<UsedLeg>(
      `SELECT leg->>'endpoint' AS endpoint, leg->>'role' AS role, (leg->>'startedAt')::float8 AS "startedAt", (leg->>'answeredAt')::float8 AS "answeredAt",
        coalesce((leg->>'endedAt')::float8, extract(epoch FROM ended_at)::float8 * 1000) AS "endedAt", leg->>'cause' AS cause
      FROM call_records, jsonb_array_elements(legs) AS leg
      WHERE started_at >= to_timestamp($1::float8 / 1000) - interval '1 day' AND started_at < to_timestamp($2::float8 / 1000)
        AND leg->>'endpoint' ~ '^(lin|sta|trk)_' AND (leg->>'startedAt')::float8 < $2::float8
        AND coalesce((leg->>'endedAt')::float8, extract(epoch FROM ended_at)::float8 * 1000) > $1::float8
      ORDER BY "startedAt"`,
      [since, until],
    );
  }

  /** Calls of the period that went, or would have gone, over lines and trunks; in no order. */
  asked({ since, until }: UsagePeriod): AsyncGenerator<readonly AskedCall[]> {
    return this.#read<AskedCall>(
      `SELECT extract(epoch FROM started_at)::float8 * 1000 AS "startedAt",
        jsonb_path_query_array(story, '$[*] ? (@.type == "routed" || @.type == "refused").data.explanation.candidates[*] ? (@.kind == "line" || @.kind == "trunk")') AS candidates,
        jsonb_path_query_array(attempts, '$[*] ? (@.cause == "noCircuit").endpoints[*]') AS "withoutCircuit"
      FROM call_records
      WHERE started_at >= to_timestamp($1::float8 / 1000) AND started_at < to_timestamp($2::float8 / 1000)
        AND direction <> 'inbound' AND jsonb_path_exists(story, '$[*] ? (@.type == "routed" || @.type == "refused").data.explanation.candidates[*] ? (@.kind == "line" || @.kind == "trunk")')`,
      [since, until],
    );
  }

  async *#read<Row>(select: string, values: readonly number[]): AsyncGenerator<readonly Row[]> {
    const runner = this.#orm.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query(`DECLARE usage_rows NO SCROLL CURSOR FOR ${select}`, [...values]);
      for (;;) {
        const rows = (await runner.query(`FETCH ${PIECE} FROM usage_rows`)) as Row[];
        if (rows.length > 0) yield rows;
        if (rows.length < PIECE) return;
      }
    } finally {
      // Ends the cursor too; a connection that is lost has nothing to end.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  }
}

/** So many are counted in a few milliseconds: calls do not wait for a report. */
const PIECE = 500;
