import { expect, test } from 'vitest';
import { officeLine } from './line-bed.ts';

const usRinging = [{ onMs: 2_000, offMs: 4_000 }];

test('a line that is seized gives dial tone, takes DTMF digits, and is quiet from the first one on', () => {
  const { bed, office, events, port } = officeLine();
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(1_000);
  expect(port.toneDbm0(350)).toBeGreaterThan(-20);
  expect(port.toneDbm0(440)).toBeGreaterThan(-20);
  port.mouth.dial('5551234*0#');
  bed.wait(2_500);
  expect(office.digits).toBe('5551234*0#');
  expect(port.toneDbm0(440)).toBeLessThan(-50);
  expect(events[0]).toEqual({ type: 'seized' });
});

test.each([40, 50, 65, 100])('digits of %d ms with pauses as long are all heard', (ms) => {
  const { bed, office, port } = officeLine({ settings: { dialTone: null } });
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(500);
  port.mouth.dial('1122334455667788990ABCD', { onMs: ms, offMs: ms });
  bed.wait(6_000);
  expect(office.digits).toBe('1122334455667788990ABCD');
});

test('pulses are digits too, unless this exchange does not take them', () => {
  for (const [pulses, digits] of [['taken', '4075'], ['ignored', '']] as const) {
    const { bed, office, port } = officeLine({ settings: { pulses } });
    bed.obey(port, { do: 'hook', hook: 'off' });
    bed.wait(500);
    bed.obey(port, { do: 'dialPulses', digits: '4075' });
    bed.wait(8_000);
    expect(office.digits).toBe(digits);
    expect(port.of('pulsesSent')).toHaveLength(1);
  }
});

test('a flash is a flash, and an end is an end', () => {
  const { bed, events, port } = officeLine();
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(500);
  bed.obey(port, { do: 'flash', ms: 500 });
  bed.wait(1_000);
  bed.obey(port, { do: 'hook', hook: 'on' });
  bed.wait(2_000);
  expect(events.map(({ type }) => type)).toEqual(['seized', 'flash', 'released']);
});

test('ringing is seen burst by burst, with its frequency and voltage, and what is said in the pause is heard on hook', () => {
  const { bed, office, events, port } = officeLine();
  const samples = Array.from({ length: 4_800 }, (_, n) => 6_000 * Math.sin((2 * Math.PI * 1_800 * n) / 8_000));
  office.ring(usRinging, { samples, afterBurst: 1 });
  bed.wait(2_000 + 500 + 400);
  expect(port.toneDbm0(1_800)).toBeGreaterThan(-20);
  bed.wait(3_100 + 2_000);
  const [began] = port.of('ringMeasured');
  expect(began!.frequencyHz).toBe(20);
  expect(began!.voltsRms).toBeGreaterThan(80);
  expect(port.of('ringEnded').map(({ durationMs }) => Math.round(durationMs / 100))).toEqual([20]);
  bed.wait(500);
  expect(port.of('ringEnded')).toHaveLength(2);
  bed.wait(3_000);
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(300);
  expect(events).toEqual([{ type: 'answered' }]);
});

test('the other party is heard, answers by reversal, and hangs up by an open loop of 600 ms', () => {
  const { bed, office, port } = officeLine();
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(500);
  office.answer('reversal');
  office.mouth.play({ segments: [{ frequenciesHz: [1_000], durationMs: null }] }, -15);
  bed.wait(500);
  expect(port.of('polarity').map(({ polarity }) => polarity)).toEqual(['normal', 'reversed']);
  expect(port.toneDbm0(1_000)).toBeGreaterThan(-18);
  port.forget();
  office.hangUp({ by: 'openLoop', ms: 600 });
  bed.wait(1_000);
  const [gone, back] = port.of('battery');
  expect([gone?.present, back?.present, back!.atMs - gone!.atMs]).toEqual([false, true, 600]);
  expect(port.of('loopCurrent').map(({ flowing }) => flowing)).toEqual([false, true]);
});

