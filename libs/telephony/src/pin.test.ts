import { expect, test } from 'vitest';
import { ExchangeBed, pcmu } from './exchange-bed.ts';
import type { FakeEndpoint } from './fake-endpoint.ts';
import type { LegEvent } from './leg.ts';

const answered: LegEvent = { type: 'answered', supervision: 'signalled', media: pcmu };

function type(endpoint: FakeEndpoint, digits: string): void {
  for (const digit of digits) endpoint.leg.say({ type: 'digit', digit, durationMs: 80 });
}

/** Sounds the caller was given; '': none any more. */
function heard({ leg }: FakeEndpoint): string[] {
  return leg.commands.flatMap((command) => (command.type === 'sound' ? [command.sound ?? ''] : []));
}

test('a PIN is asked for by a tone, ended by #, and the call goes on', () => {
  const bed = new ExchangeBed({ transcoded: pcmu.codecs });
  bed.dial('7');
  expect(bed.caller.leg.commands).toEqual([{ type: 'progress', media: pcmu }, { type: 'sound', sound: 'askPin' }]);
  expect(bed.exchange.calls()[0]?.state).toBe('asking');
  expect(bed.trunk.legs).toEqual([]);
  type(bed.caller, '2580#');
  expect(heard(bed.caller)).toEqual(['askPin', '', '']);
  expect(bed.asked.map(({ pin }) => pin)).toEqual([undefined, '2580']);
  // Whoever has media hears the ringing as a tone.
  bed.trunk.leg.say({ type: 'ringing' });
  bed.trunk.leg.say(answered);
  expect(bed.caller.leg.told().slice(-2)).toEqual(['alert', 'answer']);
  expect([bed.exchange.calls()[0]?.state, bed.bugs]).toEqual(['talking', []]);
});

test('eight seconds without a digit end a PIN too', () => {
  const bed = new ExchangeBed();
  bed.dial('7');
  bed.timers.advance(7_999);
  type(bed.caller, '258');
  bed.timers.advance(7_999);
  type(bed.caller, '0');
  bed.timers.advance(7_999);
  expect(bed.trunk.legs).toEqual([]);
  bed.timers.advance(1);
  expect(bed.trunk.legs).toHaveLength(1);
});

test('three wrong ones, or none, and the call is refused', () => {
  const bed = new ExchangeBed();
  bed.dial('7');
  type(bed.caller, '1#');
  expect(heard(bed.caller).at(-1)).toBe('refused');
  bed.timers.advance(1_000);
  expect(heard(bed.caller).at(-1)).toBe('askPin');
  type(bed.caller, '#');
  bed.timers.advance(1_000 + 8_000);
  expect(bed.caller.leg.told().at(-1)).toBe('release notAllowed');
  expect(bed.record).toMatchObject({ cause: 'notAllowed', evidence: { kind: 'pin' }, attempts: [] });
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});

test('who dials on while he hears that it was wrong is listened to', () => {
  const bed = new ExchangeBed();
  bed.dial('7');
  type(bed.caller, '1#2580#');
  expect(bed.trunk.legs).toHaveLength(1);
});

test('a PIN is nowhere: not in the story, the blob, the events, the record', () => {
  const bed = new ExchangeBed();
  const id = bed.dial('7');
  type(bed.caller, '1379#');
  bed.caller.leg.say({ type: 'note', evidence: { kind: 'digit', text: 'digit 9, relayed in RTP' } });
  bed.caller.leg.say({ type: 'changed' });
  bed.timers.advance(10);
  const [asking] = bed.held();
  type(bed.caller, '2580#');
  bed.trunk.leg.say(answered);
  bed.caller.leg.say({ type: 'changed' });
  const [talking] = bed.held();
  bed.exchange.hangUp(id);
  for (const digit of ['1379', '2580']) expect(JSON.stringify([asking, talking, bed.events, bed.record, bed.begun])).not.toContain(digit);
  const digits = [asking?.blob ?? '', talking?.blob ?? '', JSON.stringify(bed.record.story)].map((text) => /digit"?[: ]+"?[0-9#]/.test(text));
  expect(digits).toEqual([false, false, false]);
  expect(bed.record.story.filter(({ type: what }) => what === 'digit')).toHaveLength(10);
});

test('digits after the PIN are the far end’s again', () => {
  const bed = new ExchangeBed();
  bed.dial('7');
  type(bed.caller, '2580#');
  bed.trunk.leg.say(answered);
  type(bed.caller, '5');
  expect(bed.trunk.leg.commands).toMatchObject([{ type: 'sendDigit', digit: '5' }]);
});

test('a PIN that is right for nobody who may call there is refused as routing says', () => {
  const bed = new ExchangeBed();
  bed.routes['7'] = ({ pin }) => ({ ok: false, cause: 'rejected', evidence: { kind: 'permission', text: 'locked' }, ...(pin === undefined ? { asks: 'pin' as const } : {}) });
  bed.dial('7');
  type(bed.caller, '1#');
  expect(bed.record).toMatchObject({ cause: 'rejected', evidence: { text: 'locked' } });
});

test('who is rung first is asked when he has answered', () => {
  const bed = new ExchangeBed();
  bed.exchange.originate({ from: 'soft', party: { number: '101' }, to: '7' });
  expect(bed.soft.legs).toHaveLength(1);
  bed.soft.leg.say(answered);
  expect(bed.soft.leg.told()).toEqual(['sound']);
  type(bed.soft, '2580#');
  bed.trunk.leg.say(answered);
  expect(bed.media.joined).toEqual([`${bed.soft.leg.media}+${bed.trunk.leg.media}`]);
});

test('a caller who gives up while he is asked, a hang-up, and the limit for setting up end it', () => {
  const bed = new ExchangeBed();
  bed.dial('7');
  bed.caller.leg.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'far', text: 'CANCEL' } });
  bed.exchange.hangUp(bed.dial('7'));
  bed.dial('7');
  for (let second = 0; second < 180; second++) {
    bed.timers.advance(1_000);
    type(bed.caller, '1');
  }
  expect(bed.records.map(({ cause }) => cause)).toEqual(['normalClearing', 'normalClearing', 'recoveryOnTimerExpiry']);
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});
