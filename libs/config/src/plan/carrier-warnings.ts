import type { Snapshot } from '../snapshot.ts';
import type { ConfigurationWarning } from './warning.ts';
import { canCarry, waysOut } from './ways-out.ts';

/** Trunks, lines and line groups that are of no use. */
export function carrierWarnings(snapshot: Snapshot): readonly ConfigurationWarning[] {
  const warnings: ConfigurationWarning[] = [];
  const routes = [...snapshot.outboundRoutes.values()];
  if (!routes.some(({ isEnabled, attempts }) => isEnabled && attempts.some(({ via }) => canCarry(via, snapshot)))) {
    warnings.push({ code: 'nothingReachesOutside', pointer: '/outboundRoutes', hint: 'No outbound route leads to a trunk or a commissioned line that is switched on: nobody can call outside, but emergency numbers.' });
  }

  const out = waysOut(snapshot);
  const inbound = [...snapshot.inboundRoutes.values()].filter(({ isEnabled }) => isEnabled);
  const isTaken = (id: string) => inbound.some(({ match }) => match.via.length === 0 || match.via.some((carrier) => carrier.id === id || (carrier.type === 'lineGroup' && snapshot.lineGroups.get(carrier.id)?.lines.includes(id))));

  const servers = new Map<string, string>();
  for (const { id, key, isEnabled, peering, server } of snapshot.trunks.values()) {
    if (!isEnabled) continue;
    if (peering.type === 'address' && peering.sources.length === 0) {
      const there = `${server.host.toLowerCase()}:${server.port ?? ''}`;
      const first = servers.get(there);
      if (first === undefined) servers.set(there, key);
      else warnings.push({ code: 'notToldApart', pointer: `/trunks/${key}/server/host`, hint: `The trunk ${first} has the same server: which of the two a call comes in by is a matter of chance. Name the addresses of each in \`peering.sources\`, or use one trunk.` });
    }
    if (!out.has(id)) warnings.push({ code: 'nothingGoesOut', pointer: `/trunks/${key}`, hint: 'No outbound route leads to it.' });
    if (!isTaken(id)) warnings.push({ code: 'nobodyAnswers', pointer: `/trunks/${key}`, hint: 'No inbound route takes its calls: they are refused.' });
  }
  for (const { id, key } of snapshot.lineGroups.values()) {
    if (!out.has(id)) warnings.push({ code: 'nothingGoesOut', pointer: `/lineGroups/${key}`, hint: 'No outbound route leads to it.' });
  }
  for (const { id, key, isEnabled, isCommissioned, inbound: takes } of snapshot.lines.values()) {
    if (!isEnabled) continue;
    const [goesOut, comesIn] = [out.has(id), takes !== null || isTaken(id)];
    if (!goesOut && comesIn) warnings.push({ code: 'nothingGoesOut', pointer: `/lines/${key}`, hint: 'It is in no line group that an outbound route leads to: only emergency calls go out over it.' });
    if (!comesIn) warnings.push({ code: 'nobodyAnswers', pointer: `/lines/${key}`, hint: `It has no \`inbound\`, and no inbound route takes its calls: it rings and nobody is called.${goesOut ? '' : ' Nor is it in a line group by which calls go out.'}` });
    if (goesOut && !isCommissioned) warnings.push({ code: 'notCommissioned', pointer: `/lines/${key}/isCommissioned`, hint: 'Calls are to go out over it, but nobody has said that it was tried: until then it makes none but to emergency numbers.' });
  }
  return warnings;
}
