import type { ConfigurationProblem, ProblemCode } from './result.ts';
import type { ConfigurationRows } from './rows.ts';
import type { Schedule } from './schedule.ts';
import { tariffProblems } from './trunk-problems.ts';

/** What is wrong with schedules, PIN sets, line groups and routes, each by itself. Of a row whose own fields are not sound nothing is said. */
export function callingProblems({ schedules, pinSets, lineGroups, outboundRoutes }: ConfigurationRows, isSound: (row: object) => boolean): readonly ConfigurationProblem[] {
  const each = <Row extends object>(rows: readonly Row[], place: string, check: (row: Row, pointer: string) => readonly ConfigurationProblem[]) =>
    rows.flatMap((row, at) => (isSound(row) ? check(row, `/${place}/${at}`) : []));
  return [
    ...each(schedules, 'schedules', scheduleProblems),
    ...each(pinSets, 'pinSets', ({ pins }, pointer) => [
      ...repeated(pins.map(({ label }) => label), (at) => ({ code: 'notUnique', pointer: `${pointer}/pins/${at}/label`, hint: 'Another PIN of the set has this label; the record of a call names the label.' })),
      ...repeated(pins.map(({ pin }) => pin), (at) => ({ code: 'notUnique', pointer: `${pointer}/pins/${at}/pin`, hint: 'Another one of the set has this PIN: whose it is could not be told.' })),
    ]),
    ...each(lineGroups, 'lineGroups', ({ lines, tariff }, pointer) => [
      ...repeated(lines, (at) => ({ code: 'notUnique', pointer: `${pointer}/lines/${at}`, hint: 'The line is in the group already.' })),
      ...tariffProblems(tariff, pointer),
    ]),
    ...each(outboundRoutes, 'outboundRoutes', ({ match }, pointer) => repeated(match.callers, (at) => ({ code: 'notUnique', pointer: `${pointer}/match/callers/${at}`, hint: 'The extension is named already.' }))),
  ];
}

function scheduleProblems({ week, holidays }: Schedule, pointer: string): readonly ConfigurationProblem[] {
  return [
    ...week.flatMap(({ days, from }, at) => [
      ...wrongIf(from === '24:00', 'contradiction', `${pointer}/week/${at}/from`, overThen),
      ...repeated(days, (day) => ({ code: 'notUnique', pointer: `${pointer}/week/${at}/days/${day}`, hint: 'Name each day once.' })),
    ]),
    ...holidays.flatMap(({ from, to, hours }, at) => {
      const place = `${pointer}/holidays/${at}`;
      return [
        ...wrongIf(!isDay(from), 'invalidValue', `${place}/from`, 'There is no such day.'),
        ...wrongIf(!isDay(to), 'invalidValue', `${place}/to`, 'There is no such day.'),
        ...wrongIf(to < from, 'contradiction', `${place}/to`, `Its last day, ${to}, is before its first, ${from}. A holiday over New Year ends in the next year.`),
        ...hours.flatMap(({ from: opens }, hour) => wrongIf(opens === '24:00', 'contradiction', `${place}/hours/${hour}/from`, overThen)),
      ];
    }),
  ];
}

/** By the Gregorian calendar. */
function isDay(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= ([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

/** Told of the later one. */
function repeated(values: readonly string[], tell: (at: number) => ConfigurationProblem): readonly ConfigurationProblem[] {
  const seen = new Set<string>();
  return values.flatMap((value, at) => {
    if (seen.has(value)) return [tell(at)];
    seen.add(value);
    return [];
  });
}

function wrongIf(isWrong: boolean, code: ProblemCode, pointer: string, hint: string): readonly ConfigurationProblem[] {
  return isWrong ? [{ code, pointer, hint }] : [];
}

const overThen = 'The day is over then: write 00:00, on the next day.';
