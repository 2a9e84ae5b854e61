import { test } from 'vitest';
import { cardConformance } from '../conformance.ts';
import { loopUnderTest } from './testing/loop-agent.ts';

const program = process.env['TIPRING_CARD_AGENT_LOOP'] ?? '';

cardConformance(
  (name, run) =>
    test(`through the agent: ${name}`, async ({ skip }) => {
      skip(program === '', 'needs a C compiler');
      await run();
    }),
  () => loopUnderTest(program),
);