test('it also hangs up by polarity, by a tone, or by nothing', () => {
  const { bed, office, port } = officeLine({ settings: { dialTone: null } });
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(500);
  port.forget();
  office.hangUp({ by: 'nothing' });
  bed.wait(2_000);
  expect(port.events).toEqual([]);
  office.hangUp({ by: 'tone', tone: { segments: [{ frequenciesHz: [480, 620], durationMs: 500 }, { frequenciesHz: [], durationMs: 500 }] } });
  bed.wait(1_400);
  expect(port.toneDbm0(620)).toBeGreaterThan(-22);
  office.hangUp({ by: 'polarity' });
  bed.wait(100);
  expect(port.of('polarity').map(({ polarity }) => polarity)).toEqual(['reversed']);
});

test('a parallel telephone off hook is the line in use elsewhere, and takes its part of the current in a call', () => {
  const { bed, line, port } = officeLine();
  line.parallelSet('off');
  bed.wait(100);
  expect(port.of('lineInUse').map(({ elsewhere }) => elsewhere)).toEqual([true]);
  expect(port.of('lineInUse')[0]!.volts).toBeLessThan(22);
  line.parallelSet('on');
  bed.wait(100);
  expect(port.of('lineInUse').map(({ elsewhere }) => elsewhere)).toEqual([true, false]);
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(300);
  const milliamps = (): number => {
    let read = NaN;
    port.port.measure((reading) => (read = reading!.loopMilliamps!));
    bed.wait(1);
    return read;
  };
  const alone = milliamps();
  line.parallelSet('off');
  expect(milliamps()).toBeLessThan(alone);
});

test('a parallel telephone off hook shorts the ringing', () => {
  const { bed, line, office, port } = officeLine();
  line.parallelSet('off');
  bed.wait(500);
  port.forget();
  office.ring(usRinging);
  bed.wait(1_000);
  expect(port.of('ringBegan')).toEqual([]);
});

test('a telephone that dials pulses in parallel looks like 10 Hz to the ringing detector', () => {
  const { bed, line, port } = officeLine();
  line.parallelSet('off');
  bed.wait(1_000);
  port.forget();
  for (let pulse = 0; pulse < 9; pulse++) {
    line.parallelSet('on');
    bed.wait(60);
    line.parallelSet('off');
    bed.wait(40);
  }
  bed.wait(500);
  const [bleed] = port.of('ringEnded');
  expect(bleed!.frequencyHz).toBeGreaterThanOrEqual(9);
  expect(bleed!.frequencyHz).toBeLessThanOrEqual(12);
});

test('spikes and the own hanging up make the detector tinkle: short, and without frequency', () => {
  const { bed, line, port } = officeLine();
  port.forget();
  for (let strike = 0; strike < 3; strike++) {
    line.induce(200, null, 4);
    bed.wait(300);
  }
  bed.obey(port, { do: 'hook', hook: 'off' });
  bed.wait(1_000);
  bed.obey(port, { do: 'hook', hook: 'on' });
  bed.wait(300);
  const tinkles = port.of('ringEnded');
  expect(tinkles).toHaveLength(4);
  expect(tinkles.every(({ durationMs, frequencyHz }) => durationMs < 100 && frequencyHz === null)).toBe(true);
});

test('the bleed of a neighbour\'s ringing is told from the threshold on', () => {
  const { bed, line, port } = officeLine();
  port.forget();
  line.induce(12, 25, 1_000);
  bed.wait(1_500);
  expect(port.events).toEqual([]);
  line.induce(18, 25, 1_000);
  bed.wait(1_500);
  expect(port.of('ringEnded').map(({ frequencyHz }) => frequencyHz)).toEqual([25]);
});

test('a line that is cut has no battery, and comes back', () => {
  const { bed, line, port } = officeLine();
  line.cut();
  bed.wait(100);
  line.repair();
  bed.wait(100);
  expect(port.of('battery').map(({ present }) => present)).toEqual([true, false, true]);
});

test('voltage for a lamp is told as that', () => {
  const { bed, office, port } = officeLine();
  office.flashLamp(1_000, 2);
  bed.wait(2_500);
  expect(port.of('messageWaiting').map(({ lamp }) => lamp)).toEqual(['on', 'off', 'on', 'off']);
});
