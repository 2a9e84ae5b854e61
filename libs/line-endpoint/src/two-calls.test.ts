import type { Leg, LegCommand, LegEvent, Offer } from '@tipring/telephony';
import { beforeEach, describe, expect, test } from 'vitest';
import { anyMedia, LineBed, station } from './line-bed.ts';

/* What a telephone with two calls asks of them, and what it makes of the answers. The calls are this test. */

interface Side {
  readonly leg: Leg;
  readonly number: string;
  readonly told: LegEvent[];
}

let bed: LineBed;
let sides: Side[];

beforeEach(() => {
  sides = [];
  bed = new LineBed({ plans: { stations: [station(1)], lines: [] }, offers: { offer: accepted } });
});

function accepted(offer: Offer): string {
  const n = sides.length + 1;
  const told: LegEvent[] = [];
  sides.push({ leg: offer.accept(`c${n}.1`, `c${n}`, (event) => told.push(event)), number: offer.number, told });
  return `c${n}`;
}

/** Another calls the telephone. */
function calledBy(number: string): Side {
  const n = sides.length + 1;
  const told: LegEvent[] = [];
  const [endpoint] = bed.lines.find('station-1');
  const leg = endpoint!.originate(`c${n}.2`, { context: `c${n}`, from: { number }, number: '101', media: anyMedia }, (event) => told.push(event));
  sides.push({ leg, number, told });
  bed.settle();
  return sides.at(-1)!;
}

function send(side: Side, ...commands: readonly LegCommand[]): void {
  for (const command of commands) side.leg.send(command);
  bed.settle();
}

/** The first is up and held, the second dialled. */
function consulting(): readonly [first: Side, second: Side] {
  bed.call('102');
  send(sides[0]!, { type: 'answer', media: anyMedia });
  bed.flash(1);
  bed.dial(1, '103#');
  return [sides[0]!, sides[1]!];
}

function talkingToTwo(): readonly [first: Side, second: Side] {
  const both = consulting();
  send(both[1], { type: 'answer', media: anyMedia });
  return both;
}

function whereIsThePort(): readonly string[] {
  return bed.gateway.sent.flatMap((command) => (command.do === 'addPort' || command.do === 'subtract' ? [`${command.do} ${command.context}/${command.termination}`] : []));
}

const release: LegCommand = { type: 'release', cause: 'normalClearing' };
const types = ({ told }: Side) => told.flatMap(({ type }) => (type === 'note' ? [] : [type]));

test('the second call has the port, and the first has it again when the telephone goes back', () => {
  const [first] = talkingToTwo();
  expect(types(first)).toEqual(['changed', 'held']);
  expect(whereIsThePort()).toEqual(['addPort c1/c1.1', 'subtract c1/c1.1', 'addPort c2/c2.1']);
  bed.flash(1);
  bed.dial(1, '2');
  expect(whereIsThePort().slice(3)).toEqual(['subtract c2/c2.1', 'addPort c1/c1.1']);
  expect([types(sides[1]!), types(first)]).toEqual([['changed', 'held'], ['changed', 'held', 'mediaReturned', 'resumed']]);
});

