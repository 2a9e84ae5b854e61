import { expect, test } from 'vitest';
import { FakeTimers } from '@tipring/clock';
import { PortRecorder } from '../port-recorder.ts';
import { demoPlan } from './demo-plan.ts';
import { Simulator } from './simulator.ts';
import type { SimulatorAct } from './simulator-act.ts';
import { SimulatorBed } from './simulator-bed.ts';

test('a telephone is lifted, dials, flashes, speaks and hangs up; the port sees and hears it', () => {
  const bed = new SimulatorBed();
  bed.onTelephone({ do: 'lift' });
  bed.wait(300);
  expect(bed.telephone).toMatchObject({ hook: 'off', polarity: 'normal' });
  expect(bed.telephone.loopMilliamps).toBeCloseTo(25, 0);
  bed.onTelephone({ do: 'dial', digits: '19*#A' });
  bed.wait(1_000);
  bed.fxs.forget();
  bed.onTelephone({ do: 'flash', ms: 250 });
  expect(bed.telephone.hook).toBe('interrupted');
  bed.wait(1_000);
  expect(bed.fxs.of('hook').map(({ hook, atMs }, _, all) => [hook, atMs - all[0]!.atMs])).toEqual([['on', 0], ['off', 250]]);
  bed.fxs.forget();
  bed.onTelephone({ do: 'dial', digits: '3', by: 'pulse' });
  bed.wait(1_500);
  expect(bed.fxs.of('hook').map(({ atMs }, _, all) => atMs - all[0]!.atMs)).toEqual([0, 60, 100, 160, 200, 260]);
  bed.onTelephone({ do: 'speak', tone: { frequencyHz: 1_200, levelDbm0: -15 } });
  bed.wait(500);
  expect(bed.fxs.toneDbm0(1_200)).toBeCloseTo(-15, 0);
  expect(bed.telephone.speaks).toEqual({ frequencyHz: 1_200, levelDbm0: -15 });
  bed.onTelephone({ do: 'speak', tone: null });
  bed.wait(500);
  expect(bed.fxs.toneDbm0(1_200)).toBeLessThan(-50);
  bed.onTelephone({ do: 'hangUp' });
  bed.wait(100);
  expect([bed.telephone.hook, bed.fxs.of('hook').at(-1)!.hook]).toEqual(['on', 'on']);
});

test('a telephone says what it hears, how it rings, and what its lamp does', () => {
  const bed = new SimulatorBed({ telephone: { wire: { cable: { gauge: '0.5 mm', km: 0.02 } } } });
  bed.send(bed.fxs, { do: 'ring', cadence: [{ onMs: 1_000, offMs: 1_000 }] });
  bed.wait(2_500);
  expect(bed.telephone).toMatchObject({ ringing: true, rings: 2, hears: [] });
  bed.onTelephone({ do: 'lift' });
  bed.fxs.mouth.play({ segments: [{ frequenciesHz: [350, 440], durationMs: null }] }, -13);
  bed.wait(1_000);
  const { hears, levelDbm0, ringing } = bed.telephone;
  expect(ringing).toBe(false);
  expect(hears.map(({ hz }) => Math.round(hz)).sort()).toEqual([350, 440]);
  for (const { dbm0 } of hears) expect(Math.abs(dbm0 + 16)).toBeLessThan(0.5);
  expect(Math.abs(levelDbm0! + 13)).toBeLessThan(0.5);
  bed.onTelephone({ do: 'hangUp' });
  bed.send(bed.fxs, { do: 'messageWaiting', lamp: 'on' });
  expect(bed.telephone.lamp).toBe('on');
});

