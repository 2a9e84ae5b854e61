import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { putBackgroundThreadsBehind } from './background-threads.ts';

test('every thread but the main one yields to it', () => {
  putBackgroundThreadsBehind();
  const niceness = new Map(readdirSync('/proc/self/task').map((thread) => [Number(thread), niceOf(thread)]));
  expect(niceness.get(process.pid)).toBeLessThan(10);
  niceness.delete(process.pid);
  // V8 has threads of its own in any process; one that was started a moment ago may not be among those put behind.
  expect([...niceness.values()].filter((nice) => nice >= 10).length).toBeGreaterThan(0);
});

/** proc(5): nice is the 19th field of stat, the 17th after the name. */
function niceOf(thread: string): number {
  const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}
