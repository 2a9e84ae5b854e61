import { expect, test } from 'vitest';
import type { ApplicationTarget } from './application.ts';
import { ApplicationBed, type Caller } from './application-bed.ts';
import { ivr, type IvrSettings } from './ivr.ts';

const to = (number: string): ApplicationTarget => ({ type: 'number', number });

function menu(settings: Partial<IvrSettings> = {}): { readonly bed: ApplicationBed; readonly caller: Caller } {
  const bed = new ApplicationBed();
  const choices = new Map([['1', to('100')], ['2', { type: 'destination', destination: { type: 'queue', id: 'q' } } as const], ['22', to('200')], ['#', to('300')], ['2#', to('400')]]);
  const caller = bed.call(
    ivr({ said: [{ prompt: 'menu' }], invalid: [{ phrase: 'common.invalid' }], choices, numbers: [], firstDigitMs: 5_000, interDigitMs: 2_000, tries: 3, onSilence: null, onInvalid: null, ...settings }),
  );
  return { bed, caller };
}

const asked = (number: string): string => `transferRequested {"type":"number","number":"${number}"}`;

test('a choice that nothing longer begins with is taken at once, also while the menu is said', () => {
  const { caller } = menu();
  expect(caller.heard.trim()).toBe('prompt menu');
  caller.dial('1');
  expect([caller.told.at(-1), caller.heard]).toEqual([asked('100'), '']);
});

test('one that something longer begins with waits for more', () => {
  const { bed, caller } = menu();
  caller.dial('2');
  expect(caller.told).toEqual(['answered']);
  bed.pass(2_000);
  expect(caller.told.at(-1)).toBe('transferRequested {"type":"destination","destination":{"type":"queue","id":"q"}}');
  const other = menu();
  other.caller.dial('22');
  expect(other.caller.told.at(-1)).toBe(asked('200'));
});

test('the hash key says that no more comes, unless it is a choice', () => {
  const choices = new Map([['1', to('100')], ['12', to('200')]]);
  const ended = menu({ choices });
  ended.caller.dial('1#');
  expect(ended.caller.told.at(-1)).toBe(asked('100'));
  const { caller } = menu();
  caller.dial('#');
  expect(caller.told.at(-1)).toBe(asked('300'));
  const both = menu();
  both.caller.dial('2#');
  expect(both.caller.told.at(-1)).toBe(asked('400'));
});

test('extensions may be dialled beside the choices: 1 is a choice, 101 a telephone', () => {
  const settings = { choices: new Map([['1', to('sales')]]), numbers: ['101', '102'] };
  const extension = menu(settings);
  extension.caller.dial('101');
  expect(extension.caller.told.at(-1)).toBe(asked('101'));
  const choice = menu(settings);
  choice.caller.dial('1');
  choice.bed.pass(2_000);
  expect(choice.caller.told.at(-1)).toBe(asked('sales'));
  const nobody = menu(settings);
  nobody.caller.dial('109');
  expect(nobody.caller.heard).toBe('common.invalid prompt menu');
});

test('who chooses nothing hears the menu as often as it is to be said, then goes on or hears goodbye', () => {
  const { bed, caller } = menu();
  for (let n = 0; n < 3; n++) {
    expect(caller.listen()).toBe('prompt menu');
    bed.pass(5_000);
  }
  expect(caller.listen()).toBe('common.goodbye');
  expect(caller.told.at(-1)).toBe('released normalClearing');
  const onward = menu({ tries: 1, onSilence: to('0') });
  onward.bed.pass(10_000);
  expect(onward.caller.told.at(-1)).toBe(asked('0'));
  onward.caller.leg.send({ type: 'transfer', is: 'failed', cause: 'userBusy' });
  onward.bed.pass(5);
  expect(onward.caller.listen()).toBe('common.notReached');
  expect(onward.caller.told.at(-1)).toBe('released userBusy');
});

test('what is no choice is said to be none', () => {
  const { caller } = menu({ tries: 2, onInvalid: to('0') });
  caller.dial('9');
  expect(caller.heard).toBe('common.invalid prompt menu');
  caller.dial('8');
  expect(caller.told.at(-1)).toBe(asked('0'));
});

test('who is not reached leads back to the menu; digits dialled meanwhile are nothing', () => {
  const { bed, caller } = menu();
  caller.dial('1');
  caller.leg.send({ type: 'transfer', is: 'trying' });
  caller.dial('1');
  caller.leg.send({ type: 'transfer', is: 'failed', cause: 'noAnswer' });
  bed.pass(5);
  expect(caller.heard).toBe('common.notReached prompt menu');
  caller.dial('1');
  expect(caller.told.filter((told) => told === asked('100')).length).toBe(2);
});
