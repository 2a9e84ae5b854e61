import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/**
 * The import rules, proven by breaking them: a copy of the workspace (sources only, packages linked) gets one file per
 * violation, lint runs once over all of them, and each must be refused by the rule that is there for it.
 */
const root = join(import.meta.dirname, '../..');

/** path of the planted file → its text, and what lint must say about it (nothing at all: an allowed neighbour). */
const plants: Record<string, { text: string; says?: RegExp }> = {
  'libs/telephony/src/planted-sip.ts': { text: `import '@tipring/sip';`, says: /enforce-module-boundaries.*scope:sip/ },
  'libs/sip/src/planted-telephony.ts': { text: `import '@tipring/telephony';`, says: /enforce-module-boundaries.*scope:telephony/ },
  'libs/line-endpoint/src/planted-sip.ts': { text: `import '@tipring/sip';`, says: /enforce-module-boundaries.*scope:line-endpoint/ },
  'libs/sip-endpoint/src/planted-line.ts': { text: `import '@tipring/line';`, says: /enforce-module-boundaries.*scope:sip-endpoint/ },
  'libs/sdp/src/planted-adapter.ts': { text: `import '@tipring/store';`, says: /enforce-module-boundaries.*type:pure/ },
  'libs/gateway/src/planted-adapter.ts': { text: `import '@tipring/jobs';`, says: /enforce-module-boundaries.*type:contract/ },
  'libs/jobs/src/planted-adapter.ts': { text: `import '@tipring/store';`, says: /enforce-module-boundaries.*type:adapter/ },
  'libs/jobs/src/planted-migrations.ts': { text: `import '@tipring/migrations';`, says: /enforce-module-boundaries.*type:migrations/ },
  'libs/store/src/planted-app.ts': { text: `import '@tipring/pbx';`, says: /enforce-module-boundaries/ },
  'libs/store/src/planted-relative.ts': { text: `import '../../jobs/src/index.ts';`, says: /enforce-module-boundaries/ },
  'apps/pbx/src/planted-migrations.ts': { text: `import '@tipring/migrations';`, says: /enforce-module-boundaries/ },

  'libs/telephony/src/planted-node.ts': { text: `import 'node:fs';`, says: /A pure room knows no Node/ },
  'libs/sip/src/message/planted-node.ts': { text: `import { randomBytes } from 'node:crypto';\nrandomBytes(4);`, says: /A pure room knows no Node/ },
  'libs/sdp/src/planted-package.ts': { text: `import { z } from 'zod';\nz.string();`, says: /imports no npm package/ },
  'libs/telephony/src/planted-date.ts': { text: `export const at = Date.now();`, says: /is handed its time/ },
  'libs/telephony/src/planted-performance.ts': { text: `export const at = performance.now();`, says: /is handed its time/ },
  'libs/sip/src/planted-timeout.ts': { text: `setTimeout(() => {}, 1);`, says: /is handed its time/ },
  'libs/sip/src/planted-interval.ts': { text: `setInterval(() => {}, 1);`, says: /is handed its time/ },
  'libs/sip/src/planted-random.ts': { text: `export const tag = Math.random();`, says: /is handed its time/ },
  'libs/sdp/src/planted-process.ts': { text: `export const home = process.env;`, says: /is handed its time/ },
  'libs/rtp/src/planted-package.ts': { text: `import 'rtp.js';`, says: /imports no npm package/ },

  'libs/sip-endpoint/src/planted-nest.ts': { text: `import '@nestjs/common';`, says: /Nest is the composition root/ },
  'apps/media/src/planted-nest.ts': { text: `import 'reflect-metadata';`, says: /Nest is the composition root/ },
  'apps/pbx/src/planted-typeorm.ts': { text: `import 'typeorm';`, says: /typeorm is known to/ },
  'libs/jobs/src/planted-typeorm.ts': { text: `import 'typeorm';`, says: /typeorm is known to/ },

  'libs/sdp/src/planted-default.ts': { text: `export default 1;`, says: /Export by name/ },
  'libs/sdp/src/planted-star.ts': { text: `export * from './planted-allowed-types.ts';`, says: /Name what is exported/ },

  'libs/sdp/src/planted-allowed-types.ts': { text: `import type { z } from 'zod';\nexport type Shape = z.ZodType;` },
  'libs/sdp/src/planted-allowed.test.ts': { text: `import { readFileSync } from 'node:fs';\nreadFileSync('/dev/null');\nDate.now();` },
  'libs/sip/src/transport/node/planted-allowed.ts': { text: `import 'node:dgram';\nimport 'ws';\nsetTimeout(() => {}, 1);` },
  'libs/rtp/src/rtcp-planted-allowed.ts': { text: `import 'rtp.js';` },
  'libs/sip-endpoint/src/planted-allowed.ts': { text: `import '@tipring/sip';\nimport '@tipring/telephony';` },
  'libs/line-endpoint/src/planted-allowed.ts': { text: `import '@tipring/line';\nimport '@tipring/gateway';\nimport '@tipring/telephony';` },
  'apps/pbx/src/planted-allowed.ts': { text: `import '@nestjs/common';\nimport '@tipring/sip-endpoint';` },
};

