import { describe, expect, test } from 'vitest';
import { alice, settingsWith, Station } from './fxs-bed.ts';
import type { RecallSettings } from './fxs-settings.ts';

const { recall: usual, dialing, supervision } = settingsWith();

/** In a call that it made. */
function talking(recall: Partial<RecallSettings> = {}): Station {
  const station = new Station({ recall: { ...usual, ...recall } });
  station.say('offHook').dial('234').say('answered');
  station.does();
  return station;
}

/** With a second that it made, and the first held. */
function consulting(recall: Partial<RecallSettings> = {}): Station {
  const station = talking(recall).say('hookFlash').dial('345').say('answered');
  expect(station.line).toMatchObject({ at: 'talking', held: 'toConsult' });
  station.does();
  return station;
}

describe('a flash in a call', () => {
  test('holds it; dial tone asks for another number, which is called; both are its calls', () => {
    const station = talking().say('hookFlash');
    expect(station.does()).toEqual(['disconnectAudio', 'hold', 'stutterDial tone']);
    station.dial('345').say('alerting', 'answered');
    expect(station.does()).toEqual(['stopTone', 'offer 345', 'ringing tone', 'stopTone', 'connectAudio']);
    expect(station.line).toMatchObject({ at: 'talking', held: 'toConsult' });
  });

  test('and another while dial tone is heard, digits are dialled or somebody rings goes back to it', () => {
    expect(talking().say('hookFlash', 'hookFlash').does().slice(3)).toEqual(['stopTone', 'takeBack', 'connectAudio']);
    expect(talking().say('hookFlash').dial('34').say('hookFlash').does().slice(4)).toEqual(['takeBack', 'connectAudio']);
    const ringing = talking().say('hookFlash').dial('345').say('alerting');
    ringing.does();
    expect(ringing.say('hookFlash').does()).toEqual(['stopTone', 'released normalClearing', 'takeBack', 'connectAudio']);
    expect(ringing.line).toMatchObject({ at: 'talking', held: 'none' });
  });

  test('is a hold and no more when nothing is dialled: silence, until a flash, digits, or the receiver is put back', () => {
    const holding = () => talking().say('hookFlash').wait(16_000);
    expect(holding().does().slice(3)).toEqual(['stopTone']);
    const station = holding().wait(3_600_000);
    expect(station.at).toBe('holding');
    station.does();
    expect(station.say('hookFlash').does()).toEqual(['takeBack', 'connectAudio']);
    expect(holding().dial('345').line).toMatchObject({ at: 'offered', held: 'toConsult' });
    expect(holding().say('onHook').does().at(-1)).toBe('ringBack');
  });

  test('does nothing on a hotline, or where it is not to consult, or before anybody has answered', () => {
    const hotline = new Station({ hotline: { number: '100', delayMs: 0 } }).say('offHook', 'answered');
    hotline.does();
    expect(hotline.say('hookFlash').does()).toEqual([]);
    expect(talking({ consults: false }).say('hookFlash').does()).toEqual([]);
    const ringing = new Station().say('offHook').dial('234').say('alerting');
    ringing.does();
    expect(ringing.say('hookFlash').does()).toEqual([]);
  });
});

describe('a second call that comes to nothing', () => {
  test('is heard for a while; a flash goes back to the first at any time, and hanging up lets that ring', () => {
    const busy = () => {
      const station = talking().say('hookFlash').dial('345').say({ type: 'released', cause: 'userBusy' });
      expect(station.does().at(-1)).toBe('busy tone');
      return station;
    };
    expect(busy().say('hookFlash').does()).toEqual(['stopTone', 'takeBack', 'connectAudio']);
    expect(busy().wait(5_000).say('hookFlash').does()).toEqual(['stopTone', 'takeBack', 'connectAudio']);
    expect(busy().say('onHook').does()).toEqual(['stopTone', 'ringBack']);
    expect(busy().say('heldGone').wait(5_000).at).toBe('howling');
  });

  test('whose number is impossible or not complete too', () => {
    expect(talking().say('hookFlash').dial('9').does().at(-1)).toBe('numberUnobtainable tone');
    expect(talking().say('hookFlash').dial('23').wait(10_000).does().at(-1)).toBe('congestion tone');
  });

  test('because its far end hung up gives the first back', () => {
    expect(consulting().say('released').does()).toEqual(['disconnectAudio', 'takeBack', 'connectAudio']);
    // And an open loop would be taken for a hang-up.
    const cut = new Station({ supervision: { ...supervision, openLoopMs: 600 } }).say('offHook').dial('234').say('answered', 'hookFlash').dial('345').say('answered');
    cut.does();
    expect(cut.say('released').does()).toEqual(['disconnectAudio', 'takeBack', 'connectAudio']);
  });
});