test('what a telephone cannot do now is refused, and nothing of it is done', () => {
  const bed = new SimulatorBed();
  const port = { card: 'S', port: 2 };
  const refused = (act: SimulatorAct): unknown => {
    const result = bed.simulator.act(act);
    return result.ok ? 'done' : result.refusal.code;
  };
  expect(refused({ on: 'telephone', port, do: 'flash' })).toBe('wrongState');
  expect(refused({ on: 'telephone', port, do: 'dial', digits: '1' })).toBe('wrongState');
  expect(refused({ on: 'telephone', port, do: 'speak', tone: null })).toBe('wrongState');
  bed.onTelephone({ do: 'lift' });
  expect(refused({ on: 'telephone', port, do: 'dial', digits: '1*', by: 'pulse' })).toBe('wrongState');
  expect(refused({ on: 'telephone', port, do: 'dial', digits: '12', by: 'pulse' })).toBe('done');
  expect(refused({ on: 'telephone', port, do: 'flash' })).toBe('wrongState');
  expect(refused({ on: 'telephone', port: { card: 'S', port: 1 }, do: 'lift' })).toBe('notFound');
  expect(refused({ on: 'line', port, do: 'call' })).toBe('notFound');
  expect(refused({ on: 'wire', port: { card: 'S', port: 3 }, do: 'cut' })).toBe('notFound');
  expect(refused({ on: 'card', card: 'T', do: 'pull' })).toBe('notFound');
  expect(refused({ on: 'telephone', port, do: 'fly' } as unknown as SimulatorAct)).toBe('badAct');
});

test('battery, polarity and the voltage for a lamp come and go at the line', () => {
  const bed = new SimulatorBed();
  bed.fxo.forget();
  bed.onLine({ do: 'battery', battery: 'off' });
  expect(bed.line).toMatchObject({ battery: false, lineVolts: 0 });
  expect(bed.simulator.act({ on: 'line', port: { card: 'S', port: 1 }, do: 'call' })).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
  bed.onLine({ do: 'battery', battery: 'on' });
  bed.onLine({ do: 'polarity', polarity: 'reversed' });
  bed.wait(100);
  expect([bed.fxo.of('battery').map(({ present }) => present), bed.fxo.of('polarity').map(({ polarity }) => polarity), bed.line.polarity]).toEqual([[false, true], ['reversed'], 'reversed']);
  for (const lamp of ['on', 'off'] as const) bed.onLine({ do: 'lamp', lamp });
  bed.onLine({ do: 'lamp', lamp: 'blinks' });
  bed.wait(2_500);
  bed.onLine({ do: 'lamp', lamp: 'off' });
  bed.wait(3_000);
  expect(bed.fxo.of('messageWaiting').map(({ lamp }) => lamp)).toEqual(['on', 'off', 'on', 'off', 'on', 'off']);
});

test('a wire is cut and repaired, shared with another telephone, struck, and bled into', () => {
  const bed = new SimulatorBed();
  bed.fxo.forget();
  bed.onWire({ do: 'cut' });
  bed.wait(100);
  expect(bed.line.wire.cable).toBe('cut');
  bed.onWire({ do: 'repair' });
  bed.onWire({ do: 'parallelSet', hook: 'off' });
  bed.wait(100);
  expect(bed.line).toMatchObject({ seized: true, wire: { cable: 'whole', parallelSet: 'off' } });
  bed.onWire({ do: 'parallelSet', hook: 'on' });
  bed.wait(2_000);
  expect([bed.fxo.of('battery').map(({ present }) => present), bed.fxo.of('lineInUse').map(({ elsewhere }) => elsewhere)]).toEqual([[false, true], [true, false]]);
  bed.fxo.forget();
  bed.onWire({ do: 'spike' });
  bed.wait(500);
  bed.onWire({ do: 'lightning' });
  bed.wait(1_000);
  expect(bed.fxo.of('ringEnded').map(({ frequencyHz }) => frequencyHz)).toEqual([null, null, null, null]);
  bed.onWire({ do: 'ringBleed', voltsRms: 40, hz: 25, ms: 500 });
  bed.wait(1_000);
  expect(bed.fxo.of('ringEnded').at(-1)).toMatchObject({ frequencyHz: 25, voltsRms: 40 });
});

test('nothing is heard through a cable that is cut', () => {
  const bed = new SimulatorBed();
  bed.onTelephone({ do: 'lift' });
  bed.wait(100);
  bed.onWire({ do: 'cut' }, bed.fxs);
  bed.onTelephone({ do: 'speak', tone: { frequencyHz: 1_000 } });
  bed.fxs.sendTone(700);
  bed.send(bed.fxs, { do: 'onHookTransmission', ms: 2_000 });
  bed.wait(1_000);
  expect(bed.telephone.hears).toEqual([]);
  expect(bed.fxs.toneDbm0(1_000)).toBeLessThan(-50);
});

