import { expect, test } from 'vitest';
import type { LineSettings, Mouth } from '@tipring/cards';
import { type CallerIdMessage, dtmfCallerIdPlans, encodeCallerId, encodeDtmfCallerId, type FskModem } from '@tipring/dsp';
import { bell202, fskSignal, v23 } from '@tipring/dsp/test-support';
import type { PortHappening } from '@tipring/gateway';
import { PortBed, shortLine } from './testing/port-bed.ts';

const longNoisyLine: LineSettings = { cable: { gauge: 'AWG 26', km: 4 }, disturbance: { noiseDbm0: -55, hum: { hz: 50, levelDbm0: -50 } } };
const ringing = [{ onMs: 1_000, offMs: 4_000 }];
const time = { month: 11, day: 22, hour: 23, minute: 55 };
const number = { shown: '+493012345678' };
const name = { shown: 'Ada Lovelace' };

function listening(line: LineSettings = shortLine, callerId: { parity?: 'even'; dtmfCodes?: string } = {}) {
  const bed = new PortBed();
  const office = bed.office('S/1', {}, line);
  bed.open('S/1');
  bed.listen('S/1', { callerId: { modems: ['fsk', 'dtmf'], ...callerId } });
  return { bed, office };
}

function burst(message: CallerIdMessage, modem: FskModem, { garbled = false, parity = 'none' as 'none' | 'even' } = {}): Float64Array {
  const encoded = encodeCallerId(message, { parity });
  if (!encoded.ok) throw new Error('The message cannot be sent.');
  const octets = encoded.value.slice();
  if (garbled) octets[octets.length - 3]! ^= 0x04;
  return fskSignal(octets, { ...(modem === 'v23' ? v23 : bell202), levelDbm0: -13.5 });
}

function told(bed: PortBed): readonly PortHappening[] {
  return bed.told('S/1').filter(({ type }) => type === 'callerId' || type === 'noCallerId' || type === 'messageWaiting');
}

const messages: readonly [string, CallerIdMessage, object][] = [
  ['number and name', { type: 'call-setup', format: 'mdmf', number, name }, { number, name }],
  ['withheld number', { type: 'call-setup', format: 'mdmf', number: { absent: 'private' } }, { number: { absent: 'private' } }],
  ['number without name', { type: 'call-setup', format: 'sdmf', time, number: { shown: '3012345678' } }, { number: { shown: '3012345678' } }],
  ['number that is not available', { type: 'call-setup', format: 'sdmf', time, number: { absent: 'unavailable' } }, { number: { absent: 'unavailable' } }],
];

test.each(messages.flatMap(([what, message, its]) => [['bell-202', shortLine], ['v23', longNoisyLine]].map(([modem, line]) => [what, modem, message, line, its] as [string, FskModem, CallerIdMessage, LineSettings, object])))('%s, by %s between the rings', (_, modem, message, line, its) => {
  const { bed, office } = listening(line);
  office.ring(ringing, { samples: burst(message, modem), afterBurst: 1 });
  bed.wait(5_000);
  expect(told(bed)).toEqual([{ type: 'callerId', by: 'fsk', ...its }]);
  bed.unit.close();
});

test('before the first ring, after the alert tone that announces it', () => {
  const { bed, office } = listening();
  office.mouth.play({ segments: [{ frequenciesHz: [2_130, 2_750], durationMs: 100 }], repeatFrom: null }, -13);
  bed.wait(250);
  office.ring(ringing, { samples: burst(messages[0]![1], 'v23'), afterBurst: 0 });
  bed.wait(3_000);
  expect(told(bed)).toEqual([{ type: 'callerId', by: 'fsk', number, name }]);
  expect(bed.of('S/1', 'alertTone').map(({ durationMs }) => Math.abs(durationMs - 100) < 5)).toEqual([true]);
  bed.unit.close();
});

