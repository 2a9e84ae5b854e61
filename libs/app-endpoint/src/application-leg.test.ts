import { expect, test } from 'vitest';
import type { Application, Effect, Input } from './application.ts';
import { ApplicationBed } from './application-bed.ts';

type Told = readonly Input<string>[];

/** It does what the test says with every input, and remembers them all. */
function scripted(react: (input: Input<string>, told: Told) => readonly Effect<string>[], begin: readonly Effect<string>[] = [], ask: Application<Told, string, string>['ask'] = () => {}): Application<Told, string, string> {
  return { name: 'scripted', begin: () => [[], begin], step: (state, input) => [[...state, input], react(input, state)], ask };
}

/** All inputs, as they came. */
function recording(begin: readonly Effect<string>[], react: (input: Input<string>) => readonly Effect<string>[] = () => []) {
  const inputs: Input<string>[] = [];
  const application = scripted((input) => {
    inputs.push(input);
    return react(input);
  }, begin);
  return { application, inputs };
}

const say = (phrase: 'common.thanks' | 'common.goodbye'): Effect<string> => ({ do: 'say', said: [{ phrase }] });

test('it answers with the codecs that the gateway decodes, in the order of the caller', () => {
  const bed = new ApplicationBed();
  const { application } = recording([]);
  const caller = bed.call(application, { media: { codecs: [{ name: 'G729', clockRate: 8_000 }, { name: 'pcma', clockRate: 8_000 }, { name: 'opus', clockRate: 48_000 }], digits: 'rtpEvent' } });
  expect(caller.events[0]).toEqual({ type: 'answered', supervision: 'signalled', media: { codecs: [{ name: 'pcma', clockRate: 8_000 }, { name: 'opus', clockRate: 48_000 }], digits: 'rtpEvent' } });
  const other = bed.call(application, { media: { codecs: [{ name: 'G729', clockRate: 8_000 }], digits: 'rtpEvent' } }, 'call-2.2');
  expect(other.told).toEqual(['released incompatibleDestination']);
});

test('a gateway without room is a call that failed', () => {
  const bed = new ApplicationBed();
  bed.players.refuseNext('addPlayer', { code: 'overloaded', text: 'no room for another player' });
  const caller = bed.call(recording([]).application);
  expect(caller.events).toEqual([{ type: 'released', cause: 'congestion', evidence: { kind: 'gateway', text: 'media gateway: no room for another player' } }]);
});

test('what is said in place of something else is told as over once, and of the first nothing is told', () => {
  const bed = new ApplicationBed();
  const { application, inputs } = recording([say('common.thanks')], (input) => (input.type === 'digit' ? [say('common.goodbye')] : []));
  const caller = bed.call(application);
  // The first ends while the second is on its way.
  bed.pass(996);
  caller.dial('1');
  expect(inputs).toEqual([{ type: 'digit', digit: '1' }]);
  bed.pass(2_000);
  expect(inputs).toEqual([{ type: 'digit', digit: '1' }, { type: 'announced', how: 'ended' }]);
});

test('a digit counts once, also when the caller has it back already, as in an echo test', () => {
  const bed = new ApplicationBed();
  const { application, inputs } = recording([]);
  const caller = bed.call(application);
  caller.leg.send({ type: 'sendDigit', digit: '1', durationMs: 100 });
  caller.leg.send({ type: 'digitPassed', digit: '#' });
  expect(inputs).toEqual([{ type: 'digit', digit: '1' }, { type: 'digit', digit: '#' }]);
});

test('of a question only the answer to the last one is told, once', () => {
  const bed = new ApplicationBed();
  const answers: ((answer: string) => void)[] = [];
  const inputs: Input<string>[] = [];
  const application = scripted(
    (input) => {
      inputs.push(input);
      return input.type === 'digit' ? [{ do: 'ask', ask: 'second' }, { do: 'tell', tell: 'told' }] : [];
    },
    [{ do: 'ask', ask: 'first' }],
    (_ask, answer) => void answers.push(answer),
  );
  bed.call(application).dial('1');
  for (const answer of answers) answer('early');
  answers[1]?.('late');
  expect(inputs.filter(({ type }) => type === 'answer')).toEqual([{ type: 'answer', answer: 'early' }]);
});

test('a call that ends while it is recorded: first what was recorded, then released, then the leg', () => {
  const bed = new ApplicationBed();
  const { application, inputs } = recording([{ do: 'record', file: 'a.wav', maxMs: 60_000 }]);
  const caller = bed.call(application);
  bed.pass(3_000);
  caller.hangUp();
  expect(inputs).toEqual([{ type: 'recorded', file: 'a.wav', ms: expect.closeTo(3_000, -2), how: 'stopped' }, { type: 'released', cause: 'normalClearing' }]);
  expect(caller.told).toEqual(['answered', 'released normalClearing']);
});

test('a gateway that is gone does not keep a leg from ending: the length of the recording is what its file says', () => {
  const bed = new ApplicationBed();
  const { application, inputs } = recording([{ do: 'record', file: 'a.wav', maxMs: 60_000 }]);
  const caller = bed.call(application);
  bed.pass(3_000);
  bed.players.kill();
  caller.hangUp();
  expect(inputs).toEqual([{ type: 'recorded', file: 'a.wav', ms: null, how: 'stopped' }, { type: 'released', cause: 'normalClearing' }]);
  expect([caller.told, bed.timers.size]).toEqual([['answered', 'released normalClearing'], 0]);
});

