import type { Snapshot } from '../snapshot.ts';
import { numbersInUse } from './office-warnings.ts';
import type { ConfigurationWarning, WarningContext } from './warning.ts';

/** What would stand in the way of help. */
export function emergencyWarnings(snapshot: Snapshot, context: WarningContext): readonly ConfigurationWarning[] {
  const { site, emergency } = snapshot.settings;
  const warnings: ConfigurationWarning[] = [];
  const hasLine = [...snapshot.lines.values()].some(({ isEnabled }) => isEnabled);
  const hasTrunk = [...snapshot.trunks.values()].some(({ isEnabled }) => isEnabled);
  if (!hasLine && !hasTrunk) warnings.push({ code: 'noWayForEmergencies', pointer: '', hint: 'There is neither a line nor a trunk that is switched on: emergency calls cannot go out.' });

  const numbers = new Set([...context.emergencyNumbers(site.country), ...emergency.numbers, ...emergency.testNumbers]);
  for (const { number, words, pointer } of numbersInUse(snapshot)) {
    const without = site.outsidePrefix !== '' && number.startsWith(site.outsidePrefix) ? number.slice(site.outsidePrefix.length) : undefined;
    const taken = numbers.has(number) ? number : without !== undefined && numbers.has(without) ? without : undefined;
    if (taken !== undefined) warnings.push({ code: 'emergencyNumberTaken', pointer, hint: `Who dials ${number} calls the emergency number ${taken}, never this ${words}. Give it another number.` });
  }

  if (emergency.locationId === null) {
    const nowhere = [...snapshot.extensions.values()].filter(({ id, calling }) => (calling?.locationId ?? null) === null && snapshot.devicesOf(id).length + snapshot.stationsOf(id).length > 0);
    for (const { key } of nowhere.slice(0, mostNamed)) {
      warnings.push({ code: 'noEmergencyLocation', pointer: `/extensions/${key}`, hint: 'Where help is to go when it calls an emergency number is not known: give it `calling.location`, or all of them `settings.emergency.location`.' });
    }
    if (nowhere.length > mostNamed) warnings.push({ code: 'noEmergencyLocation', pointer: '/settings/emergency/location', hint: `Of ${nowhere.length - mostNamed} further extensions it is not known either.` });
  }
  return warnings;
}

/** More of one sort are counted. */
const mostNamed = 20;
