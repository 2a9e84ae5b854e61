import { describe, expect, test } from 'vitest';
import { diff } from './diff.ts';
import { emptySystem, imported, tools } from './document/document-bed.ts';
import { randomDocument, randomFrom } from './document/random-document.ts';
import { kindNames, kinds } from './kinds.ts';
import { buildSnapshot, type Snapshot } from './snapshot.ts';
import { undone } from './undo.ts';

const now = '2026-11-24T00:00:00.000Z';

describe('undoing', () => {
  test('any number of changes puts back what was, and no version comes twice', () => {
    const one = tools();
    for (let seed = 1; seed <= 40; seed += 1) {
      const steps: Snapshot[] = [emptySystem()];
      for (let step = 0; step < 3; step += 1) steps.push(imported(randomDocument(randomFrom(seed * 10 + step)), steps.at(-1), one).snapshot);
      const [first, last] = [steps[seed % 3]!, steps.at(-1)!];
      const newestFirst = steps.slice(seed % 3).toReversed().flatMap((after, at, all) => (all[at + 1] === undefined ? [] : diff(all[at + 1]!, after).toReversed()));
      const built = buildSnapshot(undone(last, newestFirst, now));
      expect(built.ok ? contentOf(built.value) : built.problems).toEqual(contentOf(first));
      if (!built.ok) continue;
      for (const kind of kindNames) {
        for (const [id, row] of built.value[kinds[kind].rows]) {
          const standing = last[kinds[kind].rows].get(id);
          expect(row === standing || standing === undefined || row.version === standing.version + 1).toBe(true);
        }
      }
    }
  });
});

/** Without what counts. */
function contentOf(snapshot: Snapshot): unknown {
  const { version: _1, updatedAt: _2, ...settings } = snapshot.settings;
  return [settings, ...kindNames.map((kind) => [...snapshot[kinds[kind].rows].values()].map(({ version: _3, updatedAt: _4, ...row }) => row))];
}
