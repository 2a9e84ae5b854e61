import { describe, expect, test } from 'vitest';
import { alice, bob, mapOf, settingsWith, Station } from './fxs-bed.ts';

const { dialing, supervision, messageWaiting } = settingsWith();

/** Off hook and connected to whom it called. */
function talking(change: ConstructorParameters<typeof Station>[0] = {}): Station {
  const station = new Station(change);
  station.say('offHook').dial('234').say('answered');
  expect(station.at).toBe('talking');
  station.does();
  return station;
}

describe('calling', () => {
  test('dial tone, digits, ringing tone, talk, hang-up', () => {
    const station = new Station();
    station.say('offHook').dial('2');
    expect(station.does()).toEqual(['dial tone', 'stopTone']);
    station.dial('34');
    expect(station.does()).toEqual(['offer 234']);
    station.say('alerting', 'answered');
    expect(station.does()).toEqual(['ringing tone', 'stopTone', 'connectAudio']);
    station.dial('5#').say('onHook');
    expect(station.does()).toEqual(['digit 5', 'digit #', 'disconnectAudio', 'released normalClearing']);
    expect(station.wait(800).at).toBe('idle');
  });

  test('early media is heard, takes digits, and goes on without a break when the call is answered', () => {
    const station = new Station();
    station.say('offHook').dial('234').say('alerting');
    station.does();
    station.say('progress').dial('1').say('answered');
    expect(station.does()).toEqual(['stopTone', 'connectAudio', 'digit 1']);
    expect(station.at).toBe('talking');
  });

  test('DTMF and pulses dial alike, and each can be switched off', () => {
    const both = new Station().say('offHook').dial('2', 'pulse').dial('3', 'dtmf').dial('4', 'pulse');
    expect(both.does()).toContain('offer 234');
    const pulses = new Station({ dialing: { ...dialing, byDtmf: false } }).say('offHook').dial('999', 'dtmf').dial('234', 'pulse');
    expect(pulses.does()).toContain('offer 234');
    const dtmf = new Station({ dialing: { ...dialing, byPulse: false } }).say('offHook').dial('9', 'pulse').dial('234', 'dtmf');
    expect(dtmf.does()).toContain('offer 234');
  });

  test('a number that may be longer is offered after the short pause, or at once by the terminator', () => {
    const station = new Station().say('offHook').dial('030123');
    expect(station.wait(3_999).at).toBe('dialing');
    expect(station.wait(1).does()).toContain('offer 030123');
    expect(new Station().say('offHook').dial('030123#').does()).toContain('offer 030123');
  });

  test('the terminator is a digit where the map has it as one, and ends nothing that is no number yet', () => {
    const map = mapOf('*xx#|xxxx');
    const station = new Station({ dialing: { ...dialing, map } }).say('offHook').dial('*21#');
    expect(station.does()).toContain('offer *21#');
    const early = new Station().say('offHook').dial('0301#');
    expect(early.does()).toEqual(['dial tone', 'stopTone', 'congestion tone']);
  });

  test('without a digit map every number is possible', () => {
    const station = new Station({ dialing: { ...dialing, map: null } }).say('offHook').dial('*999');
    expect(station.wait(4_000).does()).toContain('offer *999');
  });

  test('an emergency number is offered at its last digit', () => {
    expect(new Station().say('offHook').dial('112').does()).toContain('offer 112');
  });

  test('nothing dialled for 16 s, or too little for 10 s, gets congestion tone (GR-506: permanent signal, partial dial)', () => {
    const nothing = new Station().say('offHook').wait(15_999);
    expect(nothing.at).toBe('dialing');
    expect(nothing.wait(1).does()).toEqual(['dial tone', 'stopTone', 'congestion tone']);
    const little = new Station().say('offHook').dial('2');
    expect(little.wait(10_000).does()).toEqual(['dial tone', 'stopTone', 'congestion tone']);
  });

  test('an impossible number gets number unobtainable tone, and a flash after it or while dialling begins again', () => {
    const station = new Station().say('offHook').dial('9');
    expect(station.does()).toEqual(['dial tone', 'stopTone', 'numberUnobtainable tone']);
    station.say('hookFlash').dial('2').say('hookFlash').dial('345');
    expect(station.does()).toEqual(['stopTone', 'dial tone', 'stopTone', 'dial tone', 'stopTone', 'offer 345']);
  });

  test.each([
    ['userBusy', 'busy'],
    ['congestion', 'congestion'],
    ['noCircuit', 'congestion'],
    ['unallocatedNumber', 'numberUnobtainable'],
    ['noAnswer', 'congestion'],
  ] as const)('a call that fails with %s is followed by %s tone', (cause, tone) => {
    const station = new Station().say('offHook').dial('234');
    station.does();
    expect(station.say({ type: 'released', cause }).does()).toEqual([`${tone} tone`]);
  });

  test('hanging up before anybody answers ends the call', () => {
    for (const progress of [[], ['alerting'], ['progress']] as const) {
      const station = new Station().say('offHook').dial('234').say(...progress, 'onHook');
      expect(station.does()).toContain('released normalClearing');
      expect(station.wait(800).at).toBe('idle');
    }
  });
});

