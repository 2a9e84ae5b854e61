import { expect, test } from 'vitest';
import { seededRandom } from '@tipring/dsp/test-support';
import type { PortCommand } from '../port-command.ts';
import type { LineAct, SimulatorAct, TelephoneAct, WireAct } from './simulator-act.ts';
import type { CallerIdMoment } from './simulator-plan.ts';
import { SimulatorBed } from './simulator-bed.ts';

type Bare<Act> = Act extends unknown ? Omit<Act, 'on' | 'port'> : never;

const telephoneActs: readonly Bare<TelephoneAct>[] = [
  { do: 'lift' }, { do: 'hangUp' }, { do: 'flash' }, { do: 'flash', ms: 90 }, { do: 'dial', digits: '12D' }, { do: 'dial', digits: '30', by: 'pulse' }, { do: 'speak', tone: { frequencyHz: 800 } }, { do: 'speak', tone: null },
];
const lineActs: readonly Bare<LineAct>[] = [
  { do: 'call', number: { shown: '123' }, name: { absent: 'private' } },
  { do: 'call' },
  { do: 'policy', policy: { is: 'answered', afterRings: 0, supervision: 'reversal' } },
  { do: 'policy', policy: { is: 'noAnswer' } },
  { do: 'policy', policy: { is: 'busy' } },
  { do: 'policy', policy: { is: 'dead' } },
  { do: 'speak', tone: { frequencyHz: 1_100 } },
  { do: 'hangUp' },
  { do: 'hangUp', by: { by: 'polarity' } },
  { do: 'hangUp', by: { by: 'dialTone' } },
  { do: 'hangUp', by: { by: 'silence' } },
  { do: 'battery', battery: 'off' },
  { do: 'battery', battery: 'on' },
  { do: 'polarity', polarity: 'reversed' },
  { do: 'lamp', lamp: 'blinks' },
  { do: 'lamp', lamp: 'on' },
];
const wireActs: readonly Bare<WireAct>[] = [
  { do: 'cut' }, { do: 'repair' }, { do: 'repair' }, { do: 'parallelSet', hook: 'off' }, { do: 'parallelSet', hook: 'on' }, { do: 'spike' }, { do: 'lightning' }, { do: 'ringBleed', voltsRms: 60, hz: 25, ms: 700 },
  { do: 'noise', levelDbm0: -40 }, { do: 'hum', hum: { hz: 50, levelDbm0: -50 } },
];
const cardActs: readonly SimulatorAct[] = [{ on: 'card', card: 'S', do: 'pull' }, { on: 'card', card: 'S', do: 'insert' }, { on: 'card', card: 'S', do: 'drift', ppm: 300 }];
const commands: readonly PortCommand[] = [
  { do: 'hook', hook: 'off' }, { do: 'hook', hook: 'on' }, { do: 'flash' }, { do: 'dialPulses', digits: '7' },
  { do: 'ring', cadence: [{ onMs: 500, offMs: 700 }], callerId: { afterBurst: 1 } }, { do: 'ringStop' }, { do: 'polarity', polarity: 'reversed' }, { do: 'openLoop', ms: 200 }, { do: 'messageWaiting', lamp: 'on' }, { do: 'onHookTransmission', ms: 300 },
];

test.each<[number, CallerIdMoment]>([[1, 'betweenRings'], [2, 'afterReversalAndDualTone'], [3, 'afterRingPulse'], [4, 'afterReversalAndBursts']])('whatever is done to far ends and ports, nothing throws, all can be put to rest, and nothing runs on (seed %d, %s)', (seed, place) => {
  const bed = new SimulatorBed({ line: { callerId: { by: 'fsk', standard: 'etsi', modulation: 'v23', place } }, telephone: { display: { fsk: 'v23', dtmf: null, callWaiting: true, seizesForIt: true } } });
  const random = seededRandom(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const anyAct = (): SimulatorAct => {
    const port = { card: 'S', port: 1 + Math.floor(random() * 2) };
    const kind = random();
    if (kind < 0.4) return { on: 'telephone', port, ...pick(telephoneActs) } as SimulatorAct;
    if (kind < 0.75) return { on: 'line', port, ...pick(lineActs) } as SimulatorAct;
    return kind < 0.97 ? ({ on: 'wire', port, ...pick(wireActs) } as SimulatorAct) : pick(cardActs);
  };
  for (let step = 0; step < 400; step++) {
    if (random() < 0.6) {
      const result = bed.simulator.act(anyAct());
      expect(result.ok || ['notFound', 'wrongState'].includes(result.refusal.code)).toBe(true);
    } else bed.simulator.cards.port({ card: 'S', port: 1 + Math.floor(random() * 2) })?.send(pick(commands), () => {});
    bed.wait(Math.floor(random() ** 3 * 900));
    bed.fxo.heard.length = bed.fxs.heard.length = 0;
    if (step % 50 === 0) expect(JSON.parse(JSON.stringify(bed.simulator.state()))).toEqual(bed.simulator.state());
  }
  bed.act({ on: 'card', card: 'S', do: 'insert' });
  for (const port of [bed.fxo, bed.fxs]) {
    bed.simulator.cards.port(port.port.id)!.close();
    for (const act of [{ do: 'repair' }, { do: 'parallelSet', hook: 'on' }] as const) bed.onWire(act, port);
  }
  bed.onTelephone({ do: 'hangUp' });
  bed.onLine({ do: 'battery', battery: 'on' });
  bed.onLine({ do: 'policy', policy: { is: 'noAnswer' } });
  bed.simulator.act({ on: 'line', port: bed.fxo.port.id, do: 'hangUp' });
  bed.wait(12_000);
  bed.simulator.act({ on: 'line', port: bed.fxo.port.id, do: 'hangUp' });
  bed.wait(3_000);
  expect(bed.line).toMatchObject({ seized: false, call: { at: 'idle' }, battery: true });
  expect(bed.telephone).toMatchObject({ hook: 'on', ringing: false, rings: 0, caller: null, polarity: 'normal' });
  bed.simulator.close();
  bed.wait(5_000);
  expect(bed.timers.size).toBe(0);
});
