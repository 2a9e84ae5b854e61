import { expect, test } from 'vitest';
import { ringSettings } from '../ring/ring-settings.ts';
import { FxoBed } from './fxo-bed.ts';
import { defaultFxoSettings } from './fxo-settings.ts';

const { callerId } = defaultFxoSettings;
const ntt = { callerId: { ...callerId, read: 'offHook' as const }, ring: ringSettings([[1000, 2000]], 'bursts') };
const caller = { number: { shown: '5559876' }, name: { shown: 'ANNA' } };

test('a ring is known during its first burst, and the call is offered as soon as caller ID has come between rings', () => {
  const bed = FxoBed.idle();
  bed.say({ type: 'ringBegins', frequencyHz: 20 });
  expect(bed.at).toBe('validating');
  bed.advance(400);
  expect(bed.at).toBe('collecting');
  bed.advance(1600);
  bed.say({ type: 'ringEnds' });
  bed.advance(1000);
  expect(bed.take()).toEqual(['listenForCallerId fsk dtmf']);
  bed.say({ type: 'callerId', caller });
  expect(bed.take()).toEqual(['offer 5559876: caller ID came between rings']);
  expect(bed.at).toBe('offered');
});

test('a caller that the network does not tell is offered with the second ring', () => {
  const bed = FxoBed.idle();
  bed.burst(2000, 20);
  bed.advance(3999);
  expect(bed.at).toBe('collecting');
  bed.say({ type: 'ringBegins', frequencyHz: 20 });
  expect(bed.did.at(-1)).toBe('offer unknown: no caller ID until ring 2');
});

test('with answer after four rings caller ID may come until then', () => {
  const bed = FxoBed.idle({ callerId: { ...callerId, offeredAtRing: 4 } });
  for (let ring = 1; ring <= 3; ring++) {
    bed.burst(2000, 20);
    bed.advance(4000);
    expect(bed.at).toBe('collecting');
  }
  bed.say({ type: 'ringBegins', frequencyHz: 20 });
  expect(bed.did.at(-1)).toBe('offer unknown: no caller ID until ring 4');
});

test('the second burst of a double ring is not the second ring', () => {
  const bed = FxoBed.idle({ ring: ringSettings([[400, 200, 400, 2000]]) });
  bed.burst(400, 25);
  bed.advance(200);
  bed.burst(400, 25);
  bed.advance(1999);
  expect(bed.at).toBe('collecting');
  bed.say({ type: 'ringBegins', frequencyHz: 25 });
  expect(bed.at).toBe('offered');
});

test('when the decoder knows that no caller ID will come the call waits no longer', () => {
  const bed = FxoBed.idle();
  bed.burst(2000, 20);
  bed.say({ type: 'noCallerId', text: 'checksum wrong' });
  expect(bed.did.at(-1)).toBe('offer unknown: checksum wrong');
});

test.each([
  ['that has no caller ID', { ...callerId, modems: [] }],
  ['whose network tells it before the first ring only', { ...callerId, betweenRings: 'never' as const }],
  ['that is to be answered at the first ring', { ...callerId, offeredAtRing: 1 }],
])('on a line %s the call is offered during the first burst', (_line, changed) => {
  const bed = FxoBed.idle({ callerId: changed });
  bed.say({ type: 'ringBegins', frequencyHz: 20 });
  bed.advance(400);
  expect(bed.take()).toEqual(['offer unknown: caller ID is not expected after the first ring']);
});

test.each([
  ['polarity reversal (ETSI EN 300 659-1, SIN 227)', { type: 'polarityReversed' as const }],
  ['the dual alert tone (ETSI EN 300 659-1 DT-AS)', { type: 'alertTone' as const }],
])('caller ID after %s is there before the first ring, which is offered at once', (_name, announcement) => {
  const bed = FxoBed.idle();
  bed.say(announcement);
  expect(bed.take()).toEqual(['listenForCallerId fsk dtmf']);
  bed.advance(700);
  bed.say({ type: 'callerId', caller: { number: { absent: 'private' } } });
  bed.advance(500);
  bed.say({ type: 'ringBegins', frequencyHz: 25 });
  bed.advance(400);
  expect(bed.take()).toEqual(['offer private: caller ID came before the first ring']);
});

test('a ring pulse announces caller ID and is no ring (ETSI EN 300 659-1 RP-AS)', () => {
  const bed = FxoBed.idle({ ring: ringSettings([[1000, 4000]], 'pulse') });
  bed.burst(300, 25);
  expect(bed.at).toBe('announced');
  bed.say({ type: 'callerId', caller });
  bed.advance(400);
  bed.say({ type: 'ringBegins', frequencyHz: 25 });
  bed.advance(400);
  expect(bed.did.at(-1)).toBe('offer 5559876: caller ID came before the first ring');
});

