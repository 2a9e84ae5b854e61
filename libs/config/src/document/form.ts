import { z } from 'zod';
import type { DigestSecrets } from '../device.ts';
import type { Kind, RowOf } from '../kinds.ts';
import type { Site } from '../site.ts';
import type { Ids, Names } from './references.ts';
import type { SecretContext } from './sealer.ts';

/** How objects of one kind stand in a document. Which they are says their key, outside of them. */
export interface Form<Of extends Kind = Kind, Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** What is meant where an optional field is left out that is not everywhere the same. */
  usual(key: string, site: Site): object;
  /** Everything, with nothing left out. */
  write(row: RowOf<Of>, to: Writing): object;
  /** What a person may set on it. */
  read(written: z.output<Schema>, from: Reading<Of>): Settings<Of>;
}

export type Settings<Of extends Kind> = Omit<RowOf<Of>, 'id' | 'key' | 'version' | 'createdAt' | 'updatedAt'>;

export interface Writing extends Names {
  readonly realm: string;
  /** As it stands in the document. */
  secret(text: string, context: SecretContext): string;
}

export interface Reading<Of extends Kind = Kind> extends Ids {
  readonly key: string;
  readonly site: Site;
  /** What the configuration has by this key. */
  readonly current: RowOf<Of> | undefined;
  /**
   * `given`: sealed, or plain and then a new one that must fit `schema`, or left out: it stays what it was, `kept`. Tells of what is
   * missing or cannot be opened; what it then returns is of no consequence.
   */
  secret(given: string | undefined, context: SecretContext, schema: z.ZodType<string>, kept: string | undefined, pointer: string): string;
  /** The digests of a device’s password; makes one when none is given and none can stay. */
  digests(given: string | undefined, username: string): DigestSecrets;
}

/** Longer than a secret may be, because sealed it is longer. */
export const WrittenSecret = z
  .string()
  .min(1)
  .max(1_024)
  .optional()
  .meta({ description: 'As it was exported (`sealed:…`), or plain: a new one; left out: it stays what it is' });

/** A name for what has none: `front-desk` is “Front desk”. */
export function nameOf(key: string): string {
  const words = key.split('-').filter((word) => word !== '').join(' ');
  return words === '' ? key : words[0]!.toUpperCase() + words.slice(1);
}

export const DisplayName = z.string().trim().min(1).max(80).optional().meta({ description: 'Left out: told by the key; front-desk is “Front desk”' });
