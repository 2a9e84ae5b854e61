import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../launcher/places.mjs';

interface Abi {
  readonly ioctls: Readonly<Record<string, { readonly value: number }>>;
  readonly structs: Readonly<Record<string, { readonly size: number; readonly fields: readonly { readonly name: string; readonly off: number; readonly size: number }[] }>>;
  readonly constants: Readonly<Record<string, number>>;
}

const folder = join(root, 'libs/cards/agent');
export const header = readFileSync(join(folder, 'dahdi-abi.h'), 'utf8');

/**
 * A C file that compiles when every constant, every request, every struct's size and the place and size of every field in the agent's
 * header are those of dahdi-abi.json. What the header has and the file has not is an error as well.
 */
export function abiAssertions(): { readonly source: string; readonly count: number } {
  const abi = JSON.parse(readFileSync(join(folder, 'dahdi-abi.json'), 'utf8')) as Abi;
  const lines = ['#include <stddef.h>', '#include "dahdi-abi.h"'];
  const assert = (what: string, value: number): number => lines.push(`_Static_assert((long long)(${what}) == ${value}LL, "${what}");`);
  for (const [, name] of header.matchAll(/^#define ((?:DAHDI|WCTDM)_\w+) /gm)) {
    const value = abi.ioctls[name!]?.value ?? abi.constants[name!];
    if (value === undefined) throw new Error(`${name} is not in dahdi-abi.json.`);
    assert(name!, value);
  }
  for (const [, name, body] of header.matchAll(/^struct (\w+) \{\n([^}]*)\}/gm)) {
    const struct = abi.structs[name!];
    if (struct === undefined) throw new Error(`struct ${name} is not in dahdi-abi.json.`);
    assert(`sizeof(struct ${name})`, struct.size);
    for (const field of fieldsOf(body!)) {
      // A bit field's place is told in words behind its name.
      const known = struct.fields.find((one) => one.name.split(' ')[0] === field);
      if (known === undefined) throw new Error(`${field} of struct ${name} is not in dahdi-abi.json.`);
      assert(`offsetof(struct ${name}, ${field})`, known.off);
      assert(`sizeof(((struct ${name} *)0)->${field})`, known.size);
    }
  }
  return { source: `${lines.join('\n')}\n`, count: lines.length - 2 };
}

function fieldsOf(body: string): readonly string[] {
  return body.split(';').flatMap((declaration) => declaration.replace(/^\s*\w+\s/, '').split(',').map((name) => name.replace(/\[\d+\]/, '').trim())).filter((name) => name !== '');
}
