import { expect, test } from 'vitest';
import { DtmfCallerIdAssembler, dtmfCallerIdPlans, DtmfReceivers } from '@tipring/dsp';
import { burstBeforeLongPause } from './announcement.ts';
import type { CallerIdMoment, ExchangeCallerId } from './simulator-plan.ts';
import { demoLine, SimulatorBed } from './simulator-bed.ts';

const caller = { number: { shown: '5551234' }, name: { shown: 'Ada Lovelace' } };
const told = { type: 'call-setup', format: 'mdmf', time: { month: 1, day: 1, hour: 0, minute: 0 }, ...caller };
const onLongCable = { ...demoLine.wire, cable: { gauge: 'AWG 26', km: 3 } } as const;

function fsk(place: CallerIdMoment, modulation: 'v23' | 'bell202' = 'v23'): ExchangeCallerId {
  return { by: 'fsk', standard: 'etsi', modulation, place };
}

/** Rings of the cadence, two seconds each, until so many have begun. */
function heardUntilRing(bed: SimulatorBed, rings: number): void {
  for (let ms = 0; ms < 15_000 && bed.fxo.of('ringMeasured').filter(({ atMs }) => atMs > 0).length < rings; ms += 20) bed.wait(20);
}

test.each<[CallerIdMoment, 'v23' | 'bell202', readonly string[], number]>([
  ['betweenRings', 'bell202', [], 2],
  ['betweenRings', 'v23', [], 2],
  ['beforeRinging', 'v23', [], 1],
  ['afterReversal', 'v23', ['reversed', 'normal'], 1],
  ['afterDualTone', 'v23', [], 1],
  ['afterReversalAndDualTone', 'v23', ['reversed', 'normal'], 1],
  ['afterRingPulse', 'v23', [], 2],
  ['afterShortRing', 'v23', [], 2],
])('caller ID %s, by %s: read on hook before ring %4$d, on three kilometres', (place, modulation, polarities, rings) => {
  const bed = new SimulatorBed({ line: { callerId: fsk(place, modulation), wire: onLongCable } });
  bed.fxo.forget();
  bed.onLine({ do: 'call', ...caller });
  if (place !== 'betweenRings') expect(bed.line.call).toEqual({ at: 'announcing', callerId: 'sent' });
  heardUntilRing(bed, rings);
  expect(bed.messagesIn(bed.fxo.heard, modulation === 'v23' ? 'v23' : 'bell-202')).toEqual([told]);
  expect(bed.fxo.of('polarity').map(({ polarity }) => polarity)).toEqual(polarities);
  expect(bed.line.call).toMatchObject({ at: 'ringing', callerId: 'sent' });
  const alerted = place === 'afterDualTone' || place === 'afterReversalAndDualTone';
  expect(Math.max(...blocks(bed.fxo.heard).map((block) => Math.min(level(block, 2_130), level(block, 2_750)))) > -30).toBe(alerted);
});

test('a ring pulse is 200 to 300 ms of ringing, and its data follows 500 to 800 ms later (EN 300 659-1 6.1.3)', () => {
  const bed = new SimulatorBed({ line: { callerId: fsk('afterRingPulse') } });
  bed.fxo.forget();
  bed.onLine({ do: 'call', ...caller });
  bed.wait(3_000);
  const [pulse] = bed.fxo.of('ringEnded');
  expect(pulse!.durationMs).toBeGreaterThanOrEqual(200);
  expect(pulse!.durationMs).toBeLessThanOrEqual(300);
  const startMs = bed.fxo.heard.findIndex((sample) => Math.abs(sample) > 500) / 8;
  expect(startMs - 250).toBeGreaterThanOrEqual(500);
  expect(startMs - 250).toBeLessThanOrEqual(800);
});

test.each([['DK', 'A', '#', 'beforeRinging'], ['NL', 'D', 'C', 'afterReversal'], ['SE', 'A', 'C', 'beforeRinging'], ['TW', 'D', 'C', 'betweenRings']] as const)('DTMF as in %s: %s, the number, %s, %s', (country, start, end, place) => {
  for (const [number, shown] of [[{ shown: '4512345678' }, { shown: '4512345678' }], [{ absent: 'private' }, { absent: 'private' }]] as const) {
    const bed = new SimulatorBed({ line: { callerId: { by: 'dtmf', place, start, end }, wire: onLongCable } });
    bed.fxo.forget();
    bed.onLine({ do: 'call', number });
    heardUntilRing(bed, place === 'betweenRings' ? 2 : 1);
    const receivers = new DtmfReceivers(bed.dsp, 1);
    const assembler = new DtmfCallerIdAssembler(dtmfCallerIdPlans[country]!);
    const audio = bed.dsp.rows(4, 160);
    const results: unknown[] = [];
    blocks(bed.fxo.heard).forEach((block, n) => {
      audio.row(0).set(block);
      receivers.process(0, audio);
      for (let event = receivers.take(0); event !== undefined; event = receivers.take(0)) {
        const result = event.kind === 'end' ? assembler.push(event.digit, n * 20) : undefined;
        if (result !== undefined) results.push(result);
      }
    });
    expect(results).toEqual([{ ok: true, value: { number: shown } }]);
  }
});

