import { expect, test } from 'vitest';
import { dbm0 } from '@tipring/dsp/test-support';
import { PortBed } from './testing/port-bed.ts';

function call(digits: 'events' | 'audio') {
  const bed = new PortBed();
  const telephone = bed.telephone('S/2');
  bed.open('S/2');
  telephone.lift();
  bed.wait(200);
  const link = bed.connect('S/2', 'PCMA', digits);
  return { bed, telephone, link };
}

test('a telephone’s digits are told, go as events, and leave the audio', () => {
  const { bed, telephone, link } = call('events');
  bed.listen('S/2', { digits: true });
  bed.wait(200);
  link.heard.length = 0;
  telephone.dial('159#D');
  bed.wait(1_500);
  expect(bed.of('S/2', 'digit').map(({ digit }) => digit).join('')).toBe('159#D');
  expect(bed.of('S/2', 'digitBegan').map(({ digit }) => digit).join('')).toBe('159#D');
  for (const { durationMs, levelDbm0 } of bed.of('S/2', 'digit')) {
    expect(Math.abs(durationMs - 80)).toBeLessThanOrEqual(5);
    expect(Math.abs(levelDbm0 + 6)).toBeLessThan(2);
  }
  expect(link.took.join('')).toBe('159#D');
  // What is left of each is shorter than what anybody takes for a digit.
  expect(dbm0(link.heard)).toBeLessThan(-16);
  bed.unit.close();
});

test('where the far end takes no events digits stay in the audio', () => {
  const { bed, telephone, link } = call('audio');
  bed.listen('S/2', { digits: true });
  bed.wait(200);
  link.heard.length = 0;
  telephone.dial('159');
  bed.wait(600);
  expect(bed.of('S/2', 'digit')).toHaveLength(3);
  expect(link.took).toEqual([]);
  expect(dbm0(link.heard.slice(0, 3_600))).toBeGreaterThan(-12);
  bed.unit.close();
});

test('nothing is told of digits that nobody listens for', () => {
  const { bed, telephone } = call('events');
  telephone.dial('1');
  bed.wait(500);
  expect(bed.of('S/2', 'digit')).toEqual([]);
  bed.unit.close();
});

test('digits that come as events are heard at the telephone, also while another sound is played', () => {
  const { bed, telephone, link } = call('events');
  const heard: string[] = [];
  telephone.onEvent = (event) => event.type === 'digit' && heard.push(event.digit);
  bed.play('S/2', { type: 'tone', tone: { segments: [{ frequenciesHz: [425], durationMs: null }] }, levelDbm0: -20 });
  bed.wait(500);
  for (const digit of '086*') link.end.digit(digit, 100);
  bed.wait(1_000);
  expect(heard.join('')).toBe('086*');
  expect(telephone.ear.toneDbm0(425)).toBeGreaterThan(-23);
  bed.unit.close();
});

test('an exchange hears the digits that are played: more than a queue holds, at the level of each tone', () => {
  const bed = new PortBed();
  const office = bed.office('S/1', { impedance: '600' });
  bed.open('S/1');
  bed.command('S/1', { do: 'hook', hook: 'off' });
  bed.wait(1_000);
  const digits = '0123456789*#ABCD'.repeat(6);
  bed.play('S/1', { type: 'pause', ms: 100 }, { type: 'digits', digits, digitMs: 60, pauseMs: 60, levelDbm0: -9 });
  bed.wait(5_000);
  expect(bed.of('S/1', 'soundEnded')).toEqual([]);
  bed.wait(8_000);
  expect(office.digits).toBe(digits);
  expect(bed.of('S/1', 'soundEnded')).toHaveLength(1);
  bed.play('S/1', { type: 'digits', digits: '1', digitMs: 500, pauseMs: 60, levelDbm0: -9 });
  bed.wait(450);
  for (const hz of [697, 1_209]) expect(Math.abs(office.ear.toneDbm0(hz, 200) + 9)).toBeLessThan(1.5);
  bed.unit.close();
});

test('a dialled digit is heard over dial tone', () => {
  const bed = new PortBed();
  const telephone = bed.telephone('S/2');
  bed.open('S/2');
  telephone.lift();
  bed.listen('S/2', { digits: true });
  bed.play('S/2', { type: 'tone', tone: { segments: [{ frequenciesHz: [350, 440], durationMs: null }] }, levelDbm0: -13 });
  bed.wait(1_000);
  telephone.mouth.dial('7', { levelDbm0: -14 });
  bed.wait(300);
  expect(bed.of('S/2', 'digit').map(({ digit }) => digit)).toEqual(['7']);
  bed.unit.close();
});
