import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exercise, mutate, pathologicalMessages, seeded } from './mutations.test-support.ts';

const folder = new URL('../../test-data/rfc4475/', import.meta.url);
const corpus = readdirSync(folder).map((name) => Uint8Array.from(readFileSync(new URL(name, folder))));

// The bench `sip-parser` runs 100,000 and more and measures the worst time and the heap.
test('twenty thousand damaged messages: nothing throws, what is accepted can be written and read again', () => {
  const random = seeded(4475);
  const counts = { ok: 0, respond: 0, drop: 0 };
  for (let count = 0; count < 20_000; count += 1) {
    const bytes = mutate(corpus, random);
    try {
      counts[exercise(bytes)] += 1;
    } catch (error) {
      throw new Error(`mutant ${String(count)}: ${JSON.stringify(Buffer.from(bytes.subarray(0, 2000)).toString('latin1'))}`, { cause: error });
    }
  }
  // The damage is of the kind that tells: each way out is taken often.
  expect(Math.min(counts.ok, counts.respond, counts.drop)).toBeGreaterThan(1000);
}, 60_000);

// Without limits on fields and lists, which would refuse most of these before a value is read.
const unlimited = { messageBytes: 70_000, headerCount: 70_000, headerBytes: 70_000, listElements: 70_000 };

test.each(pathologicalMessages())('the largest message of %s costs no more than its length', (_, bytes) => {
  // CPU time: what others do meanwhile does not count. Linear is below 10 ms here; looking at each byte once for every other byte would be four thousand million steps, seconds.
  const times = Array.from({ length: 3 }, () => {
    const begun = process.cpuUsage();
    exercise(bytes, unlimited);
    exercise(bytes);
    return process.cpuUsage(begun).user / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(300);
});
