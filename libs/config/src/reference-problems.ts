import { destinationKinds } from './destination.ts';
import { type Refer, type ReferDestination, referencesOf } from './feature-references.ts';
import { type Kind, kindNames, kinds } from './kinds.ts';
import type { ConfigurationProblem } from './result.ts';
import type { Carrier, InboundRoute, OutboundRoute } from './routes.ts';
import type { ConfigurationRows } from './rows.ts';

/** Ids that name nothing. Of a row whose own fields are not sound nothing more is said. */
export function referenceProblems(rows: ConfigurationRows, isSound: (row: object) => boolean): readonly ConfigurationProblem[] {
  const ids = new Map<Kind, ReadonlySet<string>>();
  const has = (kind: Kind, id: string): boolean => {
    let known = ids.get(kind);
    if (known === undefined) ids.set(kind, (known = new Set(rows[kinds[kind].rows].map((row) => row.id))));
    return known.has(id);
  };
  const problems: ConfigurationProblem[] = [];
  const refer: Refer = (kind, id, pointer) => {
    if (id !== null && id !== undefined && !has(kind, id)) problems.push({ code: 'danglingReference', pointer, hint: `There is no ${nameOf(kind)} ${id}.` });
  };
  const referCarrier = ({ type, id }: Carrier, pointer: string): void => refer(type, id, `${pointer}/id`);
  const referDestination: ReferDestination = (destination, pointer) => {
    if (destination !== null && 'id' in destination) refer(destinationKinds[destination.type], destination.id, `${pointer}/id`);
  };
  const each = <Row extends object>(of: readonly Row[], pointer: string, check: (row: Row, pointer: string) => void): void => {
    of.forEach((row, at) => {
      if (isSound(row)) check(row, `${pointer}/${at}`);
    });
  };

  each(rows.lineGroups, '/lineGroups', ({ lines }, pointer) => lines.forEach((id, at) => refer('line', id, `${pointer}/lines/${at}`)));
  each(rows.inboundRoutes, '/inboundRoutes', ({ match, destination }: InboundRoute, pointer) => {
    match.via.forEach((carrier, at) => referCarrier(carrier, `${pointer}/match/via/${at}`));
    refer('schedule', match.schedule?.scheduleId, `${pointer}/match/schedule/scheduleId`);
    referDestination(destination, `${pointer}/destination`);
  });
  each(rows.outboundRoutes, '/outboundRoutes', ({ match, pinSetId, attempts }: OutboundRoute, pointer) => {
    match.callers.forEach((id, at) => refer('extension', id, `${pointer}/match/callers/${at}`));
    refer('schedule', match.schedule?.scheduleId, `${pointer}/match/schedule/scheduleId`);
    refer('pinSet', pinSetId, `${pointer}/pinSetId`);
    attempts.forEach(({ via }, at) => referCarrier(via, `${pointer}/attempts/${at}/via`));
  });
  each(rows.lines, '/lines', ({ inbound }, pointer) => referDestination(inbound, `${pointer}/inbound`));
  for (const kind of kindNames) {
    const references = referencesOf[kind];
    if (references !== undefined) each(rows[kinds[kind].rows] as readonly never[], `/${kinds[kind].rows}`, (row, pointer) => references(row, pointer, refer, referDestination));
  }
  if (isSound(rows.settings)) {
    refer('permission', rows.settings.site.permissionId, '/settings/site/permissionId');
    refer('emergencyLocation', rows.settings.emergency.locationId, '/settings/emergency/locationId');
    refer('musicClass', rows.settings.voice.musicClassId, '/settings/voice/musicClassId');
  }
  return problems;
}

/** `lineGroup`: line group. */
function nameOf(kind: Kind): string {
  return kind === 'pinSet' ? 'PIN set' : kind === 'ivr' ? 'menu' : kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
