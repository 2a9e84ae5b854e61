import { expect, test } from 'vitest';
import { decodeCallerId, dtmfCallerIdPlans } from '@tipring/dsp';
import { anyMedia, line, LineBed, station } from './line-bed.ts';
import { callerIdSounds, callerShown } from './station-sounds.ts';

test('a telephone calls a telephone: dial tone, digits, ringing, answer, talk', () => {
  const bed = new LineBed();
  bed.did(1);
  bed.did(2);
  bed.lift(1);
  expect(bed.did(1)).toEqual(['tone 350+440', 'listen digits']);
  bed.dial(1, '102#');
  expect([bed.state('station-1'), bed.state('station-2')]).toEqual(['ringback', 'ringing']);
  bed.lift(2);
  expect(bed.did(1)).toEqual(['hush', 'tone 440+480', 'add call-1.1', 'hush', 'listen digits fax']);
  expect(bed.did(2)).toEqual(['ring, caller ID after 1', 'ringStop', 'add call-1.2', 'listen digits fax']);
  expect([bed.state('station-1'), bed.state('station-2')]).toEqual(['talking', 'talking']);
  expect(bed.joined()).toEqual(['call-1.1+call-1.2']);
  expect(bed.lines.live('station-2')).toMatchObject({ party: { number: '101', name: 'Telephone 1' }, hook: 'off', isPresent: true });
});

test('who hangs up ends the call, with what was seen in the record; the other hears that it is over', () => {
  const bed = new LineBed();
  bed.call('102');
  bed.lift(2);
  bed.did(2);
  bed.hangUp(1);
  expect(bed.record).toMatchObject({ cause: 'normalClearing', evidence: { kind: 'onHook', text: 'the telephone was hung up' }, answeredBy: 'station-2', from: { number: '101', name: 'Telephone 1' } });
  // A region whose lines cut the loop when the far end is gone.
  expect(bed.did(2)).toEqual(['openLoop', 'listen']);
  bed.happen(2, { type: 'openLoopEnded' });
  expect(bed.did(2)).toEqual(['tone 480+620', 'listen digits']);
  bed.hangUp(2);
  bed.pass(1_000);
  expect([bed.state('station-1'), bed.state('station-2'), bed.media.size, bed.bugs]).toEqual(['idle', 'idle', 0, []]);
});

test('caller ID goes out in the pause after the first ring, and the port is told that it is to let it through', () => {
  const bed = new LineBed();
  bed.exchange.offer(bed.desk.offer('101', { number: '103', name: 'Zoë' }, anyMedia));
  bed.settle();
  bed.did(1);
  bed.pass(2_000);
  bed.happen(1, { type: 'ringBurstEnded', burst: 1, pauseMs: 4_000 });
  bed.pass(600);
  expect(bed.did(1)).toEqual(['fsk']);
  const sent = bed.gateway.port('SIM-1/1')?.playing[0];
  const decoded = decodeCallerId(sent?.type === 'fsk' ? sent.message : []);
  expect(decoded).toMatchObject({ ok: true, value: { type: 'call-setup', number: { shown: '103' }, name: { shown: 'Zoë' }, time: { month: 11, day: 22, hour: 20, minute: 33 } } });
  bed.happen(1, { type: 'soundEnded' });
  bed.lift(1);
  expect(bed.desk.leg.told()).toEqual(['alert', 'answer']);
});

test('a call that asks for a ring of its own has it, by name; one that nobody knows rings as usual', () => {
  const cadences = ['Bellcore-dr2', 'unheard-of'].map((alertInfo) => {
    const bed = new LineBed();
    bed.lines.find('station-1')[0]!.originate('c1.2', { context: 'c1', from: { number: '103' }, number: '101', media: anyMedia, alertInfo }, () => {});
    bed.settle();
    return bed.gateway.port('SIM-1/1')?.commanded.find((command) => command.do === 'ring');
  });
  expect(cadences).toMatchObject([{ cadence: [{ onMs: 800, offMs: 400 }, { onMs: 800, offMs: 4_000 }] }, { cadence: [{ onMs: 2_000, offMs: 4_000 }] }]);
});

test('a caller who hides is private, one without a number unavailable, and a name that is no number is shown as one', () => {
  expect(callerShown({ number: '5551234', name: 'Anna', anonymous: true })).toEqual({ number: { absent: 'private' }, name: { absent: 'private' } });
  expect(callerShown({ number: '' })).toEqual({ number: { absent: 'unavailable' } });
  expect(callerShown({ number: 'alice' })).toEqual({ number: { absent: 'unavailable' }, name: { shown: 'alice' } });
  expect(callerShown({ number: '+4930123' })).toEqual({ number: { shown: '+4930123' } });
});

