import { expect, test } from 'vitest';
import { FxoBed } from './fxo-bed.ts';
import { defaultFxoSettings, uncommissioned } from './fxo-settings.ts';

const { dialing, answer } = defaultFxoSettings;

test('a call: off-hook, settled, dial tone, digits, and then the caller hears the line', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  expect(bed.take()).toEqual(['offHook', 'listen']);
  bed.advance(300);
  expect(bed.at).toBe('awaitingDialTone');
  bed.tone('dial');
  expect(bed.take()).toEqual(['sendDigits 5551234']);
  bed.say({ type: 'digitsSent' });
  expect(bed.take()).toEqual(['connect', 'progress', 'inspect']);
  expect(bed.at).toBe('awaitingAnswer');
});

test('special dial tone (a message waits) is dial tone; so is one that is quicker than the loop', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.tone('stutterDial');
  expect(bed.at).toBe('outpulsing');
});

test('pulses are dialled by the port', () => {
  const bed = FxoBed.idle({ dialing: { ...dialing, by: 'pulse' } });
  bed.dial('5551234');
  bed.tone('dial');
  expect(bed.did.at(-1)).toBe('dialPulses 5551234');
  bed.say({ type: 'digitsSent' });
  expect(bed.at).toBe('awaitingAnswer');
});

test.each([['pulse' as const, '*21#'], ['dtmf' as const, '+4930123'], ['dtmf' as const, '']])('by %s %j cannot be dialled, and the line stays on-hook', (by, number) => {
  const bed = FxoBed.idle({ dialing: { ...dialing, by } });
  bed.dial(number);
  expect(bed.take()).toEqual([`refuse invalidNumberFormat: ${number || 'nothing'} cannot be dialled by ${by === 'pulse' ? 'pulses' : 'DTMF'}`]);
  expect([bed.at, bed.hook]).toEqual(['idle', 'onHook']);
});

test.each([
  ['fail' as const, 'released temporaryFailure: no dial tone in 5 s', 'guard'],
  ['nextLine' as const, 'released noCircuit: no dial tone in 5 s', 'guard'],
  ['dialAnyway' as const, 'sendDigits 5551234', 'outpulsing'],
])('without dial tone the policy is %s', (withoutDialTone, last, at) => {
  const bed = FxoBed.idle({ dialing: { ...dialing, withoutDialTone } });
  bed.dial('5551234');
  bed.advance(300 + 4999);
  expect(bed.at).toBe('awaitingDialTone');
  bed.advance(1);
  expect(bed.take()).toContain(last);
  expect(bed.at).toBe(at);
});

test('dial tone that comes late, and in time, is dialled into', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.advance(4900);
  bed.tone('dial');
  expect(bed.at).toBe('outpulsing');
});

test('a second dial tone is waited for after its prefix, and only there', () => {
  const bed = FxoBed.idle({ dialing: { ...dialing, secondDialTone: { after: ['0', '9'], ms: 3_000 }, withoutDialTone: 'fail' } });
  bed.dial('05551234');
  bed.tone('dial');
  expect(bed.did.at(-1)).toBe('sendDigits 0');
  bed.say({ type: 'digitsSent' });
  expect(bed.at).toBe('awaitingDialTone');
  bed.tone('secondDial');
  expect(bed.did.at(-1)).toBe('sendDigits 5551234');
  bed.say({ type: 'release', cause: 'normalClearing' });
  bed.advance(2000);
  bed.dial('05551234');
  bed.tone('dial');
  bed.say({ type: 'digitsSent' });
  bed.advance(3000);
  expect(bed.did).toContain('released temporaryFailure: no second dial tone in 3 s');
  bed.advance(2000);
  bed.dial('112');
  bed.tone('dial');
  expect(bed.did.at(-1)).toBe('sendDigits 112');
});

test('busy or congestion in place of dial tone is the exchange’s congestion', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.advance(300);
  bed.tone('busy');
  expect(bed.did.at(-1)).toBe('released congestion: busy tone, 2 cycles, -18 dBm0, in place of dial tone');
});

