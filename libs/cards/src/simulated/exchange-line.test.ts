import { expect, test } from 'vitest';
import type { PortRecorder } from '../port-recorder.ts';
import type { AnswerPolicy, FarEnd } from './simulator-plan.ts';
import { demoLine, SimulatorBed } from './simulator-bed.ts';

/** The strongest two, within a hertz. */
function hears(port: PortRecorder, ...hz: readonly number[]): boolean {
  return hz.every((frequency) => port.toneDbm0(frequency) > -30);
}

function answered(policy: Partial<Extract<AnswerPolicy, { is: 'answered' }>> = {}): AnswerPolicy {
  return { is: 'answered', afterRings: 1, supervision: 'none', ...policy };
}

/** Of the FXO port, four seconds of pause after the last digit. */
function dialled(bed: SimulatorBed): void {
  bed.dial('5559876');
  bed.wait(4_000);
}

test.each(['dtmf', 'pulse'] as const)('a number dialled by %s rings, is answered after the rings of its policy, and the party there is heard by its own tone', (by) => {
  const bed = new SimulatorBed({ line: { policy: answered({ afterRings: 2 }) } });
  bed.send(bed.fxo, { do: 'hook', hook: 'off' });
  bed.wait(600);
  expect([bed.line.call, hears(bed.fxo, 350, 440)]).toEqual([{ at: 'dialling', number: '' }, true]);
  if (by === 'dtmf') bed.fxo.mouth.dial('5559876');
  else bed.send(bed.fxo, { do: 'dialPulses', digits: '5559876' });
  bed.wait(by === 'dtmf' ? 1_160 : 9_600);
  expect(bed.line).toMatchObject({ digits: '5559876', digitsBy: by, call: { at: 'dialling', number: '5559876' } });
  expect(hears(bed.fxo, 440)).toBe(false);
  bed.wait(4_500);
  expect([bed.line.call, hears(bed.fxo, 440, 480)]).toEqual([{ at: 'ringback', number: '5559876', rings: 1 }, true]);
  bed.wait(6_000);
  expect(bed.line.call).toMatchObject({ at: 'ringback', rings: 2 });
  bed.wait(6_000);
  expect(bed.line.call).toMatchObject({ at: 'answered', direction: 'outgoing', number: '5559876' });
  expect([hears(bed.fxo, 900), hears(bed.fxo, 440)]).toEqual([true, false]);
  expect(bed.fxo.of('polarity').map(({ polarity }) => polarity)).toEqual(['normal']);
  bed.send(bed.fxo, { do: 'hook', hook: 'on' });
  bed.wait(1_500);
  expect(bed.line).toMatchObject({ seized: false, call: { at: 'idle' } });
});

test('with a length of its own a number is complete at once; an answer may be told by reversal', () => {
  const bed = new SimulatorBed({ line: { dialling: { digits: 4 }, policy: answered({ afterRings: 0, supervision: 'reversal' }) } });
  bed.dial('5559');
  bed.wait(500);
  expect(bed.line).toMatchObject({ call: { at: 'answered', number: '5559' }, polarity: 'reversed' });
  expect(bed.fxo.of('polarity').map(({ polarity }) => polarity)).toEqual(['normal', 'reversed']);
});

test.each<[AnswerPolicy['is'], readonly number[], string]>([['busy', [480, 620], 'failed'], ['congestion', [480, 620], 'failed'], ['noAnswer', [440, 480], 'ringback']])('a call may end as %s', (is, hz, at) => {
  const bed = new SimulatorBed({ line: { policy: { is } as AnswerPolicy } });
  dialled(bed);
  bed.wait(200);
  expect([bed.line.call.at, hears(bed.fxo, ...hz)]).toEqual([at, true]);
  bed.wait(60_000);
  expect(bed.line.call.at).toBe(at);
});

