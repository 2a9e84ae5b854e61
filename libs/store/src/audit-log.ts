import { createHash } from 'node:crypto';
import { type Device, type Kind, withSecrets } from '@tipring/config';
import type { DataSource } from 'typeorm';
import { auditSchema, type AuditRow } from './schema/access.ts';

/** On whose behalf something is done: an API key's id, or 'system'. */
export interface Author {
  readonly actor: string;
  readonly requestId: string | null;
}

/** Who did what to what, and what it was like before and after (secrets left out). */
export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  /** `kind:id` */
  readonly target: string;
  readonly before: object | null;
  readonly after: object | null;
  readonly requestId: string | null;
}

export class AuditLog {
  readonly #orm: DataSource;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /**
   * Rows are numbered as they are written: one after the other, in the order of the acts, also where nobody awaits them.
   * Rejects when the database does not take it, or when too many wait for a database that is away.
   */
  async record(author: Author, action: string, target: string, before: object | null, after: object | null): Promise<void> {
    if (this.#waiting >= MOST_WAITING) throw new Error(`${MOST_WAITING} audit rows are waiting for the database`);
    const entry = auditEntry(author, action, target, before, after);
    this.#waiting += 1;
    const written = this.#last.then(async () => {
      await this.#orm.getRepository(auditSchema).insert(entry);
    });
    this.#last = written.catch(() => undefined).then(() => void (this.#waiting -= 1));
    await written;
  }

  /** Newest first; `before`: continue below this id. */
  async latest(query: { readonly limit: number; readonly before?: string | undefined; readonly target?: string | undefined }): Promise<readonly AuditEntry[]> {
    const rows = this.#orm.getRepository(auditSchema).createQueryBuilder('audit').orderBy('audit.id', 'DESC').limit(query.limit);
    if (query.before !== undefined) rows.andWhere('audit.id < :before', { before: query.before });
    if (query.target !== undefined) rows.andWhere('audit.target = :target', { target: query.target });
    return (await rows.getMany()).map((row) => ({ ...row, at: row.at.toISOString() }));
  }
}

export function auditEntry(author: Author, action: string, target: string, before: object | null, after: object | null): Omit<AuditRow, 'id'> {
  return { at: new Date(), actor: author.actor, action, target, before, after, requestId: author.requestId };
}

/** An audit row is read by more people than the secrets are meant for. */
export function withoutSecrets(kind: Kind | 'settings', row: object): object {
  if (kind !== 'device') return withSecrets(kind, row, () => '(secret)');
  const { ha1, ...rest } = row as Device;
  // Enough to see that the password was changed, nothing to compute with. Of what people think up, such as a PIN, not even that: it could be tried out.
  return { ...rest, credentials: createHash('sha256').update(JSON.stringify(ha1)).digest('hex').slice(0, 8) };
}

const MOST_WAITING = 1_000;