let workspace: string;
let refusals: Map<string, string>;

beforeAll(async () => {
  workspace = await copyWorkspace();
  // Nx must not see the plants' imports in its graph: two plants would make a cycle and be refused for that alone.
  await writeFile(join(workspace, '.nxignore'), '**/*planted*\n');
  for (const [path, { text }] of Object.entries(plants)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), `${text}\n`);
  }
  const { stdout, stderr } = await eslint('--format', 'json', ...Object.keys(plants));
  if (!stdout.startsWith('[')) throw new Error(`eslint did not run: ${stdout}${stderr}`);
  const files = JSON.parse(stdout) as { filePath: string; messages: { ruleId: string; message: string }[] }[];
  refusals = new Map(
    files.map(({ filePath, messages }) => [
      filePath.slice(workspace.length + 1),
      messages.map(({ ruleId, message }) => `${ruleId}: ${message.replaceAll('\n', ' ')}`).join('\n'),
    ]),
  );
}, 120_000);

afterAll(async () => {
  await rm(workspace, { recursive: true, force: true });
});

for (const [path, { text, says }] of Object.entries(plants)) {
  if (says) {
    test(`lint refuses ${JSON.stringify(text)} in ${path}`, () => {
      expect(refusals.get(path)).toMatch(says);
    });
  } else {
    test(`lint allows ${JSON.stringify(text)} in ${path}`, () => {
      expect(refusals.get(path)).toBe('');
    });
  }
}

test('a project without tags stops lint', { timeout: 60_000 }, async () => {
  const path = join(workspace, 'libs/sdp/project.json');
  const project = JSON.parse(await readFile(path, 'utf8')) as { tags: string[] };
  await writeFile(path, JSON.stringify({ ...project, tags: [] }));
  const { code, stdout, stderr } = await eslint('libs/sdp/src/planted-allowed-types.ts');
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/libs\/sdp\/project.json has tags .* it needs exactly one of type:app/);
});

test('files that import each other are refused', { timeout: 60_000 }, async () => {
  await writeFile(join(workspace, 'libs/sdp/src/circle-a.ts'), `import { b } from './circle-b.ts';\nexport const a = () => b;\n`);
  await writeFile(join(workspace, 'libs/sdp/src/circle-b.ts'), `import type { a } from './circle-a.ts';\nexport declare const b: typeof a;\n`);
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { code, stdout } = await run(program, '--config', '.dependency-cruiser.mjs', 'libs/sdp');
  expect(code).not.toBe(0);
  expect(stdout).toMatch(/no-circular: libs\/sdp\/src\/circle-a.ts/);
});

/** A copy in which Nx and Node find the rooms themselves in the copy, and all other packages where they are installed. */
async function copyWorkspace(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'tipring-lint-'));
  const isSource = (path: string) => !/\/(dist|node_modules|\.tipring)$/.test(path);
  for (const entry of ['package.json', 'package-lock.json', 'nx.json', 'eslint.config.mjs', '.dependency-cruiser.mjs', 'tsconfig.json', 'tsconfig.base.json', 'apps', 'libs', 'migrations', 'tools']) {
    await cp(join(root, entry), join(copy, entry), { recursive: true, filter: isSource });
  }
  await mkdir(join(copy, 'node_modules/@tipring'), { recursive: true });
  for (const entry of await readdir(join(root, 'node_modules'))) {
    if (entry === '@tipring' || entry.startsWith('.')) continue;
    await symlink(join(root, 'node_modules', entry), join(copy, 'node_modules', entry));
  }
  for (const room of [...(await rooms(copy, 'apps')), ...(await rooms(copy, 'libs')), 'migrations']) {
    const { name } = JSON.parse(await readFile(join(copy, room, 'package.json'), 'utf8')) as { name: string };
    await symlink(join(copy, room), join(copy, 'node_modules', name));
    // What npm could not hoist stays beside the room.
    await symlink(join(root, room, 'node_modules'), join(copy, room, 'node_modules'));
  }
  return copy;
}

async function rooms(copy: string, kind: string): Promise<string[]> {
  return (await readdir(join(copy, kind))).map((room) => join(kind, room));
}

function eslint(...args: string[]): Promise<Outcome> {
  return run(join(root, 'node_modules/eslint/bin/eslint.js'), ...args);
}

interface Outcome {
  code: number | string;
  stdout: string;
  stderr: string;
}

function run(program: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: workspace, maxBuffer: 64 << 20, env: { ...process.env, NX_WORKSPACE_ROOT_PATH: workspace } };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}