test('an unobtainable number is answered by special information tone, where the exchange has no other for it', () => {
  const bed = new SimulatorBed({ line: { policy: { is: 'unobtainable' } } });
  bed.dial('1');
  bed.fxo.heard.length = 0;
  bed.wait(5_200);
  const loudest = [985.2, 1_370.6, 1_776.7].map((hz) => Math.max(...Array.from({ length: 25 }, (_, n) => goertzelDbm0(bed.fxo.heard.slice(1_600 * n, 1_600 * (n + 1)), hz))));
  expect(loudest.every((dbm0) => dbm0 > -25)).toBe(true);
});

test('a dead line gives no dial tone and takes no call', () => {
  const bed = new SimulatorBed();
  bed.onLine({ do: 'policy', policy: { is: 'dead' } });
  dialled(bed);
  bed.wait(2_000);
  expect(bed.line).toMatchObject({ digits: '5559876', call: { at: 'failed', because: 'dead' } });
  expect(hears(bed.fxo, 440)).toBe(false);
});

test('a number may have a policy of its own, known by its last digits', () => {
  const bed = new SimulatorBed({ line: { policy: answered({ afterRings: 0 }), numbers: [{ digits: '5550191', policy: { is: 'busy' } }] } });
  bed.dial('2125550191');
  bed.wait(5_500);
  expect(bed.line.call).toMatchObject({ at: 'failed', because: 'busy' });
});

test('a policy that changes while it rings holds at the next ring', () => {
  const bed = new SimulatorBed({ line: { policy: { is: 'noAnswer' } } });
  dialled(bed);
  bed.wait(7_000);
  bed.onLine({ do: 'policy', policy: { is: 'busy' } });
  bed.wait(300);
  expect([bed.line.call, hears(bed.fxo, 620)]).toEqual([{ at: 'failed', number: '5559876', because: 'busy' }, true]);
});

test('a prefix may have a second dial tone', () => {
  const bed = new SimulatorBed({ line: { dialling: { secondDialToneAfter: '9' } } });
  bed.dial('9');
  bed.wait(500);
  expect(hears(bed.fxo, 350, 440)).toBe(true);
  bed.fxo.mouth.dial('1');
  bed.wait(500);
  expect([bed.line.call, hears(bed.fxo, 350)]).toEqual([{ at: 'dialling', number: '91' }, false]);
});

/** In a call that was made and answered with reversal, polarity and events anew. */
function inCall(): SimulatorBed {
  const bed = new SimulatorBed({ line: { dialling: { digits: 3 }, policy: answered({ afterRings: 0, supervision: 'reversal' }) } });
  bed.dial('555');
  bed.wait(1_000);
  bed.fxo.forget();
  return bed;
}

test.each<[FarEnd, (bed: SimulatorBed) => unknown, unknown]>([
  [{ by: 'openLoop', ms: 350 }, ({ fxo }) => fxo.of('battery').map(({ present, atMs }, _, all) => [present, atMs - all[0]!.atMs]), [[false, 0], [true, 350]]],
  [{ by: 'polarity' }, ({ fxo }) => fxo.of('polarity').map(({ polarity }) => polarity), ['normal']],
  [{ by: 'tone', tone: 'busy' }, ({ fxo }) => hears(fxo, 480, 620), true],
  [{ by: 'dialTone' }, ({ fxo }) => hears(fxo, 350, 440), true],
  [{ by: 'silence' }, ({ fxo }) => [fxo.events.length, hears(fxo, 900), hears(fxo, 480), hears(fxo, 350)], [0, false, false, false]],
])('the other party hangs up by $by', (by, seen, expected) => {
  const bed = inCall();
  bed.onLine({ do: 'hangUp', by });
  expect(bed.line.call).toMatchObject({ at: 'over', by });
  bed.wait(1_300);
  expect(seen(bed)).toEqual(expected);
  expect(hears(bed.fxo, 900)).toBe(false);
  bed.send(bed.fxo, { do: 'hook', hook: 'on' });
  bed.wait(2_000);
  expect(bed.line).toMatchObject({ call: { at: 'idle' }, polarity: 'normal', battery: true });
});