test('a telephone of a country that sends caller ID in digits gets it before ringing, after a reversal', () => {
  const plan = dtmfCallerIdPlans['DK'];
  if (plan === undefined) throw new Error('no plan');
  const one = station(1, { callerId: { by: 'dtmf', plan, digitMs: 70, pauseMs: 70, levelDbm0: -9 } });
  const bed = new LineBed({ plans: { stations: [{ ...one, settings: { ...one.settings, callerId: { ...one.settings.callerId, place: 'afterReversal', sendingMs: 3_300 } } }], lines: [] } });
  bed.did(1);
  bed.exchange.offer(bed.desk.offer('101', { number: '103' }, anyMedia));
  bed.pass(500);
  expect(bed.did(1)).toEqual(['reversed', 'onHookTransmission', 'digits A103#']);
  bed.happen(1, { type: 'soundEnded' });
  bed.pass(500);
  expect(bed.did(1)).toEqual(['normal', 'ring']);
});

test.each([
  ['+4930123', 'A4930123#'],
  ['*98', 'D2#'],
  ['alice', 'D2#'],
])('caller %s is %s in digits', (number, digits) => {
  const plan = dtmfCallerIdPlans['DK'];
  if (plan === undefined) throw new Error('no plan');
  const sending = { by: 'dtmf', plan, digitMs: 70, pauseMs: 70, levelDbm0: -9 } as const;
  expect(callerIdSounds(sending, callerShown({ number }), { hook: 'on', alertTone: false }, { month: 1, day: 1, hour: 0, minute: 0 })).toMatchObject([{ type: 'digits', digits }]);
});

test('pulses dial as well as tones: the hook says both, by the gateway’s clock', () => {
  const bed = new LineBed();
  bed.lift(1);
  for (const pulses of [1, 10, 3]) {
    for (let n = 0; n < pulses; n++) {
      bed.happen(1, { type: 'hook', hook: 'on' });
      bed.pass(60);
      bed.happen(1, { type: 'hook', hook: 'off' });
      bed.pass(38);
    }
    bed.pass(700);
  }
  bed.pass(4_000);
  expect(bed.exchange.calls()).toMatchObject([{ to: '103' }]);
});

test('a hook flash holds the other side and gives dial tone, the next one takes it back; meanwhile the port is in no call', () => {
  const bed = new LineBed();
  bed.call('103');
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.settle();
  expect(bed.joined()).toEqual(['call-1.1+t-call-1.2']);
  bed.did(1);
  bed.flash(1);
  expect(bed.desk.leg.told()).toEqual(['held']);
  expect(bed.exchange.calls()).toMatchObject([{ state: 'held' }]);
  expect(bed.lines.live('station-1')).toMatchObject({ state: 'dialing', held: 1 });
  expect(bed.joined()).toEqual([]);
  expect(bed.did(1)).toEqual(['tone 350+440', 'listen digits']);
  bed.flash(1);
  expect(bed.desk.leg.told()).toEqual(['held', 'resumed']);
  expect(bed.did(1)).toEqual(['hush', 'add call-1.1', 'listen digits fax']);
  expect(bed.joined()).toEqual(['call-1.1+t-call-1.2']);
});

test('a call waits: tone over the voice, alert tone, acknowledgement, caller ID, and the flash that takes it; two more go back', () => {
  const bed = new LineBed();
  bed.call('103');
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.settle();
  const first = bed.desk.leg;
  bed.did(1);
  bed.exchange.offer(bed.desk.offer('101', { number: '777' }, anyMedia));
  bed.settle();
  const second = bed.desk.leg;
  expect(second.told()).toEqual(['alert']);
  expect(bed.did(1)).toEqual(['tone 440 over']);
  bed.pass(350);
  expect(bed.did(1)).toEqual(['hush', 'tone 2130+2750, pause', 'listen digits fax alertTone']);
  expect(bed.joined()).toEqual([]);
  bed.dial(1, 'D');
  expect(bed.did(1)).toEqual(['fsk']);
  bed.happen(1, { type: 'soundEnded' });
  expect(bed.did(1)).toEqual(['add call-1.1', 'listen digits fax']);
  expect(bed.joined()).toEqual(['call-1.1+t-call-1.2']);
  bed.flash(1);
  expect([first.told(), second.told()]).toEqual([['held'], ['alert', 'answer']]);
  expect([bed.joined('call-1'), bed.joined('call-2')]).toEqual([[], ['t-call-2.1+call-2.2']]);
  bed.flash(1);
  bed.flash(1);
  expect([bed.joined('call-1'), bed.joined('call-2')]).toEqual([['call-1.1+t-call-1.2'], []]);
  // The one that is held hangs up; then the other.
  second.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'gone' } });
  expect(bed.state('station-1')).toBe('talking');
  first.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'gone' } });
  expect(bed.state('station-1')).toBe('openLoop');
  bed.settle();
  expect([bed.records.length, bed.bugs]).toEqual([2, []]);
});

