import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/testing/closing-line.ts';

const conditions = ['@tipring/source', 'module', 'node'];
// Libraries are tested from their sources, not from dist (FACTS: adding `import` here breaks pg).
const sources = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** What knows no wall clock: several at a time, in workers that are used again. A new one for each file would take longer than most of them. */
const timeless = [
  'libs/cards/src/{*,simulated/**/*,twin/**/*}.test.ts',
  'libs/{app-endpoint,carrier-control,config,dsp,gateway,line,line-endpoint,presence,prompts,routing,rtp,sdp,sip-endpoint,story,telephony}/src/**/*.test.ts',
  'libs/sip/src/{digest,dialog,events,ladder,message,registrar,session,transaction}/**/*.test.ts',
  'tools/{analog,docs,dsp,lines,lint}/**/*.test.ts',
  'apps/media/src/ports/!(ports-link).test.ts',
];

/** What measures real time: one file after the other. */
const realTime = ['apps/media/src/**/*.test.ts', 'libs/{clock,sip}/src/**/*.test.ts'];

const everything = ['{apps,libs}/*/src/**/*.test.ts', 'migrations/src/**/*.test.ts', 'tools/**/*.test.ts'];
const packages = '**/node_modules/**';
/** A limit ends a wait in vain; it is no measure of speed. A busy machine is ten times slower than a quiet one. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 30_000, interval: 20 } } };

export default defineConfig({
  test: {
    globalSetup: ['tools/testing/built-from-c.ts'],
    reporters: ['default', new ClosingLine()],
    projects: [
      { ...sources, test: { name: 'timeless', include: timeless, isolate: false, maxWorkers: '100%', sequence: { groupOrder: 1 }, ...patience } },
      // Processes and databases, waited for by what they say.
      { ...sources, test: { name: 'programs', include: everything, exclude: [...timeless, ...realTime, packages], maxWorkers: '100%', sequence: { groupOrder: 2 }, ...patience } },
      { ...sources, test: { name: 'real time', include: realTime, exclude: [...timeless, packages], maxWorkers: 1, sequence: { groupOrder: 3 }, ...patience } },
    ],
  },
});
