import { cardsOf, type Port } from '@tipring/cards';
import { DahdiCards } from '@tipring/cards/dahdi';
import { LoopAgent } from '@tipring/cards/dahdi/test-support';
import { nodeTimers } from '@tipring/clock';
import { cardAgent } from '../launcher/card-agent.mjs';
import { cpuSeconds } from '../testbed/process-figures.ts';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'Card agent: the cost of a block through its socket';
export const explains =
  'Four ports of the agent, with a loop in place of hardware, give blocks of 20 ms as fast as the driver answers them: processor time a block of both processes. A port has 50 blocks a ' +
  'second each way, so 32 ports have 1600. The kernel\'s part, four system calls a block, is not in it.';
export const options = { seconds: { default: 5, explains: 'of this machine' } };

export async function run(context: BenchContext): Promise<Figures> {
  const program = await cardAgent('loop');
  if (program === '') return { driverUsPerBlock: null };
  const agent = new LoopAgent(program);
  agent.start();
  const timers = nodeTimers();
  const cards = new DahdiCards(timers, agent.socket);
  context.atEnd(() => agent.remove());
  context.atEnd(() => timers.close());
  context.atEnd(() => cards.close());
  while ((await cardsOf(cards)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const ports = (await cardsOf(cards))[0]!.ports;
  let blocks = 0;
  for (const port of ports) await open(port, () => blocks++);

  const driver = (): number => process.cpuUsage().user + process.cpuUsage().system;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const [blocksBefore, driverBefore, agentBefore, before] = [blocks, driver(), cpuSeconds(agent.pid), performance.now()];
  context.progress('blocks to and fro');
  await new Promise((resolve) => setTimeout(resolve, 1_000 * context.number('seconds')));
  const passed = blocks - blocksBefore;
  const driverUsPerBlock = (driver() - driverBefore) / passed;
  const agentUsPerBlock = (1e6 * (cpuSeconds(agent.pid) - agentBefore)) / passed;
  const blocksPerSecond = (1e3 * passed) / (performance.now() - before);
  context.table([
    ['', 'µs a block', '32 ports, % of a core'],
    ['driver (Node)', driverUsPerBlock.toFixed(1), (0.16 * driverUsPerBlock).toFixed(1)],
    ['agent (C)', agentUsPerBlock.toFixed(1), (0.16 * agentUsPerBlock).toFixed(1)],
  ]);
  return { driverUsPerBlock, agentUsPerBlock, blocksPerSecond };
}

function open(port: Port, block: () => void): Promise<void> {
  return new Promise((resolve, reject) => port.open({ event: () => {}, audio: block }, (refusal) => (refusal === null ? resolve() : reject(new Error(refusal.text)))));
}
