import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { impossibleInCi } from './impossible-in-ci.ts';

/**
 * Ends the run with `N passed, N failed, N skipped`, as the very last line. A file that could not be loaded and an error
 * outside of any test count as failed. In CI a test may be skipped for a listed reason only: a skip there is a hole nobody sees.
 */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    const holes: string[] = [];
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'failed') failed += 1;
        else {
          skipped += 1;
          const reason = result.state === 'skipped' ? result.note : undefined;
          if (!impossibleInCi.some((allowed) => allowed.test(reason ?? ''))) {
            holes.push(`${module.relativeModuleId} > ${test.fullName}: ${reason ?? 'no reason given'}`);
          }
        }
      }
      if (module.state() === 'failed' && failed === before) failed += 1;
    }
    const ci = process.env['CI'] === 'true' && holes.length > 0;
    // vitest still prints after its reporters; the last word is said on the way out.
    process.on('exit', () => {
      if (ci) {
        process.exitCode = 1;
        process.stdout.write(`\nSkipped in CI without a reason listed in tools/testing/impossible-in-ci.ts:\n  ${holes.join('\n  ')}\n`);
      }
      process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}
