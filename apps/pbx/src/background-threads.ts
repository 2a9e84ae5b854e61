import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Puts every thread but the one that handles calls behind it: V8's (marking, compiling) and whatever else runs now. On a core
 * that is nearly full they would otherwise take half of it for a tenth of a second, and messages wait that long. On Linux a
 * thread's id is taken where a process's is asked for (setpriority(2)); lowering needs no privilege.
 */
export function putBackgroundThreadsBehind(): void {
  for (const thread of threads()) {
    if (thread === process.pid) continue;
    try {
      setPriority(thread, BEHIND);
    } catch {
      // It has ended since.
    }
  }
}

function threads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}

const BEHIND = 10;
