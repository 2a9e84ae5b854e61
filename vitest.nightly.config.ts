import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/testing/closing-line.ts';

const conditions = ['@tipring/source', 'module', 'node'];

/** What takes too long for CI, one after another. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: ['tools/testing/built-from-c.ts'],
    include: ['tools/**/*.nightly.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    reporters: ['default', new ClosingLine()],
  },
});
