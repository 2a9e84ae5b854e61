import type { QueueStrategy } from '@tipring/config';

/** One of a queue's agents, as who is to ring him must know him. */
export interface Candidate {
  readonly extensionId: string;
  readonly tier: number;
  /** He is there, and nothing keeps him. */
  readonly isFree: boolean;
  /** When he last took a call of the queue; null: he has not. */
  readonly lastCallAt: number | null;
  readonly callsToday: number;
}

/**
 * Whom a caller's call rings next: of the lowest tier of which anybody is free, by the queue's strategy. `candidates` are in the order of the configuration;
 * `last`: who was rung last, for taking turns. Empty: nobody can.
 */
export function nextAgents(strategy: QueueStrategy, candidates: readonly Candidate[], last: string | null): readonly string[] {
  const free = candidates.filter(({ isFree }) => isFree);
  const tier = Math.min(...free.map((one) => one.tier));
  const able = free.filter((one) => one.tier === tier);
  const [first] = able;
  if (first === undefined) return [];
  switch (strategy) {
    case 'all':
      return able.map(({ extensionId }) => extensionId);
    case 'linear':
      return [first.extensionId];
    case 'roundRobin': {
      const from = candidates.findIndex(({ extensionId }) => extensionId === last);
      const next = able.find((one) => candidates.indexOf(one) > from) ?? first;
      return [next.extensionId];
    }
    case 'leastRecent':
      return [least(able, ({ lastCallAt }) => lastCallAt ?? -Infinity).extensionId];
    case 'fewestCalls':
      return [least(able, ({ callsToday }) => callsToday).extensionId];
  }
}

/** Among equals the first. */
function least(candidates: readonly Candidate[], of: (candidate: Candidate) => number): Candidate {
  return candidates.reduce((best, one) => (of(one) < of(best) ? one : best));
}
