import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { nodeTimers } from '@tipring/clock';
import type { CardsUnderTest } from '../../conformance-bed.ts';
import { cardsOf } from '../../port-recorder.ts';
import { DahdiCards } from '../dahdi-cards.ts';

/** What `status` of agent/device-loop.c says: the last octet out of each port, the loop of each FXO port, the feed of each FXS port. */
export interface LoopStatus {
  readonly sent: readonly number[];
  readonly loop: readonly number[];
  readonly feed: readonly number[];
  readonly hardwareMs: number;
}

/** The agent with the loop for hardware: two FXO ports (1, 3) and two FXS ports (2, 4), wired in pairs. */
export class LoopAgent {
  readonly folder = mkdtempSync(join(tmpdir(), 'tipring-agent-'));
  readonly socket = join(this.folder, 'agent.sock');
  readonly log: string[] = [];
  readonly #program: string;
  readonly #arguments: readonly string[];
  readonly #statuses: ((status: LoopStatus) => void)[] = [];
  #process: ChildProcess | null = null;

  /** `program` is card-agent-loop, or its sanitized build. */
  constructor(program: string, settings: readonly string[] = []) {
    this.#program = program;
    this.#arguments = ['--socket', this.socket, ...settings];
  }

  start(): void {
    const process = spawn(this.#program, this.#arguments, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process = process;
    process.stdin.on('error', () => {});
    createInterface(process.stdout).on('line', (line) => this.#statuses.shift()?.(JSON.parse(line) as LoopStatus));
    createInterface(process.stderr).on('line', (line) => this.log.push(line));
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** What only a hand at the hardware can do: `lift 2`, `hang 2`, `say 2 42`, `pull`, `insert`. */
  hand(words: string): void {
    this.#process?.stdin?.write(`${words}\n`);
  }

  status(): Promise<LoopStatus> {
    return new Promise((resolve) => {
      this.#statuses.push(resolve);
      this.hand('status');
    });
  }

  /** @returns its exit code, or the signal */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    const process = this.#process;
    this.#process = null;
    if (process === null) return null;
    if (process.exitCode !== null || process.signalCode !== null) return process.exitCode ?? process.signalCode;
    const ended = new Promise<number | string | null>((resolve) => process.once('exit', (code, by) => resolve(code ?? by)));
    process.kill(signal);
    return await ended;
  }

  async remove(): Promise<number | string | null> {
    const code = await this.end();
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}

/** Lets so many ms of the agent's clock pass. */
export async function waitByAgent(cards: DahdiCards, ms: number): Promise<void> {
  const from = await clockOf(cards);
  if (from === null) throw new Error('The agent is gone.');
  for (;;) {
    const now = await clockOf(cards);
    if (now === null) throw new Error('The agent is gone.');
    if (now - from >= ms) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** For the conformance suite. */
export async function loopUnderTest(program: string, settings: readonly string[] = []): Promise<CardsUnderTest> {
  const agent = new LoopAgent(program, settings);
  agent.start();
  const timers = nodeTimers();
  const driver = await connected(agent, timers);
  const end = async (): Promise<void> => {
    driver.close();
    timers.close();
    const code = await agent.remove();
    if (code !== 0) throw new Error(`The agent ended with ${code}:\n${agent.log.join('\n')}`);
  };
  return { driver, fxo: { card: 'LOOP', port: 1 }, fxs: { card: 'LOOP', port: 2 }, wait: (ms) => waitByAgent(driver, ms), end };
}

/** Once its card is there. */
export async function connected(agent: LoopAgent, timers: ReturnType<typeof nodeTimers>): Promise<DahdiCards> {
  const driver = new DahdiCards(timers, agent.socket);
  const arrived = new Promise<void>((resolve) => (driver.onCard = ({ type }) => void (type === 'arrived' && resolve())));
  if ((await cardsOf(driver)).length === 0) await arrived;
  driver.onCard = null;
  return driver;
}

function clockOf(cards: DahdiCards): Promise<number | null> {
  return new Promise((resolve) => cards.clock(resolve));
}
