import { describe, expect, test } from 'vitest';
import { FxoBed } from './fxo-bed.ts';
import { defaultFxoSettings, uncommissioned } from './fxo-settings.ts';

const preempted = 'released preempted: the line was taken for an emergency call';

/** Seized, and dialled after dial tone. */
function goesOut(bed: FxoBed): void {
  expect([bed.at, bed.take()]).toEqual(['seizing', ['offHook', 'listen']]);
  bed.tone('dial');
  expect(bed.take()).toEqual(['sendDigits 112']);
}

test('a line that rests is seized, also one that nobody has tried', () => {
  for (const bed of [FxoBed.idle(), FxoBed.idle(uncommissioned(defaultFxoSettings))]) {
    bed.dial('112', 'emergency');
    goesOut(bed);
  }
});

describe('the call that a line has is released, and once the line was on-hook for its guard it is seized:', () => {
  test.each<[string, (bed: FxoBed) => void]>([
    ['one that was made and is up', (bed) => bed.talking()],
    ['one that came in and is up', (bed) => bed.answered()],
    ['one that is about to be answered', (bed) => (bed.offered(), bed.say({ type: 'answer' }))],
    ['one that is being dialled', (bed) => (bed.dial('5551234'), bed.tone('dial'))],
    ['one that nobody has answered', (bed) => bed.dialled()],
    ['one that flashes', (bed) => (bed.talking(), bed.say({ type: 'flash' }))],
    ['one that came at seizure', (bed) => (bed.dial('5551234'), bed.say({ type: 'ringMeasured', frequencyHz: 20 }))],
  ])('%s', (_name, before) => {
    const bed = FxoBed.idle();
    before(bed);
    bed.take();
    bed.dial('112', 'emergency');
    expect(bed.take()).toEqual(['silence', 'onHook', preempted]);
    bed.advance(1_999);
    expect([bed.at, bed.take()]).toEqual(['guard', []]);
    bed.advance(1);
    goesOut(bed);
  });
});

test('a line that waits for dial tone has not dialled yet: the dial tone is for the emergency call', () => {
  const bed = FxoBed.idle();
  bed.dial('5551234');
  bed.take();
  bed.dial('112', 'emergency');
  expect([bed.at, bed.take()]).toEqual(['seizing', [preempted]]);
  bed.advance(300);
  bed.tone('dial');
  expect(bed.take()).toEqual(['sendDigits 112']);
  bed.advance(60_000);
});

test('behind a second dial tone that line has dialled: it is hung up first', () => {
  const { dialing } = defaultFxoSettings;
  const bed = FxoBed.idle({ dialing: { ...dialing, secondDialTone: { after: ['0'], ms: 3_000 } } });
  bed.dial('05551234');
  bed.tone('dial');
  bed.say({ type: 'digitsSent' });
  bed.take();
  bed.dial('112', 'emergency');
  expect([bed.at, bed.take()]).toEqual(['guard', ['silence', 'onHook', preempted]]);
});

test('a line on guard is waited for; the guard does not begin anew', () => {
  const bed = FxoBed.idle();
  bed.talking();
  bed.say({ type: 'release', cause: 'normalClearing' });
  bed.advance(1_500);
  bed.take();
  bed.dial('112', 'emergency');
  bed.advance(500);
  goesOut(bed);
});

test('whoever waits for the guard may give up, be the second, or find the line taken away', () => {
  const waiting = (): FxoBed => {
    const bed = FxoBed.idle();
    bed.talking();
    bed.say({ type: 'release', cause: 'normalClearing' });
    bed.dial('112', 'emergency');
    bed.take();
    return bed;
  };
  const gaveUp = waiting();
  gaveUp.say({ type: 'release', cause: 'normalClearing' });
  gaveUp.advance(2_000);
  expect([gaveUp.at, gaveUp.take()[0]]).toEqual(['idle', 'released normalClearing: released before the line was free']);
  const second = waiting();
  second.dial('112', 'emergency');
  expect(second.take()).toEqual(['refuse noCircuit: the line is taken for an emergency call']);
  const disabled = waiting();
  disabled.say({ type: 'disable' });
  expect([disabled.at, disabled.take()]).toEqual(['disabled', ['silence', 'released outOfOrder: the line was taken out of service']]);
  const pulled = waiting();
  pulled.say({ type: 'absent' });
  expect([pulled.at, pulled.take().at(-1), pulled.timers]).toEqual(['absent', 'released outOfOrder: the card was pulled', []]);
});

