import { type Feature, featureArguments, type FeatureCodes } from './feature-codes.ts';
import { MOST_SLOTS, slotsOf } from './parking-lot.ts';
import type { ConfigurationProblem } from './result.ts';
import type { ConfigurationRows } from './rows.ts';

type Tell = (code: ConfigurationProblem['code'], pointer: string, hint: string) => void;

/** What is wrong with what people are connected to, each by itself, and with the feature codes. Of a row whose own fields are not sound nothing is said. */
export function officeProblems(rows: ConfigurationRows, isSound: (row: object) => boolean): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const each = <Row extends object>(of: readonly Row[], place: string, check: (row: Row, tell: Tell) => void): void =>
    of.forEach((row, at) => {
      if (isSound(row)) check(row, (code, pointer, hint) => problems.push({ code, pointer: `/${place}/${at}${pointer}`, hint }));
    });
  each(rows.extensions, 'extensions', ({ id, followMe, callPickupGroups }, tell) => {
    for (const at of repeated(callPickupGroups)) tell('notUnique', `/callPickupGroups/${at}`, 'The group is named already.');
    followMe.steps.forEach(({ target }, at) => {
      if (target.type === 'extension' && target.id === id) tell('contradiction', `/followMe/steps/${at}/target`, 'Its own telephones ring anyway.');
    });
  });
  each(rows.ringGroups, 'ringGroups', ({ members }, tell) => {
    for (const at of repeated(members.map(({ target }) => (target.type === 'extension' ? target.id : target.number)))) tell('notUnique', `/members/${at}/target`, 'It is a member already.');
  });
  each(rows.queues, 'queues', ({ agents }, tell) => {
    for (const at of repeated(agents.map(({ extensionId }) => extensionId))) tell('notUnique', `/agents/${at}/extensionId`, 'The extension is an agent already.');
  });
  each(rows.ivrs, 'ivrs', ({ choices }, tell) => {
    for (const at of repeated(choices.map(({ digits }) => digits))) tell('notUnique', `/choices/${at}/digits`, 'Another choice has these digits.');
  });
  each(rows.conferences, 'conferences', ({ pin, moderatorPin, waitsForModerator }, tell) => {
    if (pin !== null && pin === moderatorPin) tell('contradiction', '/moderatorPin', 'Everybody has this PIN: choose another one for moderators.');
    if (waitsForModerator && moderatorPin === null) tell('contradiction', '/waitsForModerator', 'Nobody can be a moderator without a PIN for moderators.');
  });
  each(rows.parkingLots, 'parkingLots', (lot, tell) => {
    if (slotsOf(lot).length === 0) tell('contradiction', '/slots', `The last slot has as many digits as the first and is not below it; there are at most ${MOST_SLOTS}.`);
  });
  each(rows.pagingZones, 'pagingZones', ({ extensions, multicast }, tell) => {
    if (extensions.length === 0 && multicast.length === 0) tell('contradiction', '/extensions', 'Nobody would hear it: name an extension or a multicast address.');
  });
  if (isSound(rows.settings)) problems.push(...codeProblems(rows.settings.featureCodes));
  return problems;
}

/** A telephone must be able to tell when a code is complete. */
function codeProblems(codes: FeatureCodes): readonly ConfigurationProblem[] {
  const given = (Object.keys(featureArguments) as Feature[]).flatMap((feature) => (codes[feature] === null ? [] : [[feature, codes[feature]] as const]));
  return given.flatMap(([feature, code], at): readonly ConfigurationProblem[] => {
    const pointer = `/settings/featureCodes/${feature}`;
    const withholds = withholding.find((prefix) => prefix.startsWith(code) || code.startsWith(prefix));
    if (withholds !== undefined) return [{ code: 'contradiction', pointer, hint: `${withholds} withholds or shows one’s number: choose a code that neither begins with it nor is its beginning.` }];
    const other = given.find(([, one], place) => (one === code ? place < at : one.startsWith(code)));
    if (other === undefined) return [];
    return other[1] === code
      ? [{ code: 'notUnique', pointer, hint: `${other[0]} has the code ${code} already.` }]
      : [{ code: 'contradiction', pointer, hint: `${code} is the beginning of ${other[1]}, the code of ${other[0]}: a telephone could not tell when it is complete.` }];
  });
}

/** Dialled before a number, an emergency number too: North America; 3GPP TS 22.030. */
const withholding = ['*67', '*82', '*31#', '#31#'] as const;

/** Places of what was there before. */
function repeated(values: readonly string[]): readonly number[] {
  const seen = new Set<string>();
  return values.flatMap((value, at) => {
    if (seen.has(value)) return [at];
    seen.add(value);
    return [];
  });
}
