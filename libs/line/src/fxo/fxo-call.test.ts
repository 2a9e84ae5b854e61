import { expect, test } from 'vitest';
import { FxoBed } from './fxo-bed.ts';
import { defaultFxoSettings, uncommissioned } from './fxo-settings.ts';

test('a far end that hangs up: on-hook, the evidence in words, and the guard before the line is used again', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.take();
  bed.say({ type: 'batteryLost' });
  bed.advance(200);
  expect(bed.take()).toEqual(['silence', 'onHook', 'released normalClearing: battery denial of 200 ms']);
  expect(bed.at).toBe('guard');
  bed.dial('5551234');
  expect(bed.take()).toEqual(['refuse noCircuit: the line was hung up a moment ago']);
  bed.advance(2000);
  expect([bed.at, bed.take(), bed.timers]).toEqual(['idle', ['inspect', 'listenForCallerId fsk dtmf'], []]);
});

test('when the other side of the call hangs up the line is on-hook at once', () => {
  const bed = FxoBed.idle();
  bed.answered();
  bed.say({ type: 'release', cause: 'normalClearing' });
  expect([bed.hook, bed.did.at(-1)]).toEqual(['onHook', 'released normalClearing: released by the other side of the call']);
});

test('digits pass both ways', () => {
  const bed = FxoBed.idle();
  bed.answered();
  bed.take();
  bed.say({ type: 'digit', digit: '5', durationMs: 80 }, { type: 'sendDigit', digit: '7' });
  expect(bed.take()).toEqual(['digit 5', 'sendDigits 7']);
});

test('a flash to the far exchange is not taken for a hang-up, and afterwards everything counts again', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.take();
  bed.say({ type: 'flash' }, { type: 'batteryLost' });
  expect(bed.take()).toEqual(['flash 600']);
  bed.advance(600);
  bed.say({ type: 'batteryReturned' }, { type: 'polarityReversed' }, { type: 'flashed' });
  expect(bed.at).toBe('recalled');
  bed.advance(600);
  bed.say({ type: 'polarityReversed' });
  expect(bed.did.at(-1)).toBe('released normalClearing: polarity reversal');
});

test('a flash whose end the port does not tell is over a second later', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.say({ type: 'flash' });
  bed.advance(1600);
  expect([bed.at, bed.did.at(-1)]).toEqual(['recalled', 'note: the port did not tell the end of the flash']);
});

test('dial tone after a flash is what was asked for: digits wait for it, and no hang-up is made of it', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.take();
  bed.say({ type: 'flash' }, { type: 'sendDigit', digit: '4' });
  bed.advance(600);
  bed.say({ type: 'flashed' }, { type: 'sendDigit', digit: '2' });
  bed.tone('dial');
  expect(bed.take()).toEqual(['flash 600']);
  bed.advance(1_000);
  expect([bed.take(), bed.at]).toEqual([['sendDigits 42'], 'up']);
});

test('whoever flashed and has not dialled hears dial tone for ten seconds; what goes on afterwards is a hang-up', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.say({ type: 'flash' }, { type: 'flashed' });
  bed.advance(1_000);
  bed.take();
  bed.tone('dial');
  bed.advance(9_000);
  expect([bed.at, bed.take()]).toEqual(['recalled', []]);
  bed.say({ type: 'sendDigit', digit: '7' });
  expect([bed.at, bed.take()]).toEqual(['up', ['sendDigits 7']]);
  const other = FxoBed.idle();
  other.talking();
  other.say({ type: 'flash' }, { type: 'flashed' });
  other.advance(11_000);
  expect(other.at).toBe('up');
});

test('silence is waited for, but not while the call is on hold', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.say({ type: 'held' }, { type: 'silent', side: 'line', silentMs: 0 }, { type: 'silent', side: 'far', silentMs: 0 });
  bed.advance(3_600_000);
  bed.say({ type: 'resumed' });
  bed.advance(119_999);
  expect(bed.at).toBe('up');
  bed.advance(1);
  expect(bed.did.at(-1)).toBe('released recoveryOnTimerExpiry: nothing heard from either side for 120 s');
});

test('on a line that was not commissioned no call lasts longer than two hours, held or not', () => {
  const bed = FxoBed.idle(uncommissioned(defaultFxoSettings));
  bed.answered();
  bed.say({ type: 'held' });
  bed.advance(7_199_999);
  expect(bed.at).toBe('up');
  bed.say({ type: 'flash' });
  bed.advance(1);
  expect(bed.did.at(-1)).toBe('released recoveryOnTimerExpiry: up for 7200 s, and no call of this line may be longer');
});

