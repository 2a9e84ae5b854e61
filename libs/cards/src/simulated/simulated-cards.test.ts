import { test } from 'vitest';
import { FakeTimers } from '@tipring/clock';
import { cardConformance } from '../conformance.ts';
import { type SimulatedCardPlan, SimulatedCards } from './simulated-cards.ts';

const bed = (plan: Partial<SimulatedCardPlan>) => async () => {
  const timers = new FakeTimers();
  const driver = new SimulatedCards(timers, [
    { serial: 'B-7', ports: ['fxo', 'fxs', null, 'fxs'], ...plan },
    { serial: 'A-1', ports: ['fxs'] },
  ]);
  driver.wire({ card: 'B-7', port: 1 }, { card: 'B-7', port: 2 }, { cable: { gauge: 'AWG 24', km: 0.05 } });
  const wait = async (ms: number): Promise<void> => {
    timers.advance(ms);
    await Promise.resolve();
  };
  return { driver, fxo: { card: 'B-7', port: 1 }, fxs: { card: 'B-7', port: 2 }, wait, end: async () => driver.close() };
};

cardConformance(test, bed({}));

cardConformance(
  (name, run) => test(`as plain as dahdi's local spans: ${name}`, run),
  bed({
    fxo: { seesPolarity: false, seesMessageWaiting: false, seesLineInUse: false, measuresRinging: false, measures: [], gainsDb: null, dcTermination: null },
    fxs: { polarityReversal: false, messageWaitingLamp: false, onHookTransmission: false, hookTransitions: 'decoded', openLoopMs: { least: 500, most: 500 }, measures: [], gainsDb: null, ringVoltsRms: null, ringFrequencyHz: null, loopMilliamps: null },
  }),
);
