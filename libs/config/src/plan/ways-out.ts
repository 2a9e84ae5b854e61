import type { Carrier } from '../routes.ts';
import type { Snapshot } from '../snapshot.ts';

/** Whether a call can go out there: a trunk that is switched on, a line that is and that somebody has tried. */
export function canCarry({ type, id }: Carrier, snapshot: Snapshot): boolean {
  switch (type) {
    case 'trunk': return snapshot.trunks.get(id)?.isEnabled === true;
    case 'line': return isReady(id, snapshot);
    case 'lineGroup': return snapshot.lineGroups.get(id)?.lines.some((line) => isReady(line, snapshot)) === true;
  }
}

function isReady(id: string, snapshot: Snapshot): boolean {
  const line = snapshot.lines.get(id);
  return line?.isEnabled === true && line.isCommissioned;
}

/** Trunks, lines and line groups that outbound routes lead to, those of groups too: their ids. */
export function waysOut(snapshot: Snapshot): ReadonlySet<string> {
  const ways = new Set<string>();
  for (const route of snapshot.outboundRoutes.values()) {
    if (!route.isEnabled) continue;
    for (const { via } of route.attempts) {
      ways.add(via.id);
      if (via.type === 'lineGroup') for (const line of snapshot.lineGroups.get(via.id)?.lines ?? []) ways.add(line);
    }
  }
  return ways;
}