test('it hangs up as the line usually does when it is not said how; a tone the exchange has not is refused', () => {
  const bed = inCall();
  expect(bed.simulator.act({ on: 'line', port: { card: 'S', port: 1 }, do: 'hangUp', by: { by: 'tone', tone: 'numberUnobtainable' } })).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
  bed.onLine({ do: 'hangUp' });
  expect(bed.line.call).toMatchObject({ at: 'over', by: demoLine.disconnect[0] });
});

test('from dial tone after a call the next one is dialled', () => {
  const bed = inCall();
  bed.onLine({ do: 'hangUp', by: { by: 'dialTone' } });
  bed.wait(500);
  bed.fxo.mouth.dial('777');
  bed.wait(1_200);
  expect(bed.line.call).toMatchObject({ at: 'answered', number: '777' });
});

test('digits and flashes in a call are counted, and what the party says is heard', () => {
  const bed = inCall();
  bed.fxo.mouth.dial('4#');
  bed.wait(500);
  bed.send(bed.fxo, { do: 'flash', ms: 400 });
  bed.wait(800);
  expect(bed.line).toMatchObject({ digits: '5554#', flashes: 1, call: { at: 'answered' } });
  bed.onLine({ do: 'speak', tone: { frequencyHz: 1_500, levelDbm0: -20 } });
  bed.wait(500);
  expect([hears(bed.fxo, 1_500), hears(bed.fxo, 900)]).toEqual([true, false]);
  bed.onLine({ do: 'speak', tone: null });
  bed.simulator.line({ card: 'S', port: 1 })!.say(Array.from({ length: 8_000 }, (_, n) => 5_000 * Math.sin((2 * Math.PI * 700 * n) / 8_000)));
  bed.wait(500);
  expect([hears(bed.fxo, 700), hears(bed.fxo, 1_500)]).toEqual([true, false]);
});

test('somebody calls, with a pattern of the line or none it has, and gives up or is answered', () => {
  const bed = new SimulatorBed();
  bed.onLine({ do: 'call', number: { shown: '5551234' }, pattern: 'Bellcore-dr2' });
  bed.wait(3_000);
  expect(bed.line.call).toEqual({ at: 'ringing', bursts: 2, callerId: 'sent' });
  expect(bed.fxo.of('ringEnded').map(({ durationMs }) => Math.round(durationMs / 100))).toEqual([8, 8]);
  bed.onLine({ do: 'hangUp' });
  expect(bed.line.call).toEqual({ at: 'idle' });
  bed.wait(8_000);
  expect(bed.fxo.of('ringBegan')).toHaveLength(2);
  expect(bed.simulator.act({ on: 'line', port: { card: 'S', port: 1 }, do: 'call', pattern: 'drum' })).toMatchObject({ ok: false });
  bed.onLine({ do: 'call' });
  bed.wait(1_000);
  bed.send(bed.fxo, { do: 'hook', hook: 'off' });
  bed.wait(500);
  expect(bed.line.call).toMatchObject({ at: 'answered', direction: 'incoming' });
  expect(hears(bed.fxo, 900)).toBe(true);
  expect(bed.simulator.act({ on: 'line', port: { card: 'S', port: 1 }, do: 'call' })).toMatchObject({ ok: false, refusal: { code: 'wrongState' } });
});

function goertzelDbm0(samples: readonly number[], hz: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((sample, n) => {
    re += sample * Math.cos((2 * Math.PI * hz * n) / 8_000);
    im += sample * Math.sin((2 * Math.PI * hz * n) / 8_000);
  });
  return 10 * Math.log10((2 * (re ** 2 + im ** 2)) / samples.length ** 2 / 16_141 ** 2);
}
