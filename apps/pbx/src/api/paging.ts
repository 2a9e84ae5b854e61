import { z } from 'zod';
import { refuse } from './problem.ts';

/** What every list takes. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: 'How many at most' }),
  after: z.string().max(500).optional().meta({ description: 'The `next` of the page before' }),
});

export function pageOf<Item extends z.ZodType>(name: string, item: Item) {
  return z
    .object({ items: z.array(item), next: z.string().nullable().meta({ description: 'For `after`; null on the last page' }) })
    .meta({ id: `${name}Page` });
}

/** One more than asked for is looked up, to know whether there is a next page. */
export function page<Row, Item>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => readonly (string | number)[], present: (row: Row) => Item): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(present), next: rows.length > limit && last !== undefined ? Buffer.from(JSON.stringify(cursorOf(last))).toString('base64url') : null };
}

/** The sort key of the last row of the page before. */
export function cursor<Schema extends z.ZodType>(after: string | undefined, schema: Schema): z.infer<Schema> | undefined {
  if (after === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
  } catch {
    return refuse('invalidCursor', 'Use the `next` of the page before as it came.');
  }
}
