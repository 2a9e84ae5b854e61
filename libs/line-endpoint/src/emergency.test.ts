import { defaultFxoSettings, uncommissioned } from '@tipring/line';
import { expect, test } from 'vitest';
import { anyMedia, line, LineBed, station } from './line-bed.ts';

/** 101 talks to somebody outside over line 3. */
function talking(bed: LineBed): void {
  bed.call('95551234');
  bed.pass(300);
  bed.tone(3, 'dial');
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
  bed.happen(3, { type: 'polarity', polarity: 'reversed' });
  bed.pass(1_000);
  bed.did(3);
}

const oneLine = { plans: { stations: [station(1), station(2)], lines: [line(3)] } };

test('the only line is taken from its talkers: on-hook, its guard, seized, and the emergency number dialled; the record of the other call says why it ended', () => {
  const bed = new LineBed(oneLine);
  talking(bed);
  bed.call('911', 2);
  expect(bed.lines.availability('line-3')).toMatchObject({ state: 'busy', isEmergency: true, text: 'the line is in an emergency call' });
  expect(bed.did(3)).toEqual(['hush', 'listen', 'on-hook']);
  bed.pass(3_000);
  const former = bed.records.find(({ to }) => to === '95551234');
  expect(former).toMatchObject({ cause: 'preempted', evidence: { kind: 'preempted', text: 'the line was taken for an emergency call' } });
  expect(bed.state('station-1')).toBe('toned');
  expect(bed.did(3)).toEqual(['off-hook', 'listen digits tones voice fax']);
  bed.tone(3, 'dial');
  expect(bed.did(3)).toEqual(['digits 911']);
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
  expect(bed.did(3)).toEqual(['add call-2.2']);
  expect([bed.state('station-2'), bed.joined('call-2')]).toEqual(['early', ['call-2.1+call-2.2']]);
  bed.happen(3, { type: 'polarity', polarity: 'normal' });
  expect([bed.state('line-3'), bed.lines.availability('line-3'), bed.bugs]).toMatchObject(['up', { state: 'busy', isEmergency: true, text: 'the line is in an emergency call' }, []]);
});

test('a line in an emergency call is nobody’s, not even another emergency call’s: that takes the next', () => {
  const bed = new LineBed();
  bed.call('911', 1);
  bed.call('911', 2);
  expect([bed.state('line-3'), bed.state('line-4')]).toEqual(['awaitingDialTone', 'seizing']);
  const only = new LineBed(oneLine);
  only.call('911', 1);
  only.call('911', 2);
  only.settle();
  expect(only.record.legs.find(({ endpoint }) => endpoint === 'line-3')).toMatchObject({ cause: 'noCircuit' });
  expect([only.state('line-3'), only.bugs]).toEqual(['awaitingDialTone', []]);
});

test('who gives up while the guard is waited for leaves the line at rest', () => {
  const bed = new LineBed(oneLine);
  talking(bed);
  bed.call('911', 2);
  bed.hangUp(2);
  bed.pass(3_000);
  expect([bed.state('line-3'), bed.lines.availability('line-3')?.state, bed.did(3).filter((word) => word.endsWith('hook'))]).toEqual(['idle', 'ready', ['on-hook']]);
});

test('a call that comes in is answered and ended; what rang for it rings no more', () => {
  const bed = new LineBed(oneLine);
  bed.ring(3, 2);
  expect(bed.state('station-1')).toBe('ringing');
  expect(bed.lines.availability('line-3')).toMatchObject({ state: 'busy', isIncoming: true });
  bed.did(3);
  bed.call('911', 2);
  expect(bed.state('station-1')).not.toBe('ringing');
  expect(bed.did(3)).toEqual(['hush', 'listen', 'off-hook', 'listen digits tones voice fax']);
  bed.pass(1_000);
  expect(bed.did(3)).toEqual(['hush', 'listen', 'on-hook']);
  bed.pass(2_000);
  expect(bed.did(3)).toEqual(['off-hook', 'listen digits tones voice fax']);
  bed.tone(3, 'dial');
  expect(bed.did(3)).toEqual(['digits 911']);
});