test('with characters of seven bits and parity', () => {
  const { bed, office } = listening(shortLine, { parity: 'even' });
  office.mouth.say(burst(messages[0]![1], 'v23', { parity: 'even' }));
  bed.wait(2_000);
  expect(told(bed)).toEqual([{ type: 'callerId', by: 'fsk', number, name }]);
  bed.unit.close();
});

test('a garbled message is told as none, and the next one is read again', () => {
  const { bed, office } = listening();
  office.mouth.say(burst(messages[0]![1], 'bell-202', { garbled: true }));
  bed.wait(2_000);
  expect(told(bed).map(({ type }) => type)).toEqual(['noCallerId']);
  office.mouth.say(burst(messages[0]![1], 'bell-202'));
  bed.wait(2_000);
  expect(told(bed).at(-1)).toEqual({ type: 'callerId', by: 'fsk', number, name });
  bed.unit.close();
});

test('a message that breaks off is told as none', () => {
  const { bed, office } = listening();
  const whole = burst(messages[0]![1], 'v23');
  office.mouth.say(whole.subarray(0, Math.round(whole.length * 0.7)));
  bed.wait(2_000);
  expect(told(bed).map(({ type }) => type)).toEqual(['noCallerId']);
  bed.unit.close();
});

test('a message about messages lights the lamp', () => {
  const { bed, office } = listening();
  office.mouth.say(burst({ type: 'message-waiting', format: 'mdmf', isWaiting: true }, 'bell-202'));
  bed.wait(2_000);
  expect(told(bed)).toEqual([{ type: 'messageWaiting', lamp: 'on' }]);
  bed.unit.close();
});

test.each(Object.entries(dtmfCallerIdPlans))('by the digits of %s', (country, plan) => {
  const { bed, office } = listening(shortLine, { dtmfCodes: country });
  const digits = encodeDtmfCallerId({ number: { shown: '0812345678' } }, plan);
  dial(office.mouth, digits.ok ? digits.value : '');
  bed.wait(2_500);
  const reason = encodeDtmfCallerId({ number: { absent: 'private' } }, plan);
  dial(office.mouth, reason.ok ? reason.value : '');
  bed.wait(2_000);
  expect(told(bed)).toEqual([{ type: 'callerId', by: 'dtmf', number: { shown: '0812345678' } }, { type: 'callerId', by: 'dtmf', number: { absent: 'private' } }]);
  bed.unit.close();
});

test('speech, a tone and a ring are no caller ID', () => {
  const { bed, office } = listening(longNoisyLine);
  office.ring(ringing);
  bed.wait(6_000);
  office.stopRinging();
  office.mouth.play({ segments: [{ frequenciesHz: [425], durationMs: null }] }, -10);
  bed.wait(3_000);
  expect(told(bed)).toEqual([]);
  bed.unit.close();
});

test('what a port sends on hook is read at another line: every message by both modems', () => {
  const bed = new PortBed([{ serial: 'S', ports: ['fxs', 'fxo'] }]);
  bed.cards.wire({ card: 'S', port: 1 }, { card: 'S', port: 2 }, shortLine);
  bed.open('S/1');
  bed.open('S/2');
  bed.listen('S/2', { callerId: { modems: ['fsk'] } });
  for (const [, message, its] of messages) {
    for (const modem of ['bell-202', 'v23'] as const) {
      const encoded = encodeCallerId(message);
      bed.command('S/1', { do: 'onHookTransmission', ms: 4_000 });
      bed.play('S/1', { type: 'fsk', message: encoded.ok ? [...encoded.value] : [], modem, hook: 'on', levelDbm0: -13.5 });
      bed.wait(3_000);
      expect(bed.of('S/2', 'callerId').at(-1)).toEqual({ type: 'callerId', by: 'fsk', ...its });
    }
  }
  expect(bed.of('S/2', 'callerId')).toHaveLength(8);
  expect(bed.of('S/1', 'soundEnded')).toHaveLength(8);
  bed.unit.close();
});

function dial(mouth: Mouth, digits: string): void {
  mouth.dial(digits, { onMs: 70, offMs: 70, levelDbm0: -10 });
}
