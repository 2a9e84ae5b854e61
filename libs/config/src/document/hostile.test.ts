import { expect, test } from 'vitest';
import { emptySystem, imported, openSealer, tools } from './document-bed.ts';
import { randomDocument, randomFrom } from './random-document.ts';
import { rowsFrom } from './reading.ts';
import { documentFromText, documentToYaml } from './text.ts';
import { documentOf } from './writing.ts';

const codes = new Set(['invalidValue', 'notUnique', 'danglingReference', 'contradiction', 'unknownVersion', 'unknownField', 'missing', 'sealedElsewhere']);

test('of 600 spoilt documents each is taken or refused in words with places in it, and none is thrown at', () => {
  const empty = emptySystem();
  const outcomes = { taken: 0, refused: 0 };
  for (let seed = 1; seed <= 600; seed += 1) {
    const random = randomFrom(seed);
    const document: unknown = structuredClone(randomDocument(random));
    for (let count = 0; count < 1 + Math.floor(random() * 3); count += 1) spoil(document, random);
    const read = rowsFrom(document, empty, tools());
    if (read.ok) {
      outcomes.taken += 1;
      // What is taken can be given back.
      expect(rowsFrom(documentOf(read.value.snapshot, openSealer()), read.value.snapshot, tools()).ok).toBe(true);
    } else {
      outcomes.refused += 1;
      for (const { code, pointer, hint } of read.problems) expect([seed, codes.has(code), /^(?:\/[^/]*)*$/.test(pointer), hint !== '']).toEqual([seed, true, true, true]);
    }
  }
  expect(outcomes.refused).toBeGreaterThan(300);
  expect(outcomes.taken).toBeGreaterThan(20);
});

test('text that was damaged on the way is read or refused, and never thrown at', () => {
  const text = documentToYaml(documentOf(imported(randomDocument(randomFrom(5))).snapshot, openSealer()));
  const random = randomFrom(1);
  for (let count = 0; count < 150; count += 1) {
    const [from, to] = [Math.floor(random() * text.length), Math.floor(random() * 12)];
    const read = documentFromText(text.slice(0, from) + ['', '\t', ': ', '&a *a', '!!js/function "x"', '\0', '<<: *x', '- ', '"'][Math.floor(random() * 9)] + text.slice(from + to));
    if (read.ok) rowsFrom(read.value, emptySystem(), tools());
    else expect(read.problems[0]?.code).toBe('syntax');
  }
});

/** Puts something into some place, takes it out, or moves it. */
function spoil(document: unknown, random: () => number): void {
  const places: [Record<string, unknown>, string][] = [];
  // One may contain itself by now.
  const seen = new Set<object>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    for (const name of Object.keys(value)) {
      places.push([value as Record<string, unknown>, name]);
      walk((value as Record<string, unknown>)[name]);
    }
  };
  walk(document);
  const [holder, name] = places[Math.floor(random() * places.length)] ?? [];
  if (holder === undefined || name === undefined) return;
  const odd = [null, true, -1, 1e300, NaN, '', '+', 'x'.repeat(2_000), [], {}, [[[]]], { trunk: 'nobody' }, 'sealed:', 'sealed:1:AAAA', '__proto__', undefined, () => 1, Symbol('x'), 1n, new Date(0), '\ud800'];
  const what = random();
  if (what < 0.6) holder[name] = odd[Math.floor(random() * odd.length)];
  else if (what < 0.7) delete holder[name];
  else if (what < 0.8) holder[`${name}x`] = holder[name];
  else if (what < 0.9) holder[name] = places[Math.floor(random() * places.length)]?.[0];
  else Object.defineProperty(holder, '__proto__', { value: { polluted: true }, enumerable: true, configurable: true });
}