test('the line of a caller from outside is taken as well; whom he talked to hears that it is over', () => {
  const bed = new LineBed(oneLine);
  bed.ring(3, 2);
  bed.lift(1);
  bed.pass(400);
  expect(bed.lines.availability('line-3')).toMatchObject({ state: 'busy', isIncoming: true, isEmergency: false });
  bed.call('911', 2);
  bed.pass(5_000);
  expect([bed.state('line-3'), bed.state('station-1')]).toEqual(['awaitingDialTone', 'toned']);
  expect(bed.records[0]?.legs[0]).toMatchObject({ endpoint: 'line-3', cause: 'preempted' });
});

test('a line that nobody has tried calls for help and is told to be such; one that is out of service does not exist for calls', () => {
  const untried = new LineBed({ plans: { stations: [station(1)], lines: [line(3, { settings: uncommissioned(defaultFxoSettings) })] } });
  expect(untried.lines.availability('line-3')).toMatchObject({ state: 'disabled', text: 'the line takes calls and makes none' });
  untried.call('911');
  expect(untried.state('line-3')).toBe('seizing');
  const off = new LineBed({ plans: { stations: [station(1)], lines: [line(3, { isEnabled: false })] } });
  expect(off.lines.availability('line-3')).toMatchObject({ state: 'disabled', text: 'the line is out of service' });
  off.call('911');
  off.settle();
  expect(off.record.legs.find(({ endpoint }) => endpoint === 'line-3')).toMatchObject({ cause: 'outOfOrder' });
});

test('a line that is to go out of service when its call ends is not taken either', () => {
  const bed = new LineBed(oneLine);
  talking(bed);
  bed.lines.configure({ stations: oneLine.plans.stations, lines: [line(3, { isEnabled: false })] });
  expect(bed.lines.availability('line-3')?.state).toBe('disabled');
  bed.call('911', 2);
  bed.settle();
  expect([bed.state('line-3'), bed.record.legs.find(({ endpoint }) => endpoint === 'line-3')?.cause]).toEqual(['up', 'outOfOrder']);
});

test('after a restart an emergency call is still one', () => {
  const before = new LineBed(oneLine);
  before.call('911');
  before.pass(300);
  before.tone(3, 'dial');
  before.settle();
  before.happen(3, { type: 'soundEnded' });
  before.happen(3, { type: 'polarity', polarity: 'reversed' });
  before.pass(1_000);
  const after = new LineBed({ ...oneLine, before, prefix: 'after' });
  expect([after.state('line-3'), after.lines.availability('line-3')]).toMatchObject(['up', { state: 'busy', isEmergency: true }]);
});

test('how long a line was in calls, and since when it is in none', () => {
  const bed = new LineBed(oneLine);
  expect(bed.lines.availability('line-3')).toMatchObject({ state: 'ready', idleSince: null, usedMs: 0 });
  const began = bed.timers.now();
  talking(bed);
  bed.pass(60_000);
  const { usedMs, idleSince } = bed.lines.availability('line-3')!;
  expect([usedMs >= 61_000 && usedMs <= bed.timers.now() - began, idleSince]).toEqual([true, null]);
  bed.hangUp(1);
  const ended = bed.lines.availability('line-3')!;
  expect(bed.timers.now() - ended.idleSince!).toBeLessThanOrEqual(2_600);
  bed.pass(10_000);
  expect(bed.lines.availability('line-3')).toMatchObject({ state: 'ready', usedMs: ended.usedMs, idleSince: ended.idleSince });
});

test('a telephone that dials an emergency number is in an emergency call, and is not told of others', () => {
  const one = station(1);
  const map = { patterns: [], emergency: ['911'] };
  const bed = new LineBed({ plans: { stations: [{ ...one, settings: { ...one.settings, dialing: { ...one.settings.dialing, map } } }], lines: [line(3)] } });
  bed.lift(1);
  bed.dial(1, '911');
  bed.pass(300);
  bed.tone(3, 'dial');
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
  bed.happen(3, { type: 'polarity', polarity: 'reversed' });
  expect(bed.state('station-1')).toBe('talking');
  expect(bed.lines.availability('station-1')).toMatchObject({ state: 'busy', isEmergency: true });
  expect(bed.lines.availability('nobody')).toBeUndefined();
  bed.exchange.offer(bed.desk.offer('101', { number: '103' }, anyMedia));
  bed.settle();
  expect(bed.records.at(-1)).toMatchObject({ cause: 'userBusy', evidence: { text: 'the telephone is in an emergency call' } });
});