describe('a hotline', () => {
  test('calls at once, and takes no digits', () => {
    const station = new Station({ hotline: { number: '100', delayMs: 0 } }).say('offHook').dial('234');
    expect(station.does()).toEqual(['offer 100']);
  });

  test('or after dial tone for so long; whoever dials meanwhile dials (warm line)', () => {
    const change = { hotline: { number: '100', delayMs: 5_000 } };
    expect(new Station(change).say('offHook').wait(5_000).does()).toEqual(['dial tone', 'stopTone', 'offer 100']);
    expect(new Station(change).say('offHook').wait(4_900).dial('234').wait(60_000).does()).toEqual(['dial tone', 'stopTone', 'offer 234']);
  });
});

describe('messages that wait', () => {
  const waiting = { isWaiting: true, stutterTone: true, lamp: true, data: false };

  test('are told by stutter dial tone, and by the lamp once', () => {
    const station = new Station().change({ messageWaiting: waiting });
    expect(station.does()).toEqual(['lamp on']);
    station.say('settingsChanged', 'offHook', 'onHook').wait(800);
    expect(station.does()).toEqual(['stutterDial tone', 'stopTone']);
    station.change({ messageWaiting: { ...waiting, isWaiting: false } }).say('offHook');
    expect(station.does()).toEqual(['lamp off', 'dial tone']);
  });

  test('are told by data on hook (GR-30 VMWI), again when a handset came off in the middle of it', () => {
    const station = new Station().change({ messageWaiting: { ...waiting, lamp: false, data: true } });
    expect(station.does()).toEqual(['messages wait']);
    station.say('offHook', 'onHook').wait(800);
    expect(station.does()).toEqual(['stopSending', 'stutterDial tone', 'stopTone', 'messages wait']);
    expect(station.say('dataSent').wait(300).at).toBe('idle');
    expect(station.say('offHook', 'onHook').wait(800).at).toBe('idle');
    expect(station.does()).toEqual(['stutterDial tone', 'stopTone']);
  });

  test('that came during a call are told after it', () => {
    const station = talking().change({ messageWaiting: waiting });
    expect(station.does()).toEqual([]);
    expect(station.say('onHook').wait(800).does()).toContain('lamp on');
  });

  test('are told after the alert that the country has (EN 300 659-1), and a call that comes meanwhile rings after it', () => {
    const callerId = { ...settingsWith().callerId, place: 'afterReversalAndDualTone' } as const;
    const station = new Station({ callerId }).change({ messageWaiting: { ...waiting, lamp: false, data: true } }).wait(600);
    expect(station.does()).toEqual(['reversed', 'messages wait after alert tone']);
    station.say('ring', { type: 'ring', call: bob }, 'dataSent').wait(300);
    expect(station.does()).toEqual(['refuse userBusy', 'normal', 'reversed']);
    station.wait(600).say('dataSent').wait(300);
    expect(station.does()).toEqual(['caller ID 0301234 onHook after alert tone', 'normal', 'ring 2000/4000', 'reportRinging']);
  });
});

