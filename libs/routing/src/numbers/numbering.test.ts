import type { NumberForm } from '@tipring/config';
import examples from 'libphonenumber-js/mobile/examples';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { Numbering, type NumberingFacts } from './numbering.ts';

describe('a number as it is dialled', () => {
  test.each([
    ['US', null, '2125550123', '+12125550123', 'national', 'US'],
    ['US', null, '12125550123', '+12125550123', 'national', 'US'],
    ['US', '212', '5550123', '+12125550123', 'national', 'US'],
    ['US', '212', '3105550123', '+13105550123', 'national', 'US'],
    ['US', null, '8005550123', '+18005550123', 'tollFree', 'US'],
    ['US', null, '9005550123', '+19005550123', 'premium', 'US'],
    // One country code, and yet abroad.
    ['US', null, '18765550123', '+18765550123', 'international', 'JM'],
    ['CA', null, '8005550123', '+18005550123', 'tollFree', 'US'],
    ['US', null, '011493012345678', '+493012345678', 'international', 'DE'],
    ['US', null, '+493012345678', '+493012345678', 'international', 'DE'],
    ['DE', null, '03012345678', '+493012345678', 'national', 'DE'],
    ['DE', '30', '12345678', '+493012345678', 'national', 'DE'],
    ['DE', '030', '12345678', '+493012345678', 'national', 'DE'],
    // Looks like 0301 234567 without its zero, and is dialled in Munich.
    ['DE', '89', '301234567', '+4989301234567', 'national', 'DE'],
    ['DE', '89', '0301234567', '+49301234567', 'national', 'DE'],
    ['DE', '89', '00441481960194', '+441481960194', 'international', 'GG'],
    ['DE', null, '015112345678', '+4915112345678', 'mobile', 'DE'],
    ['DE', null, '08001234567', '+498001234567', 'tollFree', 'DE'],
    ['DE', null, '09001234567', '+499001234567', 'premium', 'DE'],
    ['DE', null, '01806123456', '+491806123456', 'sharedCost', 'DE'],
    ['GB', null, '07012345678', '+447012345678', 'premium', 'GB'],
    ['DE', null, '0044900123456789', null, 'unknown', null],
    ['IT', null, '0612345678', '+390612345678', 'national', 'IT'],
    ['IT', null, '0669812345', '+390669812345', 'international', 'VA'],
    ['AU', null, '0011493012345678', '+493012345678', 'international', 'DE'],
    ['RU', null, '810493012345678', '+493012345678', 'international', 'DE'],
    ['US', null, '+870773111632', '+870773111632', 'satellite', null],
    ['US', null, '+8821612345678', '+8821612345678', 'satellite', null],
    ['US', null, '+80012345678', '+80012345678', 'tollFree', null],
    ['US', null, '+979123456789', '+979123456789', 'premium', null],
  ] as const)('%s, area %s: %s is %s, %s, %s', (country, area, number, e164, of, inCountry) => {
    const read = new Numbering(country, area, facts).read(number);
    if (e164 === null) expect(read.class).toBe(of);
    else expect(read).toEqual({ e164, class: of, country: inCountry });
  });

  test('premium numbers abroad are premium, whatever the country', () => {
    expect(new Numbering('US', null, facts).read('+449001234567')).toMatchObject({ class: 'premium', country: 'GB' });
    expect(new Numbering('DE', null, facts).read('+441712345678').class).not.toBe('premium');
  });

  test('a local number is national though nobody told the area code; what no plan has is unknown', () => {
    const us = new Numbering('US', null, facts);
    expect(us.read('5551234')).toEqual({ e164: null, class: 'national', country: 'US' });
    for (const number of ['1', '0', '12', '*98', '9#', '', '+', 'alice', '1'.repeat(40), '+0', '00000000000']) expect(us.read(number)).toMatchObject({ class: 'unknown' });
    // Not of any plan, but it may be called: plans are never complete.
    expect(us.read('+15550100')).toMatchObject({ e164: '+15550100', class: 'unknown' });
  });

  test('short numbers are what somebody says of them, in place of a guess', () => {
    const told = new Numbering('DE', '30', { ...facts, shortNumber: (region, number) => (region === 'DE' && number === '116117' ? 'tollFree' : number.startsWith('118') ? 'premium' : null) });
    expect(told.read('116117')).toEqual({ e164: null, class: 'tollFree', country: 'DE' });
    expect(told.read('11833').class).toBe('premium');
  });
});

