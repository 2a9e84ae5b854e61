import { checkPlan, demoPlan, type SimulatorPlan } from '@tipring/cards';
import type { WebAssemblyModule } from '@tipring/dsp';
import type { MediaAddress } from '@tipring/gateway';
import { readFileSync } from 'node:fs';
import { PortsLink } from './ports/ports-link.ts';
import type { PortEvents, PortsThread } from './ports/ports.ts';
import type { MediaSettings } from './settings.ts';

export interface OpenPorts {
  readonly thread: PortsThread;
  /** Where its RTP comes from and goes to. Rejects when it cannot begin. */
  readonly address: Promise<MediaAddress>;
}

/** The thread of the cards that the settings name; null: there are none. `onDeath` once it has begun. */
export function openPorts({ cards, native }: Pick<MediaSettings, 'cards' | 'native'>, dsp: WebAssemblyModule, onEvents: PortEvents, onDeath: (error: Error) => void): OpenPorts | null {
  if (cards.are === 'none') return null;
  const plan = cards.are === 'dahdi' ? null : cards.are === 'demo' ? demoPlan() : readPlan(cards.file);
  let hasBegun = false;
  const thread = new PortsLink({ dsp, native, channels: plan === null ? channelsOfHardware : channelsFor(plan), simulated: plan, agent: cards.are === 'dahdi' ? cards.agent : null }, onEvents, (error) => hasBegun && onDeath(error));
  const address = thread.ready.then((ready) => {
    hasBegun = true;
    return ready;
  });
  return { thread, address };
}

function readPlan(file: string): SimulatorPlan {
  let text: unknown;
  try {
    text = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unusable(file, error instanceof Error ? error.message : String(error));
  }
  const checked = checkPlan(text);
  if (!checked.ok) throw unusable(file, checked.text);
  return checked.plan;
}

function unusable(file: string, why: string): Error {
  return new Error(`TIPRING_SIMULATOR: ${file} is no plan of cards: ${why}`);
}

/** Each card has its own fours. */
function channelsFor({ cards }: SimulatorPlan): number {
  return Math.max(4, cards.reduce((sum, { ports }) => sum + 4 * Math.ceil(ports.length / 4), 0));
}

/** Of cards that may be put in any time. */
const channelsOfHardware = 64;