test('a gateway that was restarted is told again what to say and to record; the recording goes on in its file', () => {
  const bed = new ApplicationBed();
  const { application, inputs } = recording([say('common.thanks'), { do: 'record', file: 'a.wav', maxMs: 60_000, silenceMs: 5_000 }]);
  const caller = bed.call(application);
  caller.speak(500);
  bed.players.kill();
  bed.pass(2_000);
  bed.players.comeUp();
  caller.leg.send({ type: 'restoreMedia' });
  bed.pass(2);
  expect(caller.heard).toBe('common.thanks');
  caller.speak(700);
  bed.pass(6_000);
  expect(inputs).toEqual([{ type: 'announced', how: 'ended' }, { type: 'recorded', file: 'a.wav', ms: null, how: 'silence' }]);
  expect(bed.players.files.get('a.wav')).toBeGreaterThan(1_150);
});

test('a controller that was restarted: what goes on goes on, what ended meanwhile is told, timers and the open question begin anew', () => {
  const bed = new ApplicationBed();
  const inputs: Input<string>[] = [];
  let asked = 0;
  const application = scripted(
    (input) => {
      inputs.push(input);
      return [];
    },
    [say('common.thanks'), { do: 'record', file: 'a.wav', maxMs: 60_000 }, { do: 'start', timer: 'patience', ms: 10_000 }, { do: 'ask', ask: 'who' }],
    () => void asked++,
  );
  const caller = bed.call(application);
  bed.pass(500);
  caller.survive(4_000);
  expect(inputs).toEqual([{ type: 'announced', how: 'ended' }]);
  expect(asked).toBe(2);
  bed.pass(9_990);
  expect(inputs.length).toBe(1);
  bed.pass(10);
  expect(inputs[1]).toMatchObject({ type: 'timeout', timer: 'patience' });
  caller.hangUp();
  expect(inputs[2]).toEqual({ type: 'recorded', file: 'a.wav', ms: expect.closeTo(14_500, -2), how: 'stopped' });
  expect(bed.players.files.get('a.wav')).toBeGreaterThan(14_000);
});

test('a leg of another application, or one that had not been answered, is not taken back', () => {
  const bed = new ApplicationBed();
  const caller = bed.call(recording([]).application);
  const { application } = recording([]);
  for (const snapshot of [{ at: 'setup' }, { ...caller.leg.snapshot(), application: 'another' }, {}]) {
    const adopted = bed.adopt(application, snapshot);
    expect(adopted.told).toEqual(['released temporaryFailure']);
  }
});

test('while the other side holds, nothing is recorded', () => {
  const bed = new ApplicationBed();
  const { application, inputs } = recording([{ do: 'record', file: 'a.wav', maxMs: 60_000, silenceMs: 3_000 }]);
  const caller = bed.call(application);
  caller.speak(1_000);
  caller.leg.send({ type: 'held' });
  bed.pass(10_000);
  caller.leg.send({ type: 'resumed' });
  caller.speak(1_000);
  bed.pass(5_000);
  expect(inputs).toEqual([{ type: 'recorded', file: 'a.wav', ms: expect.closeTo(2_000, -2), how: 'silence' }]);
});

test('a seat takes the place of the player and gives it back; whoever is in the call is to be joined with it anew', () => {
  const bed = new ApplicationBed();
  const { application } = recording([], (input) => (input.type !== 'digit' ? [] : input.digit === '1' ? [{ do: 'sit', room: 'r1', isMuted: false }] : [{ do: 'stand' }, say('common.goodbye')]));
  const caller = bed.call(application);
  caller.dial('1');
  expect([bed.players.room(caller.leg.media), caller.told]).toEqual(['r1', ['answered', 'mediaReturned']]);
  caller.dial('2');
  expect([bed.players.room(caller.leg.media), caller.told.length, caller.heard]).toEqual([null, 3, 'common.goodbye']);
});

test('a leg that goes over to another call takes along what it does', () => {
  const bed = new ApplicationBed();
  const { application, inputs } = recording([say('common.thanks')]);
  const caller = bed.call(application);
  bed.pass(300);
  caller.leg.send({ type: 'moved', leg: 'call-2.3', context: 'call-2' });
  bed.pass(500);
  expect([caller.leg.id, caller.leg.media, caller.told, inputs]).toEqual(['call-2.3', 'call-1.2', ['answered', 'mediaReturned'], []]);
  bed.pass(600);
  expect(inputs).toEqual([{ type: 'announced', how: 'ended' }]);
});

test('what our own code throws ends this call and no other; what was recorded is told first', () => {
  const bed = new ApplicationBed();
  const inputs: Input<string>[] = [];
  const application = scripted(
    (input) => {
      inputs.push(input);
      if (input.type === 'digit') throw new Error('boom');
      return [];
    },
    [{ do: 'record', file: 'a.wav', maxMs: 60_000 }],
  );
  const caller = bed.call(application);
  const other = bed.call(recording([]).application, {}, 'call-2.2');
  caller.dial('1');
  bed.pass(10);
  expect(inputs.map(({ type }) => type)).toEqual(['digit', 'recorded', 'released']);
  expect([caller.told, other.told, bed.bugs.length]).toEqual([['answered', 'released temporaryFailure'], ['answered'], 1]);
});

test('an application that always throws is over at once, and leaves nothing', () => {
  const bed = new ApplicationBed();
  const caller = bed.call(scripted(() => {
    throw new Error('boom');
  }, [{ do: 'record', file: 'a.wav', maxMs: 60_000 }, { do: 'start', timer: 'any', ms: 1_000 }]));
  caller.dial('1');
  bed.pass(2_000);
  bed.players.release('call-1');
  bed.pass(10);
  expect([caller.told, bed.timers.size, bed.players.listeners]).toEqual([['answered', 'released temporaryFailure'], 0, 0]);
});