describe('hanging up on two calls', () => {
  test('hands them to each other, also while the second rings or is only dialled', () => {
    expect(consulting().say('onHook').does()).toEqual(['disconnectAudio', 'transfer']);
    expect(consulting().say('hookFlash', 'onHook').does().slice(-2)).toEqual(['stopTone', 'transfer']);
    for (const inputs of [[], ['alerting'], ['progress']] as const) {
      const station = talking().say('hookFlash').dial('345').say(...inputs);
      station.does();
      expect(station.say('onHook').does().at(-1)).toBe('transfer');
      expect(station.wait(800).at).toBe('idle');
    }
  });

  test('where that is not wanted, or the second had waited, ends the one, and the other rings', () => {
    const waited = talking().say({ type: 'ring', call: alice }, 'hookFlash');
    waited.does();
    expect(waited.say('onHook').does()).toEqual(['disconnectAudio', 'released normalClearing', 'ringBack']);
    expect(consulting({ transfers: false }).say('onHook').does()).toEqual(['disconnectAudio', 'released normalClearing', 'ringBack']);
  });

  test('lets the only one ring while another number is dialled', () => {
    expect(talking().say('hookFlash', 'onHook').does().slice(-2)).toEqual(['stopTone', 'ringBack']);
    expect(talking().say('hookFlash').dial('34').say('onHook').does().at(-1)).toBe('ringBack');
  });
});

describe('a flash with two calls', () => {
  test('changes between them', () => {
    expect(consulting({ withTwo: 'swap' }).say('hookFlash').does()).toEqual(['disconnectAudio', 'swap', 'connectAudio']);
  });

  test('joins all three (GR-577), but for a call that had waited', () => {
    expect(consulting({ withTwo: 'threeWay' }).say('hookFlash').does()).toEqual(['merge']);
    const waited = talking({ withTwo: 'threeWay' }).say({ type: 'ring', call: alice }, 'hookFlash');
    waited.does();
    expect(waited.say('hookFlash').does()).toEqual(['disconnectAudio', 'swap', 'connectAudio']);
  });

  test.each([
    ['0', ['release held normalClearing', 'connectAudio'], { at: 'talking', held: 'none' }],
    ['1', ['released normalClearing', 'takeBack', 'connectAudio'], { at: 'talking', held: 'none' }],
    ['2', ['swap', 'connectAudio'], { at: 'talking', held: 'toConsult' }],
    ['3', ['connectAudio', 'merge'], { at: 'talking', held: 'toConsult' }],
    ['4', ['transfer', 'dial tone'], { at: 'dialing', held: 'none' }],
    ['9', ['connectAudio'], { at: 'talking', held: 'toConsult' }],
  ])('waits for a digit: %s (ETSI ETS 300 738)', (digit, effects, line) => {
    const station = consulting().say('hookFlash');
    expect(station.does()).toEqual(['disconnectAudio', 'stutterDial tone']);
    expect(station.dial(digit).does()).toEqual(['stopTone', ...effects]);
    expect(station.line).toMatchObject(line);
  });

  test('and no digit, or another flash, changes between them', () => {
    const [waited, again] = [consulting().say('hookFlash').wait(2_000), consulting().say('hookFlash', 'hookFlash')];
    for (const station of [waited, again]) expect(station.does().slice(-3)).toEqual(['stopTone', 'swap', 'connectAudio']);
  });

  test('of which one ends meanwhile goes on with the other', () => {
    expect(consulting().say('hookFlash', 'heldGone').does().slice(2)).toEqual(['stopTone', 'connectAudio']);
    expect(consulting().say('hookFlash', 'released').does().slice(2)).toEqual(['stopTone', 'takeBack', 'connectAudio']);
  });
});

test('a telephone that holds a call has none waiting: a third is refused in every state', () => {
  const states = [consulting(), consulting().say('hookFlash'), talking().say('hookFlash'), talking().say('hookFlash').wait(16_000), talking().say('hookFlash').dial('345'), talking().say('hookFlash').dial('9')];
  for (const station of states) {
    station.does();
    expect(station.say({ type: 'ring', call: alice }).does()).toEqual(['refuse userBusy']);
  }
});

test('a held call that is gone leaves one call, or a telephone that begins anew', () => {
  expect(consulting().say('heldGone').line).toMatchObject({ at: 'talking', held: 'none' });
  expect(talking().say('hookFlash', 'heldGone', 'onHook').does().at(-1)).toBe('stopTone');
  expect(talking().say('hookFlash').wait(16_000).say('heldGone').does().at(-1)).toBe('busy tone');
});

test('the card of a telephone with two calls is pulled: both are over', () => {
  expect(consulting().say('portAbsent').does()).toEqual(['disconnectAudio', 'released outOfOrder', 'release held outOfOrder']);
  expect(talking().say('hookFlash').wait(16_000).say('portAbsent').does().at(-1)).toBe('release held outOfOrder');
});

test('a loudspeaker is played calls and nothing else: no dial tone, no busy tone, no howler', () => {
  const amplifier = () => new Station({ isLoudspeaker: true, dialing });
  expect([amplifier().say('offHook').wait(600_000).does(), amplifier().say('offHook', 'onHook').does()]).toEqual([[], []]);
  const paged = amplifier().say({ type: 'ring', call: alice }, 'offHook', 'released').wait(600_000);
  expect(paged.does()).toEqual(['ring 2000/4000', 'reportRinging', 'stopRing', 'connectAudio', 'reportAnswered', 'disconnectAudio']);
  expect(paged.say('onHook').wait(800).at).toBe('idle');
});
