import { beforeAll, expect, test } from 'vitest';
import { cardConformance } from '@tipring/cards';
import { LoopAgent, loopUnderTest, RawClient, u32 } from '@tipring/cards/dahdi/test-support';
import { cardAgent } from '../launcher/card-agent.mjs';

/** The agent under the address and undefined behaviour sanitizers: what they find ends it, and its exit code says so. */
let program: string;
beforeAll(async () => {
  program = await cardAgent('sanitized');
});

cardConformance(
  (name, run) => test(`sanitized: ${name}`, run),
  () => loopUnderTest(program),
);

test('sanitized: 20,000 random frames', async () => {
  const agent = new LoopAgent(program, ['--emergency', 'LOOP/2=LOOP/3']);
  agent.start();
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 100; round++) {
    await expect.poll(() => agent.log.length).toBeGreaterThan(0);
    const client = new RawClient(agent.socket);
    client.answers = () => random(3) > 0;
    client.hello();
    for (let n = 0; n < 200; n++) client.send(2 + random(8), random(7), Buffer.concat([u32(random(1_000)), Buffer.from(Array.from({ length: random(40) }, () => random(12)))]));
    if (random(8) === 0) agent.hand(`${['pull', 'insert', 'lift 2', 'hang 2', 'ring 4', 'still 4'][random(6)]}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    client.end();
    await client.closed;
  }
  expect(await agent.remove()).toBe(0);
});