test('a telephone that does not acknowledge the alert tone has its call back, and not the silence', () => {
  const bed = new LineBed();
  bed.call('103');
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.settle();
  bed.exchange.offer(bed.desk.offer('101', { number: '777' }, anyMedia));
  bed.pass(350);
  bed.did(1);
  bed.pass(400);
  expect(bed.did(1)).toEqual(['hush', 'add call-1.1', 'listen digits fax']);
  expect([bed.gateway.port('SIM-1/1')?.playing, bed.joined()]).toEqual([[], ['call-1.1+t-call-1.2']]);
});

test('when the far end of one of two calls hangs up, the telephone has the other back', () => {
  const bed = twoCalls();
  bed.desk.legs[1]?.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'gone' } });
  bed.settle();
  expect(bed.state('station-1')).toBe('talking');
  expect(bed.joined('call-1')).toEqual(['call-1.1+t-call-1.2']);
});

test('who hangs up on a call that is held is rung back, and has it again when the handset is lifted', () => {
  const bed = twoCalls();
  bed.hangUp(1);
  expect(bed.records.map(({ id }) => id)).toEqual(['call-2']);
  expect(bed.state('station-1')).toBe('ringing');
  bed.lift(1);
  expect(bed.joined('call-1')).toEqual(['call-1.1+t-call-1.2']);
  expect(bed.exchange.calls()).toMatchObject([{ id: 'call-1', state: 'talking' }]);
});

test('a held call that nobody takes back ends', () => {
  const bed = twoCalls();
  bed.hangUp(1);
  bed.pass(61_000);
  expect(bed.records).toHaveLength(2);
  expect(bed.record).toMatchObject({ id: 'call-1', cause: 'noAnswer', evidence: { text: 'was held, and nobody took it back' } });
  expect(bed.state('station-1')).toBe('idle');
});

test('a telephone in use is busy for a third call, one left off the hook for any', () => {
  const bed = twoCalls();
  bed.exchange.offer(bed.desk.offer('101', { number: '778' }, anyMedia));
  bed.settle();
  expect(bed.record).toMatchObject({ cause: 'userBusy' });
  bed.lift(2);
  bed.pass(60_000);
  bed.exchange.offer(bed.desk.offer('102', { number: '778' }, anyMedia));
  bed.settle();
  expect(bed.record).toMatchObject({ cause: 'userBusy', to: '102' });
  expect(bed.incidents).toEqual(['station-2 leftOffHook: the receiver was left off the hook']);
});

test('a telephone that is dialled for is rung first, hears ringing tone, and then who answers', () => {
  const bed = new LineBed();
  bed.exchange.originate({ from: 'station-1', party: { number: '101' }, to: '103' });
  bed.settle();
  expect(bed.lines.live('station-1')).toMatchObject({ state: 'ringing', party: { number: '103' } });
  bed.lift(1);
  bed.did(1);
  bed.desk.leg.say({ type: 'ringing' });
  expect(bed.did(1)).toEqual(['tone 440+480']);
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  expect(bed.did(1)).toEqual(['hush']);
  expect(bed.joined()).toEqual(['call-1.1+t-call-1.2']);
});

test('messages wait: stutter, lamp and data, as the station wants them, and no more when they are heard', () => {
  const one = station(1);
  const bed = new LineBed({ plans: { stations: [{ ...one, settings: { ...one.settings, messageWaiting: { ...one.settings.messageWaiting, lamp: true, data: true } } }], lines: [] } });
  bed.did(1);
  bed.leave('ext-1', 2);
  bed.pass(100);
  expect(bed.did(1)).toEqual(['messageWaiting', 'onHookTransmission', 'fsk']);
  const sent = bed.gateway.port('SIM-1/1')?.playing[0];
  expect(decodeCallerId(sent?.type === 'fsk' ? sent.message : [])).toMatchObject({ ok: true, value: { type: 'message-waiting', isWaiting: true } });
  bed.happen(1, { type: 'soundEnded' });
  bed.pass(1_000);
  bed.lift(1);
  expect(bed.gateway.port('SIM-1/1')?.playing).toMatchObject([{ tone: { segments: expect.arrayContaining([expect.objectContaining({ durationMs: 100 })]) } }]);
});

test('a port that cannot be had for a call ends it, though its codec changes before that is known', () => {
  const bed = new LineBed();
  bed.gateway.send({ do: 'addPort', context: 'another', termination: 'x', port: 'SIM-1/1', codec: 'PCMU' });
  bed.call('103');
  bed.desk.leg.say({ type: 'progress', media: { codecs: [{ name: 'PCMU', clockRate: 8000 }], digits: 'rtpEvent' } });
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: { codecs: [{ name: 'PCMA', clockRate: 8000 }], digits: 'rtpEvent' } });
  bed.settle();
  expect(bed.record).toMatchObject({ cause: 'temporaryFailure', evidence: { kind: 'gateway' } });
});