describe('a number as a far end wants it', () => {
  const us = new Numbering('US', '212', facts);
  const de = new Numbering('DE', '30', facts);
  const form = (format: NumberForm['format'], strip = 0, prepend = ''): NumberForm => ({ format, strip, prepend });
  test.each([
    [us, '5550123', form('asDialled'), 'US', '5550123'],
    [us, '5550123', form('e164'), 'US', '+12125550123'],
    [us, '5550123', form('e164Digits'), 'US', '12125550123'],
    [us, '5550123', form('e164Digits', 1), 'US', '2125550123'],
    [us, '5550123', form('national'), 'US', '12125550123'],
    [us, '5550123', form('international'), 'US', '01112125550123'],
    // From a country with plans of its own.
    [us, '5550123', form('national'), 'DE', '0012125550123'],
    [us, '18765550123', form('national'), 'US', '18765550123'],
    [us, '5550123', form('asDialled', 3, '77'), 'US', '770123'],
    [de, '12345678', form('national'), 'DE', '03012345678'],
    [de, '12345678', form('national', 1, '0049'), 'DE', '00493012345678'],
    [de, '12345678', form('international'), 'DE', '00493012345678'],
    [de, '0669812345', form('e164'), 'DE', '+49669812345'],
    [de, '00390669812345', form('national'), 'IT', '0669812345'],
    [de, '004493012', form('national'), 'RU', '8104493012'],
    [de, '12345678', form('international'), 'AU', '0011493012345678'],
    [us, '*67', form('e164'), 'US', '*67'],
  ] as const)('%#: %s as %o in %s is %s', (numbering, dialled, as, region, wanted) => {
    const { e164 } = numbering.read(dialled);
    expect(numbering.formed(dialled, dialled === '004493012' ? '+4493012' : e164, as, region)).toBe(wanted);
  });
});

test('what a far end gave is read as that far end writes it', () => {
  const us = new Numbering('US', null, facts);
  expect(us.given('+493012345678', 'asGiven', 'US')).toBe('+493012345678');
  expect(us.given('493012345678', 'e164Digits', 'US')).toBe('+493012345678');
  expect(us.given('2125550123', 'national', 'US')).toBe('+12125550123');
  expect(us.given('03012345678', 'national', 'DE')).toBe('+493012345678');
  // +21 … would be somewhere else.
  expect(us.given('2125550123', 'e164', 'US')).toBe(null);
  expect(us.given('anonymous', 'national', 'DE')).toBe(null);
  expect(us.given('', 'e164Digits', 'US')).toBe(null);
});

test('every country has prefixes, and its example of a number is read again as it was', () => {
  for (const country of getCountries()) {
    const numbering = new Numbering(country, null, facts);
    const example = getExampleNumber(country, examples)!;
    const international = numbering.formed('', example.number, { format: 'international', strip: 0, prepend: '' }, country);
    expect([country, international]).toEqual([country, expect.stringMatching(/^[0-9]{6,20}$/)]);
    // Hong Kong: 00, and 008 is a carrier's.
    if (country !== 'HK') expect([country, international, numbering.read(international).e164]).toEqual([country, international, example.number]);
    const national = numbering.formed('', example.number, { format: 'national', strip: 0, prepend: '' }, country);
    expect([country, national, numbering.read(national).e164]).toEqual([country, national, example.number]);
  }
});

test('what was read is the same when it is read again, and after thousands of others', () => {
  const us = new Numbering('US', null, facts);
  const first = us.read('2125550123');
  expect(us.read('2125550123')).toBe(first);
  for (let number = 0; number < 5_000; number += 1) us.read(`*${number}`);
  expect(us.read('2125550123')).toEqual(first);
});

const facts: NumberingFacts = { emergencyNumbers: () => [] };

test.each([['090051234567', 'unknown'], ['0096030012345', 'unknown'], ['00252612345', 'unknown'], ['0088213123456', 'unknown'], ['00252612345678', 'international'], ['009613012345', 'international'], ['12345678', 'national']])(
  'in Berlin %s is %s: what begins with a prefix is no number of the own area, however long it is',
  (dialled, wanted) => {
    expect(new Numbering('DE', '30', { emergencyNumbers: () => [] }).read(dialled).class).toBe(wanted);
  },
);
