import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { projectsByTag, requireTags } from './tools/lint/projects.mjs';

// The boundary rule reads Nx's cached graph and skips itself, with a mere warning, when there is none: so it is made here.
process.env.NX_DAEMON = 'false';
const { nodes } = await createProjectGraphAsync({ exitOnError: false });
requireTags(nodes);
const pure = projectsByTag(nodes, 'type:pure');

const tests = ['**/*.test.ts', '**/*.interop.ts'];

const nest = {
  regex: '^(@nestjs/|nestjs-|reflect-metadata$)',
  message: 'Nest is the composition root of apps/pbx; libraries export plain classes and functions.',
};
const typeorm = { regex: '^typeorm($|/)', message: 'typeorm is known to libs/store and migrations only.' };
const node = {
  regex: '^node:',
  allowTypeImports: true,
  message: 'A pure room knows no Node: time, randomness and input/output are handed in.',
};
const packages = {
  // Everything that is neither relative, nor one of our rooms, nor node: (which has its own message).
  regex: '^(?!\\.|@tipring/|node:)',
  allowTypeImports: true,
  message: 'A pure room imports no npm package but its types.',
};
/** @param {...object} patterns */
const ban = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

const injected = 'A pure room is handed its time (Timers), its randomness and its settings.';
const banAmbient = {
  'no-restricted-globals': [
    'error',
    ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'process', 'crypto', 'fetch'].map((name) => ({
      name,
      message: injected,
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: injected },
    ...['Date', 'performance', 'setTimeout', 'setInterval', 'process', 'crypto'].map((property) => ({
      object: 'globalThis',
      property,
      message: injected,
    })),
  ],
};

const banDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name: one name for one thing in the whole project.',
};
const banExportStar = {
  selector: 'ExportAllDeclaration',
  message: 'Name what is exported; the public face of a room is index.ts.',
};
const banValueExportStar = { ...banExportStar, selector: 'ExportAllDeclaration[exportKind!="type"]' };

export default tseslint.config(
  {
    ignores: ['**/dist/**', '**/node_modules/**', '**/.tipring/**', '**/.nx/**', '**/coverage/**', '**/*.d.ts', '**/*.c'],
  },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.mjs'],
    extends: [...tseslint.configs.recommended],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', banDefaultExport, banExportStar],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // The tools whose configuration files must be default exports.
    files: ['*.config.{ts,mjs}', '.dependency-cruiser.mjs'],
    rules: { 'no-restricted-syntax': ['error', banExportStar] },
  },
  { files: ['**/src/index.ts'], rules: { 'no-restricted-syntax': ['error', banDefaultExport, banValueExportStar] } },

  // Who may import what. DESIGN 3: app → adapter → contract and pure; adapters meet in an app, never in each other.
  {
    files: ['apps/**/*.ts', 'apps/**/*.tsx', 'libs/**/*.ts', 'migrations/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          allowCircularSelfDependency: false,
          banTransitiveDependencies: false,
          depConstraints: [
            { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:adapter', 'type:contract', 'type:pure'] },
            { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:contract', 'type:pure', 'type:migrations'] },
            { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract', 'type:pure'] },
            { sourceTag: 'type:pure', onlyDependOnLibsWithTags: ['type:pure'] },
            { sourceTag: 'type:migrations', onlyDependOnLibsWithTags: ['type:contract', 'type:pure'] },
            // The database schema belongs to the store: no other adapter sees it.
            ...adaptersButStore(),
            // Trunks and lines are interchangeable because these three meet in the endpoint adapters only.
            { sourceTag: 'scope:telephony', notDependOnLibsWithTags: ['scope:sip', 'scope:line'] },
            { sourceTag: 'scope:sip', notDependOnLibsWithTags: ['scope:telephony', 'scope:line'] },
            { sourceTag: 'scope:line', notDependOnLibsWithTags: ['scope:telephony', 'scope:sip'] },
            // What is watched is told by calls, and written down by whoever tells watchers of it.
            { sourceTag: 'scope:presence', notDependOnLibsWithTags: ['scope:sip', 'scope:line'] },
            // An adapter is between two worlds and knows no third.
            { sourceTag: 'scope:line-endpoint', notDependOnLibsWithTags: ['scope:sip', 'scope:sdp'] },
            { sourceTag: 'scope:sip-endpoint', notDependOnLibsWithTags: ['scope:line'] },
            { sourceTag: 'scope:app-endpoint', notDependOnLibsWithTags: ['scope:sip', 'scope:sdp'] },
          ],
        },
      ],
    },
  },
  { files: ['**/*.ts', '**/*.tsx'], rules: ban(nest, typeorm) },
  { files: ['apps/pbx/**/*.ts'], rules: ban(typeorm) },
  { files: ['libs/store/**/*.ts', 'migrations/**/*.ts'], rules: ban(nest) },

  // The pure rooms, as tagged; their tests may use Node.
  {
    files: pure.map(({ root }) => `${root}/src/**/*.ts`),
    ignores: tests,
    rules: { ...ban(nest, typeorm, node, packages), ...banAmbient },
  },
  // Where the pure rooms touch the world, by name.
  {
    files: ['libs/clock/src/node-timers.ts', 'libs/dsp/src/node.ts', 'libs/dsp/src/testing/*.ts', 'libs/sip/src/transport/node*.ts', 'libs/sip/src/transport/node/**/*.ts'],
    ignores: tests,
    rules: {
      ...ban(nest, typeorm, { ...packages, regex: '^(?!\\.|@tipring/|node:|ws$)' }),
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
    },
  },
  {
    files: ['libs/rtp/src/rtcp*.ts', 'libs/rtp/src/rtcp/**/*.ts'],
    ignores: tests,
    rules: ban(nest, typeorm, node, { ...packages, regex: '^(?!\\.|@tipring/|node:|rtp\\.js($|/))' }),
  },
);

function adaptersButStore() {
  return projectsByTag(nodes, 'type:adapter')
    .filter(({ name }) => name !== 'store')
    .map(({ name }) => ({ sourceTag: `scope:${name}`, notDependOnLibsWithTags: ['type:migrations'] }));
}
