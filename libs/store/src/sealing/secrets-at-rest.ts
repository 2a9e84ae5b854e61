import { isSealed, type Kind, type Sealer, withSecrets } from '@tipring/config';

/** Rows as they lie in the database: their secrets sealed. */
export class SecretsAtRest {
  readonly #sealer: Sealer;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  sealed<Row extends object>(kind: Kind | 'settings', row: Row): Row {
    return withSecrets(kind, row, (text, context) => this.#sealer.seal(text, context));
  }

  /** What an earlier version wrote plain is plain. Throws when it was sealed with another key: without its secrets the configuration is not the one that was written. */
  opened<Row extends object>(kind: Kind | 'settings', row: Row): Row {
    return withSecrets(kind, row, (text, context) => {
      if (!isSealed(text)) return text;
      const opened = this.#sealer.open(text, context);
      if (opened === undefined) throw new Error('The secrets in the database were sealed with another key: put the file secrets.key back that belongs to this database.');
      return opened;
    });
  }

  /** Whether a secret of it lies there plain. */
  isPlain(kind: Kind, row: object): boolean {
    let plain = false;
    withSecrets(kind, row, (text) => {
      plain ||= !isSealed(text);
      return text;
    });
    return plain;
  }
}
