import { expect, test } from 'vitest';
import { ApplicationBed } from '../application-bed.ts';
import { dialledFor } from './dial-pad.ts';
import { directory, type DirectoryEntry } from './directory.ts';

const entry = (number: string, name: string, nameFile: string | null = null): DirectoryEntry => ({ number, name, nameFile, dialled: name.split(' ').flatMap(dialledFor) });
const entries = [entry('101', 'Anna Müller'), entry('102', 'Bob Mueller', 'bob.wav'), entry('103', 'Carl Nutt'), ...Array.from({ length: 10 }, (_, n) => entry(`20${n}`, `Xaver${'abcdefghij'[n]} Zett`))];

function called() {
  const bed = new ApplicationBed();
  return { bed, caller: bed.call(directory({ entries })) };
}

test.each([
  ['Müller', ['685537', '6835537']],
  ['Strauß', ['7872877']],
  ['Ørsted', ['677833', '6377833']],
  ['Łódź', ['5639']],
  ['Zoë', ['963']],
  ['O’Neill', ['663455']],
  ['Пётр', []],
  ['', []],
])('%s is dialled %j (E.161)', (word, digits) => expect(dialledFor(word)).toEqual(digits));

test('one who has that name is offered, and called when chosen', () => {
  const { caller } = called();
  expect(caller.listen()).toBe('directory.enterName');
  caller.dial('6888#');
  expect(caller.listen()).toBe('directory.press number 1 directory.for spelled Carl Nutt directory.extension digits 103 directory.noneOfThese');
  caller.dial('1');
  expect(caller.told.at(-1)).toBe('transferRequested {"type":"number","number":"103"}');
});

test('several are offered one after the other, by first or last name, with umlauts as they are written or as they are spoken', () => {
  const { bed, caller } = called();
  caller.dial('6835');
  bed.pass(4_000);
  expect(caller.heard).toContain('directory.press number 1 directory.for spelled Anna Müller directory.extension digits 101  directory.press number 2 directory.for bob.wav directory.extension digits 102');
  caller.dial('*');
  caller.dial('262#');
  expect(caller.heard).toContain('bob.wav');
  caller.dial('7');
  expect(caller.heard).toContain('common.invalid directory.press number 1');
});

test('nobody, and too many, are asked for again, three times in all', () => {
  const { caller } = called();
  caller.dial('9999#');
  expect(caller.heard).toBe('directory.noMatch directory.enterName');
  caller.dial('9#');
  expect(caller.heard).toBe('directory.tooMany directory.enterName');
  caller.dial('#');
  expect(caller.listen()).toBe('common.goodbye');
  expect(caller.isOver).toBe(true);
});

test('who is not reached leads back', () => {
  const { bed, caller } = called();
  caller.dial('688#1');
  caller.leg.send({ type: 'transfer', is: 'failed', cause: 'userBusy' });
  bed.pass(5);
  expect(caller.heard).toBe('common.notReached directory.enterName');
});