test('noise and hum are as loud as they are set', () => {
  const bed = new SimulatorBed();
  bed.send(bed.fxo, { do: 'hook', hook: 'off' });
  bed.wait(500);
  bed.fxo.mouth.dial('1');
  bed.wait(500);
  bed.onWire({ do: 'noise', levelDbm0: -30 });
  bed.wait(1_000);
  expect(Math.abs(bed.line.levelDbm0! + 30)).toBeLessThan(1);
  bed.onWire({ do: 'noise', levelDbm0: null });
  for (const hz of [50, 60] as const) {
    bed.onWire({ do: 'hum', hum: { hz, levelDbm0: -25 } });
    bed.wait(1_000);
    expect(bed.line.hears.map((heard) => Math.round(heard.hz)).sort((a, b) => a - b)).toEqual([hz, 3 * hz, 5 * hz]);
    expect(Math.abs(bed.line.levelDbm0! + 25)).toBeLessThan(0.5);
  }
  bed.onWire({ do: 'hum', hum: null });
  bed.wait(1_000);
  expect(bed.line).toMatchObject({ levelDbm0: null, hears: [], wire: { noiseDbm0: null, hum: null } });
});

test('a card is pulled and put back, and its clock drifts from now on', () => {
  const bed = new SimulatorBed();
  bed.act({ on: 'card', card: 'S', do: 'drift', ppm: 10_000 });
  bed.fxs.forget();
  bed.wait(10_000);
  // 10 s are 505 blocks of its own; the one that was under way is not shorter.
  expect(bed.fxs.blocks).toBe(504);
  bed.act({ on: 'card', card: 'S', do: 'pull' });
  bed.wait(100);
  expect(bed.simulator.state().cards).toEqual([{ is: 'card', card: 'S', slot: null, present: false, ppm: 10_000 }]);
  expect(bed.fxs.events.at(-1)!.type).toBe('absent');
  bed.onTelephone({ do: 'lift' });
  expect(bed.telephone.lineVolts).toBe(0);
  bed.act({ on: 'card', card: 'S', do: 'insert' });
  bed.wait(100);
  const back = new PortRecorder(bed.simulator.cards.port({ card: 'S', port: 2 })!);
  void back.open();
  bed.wait(10_000);
  expect(back.of('hook').map(({ hook }) => hook)).toEqual(['off']);
  expect(back.blocks).toBeGreaterThanOrEqual(504);
  bed.act({ on: 'card', card: 'S', do: 'drift', ppm: 0 });
  back.forget();
  bed.wait(10_000);
  expect(back.blocks).toBe(500);
});

test('the demo office is a card of four lines and eight telephones, each with battery or dial tone, without a Dsp as well', () => {
  const timers = new FakeTimers();
  const simulator = new Simulator({ timers, dsp: null }, demoPlan());
  const { cards, lines, telephones } = simulator.state();
  expect([cards.map(({ card }) => card), lines.map(({ port }) => port.port), telephones.map(({ port }) => port.port)]).toEqual([['SIM-1'], [1, 2, 3, 4], [5, 6, 7, 8, 9, 10, 11, 12]]);
  const recorders = lines.map(({ port }) => new PortRecorder(simulator.cards.port(port)!));
  for (const recorder of recorders) {
    void recorder.open();
    recorder.port.send({ do: 'hook', hook: 'off' }, () => {});
  }
  for (const { port } of telephones) simulator.act({ on: 'telephone', port, do: 'lift' });
  timers.advance(1_000);
  for (const recorder of recorders) expect(Math.min(recorder.toneDbm0(350), recorder.toneDbm0(440))).toBeGreaterThan(-27);
  for (const { loopMilliamps } of [...simulator.state().lines, ...simulator.state().telephones]) expect(loopMilliamps).toBeGreaterThan(18);
  expect(JSON.parse(JSON.stringify(simulator.state()))).toEqual(simulator.state());
  simulator.close();
  timers.advance(10_000);
  expect(timers.size).toBe(0);
});

test('each line has a party with a tone of its own', () => {
  const simulator = new Simulator({ timers: new FakeTimers(), dsp: null }, demoPlan());
  expect(new Set(simulator.state().lines.map(({ speaks }) => speaks?.frequencyHz)).size).toBe(4);
  simulator.close();
});

test('a plan that cannot be is no simulator', () => {
  expect(() => new Simulator({ timers: new FakeTimers(), dsp: null }, { cards: [{ serial: 'A', ports: Array<null>(33).fill(null) }] })).toThrow('cards[0].ports: a list of 1 to 32.');
});