describe('a port', () => {
  test('out of service refuses calls and gives no tone; whoever is off the hook when it is back gets dial tone', () => {
    const station = new Station({ isEnabled: false }).say('ring', 'offHook');
    expect(station.does()).toEqual(['refuse outOfOrder']);
    expect(station.change({ isEnabled: true }).does()).toEqual(['dial tone']);
    expect(station.change({ isEnabled: false }).say('onHook').wait(800).at).toBe('disabled');
    expect(station.change({ isEnabled: true }).at).toBe('idle');
  });

  test('that is taken out of service lets its call go on to its end', () => {
    const station = talking().change({ isEnabled: false }).dial('1');
    expect(station.does()).toEqual(['digit 1']);
    expect(station.say('onHook').wait(800).at).toBe('disabled');
  });

  test('whose card is pulled releases its calls, and comes back idle with its lamp', () => {
    const station = talking({ messageWaiting: { ...messageWaiting, lamp: true } }).say({ type: 'ring', call: bob });
    station.does();
    station.say('portAbsent');
    expect(station.does()).toEqual(['stopTone', 'disconnectAudio', 'refuse outOfOrder', 'released outOfOrder']);
    expect(station.timers).toEqual([]);
    expect(station.say('ring').does()).toEqual(['refuse outOfOrder']);
    expect(station.say('portPresent').at).toBe('idle');
    expect(station.does()).toEqual(['lamp off']);
  });

  test('whose card is pulled while it rings releases the call that rang', () => {
    const station = new Station().say('ring');
    station.does();
    expect(station.say('portAbsent').does()).toEqual(['stopRing', 'released outOfOrder']);
  });
});

describe('the far end is gone', () => {
  test('busy tone, then the howler, then silence until on-hook (GR-506: receiver off-hook, lockout)', () => {
    const station = talking().say('released');
    expect(station.does()).toEqual(['disconnectAudio', 'busy tone']);
    expect(station.wait(20_000).does()).toEqual(['stopTone', 'leftOffHook', 'offHook tone']);
    expect(station.wait(50_000).does()).toEqual(['stopTone']);
    expect(station.dial('234').say('hookFlash', 'ring').wait(86_400_000).does()).toEqual(['refuse userBusy']);
    expect(station.at).toBe('parked');
    expect(station.say('onHook').does()).toEqual(['backOnHook']);
    expect(station.wait(800).at).toBe('idle');
  });

  test('the loop is opened first where the station wants that (GR-506 open switching interval, CPC)', () => {
    const station = talking({ supervision: { ...supervision, openLoopMs: 600, toneAtEnd: 'congestion' } }).say('released');
    expect(station.does()).toEqual(['disconnectAudio', 'open loop 600']);
    expect(station.say('openLoopEnded').does()).toEqual(['congestion tone']);
    expect(station.say('onHook').wait(800).at).toBe('idle');
  });

  test('a port that forgets to close the loop is not waited for', () => {
    const station = talking({ supervision: { ...supervision, openLoopMs: 600 } }).say('released').wait(1_600);
    expect(station.at).toBe('toned');
  });

  test('nothing is opened after a call that nobody answered', () => {
    const station = new Station({ supervision: { ...supervision, openLoopMs: 600 } }).say('offHook').dial('234').say({ type: 'released', cause: 'userBusy' });
    expect(station.at).toBe('toned');
  });

  test('the poles change places when the called party answers, and back at the end (ES 201 970)', () => {
    const station = new Station({ supervision: { ...supervision, reversalOnAnswer: true } }).say('offHook').dial('234').say('alerting');
    station.does();
    expect(station.say('answered').does()).toEqual(['stopTone', 'reversed', 'connectAudio']);
    expect(station.say('released').does()).toEqual(['disconnectAudio', 'normal', 'busy tone']);
    const early = new Station({ supervision: { ...supervision, reversalOnAnswer: true } }).say('offHook').dial('234').say('progress', 'answered');
    expect(early.does()).toContain('reversed');
    expect(early.say('onHook').does()).toContain('normal');
  });

  test('without a howler the port is locked out at once', () => {
    const station = talking({ supervision: { ...supervision, howlerMs: 0 } }).say('released').wait(20_000);
    expect(station.at).toBe('parked');
    expect(station.does()).toContain('leftOffHook');
  });

  test('a call that waited rings when the handset is put back, or is taken by a flash', () => {
    const hungUp = talking().say({ type: 'ring', call: bob }, 'released', 'onHook').wait(800);
    expect(hungUp.does().slice(-3)).toEqual(['takeWaiting', 'ring 2000/4000', 'reportRinging']);
    const flashed = talking().say({ type: 'ring', call: bob }, 'released', 'hookFlash');
    expect(flashed.does().slice(-3)).toEqual(['takeWaiting', 'connectAudio', 'reportAnswered']);
    const left = talking().say({ type: 'ring', call: alice }, 'released').wait(20_000);
    expect(left.does()).toContain('refuse userBusy');
  });
});
