import type { Line, LineGroup } from '@tipring/config';
import type { Availabilities } from '@tipring/telephony';
import type { RoutingState } from '../routing-state.ts';

/** The lines of a group in the order in which a call out tries them, whatever state they are in. */
export function huntOrder({ id, hunt, fromTheEnd }: LineGroup, lines: readonly Line[], state: RoutingState): readonly Line[] {
  const listed = fromTheEnd ? lines.toReversed() : lines;
  switch (hunt) {
    case 'linear':
      return listed;
    case 'roundRobin': {
      const last = state.lastTaken(id);
      const next = listed.findIndex((line) => line.id === last) + 1;
      return [...listed.slice(next), ...listed.slice(0, next)];
    }
    case 'leastRecentlyUsed':
      return by(listed, ({ id: line }) => idleSince(line, state));
    case 'mostIdle':
      return by(listed, ({ id: line }) => state.availability(line)?.usedMs ?? 0);
  }
}

/** One that had no call since the start has rested longest. */
function idleSince(line: string, availabilities: Availabilities): number {
  return availabilities.availability(line)?.idleSince ?? -Infinity;
}

/** Equal ones as they were. */
function by(lines: readonly Line[], rank: (line: Line) => number): readonly Line[] {
  const ranked = lines.map((line) => ({ line, rank: rank(line) }));
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)).map(({ line }) => line);
}