test('an order to go on-hook that is lost is given again; a port that is stuck is an incident', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.confirms = false;
  bed.say({ type: 'release', cause: 'normalClearing' });
  expect(bed.at).toBe('releasing');
  bed.advance(1000);
  bed.confirms = true;
  bed.advance(1000);
  expect([bed.at, bed.hook, bed.incidents]).toEqual(['guard', 'onHook', []]);
  bed.advance(2000);
  bed.talking();
  bed.confirms = false;
  bed.say({ type: 'release', cause: 'normalClearing' });
  bed.advance(3000);
  expect([bed.at, bed.incidents]).toEqual(['guard', ['stuckOffHook']]);
  bed.confirms = true;
  bed.advance(7000);
  expect([bed.hook, bed.incidents]).toEqual(['onHook', ['stuckOffHook', 'watchdog']]);
});

test('the watchdog: off-hook without a live leg for 10 s is put on-hook, and is an incident', () => {
  const bed = FxoBed.idle();
  bed.answered();
  bed.say({ type: 'legGone' });
  bed.advance(9_999);
  expect(bed.hook).toBe('offHook');
  bed.advance(1);
  expect([bed.hook, bed.incidents, bed.at]).toEqual(['onHook', ['watchdog'], 'guard']);
  expect(bed.did).toContain('released temporaryFailure: off-hook, and no call was there any more');
});

test('the watchdog believes the port: a line that is off-hook though idle is put on-hook', () => {
  const bed = FxoBed.idle();
  bed.say({ type: 'hook', is: 'offHook' });
  bed.advance(10_000);
  expect([bed.hook, bed.incidents, bed.timers]).toEqual(['onHook', ['watchdog'], []]);
});

test('a port that goes on-hook by itself ends the call', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.say({ type: 'hook', is: 'onHook' });
  expect(bed.did.at(-1)).toBe('released temporaryFailure: the port went on-hook by itself');
});

test.each(['idle', 'offered', 'talking'] as const)('a card that is pulled (%s) ends what there was and comes back idle', (at) => {
  const bed = FxoBed.idle();
  if (at === 'offered') bed.offered();
  if (at === 'talking') bed.talking();
  bed.say({ type: 'absent' });
  expect([bed.at, bed.timers, bed.incidents]).toEqual(['absent', [], ['cardPulled']]);
  expect(bed.did.at(-1)).toBe(at === 'idle' ? 'incident cardPulled: the card was pulled' : 'released outOfOrder: the card was pulled');
  bed.take();
  bed.dial('5551234');
  expect(bed.take()).toEqual(['refuse outOfOrder: the card is not there']);
  bed.say({ type: 'present' });
  bed.advance(2000);
  expect(bed.at).toBe('idle');
});

test('a line taken out of service while it talks is hung up, stays so when its card is changed, and comes back', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.say({ type: 'disable' });
  expect([bed.at, bed.hook, bed.did.at(-1)]).toEqual(['disabled', 'onHook', 'released outOfOrder: the line was taken out of service']);
  bed.say({ type: 'absent' }, { type: 'present' }, { type: 'ringBegins', frequencyHz: 20 });
  expect(bed.at).toBe('disabled');
  bed.dial('5551234');
  expect(bed.did.at(-1)).toBe('refuse outOfOrder: the line is out of service');
  bed.say({ type: 'enable' });
  bed.advance(2000);
  expect(bed.at).toBe('idle');
});

test('a parallel telephone that is off-hook: the line is not seized, and routes go elsewhere', () => {
  const bed = FxoBed.idle();
  bed.say({ type: 'inUse' });
  bed.dial('5551234');
  expect(bed.take()).toEqual(['refuse noCircuit: a parallel telephone is off-hook']);
  bed.say({ type: 'inUseEnded' });
  bed.burst(100);
  bed.advance(2000);
  expect([bed.at, bed.hook, bed.incidents]).toEqual(['idle', 'onHook', []]);
});

test('a line without battery is an alarm after its time, and again good news', () => {
  const bed = FxoBed.idle();
  bed.say({ type: 'batteryLost' });
  bed.dial('5551234');
  expect(bed.take()).toEqual(['refuse outOfOrder: the line has no battery']);
  bed.advance(9_999);
  expect(bed.incidents).toEqual([]);
  bed.advance(1);
  bed.say({ type: 'batteryReturned' });
  expect([bed.at, bed.incidents]).toEqual(['idle', ['noBattery', 'batteryReturned']]);
});

test('a battery that is gone for a moment while the line rests alarms nobody', () => {
  const bed = FxoBed.idle();
  bed.say({ type: 'batteryLost' });
  bed.advance(800);
  bed.say({ type: 'batteryReturned' });
  expect([bed.at, bed.incidents, bed.timers]).toEqual(['idle', [], []]);
});