test('NTT: after a reversal and in short bursts the line is seized, told, and released; then it rings as usual', () => {
  const bed = new SimulatorBed({ line: { callerId: { by: 'fsk', standard: 'ntt', modulation: 'v23', place: 'afterReversalAndBursts' } } });
  bed.fxo.forget();
  bed.onLine({ do: 'call', ...caller });
  bed.wait(900);
  expect(bed.fxo.of('polarity').map(({ polarity }) => polarity)).toEqual(['reversed']);
  bed.send(bed.fxo, { do: 'hook', hook: 'off' });
  bed.wait(1_100);
  expect(bed.messagesIn(bed.fxo.heard, 'v23')).toEqual([told]);
  bed.send(bed.fxo, { do: 'hook', hook: 'on' });
  bed.wait(2_000);
  expect(bed.line).toMatchObject({ seized: false, polarity: 'normal', call: { at: 'ringing', bursts: 1 } });
  bed.send(bed.fxo, { do: 'hook', hook: 'off' });
  bed.wait(500);
  expect(bed.line.call).toMatchObject({ at: 'answered', direction: 'incoming' });
});

test('NTT: who does not hang up when told has answered, and where nobody is told it rings all the same', () => {
  const answered = new SimulatorBed({ line: { callerId: { by: 'fsk', standard: 'ntt', modulation: 'v23', place: 'afterReversalAndBursts' } } });
  answered.onLine({ do: 'call', ...caller });
  answered.wait(900);
  answered.send(answered.fxo, { do: 'hook', hook: 'off' });
  answered.wait(5_000);
  expect(answered.line.call).toMatchObject({ at: 'answered', direction: 'incoming' });
  const untold = new SimulatorBed({ line: { callerId: { by: 'fsk', standard: 'ntt', modulation: 'v23', place: 'afterReversalAndBursts' } } });
  untold.onLine({ do: 'call', ...caller });
  untold.wait(7_000);
  expect(untold.line.call).toMatchObject({ at: 'ringing' });
});

test('who lifts while caller ID goes has answered, without dial tone', () => {
  const bed = new SimulatorBed({ line: { callerId: fsk('afterReversal') } });
  bed.onLine({ do: 'call', ...caller });
  bed.wait(500);
  bed.send(bed.fxo, { do: 'hook', hook: 'off' });
  bed.wait(1_000);
  expect(bed.line).toMatchObject({ call: { at: 'answered', direction: 'incoming' }, polarity: 'normal' });
  expect(bed.fxo.toneDbm0(440)).toBeLessThan(-40);
});

test('a caller who gives up during the announcement does not ring', () => {
  const bed = new SimulatorBed({ line: { callerId: fsk('afterReversalAndDualTone') } });
  bed.onLine({ do: 'call', ...caller });
  bed.wait(400);
  bed.onLine({ do: 'hangUp' });
  bed.wait(10_000);
  expect([bed.line.call, bed.line.polarity, bed.fxo.of('ringMeasured')]).toEqual([{ at: 'idle' }, 'normal', []]);
});

test.each<ExchangeCallerId>([{ by: 'none' }, { by: 'request' }])('a line with caller ID by $by rings without', (callerId) => {
  const bed = new SimulatorBed({ line: { callerId } });
  bed.onLine({ do: 'call', ...caller });
  expect(bed.line.call).toMatchObject({ at: 'ringing', callerId: 'none' });
});

test('single data format tells the number and no name; what cannot be written is refused', () => {
  const bed = new SimulatorBed({ line: { callerId: { by: 'fsk', standard: 'gr30', modulation: 'bell202', place: 'betweenRings', format: 'sdmf' } } });
  bed.fxo.forget();
  bed.onLine({ do: 'call', ...caller });
  bed.wait(5_500);
  expect(bed.messagesIn(bed.fxo.heard, 'bell-202')).toEqual([{ type: 'call-setup', format: 'sdmf', time: told.time, number: caller.number }]);
  const byDtmf = new SimulatorBed({ line: { callerId: { by: 'dtmf', place: 'beforeRinging', start: 'A', end: 'C' } } });
  expect(byDtmf.simulator.act({ on: 'line', port: { card: 'S', port: 1 }, do: 'call', number: { shown: '12#4' } })).toMatchObject({ ok: false });
  expect(byDtmf.line.call).toEqual({ at: 'idle' });
});

test('between rings is the first of the longest pauses', () => {
  expect([[4_000], [200, 2_000], [400, 400, 4_000], [3_000, 3_000]].map((pauses) => burstBeforeLongPause(pauses.map((offMs) => ({ onMs: 400, offMs }))))).toEqual([1, 2, 3, 1]);
});

function blocks(heard: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: Math.floor(heard.length / 160) }, (_, n) => heard.slice(160 * n, 160 * (n + 1)));
}

function level(samples: readonly number[], hz: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((sample, n) => {
    re += sample * Math.cos((2 * Math.PI * hz * n) / 8_000);
    im += sample * Math.sin((2 * Math.PI * hz * n) / 8_000);
  });
  return 10 * Math.log10((2 * (re ** 2 + im ** 2)) / samples.length ** 2 / 16_141 ** 2 + 1e-12);
}
