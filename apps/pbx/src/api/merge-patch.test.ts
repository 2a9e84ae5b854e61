import { LineOverrides } from '@tipring/config';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { mergePatch, patchOf } from './merge-patch.ts';

/** RFC 7396, appendix A, as far as JSON objects and arrays go. */
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [['a', 'b'], ['c', 'd'], ['c', 'd']],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched by %j is %j (RFC 7396 appendix A)', (target, patch, outcome) => {
  expect(mergePatch(target, patch)).toEqual(outcome);
});

test('what is given another type is replaced as a whole, and what keeps its type is merged', () => {
  const peering = { type: 'registration', username: 'a', password: 'b' };
  expect(mergePatch({ peering }, { peering: { type: 'address', sources: [] } })).toEqual({ peering: { type: 'address', sources: [] } });
  expect(mergePatch({ peering }, { peering: { password: 'c' } })).toEqual({ peering: { ...peering, password: 'c' } });
  expect(mergePatch({ peering }, { peering: { type: 'registration', password: 'c' } })).toEqual({ peering: { ...peering, password: 'c' } });
});

test('a member called __proto__ is a member, and nothing else', () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":1}}') as object) as object;
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect('polluted' in {}).toBe(false);
});

test('in a patch every part may be missing or null, at every depth; values keep their bounds and names are those that exist', () => {
  const patch = patchOf(LineOverrides);
  for (const good of [{}, { echo: null }, { echo: 'off' }, { echo: { tailMs: null } }, { disconnect: { battery: null, tone: { cycles: null } } }, { dialing: { by: 'pulse' } }, { learnedTones: null }]) {
    expect(patch.safeParse(good).success, JSON.stringify(good)).toBe(true);
  }
  for (const bad of [{ echo: 'on' }, { echo: { tailMs: 65 } }, { disconnect: { battery: { denialMs: 5 } } }, { dialing: { by: 'shout' } }, { colour: null }, { dialing: 7 }]) {
    expect(patch.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  }
});

test('what a patch may look like can be written down as JSON Schema, with the descriptions of the thing itself', () => {
  const { properties } = z.toJSONSchema(patchOf(LineOverrides), { io: 'input' }) as { properties: Record<string, { description?: string }> };
  expect(properties['flashMs']?.description).toContain('Hook flash');
});