test('ringing tone for a telephone that is dialled for ends when it is hung up', () => {
  const bed = new LineBed();
  bed.exchange.originate({ from: 'station-1', party: { number: '101' }, to: '103' });
  bed.settle();
  bed.lift(1);
  bed.desk.leg.say({ type: 'ringing' });
  bed.settle();
  expect(bed.gateway.port('SIM-1/1')?.playing).toMatchObject([{ type: 'tone' }]);
  bed.hangUp(1);
  expect(bed.gateway.port('SIM-1/1')?.playing).toEqual([]);
});

test('digits of a call go by themselves; what the gateway could not pass on is told, and so are pulses', () => {
  const bed = new LineBed();
  bed.call('103');
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.dial(1, '5');
  // Who acts on it knows of it, and nobody sends it again.
  expect(bed.desk.leg.told()).toEqual(['digitPassed']);
  bed.gateway.emit({ event: 'digit', context: 'call-1', termination: 'call-1.1', digit: '6', durationMs: 90, relayed: true });
  bed.gateway.emit({ event: 'digit', context: 'call-1', termination: 'call-1.1', digit: '7', durationMs: 90, relayed: false });
  bed.happen(1, { type: 'pulseDigit', digit: '8' });
  expect(bed.desk.leg.commands).toMatchObject([{ type: 'digitPassed', digit: '5' }, { type: 'sendDigit', digit: '7' }, { type: 'sendDigit', digit: '8' }]);
  bed.did(1);
  bed.desk.leg.say({ type: 'digit', digit: '4', durationMs: 100 });
  bed.desk.leg.say({ type: 'digit', digit: '2', durationMs: 100 });
  expect(bed.did(1)).toEqual(['digits 4']);
  bed.settle();
  bed.happen(1, { type: 'soundEnded' });
  expect(bed.did(1)).toEqual(['digits 2']);
});

test('a bug of ours ends the calls of one station and no more, and it begins anew', () => {
  let broken = true;
  const bed = new LineBed({
    localTime: () => {
      if (broken) throw new Error('no clock');
      return { month: 1, day: 1, hour: 0, minute: 0 };
    },
  });
  bed.call('103', 2);
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.exchange.offer(bed.desk.offer('101', { number: '777' }, anyMedia));
  bed.pass(2_000);
  bed.did(1);
  bed.happen(1, { type: 'ringBurstEnded', burst: 1, pauseMs: 4_000 });
  bed.pass(600);
  expect(bed.bugs).toMatchObject([{ id: 'station-1', error: new Error('no clock') }]);
  expect(bed.record).toMatchObject({ to: '101', cause: 'temporaryFailure', evidence: { kind: 'bug' } });
  expect([bed.did(1)[0], bed.state('station-1'), bed.state('station-2')]).toEqual(['ringStop', 'idle', 'talking']);
  broken = false;
  // It waits there.
  bed.call('102');
  expect(bed.state('station-1')).toBe('ringback');
});

test('what is configured holds from the next call on, and a call that is up is not touched', () => {
  const bed = new LineBed();
  bed.call('102');
  bed.lift(2);
  const two = station(2, { port: 'SIM-1/2', displayName: 'Elsewhere' });
  bed.lines.configure({ stations: [station(1, { displayName: 'Renamed', portSettings: { impedance: '900' } }), two], lines: [line(3)] });
  expect([bed.state('station-1'), bed.state('line-4')]).toEqual(['talking', 'unknown']);
  expect(bed.gateway.port('SIM-1/1')?.settings.impedance).toBe('600');
  bed.settle();
  expect(bed.gateway.port('SIM-1/4')?.isOpen).toBe(false);
  bed.lines.configure({ stations: [station(1, { displayName: 'Renamed', portSettings: { impedance: '900' } })], lines: [] });
  expect([bed.state('station-2'), bed.exchange.size]).toEqual(['unknown', 1]);
  bed.hangUp(1);
  bed.pass(1_000);
  expect(bed.gateway.port('SIM-1/1')?.settings.impedance).toBe('900');
  expect(bed.gateway.port('SIM-1/2')?.isOpen).toBe(false);
  bed.call('103');
  expect(bed.desk.leg.request?.from).toEqual({ number: '101', name: 'Renamed' });
});

function twoCalls(): LineBed {
  const bed = new LineBed();
  bed.call('103');
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.settle();
  bed.exchange.offer(bed.desk.offer('101', { number: '777' }, anyMedia));
  bed.settle();
  bed.flash(1);
  // The fake's legs in the order they were made: called, calling.
  bed.desk.legs.sort((a, b) => (a.id < b.id ? -1 : 1));
  return bed;
}