describe('a call that comes in is answered and hung up, and the line seized after its guard:', () => {
  test.each<[string, (bed: FxoBed) => void, readonly string[]]>([
    ['one that was offered', (bed) => bed.offered(), [preempted]],
    ['one whose caller is awaited', (bed) => (bed.burst(2_000, 20), bed.advance(500)), []],
    ['one whose first ring has begun', (bed) => (bed.say({ type: 'ringBegins', frequencyHz: 20 }), bed.advance(500)), []],
    ['one that was announced', (bed) => bed.say({ type: 'polarityReversed' }), []],
    ['one that nobody wanted', (bed) => (bed.offered(), bed.say({ type: 'release', cause: 'rejected' })), []],
  ])('%s', (_name, before, released) => {
    const bed = FxoBed.idle();
    before(bed);
    bed.take();
    bed.dial('112', 'emergency');
    expect([bed.at, bed.take()]).toEqual(['clearing', ['silence', ...released, 'offHook', 'listen']]);
    bed.advance(1_000);
    expect([bed.at, bed.take()]).toEqual(['guard', ['silence', 'onHook']]);
    bed.advance(2_000);
    goesOut(bed);
  });

  test('where it was no call there is dial tone, which is taken at once', () => {
    const bed = FxoBed.idle();
    bed.say({ type: 'ringBegins' });
    bed.dial('112', 'emergency');
    bed.take();
    bed.tone('dial');
    expect(bed.take()).toEqual(['sendDigits 112']);
  });
});

test('a call that comes in at seizure is ended, once; the second time the call for help takes another line', () => {
  const bed = FxoBed.idle();
  bed.dial('112', 'emergency');
  bed.take();
  bed.say({ type: 'ringMeasured', frequencyHz: 20 });
  expect([bed.at, bed.take()]).toEqual(['clearing', ['note: it rang while the line was seized']]);
  bed.advance(3_000);
  expect([bed.at, bed.take()]).toEqual(['seizing', ['silence', 'onHook', 'offHook', 'listen']]);
  bed.say({ type: 'ringMeasured', frequencyHz: 20 });
  expect([bed.at, bed.take()]).toEqual(['caught', ['released noCircuit: it rang while the line was seized', 'offer unknown: it rang while the line was seized']]);
});

test('who is still there after his call was taken away is hung up on once more, and then has the line', () => {
  const bed = FxoBed.idle();
  bed.answered();
  bed.dial('112', 'emergency');
  bed.advance(2_300);
  bed.take();
  bed.say({ type: 'voice' });
  bed.advance(300);
  expect([bed.at, bed.take()]).toEqual(['guard', ['silence', 'onHook', 'note: somebody speaks in place of dial tone: he called while the line was seized']]);
  bed.advance(2_300);
  bed.say({ type: 'voice' });
  bed.advance(300);
  expect([bed.at, bed.take().slice(2).map((did) => did.split(':')[0])]).toEqual(['caught', ['released noCircuit', 'offer unknown']]);
});

test.each<[string, (bed: FxoBed) => void, string]>([
  ['without battery', (bed) => bed.say({ type: 'batteryLost' }), 'refuse outOfOrder: the line has no battery'],
  ['without a card', (bed) => bed.say({ type: 'absent' }), 'refuse outOfOrder: the card is not there'],
  ['out of service', (bed) => bed.say({ type: 'disable' }), 'refuse outOfOrder: the line is out of service'],
  ['with talkers in parallel', (bed) => bed.say({ type: 'inUse' }), 'refuse noCircuit: a parallel telephone is off-hook'],
])('a line %s refuses an emergency call too', (_name, before, refused) => {
  const bed = FxoBed.idle();
  before(bed);
  bed.take();
  bed.dial('112', 'emergency');
  expect(bed.take()).toEqual([refused]);
});
