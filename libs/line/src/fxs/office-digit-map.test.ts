import { expect, test } from 'vitest';
import { numberLengthsOf } from '../regions/number-lengths.ts';
import { dialled } from './digit-map.ts';
import { officeDigitMap } from './office-digit-map.ts';

const office = { extensions: ['101', '102', '1021', '200'], outside: [{ prefix: '9', numbers: [] }], emergency: ['911', '112'] };

function states(digits: string): string[] {
  const map = officeDigitMap(office)!;
  return [...digits].map((_, at) => dialled(map, digits.slice(0, at + 1), 'longest'));
}

test.each([
  ['101', ['partial', 'partial', 'complete']],
  // 1021 would be longer.
  ['102', ['partial', 'partial', 'pausing']],
  ['1021', ['partial', 'partial', 'pausing', 'complete']],
  ['200', ['partial', 'partial', 'complete']],
  ['103', ['partial', 'partial', 'impossible']],
  ['3', ['impossible']],
  ['95', ['partial', 'pausing']],
  ['9555', ['partial', 'pausing', 'pausing', 'pausing']],
  ['911', ['partial', 'pausing', 'complete']],
  ['9911', ['partial', 'pausing', 'pausing', 'complete']],
  ['112', ['partial', 'partial', 'complete']],
])('%s is %j', (digits, wanted) => {
  expect(states(digits)).toEqual(wanted);
});

test.each([
  ['US', '92125550190', 'complete'],
  ['US', '912125550190', 'complete'],
  ['US', '95550190', 'pausing'],
  ['US', '901144201234567', 'pausing'],
  ['US', '90', 'pausing'],
  ['US', '9411', 'pausing'],
  ['US', '9911', 'complete'],
  ['FR', '90123456789', 'complete'],
  ['FR', '9012345678', 'pausing'],
  ['FR', '90044201234567', 'pausing'],
  ['FR', '93900', 'pausing'],
  ['ES', '9912345678', 'complete'],
  ['DE', '903012345678', 'pausing'],
])('behind 9 in %s, %s is %s', (country, digits, wanted) => {
  const lengths = numberLengthsOf(country);
  const map = officeDigitMap({ ...office, outside: [{ prefix: '9', numbers: [], ...(lengths === undefined ? {} : { lengths }) }] })!;
  expect(dialled(map, digits, 'longest')).toBe(wanted);
});

test('of more numbers than a map can say any is ended by a pause, but help is called at once; where nothing can be dialled there is no map', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `${index}`.padStart(5, '1'));
  const map = officeDigitMap({ ...office, extensions: many.map((number) => `${number}${number}`) })!;
  expect(['1', '1234512345', '*21', '#1', '12#', '911', '9911'].map((digits) => dialled(map, digits, 'longest'))).toEqual(['pausing', 'pausing', 'pausing', 'pausing', 'impossible', 'complete', 'complete']);
  expect(dialled(officeDigitMap({ extensions: [], outside: [], emergency: ['911'] })!, '911', 'longest')).toBe('complete');
  expect(officeDigitMap({ extensions: [], outside: [], emergency: [] })).toBeNull();
});

test.each([
  ['*68', 'complete'],
  ['*6', 'partial'],
  ['*9', 'impossible'],
  // A longer code begins so.
  ['*7', 'pausing'],
  ['*72', 'pausing'],
  ['*72101', 'pausing'],
  ['*7295550190', 'pausing'],
  ['**10', 'partial'],
  // Extensions have three digits, and one has four.
  ['**101', 'pausing'],
  ['**1021', 'complete'],
  ['#1', 'complete'],
])('of codes that are known %s is %s', (digits, wanted) => {
  const codes = [{ code: '*68', takes: 'nothing' }, { code: '*7', takes: 'nothing' }, { code: '*72', takes: 'any' }, { code: '**', takes: 'internal' }, { code: '#1', takes: 'nothing' }] as const;
  expect(dialled(officeDigitMap({ ...office, codes })!, digits, 'longest')).toBe(wanted);
});
