import type { Destination } from './destination.ts';
import type { ConfigurationProblem } from './result.ts';
import type { Carrier, InboundRoute, OutboundRoute } from './routes.ts';
import type { ConfigurationRows } from './rows.ts';

/** Ids of routing's rows that name nothing. Of a row whose own fields are not sound nothing more is said. */
export function referenceProblems(rows: ConfigurationRows, isSound: (row: object) => boolean): readonly ConfigurationProblem[] {
  const ids = {
    trunk: idsOf(rows.trunks), line: idsOf(rows.lines), lineGroup: idsOf(rows.lineGroups), extension: idsOf(rows.extensions),
    schedule: idsOf(rows.schedules), pinSet: idsOf(rows.pinSets), permission: idsOf(rows.permissions), emergencyLocation: idsOf(rows.emergencyLocations),
  };
  const problems: ConfigurationProblem[] = [];
  const refer = (kind: keyof typeof ids, id: string | null | undefined, pointer: string): void => {
    if (id !== null && id !== undefined && !ids[kind].has(id)) problems.push({ code: 'danglingReference', pointer, hint: `There is no ${names[kind]} ${id}.` });
  };
  const referCarrier = ({ type, id }: Carrier, pointer: string): void => refer(type, id, `${pointer}/id`);
  const referDestination = (destination: Destination | null, pointer: string): void => {
    if (destination?.type === 'extension') refer('extension', destination.id, `${pointer}/id`);
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
  each(rows.extensions, '/extensions', ({ calling }, pointer) => {
    refer('permission', calling?.permissionId, `${pointer}/calling/permissionId`);
    refer('emergencyLocation', calling?.locationId, `${pointer}/calling/locationId`);
  });
  if (isSound(rows.settings)) {
    refer('permission', rows.settings.site.permissionId, '/settings/site/permissionId');
    refer('emergencyLocation', rows.settings.emergency.locationId, '/settings/emergency/locationId');
  }
  return problems;
}

function idsOf(rows: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(rows.map(({ id }) => id));
}

const names = { trunk: 'trunk', line: 'line', lineGroup: 'line group', extension: 'extension', schedule: 'schedule', pinSet: 'PIN set', permission: 'permission', emergencyLocation: 'emergency location' } as const;