test.each([
  ['busy', 'userBusy: busy tone'],
  ['congestion', 'congestion: congestion tone'],
  ['numberUnobtainable', 'unallocatedNumber: number unobtainable tone'],
  ['specialInformation', 'unallocatedNumber: special information tone'],
])('after the digits %s releases', (tone, released) => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.tone('ringing', 1);
  bed.tone(tone);
  expect(bed.did.at(-1)).toBe(`released ${released}, 2 cycles, -18 dBm0`);
});

test('dial tone after the digits says that they were not understood', () => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.tone('dial');
  expect(bed.did.at(-1)).toMatch(/^released temporaryFailure: dial tone.*, after the digits$/);
});

test('a tone that the detector is unsure of decides nothing', () => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.tone('busy', 2, 0.4);
  expect(bed.at).toBe('awaitingAnswer');
});

test('ringing tone is told to the caller once, however long it goes on', () => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.take();
  for (let cycle = 1; cycle <= 4; cycle++) {
    bed.tone('ringing', cycle);
    bed.advance(6000);
  }
  expect(bed.take()).toEqual(['ringing']);
});

test('polarity reversal is an answer that is signalled', () => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.tone('ringing', 1);
  bed.say({ type: 'polarityReversed' });
  expect(bed.did.at(-1)).toBe('answered signalled 0.99: polarity reversal');
  expect(bed.at).toBe('up');
});

test('ringing tone that ended and a voice are an answer that is assumed', () => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.tone('ringing', 2);
  bed.advance(3000);
  bed.say({ type: 'voice' });
  bed.advance(2000);
  expect(bed.at).toBe('awaitingAnswer');
  bed.say({ type: 'toneEnded', id: 'ringing' });
  bed.advance(300);
  expect(bed.did.at(-1)).toBe('answered assumed 0.8: ringing tone ended, and a voice for 300 ms');
});

test('a click after ringing tone is no voice, and a voice before any ringing tone may be an announcement', () => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.say({ type: 'voice' });
  bed.advance(5000);
  expect(bed.at).toBe('awaitingAnswer');
  bed.say({ type: 'voiceEnded' });
  bed.tone('ringing', 1);
  bed.say({ type: 'toneEnded', id: 'ringing' }, { type: 'voice' });
  bed.advance(200);
  bed.say({ type: 'voiceEnded' });
  bed.advance(1000);
  expect(bed.at).toBe('awaitingAnswer');
});

test('time alone is an answer that is assumed, counted from the last ringing tone, and never while it rings', () => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.advance(19_000);
  bed.tone('ringing', 1);
  bed.advance(60_000);
  expect(bed.at).toBe('awaitingAnswer');
  bed.say({ type: 'toneEnded', id: 'ringing' });
  bed.advance(19_999);
  expect(bed.at).toBe('awaitingAnswer');
  bed.advance(1);
  expect(bed.did.at(-1)).toBe('answered assumed 0.5: nothing that tells otherwise for 20 s since ringing tone ended');
});

test('where nothing but polarity counts, nothing else answers; and nobody waits for ever', () => {
  const bed = FxoBed.idle({ answer: { ...answer, voiceMs: null, assumedAfterMs: null } });
  bed.dialled();
  bed.tone('ringing', 1);
  bed.say({ type: 'toneEnded', id: 'ringing' }, { type: 'voice' });
  bed.advance(179_999);
  expect(bed.at).toBe('awaitingAnswer');
  bed.advance(1);
  expect(bed.did.at(-1)).toBe('released noAnswer: nobody answered in 180 s');
});

test('glare: a ring at seizure is the call of somebody we have answered; it is offered, and ours goes to another line', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.take();
  bed.say({ type: 'ringBegins', frequencyHz: 20 });
  const glare = 'it rang while the line was seized';
  expect(bed.take()).toEqual([`released noCircuit: ${glare}`, `offer unknown: ${glare}`]);
  bed.say({ type: 'answer' });
  expect([bed.at, bed.take()]).toEqual(['up', ['connect', 'changed', 'inspect']]);
});