describe('hung up on two calls', () => {
  test('asks that the one that is held has the other, and leaves both; when its calls let go of it, nothing is left', () => {
    const [first, second] = talkingToTwo();
    bed.hangUp(1);
    expect(first.told.at(-1)).toEqual({ type: 'transferRequested', to: { type: 'leg', leg: 'c2.1' } });
    expect(whereIsThePort().at(-1)).toBe('subtract c2/c2.1');
    expect(types(second)).toEqual(['changed']);
    send(first, { type: 'transfer', is: 'done' }, release);
    send(second, release);
    bed.pass(60_000);
    expect([types(first).at(-1), types(second).at(-1), bed.state('station-1'), bed.media.size]).toEqual(['released', 'released', 'idle', 0]);
    expect([bed.lines.live('station-1'), bed.bugs]).toMatchObject([{ held: 0 }, []]);
  });

  test('while the second rings asks the same, and waits as long as that rings', () => {
    const [first, second] = consulting();
    send(second, { type: 'alert' });
    bed.hangUp(1);
    expect(first.told.at(-1)).toEqual({ type: 'transferRequested', to: { type: 'leg', leg: 'c2.1' } });
    send(first, { type: 'transfer', is: 'ringing' });
    bed.pass(60_000);
    expect([types(second), bed.state('station-1')]).toEqual([[], 'idle']);
    send(second, release);
    send(first, { type: 'transfer', is: 'done' }, release);
    expect([types(first).at(-1), types(second)]).toEqual(['released', ['released']]);
  });

  test.each([
    ['is told that it cannot be', () => send(sides[0]!, { type: 'transfer', is: 'failed', cause: 'rejected' }), 0],
    ['is told nothing', () => {}, 5_000],
    ['hears that the second has ended', () => send(sides[1]!, release), 2_000],
  ])('and %s: it rings for the first, and has it again', (_what, then, ms) => {
    const [first, second] = talkingToTwo();
    bed.hangUp(1);
    then();
    bed.pass(ms);
    expect([types(second).at(-1), bed.state('station-1')]).toEqual(['released', 'ringing']);
    bed.lift(1);
    expect([bed.state('station-1'), types(first).slice(-2), whereIsThePort().at(-1)]).toEqual(['talking', ['mediaReturned', 'resumed'], 'addPort c1/c1.1']);
  });

  test('of which the first ends before anything comes of it: the second is let go of', () => {
    const [first, second] = talkingToTwo();
    bed.hangUp(1);
    send(first, release);
    bed.pass(2_000);
    expect([types(second).at(-1), bed.state('station-1'), bed.media.size]).toEqual(['released', 'idle', 0]);
  });

  test('and is used again meanwhile: what comes back waits, and is taken by a flash', () => {
    const [first] = talkingToTwo();
    bed.hangUp(1);
    bed.call('104');
    send(sides[2]!, { type: 'answer', media: anyMedia });
    send(first, { type: 'transfer', is: 'failed', cause: 'temporaryFailure' });
    expect(bed.lines.live('station-1')).toMatchObject({ state: 'talking', waiting: { number: '102' } });
    bed.flash(1);
    expect([types(sides[2]!).at(-1), types(first).at(-1)]).toEqual(['held', 'resumed']);
    // Neither wanted the other.
    bed.hangUp(1);
    expect([types(sides[2]!), types(first).at(-1), bed.state('station-1')]).toEqual([['changed', 'held'], 'released', 'ringing']);
  });

  test('one of which is for help: that is handed to nobody', () => {
    const { settings } = station(1);
    const map = { patterns: [], emergency: ['911'] };
    bed = new LineBed({ plans: { stations: [station(1, { settings: { ...settings, dialing: { ...settings.dialing, map: { ...map, ...settings.dialing.map, emergency: ['911'] } } } })], lines: [] }, offers: { offer: accepted } });
    bed.lift(1);
    bed.dial(1, '911');
    send(sides[0]!, { type: 'answer', media: anyMedia });
    // And not put on hold either.
    bed.flash(1);
    expect([bed.state('station-1'), types(sides[0]!)]).toEqual(['talking', ['changed']]);
    bed.hangUp(1);
    const caller = calledBy('777');
    bed.lift(1);
    bed.flash(1);
    bed.dial(1, '911');
    send(sides[2]!, { type: 'answer', media: anyMedia });
    bed.hangUp(1);
    expect([types(sides[2]!), types(caller), bed.state('station-1')]).toEqual([['changed', 'released'], ['ringing', 'answered', 'held'], 'ringing']);
  });
});

describe('three-way', () => {
  test('is asked for by the call that is up; when that has taken in the other, the telephone has one call', () => {
    const [first, second] = talkingToTwo();
    bed.flash(1);
    bed.dial(1, '3');
    expect(second.told.at(-1)).toEqual({ type: 'mergeRequested', with: 'c1.1' });
    send(first, release);
    expect(bed.lines.live('station-1')).toMatchObject({ state: 'talking', held: 0 });
    expect(whereIsThePort().at(-1)).toBe('addPort c2/c2.1');
    bed.hangUp(1);
    expect(types(second).at(-1)).toBe('released');
  });

  test('that the other call has taken in: the telephone goes over to that', () => {
    const [first, second] = talkingToTwo();
    bed.flash(1);
    bed.dial(1, '3');
    send(second, release);
    expect([bed.lines.live('station-1'), types(first).at(-1), whereIsThePort().at(-1)]).toMatchObject([{ state: 'talking', held: 0 }, 'resumed', 'addPort c1/c1.1']);
  });
});

describe('a leg that is in another call from now on', () => {
  test('has another name, the same termination, and whatever is asked of its port later is asked there', () => {
    const [first, second] = talkingToTwo();
    bed.gateway.send({ do: 'move', context: 'c2', termination: 'c2.1', to: 'c9' });
    send(second, { type: 'moved', leg: 'c9.4', context: 'c9' });
    expect([second.leg.id, second.leg.media, second.leg.snapshot()]).toMatchObject(['c9.4', 'c2.1', { context: 'c9', media: 'c2.1' }]);
    bed.gateway.emit({ event: 'digit', context: 'c9', termination: 'c2.1', digit: '7', durationMs: 90, relayed: false });
    bed.settle();
    expect(second.told.at(-1)).toMatchObject({ type: 'digit', digit: '7' });
    bed.flash(1);
    bed.flash(1);
    expect(whereIsThePort().slice(-2)).toEqual(['subtract c9/c2.1', 'addPort c1/c1.1']);
    // Also one whose port is elsewhere just now.
    send(second, { type: 'moved', leg: 'c8.2', context: 'c8' });
    bed.flash(1);
    bed.flash(1);
    expect(whereIsThePort().at(-1)).toBe('addPort c8/c2.1');
    bed.hangUp(1);
    expect(first.told.at(-1)).toEqual({ type: 'transferRequested', to: { type: 'leg', leg: 'c8.2' } });
  });

  test('shows whom it talks to now', () => {
    const [, second] = talkingToTwo();
    send(second, { type: 'party', party: { number: '555', name: 'Other' } });
    expect(bed.lines.live('station-1')).toMatchObject({ party: { number: '555', name: 'Other' } });
  });
});
