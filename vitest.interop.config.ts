import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/testing/closing-line.ts';

const conditions = ['@tipring/source', 'module', 'node'];

/** Tests with real phones and real processes: one after another: their phones share ports and the machine. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: ['tools/testing/built-from-c.ts'],
    include: ['{apps,libs}/*/src/**/*.interop.ts', 'tools/**/*.interop.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: ['default', new ClosingLine()],
  },
});