test('glare: reversal at seizure too, where reversal announces calls; and nobody is kept waiting for ever', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.say({ type: 'polarityReversed' });
  expect(bed.at).toBe('caught');
  bed.advance(30_000);
  expect(bed.did.at(-1)).toMatch(/^released noAnswer/);
  const quiet = FxoBed.idle({ callerId: { ...defaultFxoSettings.callerId, announcedBy: [] } });
  quiet.dial('5551234');
  quiet.say({ type: 'polarityReversed' });
  expect(quiet.at).toBe('seizing');
});

test('glare where nothing is measured: ringing that lasts; a spike of going off-hook is none', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.burst(30);
  bed.say({ type: 'ringBegins', frequencyHz: 300 });
  bed.advance(300);
  expect(bed.at).toBe('awaitingDialTone');
  bed.say({ type: 'release', cause: 'normalClearing' });
  bed.advance(2000);
  bed.dial('5551234');
  bed.burst(150);
  expect(bed.at).toBe('caught');
  bed.say({ type: 'release', cause: 'normalClearing' });
  bed.advance(2000);
  bed.dial('5551234');
  bed.say({ type: 'ringBegins' });
  bed.advance(300);
  expect(bed.at).toBe('caught');
});

test('a hook that was asked for before the order to go off-hook is no hang-up; one that is told later is', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.say({ type: 'hook', is: 'onHook' });
  bed.advance(300);
  expect(bed.at).toBe('awaitingDialTone');
  bed.say({ type: 'hook', is: 'onHook' });
  expect(bed.did.at(-1)).toBe('released temporaryFailure: the port went on-hook by itself');
});

test('digits that are never sent end the attempt', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.tone('dial');
  bed.advance(2000 + 7 * 200);
  expect(bed.did.at(-1)).toBe('released temporaryFailure: the digits were not sent in time');
});

test('a line that was not commissioned makes no calls', () => {
  const bed = FxoBed.idle(uncommissioned(defaultFxoSettings));
  bed.dial('5551234');
  expect(bed.take()).toEqual(['refuse noCircuit: the line takes calls and makes none']);
});

test('battery denial before an answer is the exchange giving up', () => {
  const bed = FxoBed.idle();
  bed.dialled();
  bed.say({ type: 'batteryLost' });
  bed.advance(200);
  expect(bed.did.at(-1)).toBe('released normalClearing: battery denial of 200 ms');
});

test('a voice in place of dial tone is that of a caller who came at seizure: he is let in, and the call goes elsewhere', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.advance(300);
  bed.take();
  bed.say({ type: 'voice' });
  bed.advance(300);
  const text = 'somebody speaks in place of dial tone: he called while the line was seized';
  expect([bed.at, bed.take()]).toEqual(['caught', [`released noCircuit: ${text}`, `offer unknown: ${text}`]]);
});

test('one that ended before it was certain counts when no dial tone comes', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.advance(300);
  bed.say({ type: 'voice' });
  bed.advance(200);
  bed.say({ type: 'voiceEnded' });
  bed.advance(4_700);
  expect(bed.at).toBe('awaitingDialTone');
  bed.advance(100);
  expect(bed.at).toBe('caught');
});

test('a click before dial tone is none, and where dial tone is not waited for a voice means nothing', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.advance(300);
  bed.say({ type: 'voice' });
  bed.advance(200);
  bed.tone('dial');
  expect([bed.at, bed.timers]).toEqual(['outpulsing', ['outpulse']]);
  const deaf = FxoBed.idle({ dialing: { ...defaultFxoSettings.dialing, withoutDialTone: 'dialAnyway' } });
  deaf.dial('5551234');
  deaf.advance(300);
  deaf.say({ type: 'voice' });
  deaf.advance(5_000);
  expect(deaf.at).toBe('outpulsing');
});
