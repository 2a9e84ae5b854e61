import { expect, test } from 'vitest';
import { readDocument } from './document-reader.ts';

const long = `version: 1\nextensions:\n${Array.from({ length: 2_000 }, (_, at) => `  desk-${at}: { number: "${1_000 + at}" }\n`).join('')}`;

test('a long document is read as a short one is, and meanwhile everything else goes on', async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const read = await readDocument(long);
  clearInterval(timer);
  expect(read.ok && Object.keys((read.value as { extensions: object }).extensions).length).toBe(2_000);
  expect(turns).toBeGreaterThan(1);
  expect(await readDocument('version: 1\n')).toEqual({ ok: true, value: { version: 1 } });
});

test('what is wrong with a long one is told with its place', async () => {
  expect(await readDocument(`${long}version: 2\n`)).toMatchObject({ ok: false, problems: [{ code: 'syntax', hint: expect.stringContaining('line 2003') as string }] });
});
