import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/testing/closing-line.ts';

const conditions = ['@tipring/source', 'module', 'node'];
// Libraries are tested from their sources, not from dist (FACTS: adding `import` here breaks pg).
const sources = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** What knows no wall clock: several at a time, in workers that are used again. A new one for each file would take longer than most of them. */
const timeless = [
  'libs/{cards,clock,config,dsp,gateway,line,rtp,sdp,sip-endpoint,telephony}/src/**/*.test.ts',
  'libs/sip/src/{digest,dialog,message,registrar,session,transaction}/**/*.test.ts',
  'tools/{docs,dsp,lint}/**/*.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['tools/testing/built-from-c.ts'],
    reporters: ['default', new ClosingLine()],
    projects: [
      { ...sources, test: { name: 'timeless', include: timeless, isolate: false, maxWorkers: '100%', sequence: { groupOrder: 1 }, testTimeout: 20_000 } },
      // What works in real time, with sockets and processes, one file after the other.
      {
        ...sources,
        test: {
          name: 'real time',
          include: ['{apps,libs}/*/src/**/*.test.ts', 'migrations/src/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [...timeless, '**/node_modules/**'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 20_000,
        },
      },
    ],
  },
});
