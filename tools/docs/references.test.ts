import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];

test('every source file that the documentation names exists', () => {
  const sources = ['apps', 'libs', 'migrations', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => !name.includes('node_modules') && !name.includes('dist/')).map((name) => join(folder, name)),
  ).concat(readdirSync(root));
  const missing = pages.flatMap((page) =>
    [...textOf(page).matchAll(/`([\w./-]+\.(?:ts|mjs|c))`/g)].map(([, name = '']) => name)
      .filter((name) => !sources.some((source) => source === name || source.endsWith(`/${name}`)))
      .map((name) => `${page}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test('every page that the documentation links to exists', () => {
  const missing = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => normalize(join(dirname(page), target)))
      .filter((target) => !existsSync(join(root, target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(missing).toEqual([]);
});

function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}
