import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/testing/closing-line.ts';

const conditions = ['@tipring/source', 'module', 'node'];

/** Tests with the genuine DAHDI modules in an emulated machine, one after another: they share the processor, and time matters to them. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: ['tools/testing/built-from-c.ts'],
    include: ['tools/dahdi/**/*.dahdi.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    reporters: ['default', new ClosingLine()],
  },
});