test('DTMF caller ID without any announcement is understood', () => {
  const bed = FxoBed.idle();
  bed.say({ type: 'callerId', caller });
  bed.burst(1000, 25);
  expect(bed.take()).toEqual(['offer 5559876: caller ID came before the first ring']);
});

test('a line of NTT is seized for caller ID and rings afterwards', () => {
  const bed = FxoBed.idle(ntt);
  bed.say({ type: 'polarityReversed' });
  bed.burst(500, 16);
  expect(bed.at).toBe('reading');
  bed.say({ type: 'callerId', caller });
  expect(bed.take()).toEqual(['listenForCallerId fsk dtmf', 'offHook', 'listenForCallerId fsk dtmf', 'onHook']);
  bed.say({ type: 'ringBegins', frequencyHz: 16 });
  bed.advance(700);
  expect(bed.take()).toEqual(['offer 5559876: caller ID came before the first ring']);
});

test('a line that was seized for caller ID and hears none is put on-hook in 6 s, before the watchdog bites', () => {
  const bed = FxoBed.idle(ntt);
  bed.say({ type: 'polarityReversed' });
  bed.burst(500, 16);
  bed.advance(6000);
  expect([bed.at, bed.hook, bed.incidents]).toEqual(['announced', 'onHook', []]);
  bed.say({ type: 'ringBegins', frequencyHz: 16 });
  expect(bed.at).toBe('validating');
});

test('a line of NTT that rings at once, caller ID not being subscribed to, is not answered for it', () => {
  const bed = FxoBed.idle(ntt);
  bed.say({ type: 'polarityReversed' });
  bed.burst(1000, 16);
  expect([bed.at, bed.hook]).toEqual(['collecting', 'onHook']);
});

test.each(['before', 'after'] as const)('a reversal makes the ringing detector tinkle, told %s it, and announces caller ID all the same', (told) => {
  const bed = FxoBed.idle();
  if (told === 'after') bed.say({ type: 'polarityReversed' });
  bed.say({ type: 'ringBegins' });
  if (told === 'before') bed.say({ type: 'polarityReversed' });
  bed.advance(64);
  bed.say({ type: 'ringEnds' });
  expect(bed.at).toBe('announced');
  bed.say({ type: 'callerId', caller });
  bed.burst(1000, 25);
  expect(bed.did.filter((did) => !did.startsWith('incident'))).toEqual(['listenForCallerId fsk dtmf', 'offer 5559876: caller ID came before the first ring']);
});

test('what is announced and never rings leaves no call', () => {
  const bed = FxoBed.idle();
  bed.say({ type: 'polarityReversed' });
  bed.advance(6000);
  expect([bed.at, bed.timers]).toEqual(['idle', []]);
  expect(bed.did.some((did) => did.startsWith('offer'))).toBe(false);
});

test('answering takes the line off-hook, lets the loop settle, and then line and call hear each other', () => {
  const bed = FxoBed.idle();
  bed.offered();
  bed.take();
  bed.say({ type: 'answer' });
  expect(bed.take()).toEqual(['silence', 'offHook', 'listen']);
  bed.advance(300);
  expect(bed.take()).toEqual(['connect', 'changed', 'inspect']);
  expect(bed.at).toBe('up');
});

test('a caller who gives up ends the offered call after the ring time-out of the cadence, once', () => {
  const bed = FxoBed.idle();
  bed.offered();
  bed.advance(2000);
  bed.say({ type: 'ringEnds' });
  bed.advance(5999);
  expect(bed.at).toBe('offered');
  bed.advance(1);
  expect(bed.take().slice(-4)).toEqual(['silence', 'released normalClearing: rang 2 times, then not for 6 s', 'inspect', 'listenForCallerId fsk dtmf']);
  expect(bed.at).toBe('idle');
});

test('a call that nobody wants rings on and is not offered again', () => {
  const bed = FxoBed.idle();
  bed.offered();
  bed.say({ type: 'release', cause: 'userBusy' }, { type: 'ringEnds' });
  expect(bed.take().at(-1)).toBe('released userBusy: released before it was answered');
  for (let ring = 0; ring < 5; ring++) {
    bed.advance(4000);
    bed.burst(2000, 20);
  }
  bed.dial('5551234');
  expect(bed.take()).toEqual(['refuse noCircuit: the line is being called']);
  bed.advance(6000);
  expect(bed.at).toBe('idle');
});

test('a parallel telephone that answers takes the call away', () => {
  const bed = FxoBed.idle();
  bed.offered();
  bed.say({ type: 'inUse' });
  expect(bed.did.at(-1)).toBe('released answeredElsewhere: a parallel telephone answered');
  expect(bed.at).toBe('inUseElsewhere');
});

test('caller ID that comes too late is told in the story', () => {
  const bed = FxoBed.idle();
  bed.offered();
  bed.say({ type: 'callerId', caller });
  expect(bed.did.at(-1)).toBe('note: caller ID came after the call was offered');
});
