import type { DataSource } from 'typeorm';
import { secretSchema } from './schema/access.ts';

/** Secrets the system made for itself. All pbx processes of one database share them. */
export class SecretVault {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** The secret of that name; made, once for all processes, when there is none. */
  async ensure(name: string, make: () => string): Promise<string> {
    const secrets = this.#orm.getRepository(secretSchema);
    const known = await secrets.findOneBy({ name });
    if (known !== null) return known.value;
    await secrets.createQueryBuilder().insert().values({ name, value: make(), createdAt: new Date() }).orIgnore().execute();
    return (await secrets.findOneByOrFail({ name })).value;
  }
}
