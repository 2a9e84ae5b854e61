import type { Extension } from '../extension.ts';
import type { Schedule } from '../schedule.ts';
import type { Snapshot } from '../snapshot.ts';
import { numbersInUse } from './office-warnings.ts';
import type { ConfigurationWarning, WarningContext } from './warning.ts';

/** Extensions, schedules and what nothing refers to. */
export function callingWarnings(snapshot: Snapshot, { now }: WarningContext): readonly ConfigurationWarning[] {
  return [
    ...numbersInUse(snapshot).flatMap(({ number, pointer }) => prefixWarnings(number, pointer, snapshot)),
    ...[...snapshot.extensions.values()].flatMap((extension) => extensionWarnings(extension, snapshot)),
    ...[...snapshot.stations.values()].flatMap(({ key, extensionId, overrides }) =>
      overrides.hotline !== undefined && overrides.hotline.number === snapshot.extensions.get(extensionId)?.number
        ? [{ code: 'loopsToItself', pointer: `/stations/${key}/overrides/hotline`, hint: 'Its hotline calls its own extension, which is then busy.' } as const]
        : [],
    ),
    ...[...snapshot.schedules.values()].flatMap((schedule) => (isPast(schedule, now) ? [{ code: 'past', pointer: `/schedules/${schedule.key}`, hint: 'It has no week, and its days are over: it is never open again.' } as const] : [])),
    ...unused(snapshot),
  ];
}

function prefixWarnings(number: string, pointer: string, snapshot: Snapshot): readonly ConfigurationWarning[] {
  const { outsidePrefix } = snapshot.settings.site;
  if (outsidePrefix === '' || !number.startsWith(outsidePrefix)) return [];
  return [{ code: 'prefixTaken', pointer, hint: `${number} begins with ${outsidePrefix}, which is dialled for outside: a telephone cannot tell when the number is complete.` }];
}

/** Without a telephone an extension can have its calls taken elsewhere. */
function extensionWarnings({ id, key, forwarding, followMe, voicemailBoxId }: Extension, snapshot: Snapshot): readonly ConfigurationWarning[] {
  const isElsewhere = forwarding.always !== null || forwarding.unreachable !== null || voicemailBoxId !== null || (followMe.isEnabled && followMe.steps.length > 0);
  if (isElsewhere || [...snapshot.devicesOf(id), ...snapshot.stationsOf(id)].length > 0) return [];
  return [{ code: 'noTelephone', pointer: `/extensions/${key}`, hint: 'It has neither a device nor a station: nobody can take its calls.' }];
}

function isPast({ week, holidays, override }: Schedule, now: string): boolean {
  // A day more: it may be yesterday still in the schedule’s time zone.
  const today = now.slice(0, 10);
  return override === null && week.length === 0 && holidays.length > 0 && holidays.every(({ to, everyYear }) => !everyYear && dayAfter(to) < today);
}

/** Of a date `2026-12-24`, by the calendar; dates compare as text. */
function dayAfter(date: string): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day + 1)).toISOString().slice(0, 10);
}

function unused(snapshot: Snapshot): readonly ConfigurationWarning[] {
  const { site, emergency } = snapshot.settings;
  const [extensions, inbound, outbound] = [[...snapshot.extensions.values()], [...snapshot.inboundRoutes.values()], [...snapshot.outboundRoutes.values()]];
  const used = new Set([
    site.permissionId, emergency.locationId,
    ...extensions.flatMap(({ calling }) => [calling?.permissionId, calling?.locationId]),
    ...[...inbound, ...outbound].map(({ match }) => match.schedule?.scheduleId),
    ...[...snapshot.ivrs.values()].flatMap(({ unless }) => unless.map(({ schedule }) => schedule.scheduleId)),
    ...outbound.map(({ pinSetId }) => pinSetId),
  ]);
  return (['permissions', 'pinSets', 'schedules', 'emergencyLocations'] as const).flatMap((rows) =>
    [...snapshot[rows].values()].flatMap(({ id, key }) => (used.has(id) ? [] : [{ code: 'unused', pointer: `/${rows}/${key}`, hint: 'Nothing refers to it.' } as const])),
  );
}
