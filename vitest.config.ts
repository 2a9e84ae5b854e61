import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/testing/closing-line.ts';

const conditions = ['@tipring/source', 'module', 'node'];

export default defineConfig({
  // Libraries are tested from their sources, not from dist (FACTS: adding `import` here breaks pg).
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: ['tools/testing/built-from-c.ts'],
    include: ['{apps,libs}/*/src/**/*.test.ts', 'migrations/src/**/*.test.ts', 'tools/**/*.test.ts'],
    testTimeout: 20_000,
    reporters: ['default', new ClosingLine()],
  },
});
