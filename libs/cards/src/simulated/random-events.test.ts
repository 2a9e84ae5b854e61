import { expect, test } from 'vitest';
import { seededRandom } from '@tipring/dsp/test-support';
import type { PortCommand } from '../port-command.ts';
import type { PortRecorder } from '../port-recorder.ts';
import { officeLine, telephoneLine } from './line-bed.ts';

const steps = 1_500;

/** One of these, over and over, with random pauses; what is said to the port is counted. */
function play(seed: number, wait: (ms: number) => void, port: PortRecorder, commands: readonly PortCommand[], acts: readonly (() => void)[]): { readonly asked: number; readonly answered: number } {
  const random = seededRandom(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  let asked = 0;
  let answered = 0;
  for (let step = 0; step < steps; step++) {
    if (random() < 0.5) pick(acts)();
    else {
      asked++;
      port.port.send(pick(commands), () => answered++);
    }
    wait(Math.floor(random() ** 3 * 800));
    port.heard.length = 0;
  }
  wait(10);
  return { asked, answered };
}

function expectGapless({ events }: PortRecorder): void {
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, n) => n + 1));
}

test.each([1, 2, 3])('whatever a line and its exchange do, a port answers each command once and ends on hook (seed %d)', (seed) => {
  const { bed, line, office, port } = officeLine();
  const { asked, answered } = play(
    seed,
    (ms) => bed.wait(ms),
    port,
    [{ do: 'hook', hook: 'off' }, { do: 'hook', hook: 'on' }, { do: 'flash' }, { do: 'flash', ms: 100 }, { do: 'dialPulses', digits: '12' }, { do: 'ringStop' }],
    [
      () => line.cut(),
      () => line.repair(),
      () => line.parallelSet('off'),
      () => line.parallelSet('on'),
      () => line.induce(200, null, 5),
      () => line.induce(60, 25, 300),
      () => office.ring([{ onMs: 400, offMs: 200 }, { onMs: 400, offMs: 2_000 }]),
      () => office.stopRinging(),
      () => office.answer('reversal'),
      () => office.hangUp({ by: 'openLoop', ms: 300 }),
      () => office.hangUp({ by: 'polarity' }),
      () => office.flashLamp(400, 2),
    ],
  );
  expect(answered).toBe(asked);
  expectGapless(port);
  port.port.close();
  line.repair();
  line.parallelSet('on');
  office.stopRinging();
  bed.wait(5_000);
  expect(office.seized).toBe(false);
});

test.each([1, 2, 3])('whatever a telephone does, a port answers each command once and ends silent (seed %d)', (seed) => {
  const { bed, line, telephone, port } = telephoneLine();
  const { asked, answered } = play(
    seed,
    (ms) => bed.wait(ms),
    port,
    [
      { do: 'ring', cadence: [{ onMs: 500, offMs: 500 }], callerId: { afterBurst: 1 } },
      { do: 'ringStop' },
      { do: 'polarity', polarity: 'reversed' },
      { do: 'polarity', polarity: 'normal' },
      { do: 'openLoop', ms: 300 },
      { do: 'messageWaiting', lamp: 'on' },
      { do: 'messageWaiting', lamp: 'off' },
      { do: 'onHookTransmission', ms: 500 },
      { do: 'flash' },
    ],
    [() => telephone.lift(), () => telephone.hangUp(), () => telephone.flash(200), () => telephone.dialPulses('3'), () => telephone.dial('5'), () => line.cut(), () => line.repair()],
  );
  expect(answered).toBe(asked);
  expectGapless(port);
  const hooks = port.of('hook').map(({ hook }) => hook);
  expect(hooks.every((hook, n) => n === 0 || hook !== hooks[n - 1])).toBe(true);
  port.port.close();
  line.repair();
  telephone.hangUp();
  bed.wait(1_000);
  expect([telephone.ringing, telephone.lamp, telephone.polarity, Math.round(telephone.lineVolts)]).toEqual([false, 'off', 'normal', 48]);
});
