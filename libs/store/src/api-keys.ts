import { createHash, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type Author, auditEntry } from './audit-log.ts';
import { newId } from './new-id.ts';
import { apiKeySchema, auditSchema, type ApiKeyRow } from './schema/access.ts';

/** `read`: look. `write`: change the configuration. `act`: make and end calls, lift blocks. */
export type Scope = 'read' | 'write' | 'act';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** The first characters, so that people can tell keys apart. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly version: number;
  readonly createdAt: string;
}

/**
 * The keys that open the REST API. All are held in memory, so that a request is let in while PostgreSQL is away.
 *
 * Stored is SHA-256 of the key. That is enough here and a slow hash would be wrong: slow hashes make up for the few bits
 * of a human password, while these keys are 256 random bits which nobody searches; and every request has to pay for it.
 */
export class ApiKeys {
  readonly #orm: DataSource;
  #byHash = new Map<string, ApiKey>();

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  async load(): Promise<void> {
    const rows = await this.#orm.getRepository(apiKeySchema).find();
    this.#byHash = new Map(rows.map((row) => [row.hash, apiKeyFromRow(row)]));
  }

  /** Whose key this is. A look-up by hash: how long it takes says nothing about the key. */
  authenticate(presented: string): ApiKey | undefined {
    return this.#byHash.get(hashOf(presented));
  }

  /** Oldest first. */
  list(): readonly ApiKey[] {
    return [...this.#byHash.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  byId(id: string): ApiKey | undefined {
    return this.list().find((key) => key.id === id);
  }

  /** The secret is returned this once and cannot be had again. */
  async create(name: string, scopes: readonly Scope[], author: Author): Promise<{ readonly key: ApiKey; readonly secret: string }> {
    const secret = `tip_${randomBytes(32).toString('base64url')}`;
    const row: ApiKeyRow = { id: newId('key'), name, prefix: secret.slice(0, 10), hash: hashOf(secret), scopes: [...scopes], version: 1, createdAt: new Date() };
    const key = apiKeyFromRow(row);
    await this.#orm.transaction(async (manager) => {
      await manager.insert(apiKeySchema, row);
      await manager.insert(auditSchema, auditEntry(author, 'create', `apiKey:${row.id}`, null, key));
    });
    this.#byHash.set(row.hash, key);
    return { key, secret };
  }

  /** From now on it opens nothing. False: there is no such key. */
  async revoke(id: string, author: Author): Promise<boolean> {
    const found = [...this.#byHash].find(([, key]) => key.id === id);
    if (found === undefined) return false;
    await this.#orm.transaction(async (manager) => {
      await manager.delete(apiKeySchema, { id });
      await manager.insert(auditSchema, auditEntry(author, 'delete', `apiKey:${id}`, found[1], null));
    });
    this.#byHash.delete(found[0]);
    return true;
  }
}

export function apiKeyFromRow(row: ApiKeyRow): ApiKey {
  const { id, name, prefix, version } = row;
  return { id, name, prefix, scopes: row.scopes as Scope[], version, createdAt: row.createdAt.toISOString() };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
