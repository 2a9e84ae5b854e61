import { expect, test } from 'vitest';
import { calculateLoop } from '../loop-calculator.ts';
import { gauges } from '../twin/cable.ts';
import { Ear } from './ear.ts';
import { telephoneLine } from './line-bed.ts';

const ringing = [{ onMs: 1_000, offMs: 2_000 }];

test.each([['burst', 500], ['pause', 1_500]] as const)('a telephone that rings and is lifted in the %s has answered', (during, afterMs) => {
  const { bed, telephone, events, port } = telephoneLine();
  port.forget();
  bed.obey(port, { do: 'ring', cadence: ringing });
  bed.wait(afterMs);
  expect(events[0]).toMatchObject({ type: 'bell', rings: 'began' });
  telephone.lift();
  bed.wait(200);
  expect(port.of('ringTripped').map((event) => event.during)).toEqual([during]);
  expect(port.of('hook').map(({ hook }) => hook)).toEqual(['off']);
  expect(telephone.ringing).toBe(false);
});

test('flash and pulses are raw transitions', () => {
  const { bed, telephone, port } = telephoneLine();
  telephone.lift();
  bed.wait(300);
  port.forget();
  telephone.flash(250);
  bed.wait(1_000);
  const [on, off] = port.of('hook');
  expect([on?.hook, off?.hook, off!.atMs - on!.atMs]).toEqual(['on', 'off', 250]);
  port.forget();
  telephone.dialPulses('31');
  bed.wait(3_000);
  expect(port.of('hook').filter(({ hook }) => hook === 'on')).toHaveLength(4);
  expect(port.of('hook').at(-1)!.hook).toBe('off');
});

test('its DTMF digits are heard at the port, and the port at its ear', () => {
  const { bed, telephone, port } = telephoneLine();
  telephone.lift();
  bed.wait(300);
  port.forget();
  telephone.dial('0123456789*#');
  port.sendTone(2_600, { levelDbm0: -20 });
  bed.wait(3_000);
  const digits: string[] = [];
  const ear = new Ear((digit) => digits.push(digit));
  for (let from = 0; from < port.heard.length; from += 160) ear.hear(Float32Array.from(port.heard.slice(from, from + 160)));
  expect(digits.join('')).toBe('0123456789*#');
  expect(telephone.ear.toneDbm0(2_600)).toBeCloseTo(-20, 0);
});

test('too many bells are too much for the port, which says so', () => {
  const { bed, port } = telephoneLine({ settings: { ren: 12 } });
  bed.obey(port, { do: 'ring', cadence: ringing });
  bed.wait(1_500);
  expect(port.of('fault').map(({ fault, active }) => `${fault} ${active}`)).toEqual(['overcurrent true', 'overcurrent false']);
});

test.each([1, 3, 5])('with %d REN the bell rings just as far as the calculator says', (ren) => {
  const ringSource = { voltsRms: 60, hz: 20, ohms: 200 };
  const { longestKm } = calculateLoop({ cable: { gauge: 'AWG 26', km: 1 }, ren, ringSource, leastMilliamps: 0.001 });
  for (const [km, rings] of [[longestKm - 0.05, true], [longestKm + 0.05, false]] as const) {
    const { bed, telephone, port } = telephoneLine({ settings: { ren }, line: { cable: { gauge: 'AWG 26', km } } });
    bed.obey(port, { do: 'ring', cadence: ringing });
    bed.wait(500);
    expect(telephone.ringing).toBe(rings);
  }
});

test('the port measures the loop current that the calculator says, ±2 %, and a loop of 4000 Ω is no off-hook', () => {
  for (const ohms of [0, 400, 800, 1_500]) {
    const cable = { gauge: 'AWG 26', km: ohms / gauges['AWG 26'].ohms } as const;
    const { bed, telephone, port } = telephoneLine({ line: { cable } });
    telephone.lift();
    bed.wait(100);
    let measured = NaN;
    port.port.measure((reading) => (measured = reading!.loopMilliamps!));
    bed.wait(1);
    const { loopMilliamps } = calculateLoop({ cable, feed: { volts: 48, ohms: 200, limitAmperes: 0.025 }, set: { volts: 6, ohms: 200 } });
    expect(Math.abs(measured / loopMilliamps - 1)).toBeLessThan(0.02);
  }
  const { bed, telephone, port } = telephoneLine({ line: { cable: { gauge: 'AWG 26', km: 4_000 / gauges['AWG 26'].ohms } } });
  telephone.lift();
  bed.wait(500);
  expect(port.of('hook').map(({ hook }) => hook)).toEqual(['on']);
});

test('polarity, an open loop and the lamp are felt at the telephone', () => {
  const { bed, telephone, port } = telephoneLine();
  bed.obey(port, { do: 'messageWaiting', lamp: 'on' });
  expect(telephone.lamp).toBe('on');
  bed.obey(port, { do: 'messageWaiting', lamp: 'off' });
  bed.obey(port, { do: 'polarity', polarity: 'reversed' });
  expect([telephone.lamp, telephone.polarity]).toEqual(['off', 'reversed']);
  telephone.lift();
  bed.wait(100);
  bed.obey(port, { do: 'openLoop', ms: 400 });
  expect(telephone.lineVolts).toBe(0);
  bed.wait(500);
  expect(telephone.lineVolts).toBeGreaterThan(5);
  expect(port.of('hook').map(({ hook }) => hook)).toEqual(['on', 'off']);
});

test('a telephone hung up during an open loop is told afterwards', () => {
  const { bed, telephone, port } = telephoneLine();
  telephone.lift();
  bed.wait(100);
  bed.obey(port, { do: 'openLoop', ms: 400 });
  telephone.hangUp();
  bed.wait(100);
  expect(port.of('hook').map(({ hook }) => hook)).toEqual(['on', 'off']);
  bed.wait(500);
  expect(port.of('hook').map(({ hook }) => hook)).toEqual(['on', 'off', 'on']);
});
