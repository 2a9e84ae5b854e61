import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * The command on the given CPUs only (`'0'`, `'0,1'`, `'2-3'`). taskset becomes the program itself: same pid, same channels.
 */
export function pinned(cpus: string | undefined, command: readonly string[]): string[] {
  return cpus === undefined ? [...command] : ['taskset', '--cpu-list', cpus, ...command];
}

/** Moves a running process, all of its threads, to the given CPUs. */
export function pin(pid: number, cpus: string): void {
  const { status, stderr, error } = spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cpus, String(pid)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`taskset: ${error?.message ?? stderr}`);
}

/** Two CPUs, so that the load does not take from what is measured. Undefined on a machine with one. */
export function twoCpus(): { measured: string; load: string } | undefined {
  return availableParallelism() >= 2 ? { measured: '0', load: '1' } : undefined;
}
