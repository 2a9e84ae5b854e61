import { describe, expect, test } from 'vitest';
import type { CallerIdDelivery } from './fxs-settings.ts';
import { alice, bob, settingsWith, Station } from './fxs-bed.ts';

const { callerId, callWaiting } = settingsWith();
const at = (place: CallerIdDelivery['place']): { readonly callerId: CallerIdDelivery } => ({ callerId: { ...callerId, place } });

describe('ringing', () => {
  test('the bell rings until the handset is lifted, and the call is answered', () => {
    const station = new Station().say('ring');
    expect(station.does()).toEqual(['ring 2000/4000', 'reportRinging']);
    expect(station.wait(60_000).say('offHook').does()).toEqual(['stopRing', 'connectAudio', 'reportAnswered']);
    expect(station.say('onHook').does()).toEqual(['disconnectAudio', 'released normalClearing']);
  });

  test('or until the caller gives up', () => {
    const station = new Station().say('ring', 'cancelled');
    expect(station.does()).toEqual(['ring 2000/4000', 'reportRinging', 'stopRing']);
    expect(station.at).toBe('idle');
  });

  test('a call may ask for a ring of its own; one that is not known rings as usual', () => {
    expect(new Station().say({ type: 'ring', call: { ...alice, pattern: 'door' } }).does()[0]).toBe('ring 500/500/500/2500');
    expect(new Station().say({ type: 'ring', call: { ...alice, pattern: 'gate' } }).does()[0]).toBe('ring 2000/4000');
  });

  test('a second call is refused while one rings, while somebody dials, and while a call is set up', () => {
    const steps = [['ring'], ['offHook'], ['offHook', { type: 'digit', digit: '0', by: 'dtmf', durationMs: 80 }]] as const;
    for (const before of steps) {
      const station = new Station().say(...before);
      station.does();
      expect(station.say({ type: 'ring', call: bob }).does()).toEqual(['refuse userBusy']);
    }
    const offered = new Station().say('offHook').dial('234');
    offered.does();
    expect(offered.say({ type: 'ring', call: bob }).does()).toEqual(['refuse userBusy']);
  });

  test('a call that comes just after hanging up rings when the telephone is ready for it', () => {
    const station = new Station().say('offHook', 'onHook', 'ring');
    station.does();
    expect(station.wait(799).does()).toEqual([]);
    expect(station.wait(1).does()).toEqual(['ring 2000/4000', 'reportRinging']);
  });
});

describe('caller ID', () => {
  test('between the first and the second ring (GR-30, EN 300 659-1)', () => {
    const station = new Station(at('betweenRings')).say('ring');
    expect(station.does()).toEqual(['ring 2000/4000, caller ID after 1', 'reportRinging']);
    expect(station.wait(2_000).say('ringBurstEnded').wait(499).does()).toEqual([]);
    expect(station.wait(1).does()).toEqual(['caller ID 0301234 onHook']);
    station.say('dataSent', 'ringBurstEnded').wait(10_000);
    expect(station.does()).toEqual([]);
    expect(station.say('offHook').does()[0]).toBe('stopRing');
  });

  test('in the first pause that has room for it; without one it is left out', () => {
    const double = { cadence: [400, 200, 400, 3_000], patterns: {} };
    const station = new Station({ ...at('betweenRings'), ringing: double }).say('ring');
    expect(station.does()[0]).toBe('ring 400/200/400/3000, caller ID after 2');
    expect(station.say('ringBurstEnded').wait(500).does()).toEqual([]);
    expect(station.say({ type: 'ringBurstEnded', burst: 2 }).wait(500).does()).toEqual(['caller ID 0301234 onHook']);
    const short = new Station({ ...at('betweenRings'), ringing: { cadence: [400, 200, 400, 2_000], patterns: {} } }).say('ring');
    expect(short.does()[0]).toBe('ring 400/200/400/2000');
  });

  test('stops when the handset is lifted in the middle of it', () => {
    const station = new Station(at('betweenRings')).say('ring', 'ringBurstEnded').wait(500);
    station.does();
    expect(station.say('offHook').does()).toEqual(['stopSending', 'stopRing', 'connectAudio', 'reportAnswered']);
  });

  test('that never ends does not keep the bell from ringing', () => {
    const between = new Station(at('betweenRings')).say('ring', 'ringBurstEnded').wait(2_500);
    expect(between.does().at(-1)).toBe('stopSending');
    const before = new Station(at('afterDualTone')).say('ring').wait(2_300);
    expect(before.does()).toEqual(['caller ID 0301234 onHook after alert tone', 'stopSending', 'ring 2000/4000', 'reportRinging']);
  });

  test('unannounced before ringing', () => {
    const station = new Station(at('beforeRinging')).say('ring', 'dataSent').wait(300);
    expect(station.does()).toEqual(['caller ID 0301234 onHook', 'ring 2000/4000', 'reportRinging']);
  });

  test('after a dual tone, before ringing (EN 300 659-1 DT-AS)', () => {
    const station = new Station(at('afterDualTone')).say('ring');
    expect(station.does()).toEqual(['caller ID 0301234 onHook after alert tone']);
    expect(station.say('dataSent').wait(299).does()).toEqual([]);
    expect(station.wait(1).does()).toEqual(['ring 2000/4000', 'reportRinging']);
  });

  test('after a ring pulse, before ringing (EN 300 659-1 RP-AS)', () => {
    const station = new Station(at('afterRingPulse')).say('ring').wait(250);
    expect(station.does()).toEqual(['ring 250/10000, caller ID after 1', 'stopRing']);
    expect(station.wait(600).does()).toEqual(['caller ID 0301234 onHook']);
    expect(station.say('dataSent').wait(300).does()).toEqual(['ring 2000/4000', 'reportRinging']);
  });

  test('after a reversal of polarity, as DTMF is, or with a dual tone after it (SIN 227)', () => {
    for (const [place, alert] of [['afterReversal', ''], ['afterReversalAndDualTone', ' after alert tone']] as const) {
      const station = new Station(at(place)).say('ring');
      expect(station.does()).toEqual(['reversed']);
      expect(station.wait(600).does()).toEqual([`caller ID 0301234 onHook${alert}`]);
      expect(station.say('dataSent').wait(300).does()).toEqual(['normal', 'ring 2000/4000', 'reportRinging']);
    }
  });

  test('a handset that is lifted or a caller who gives up before the first ring', () => {
    const lifted = new Station(at('afterReversal')).say('ring', 'offHook');
    expect(lifted.does()).toEqual(['reversed', 'normal', 'connectAudio', 'reportAnswered']);
    const gaveUp = new Station(at('afterRingPulse')).say('ring', 'cancelled');
    expect(gaveUp.does()).toEqual(['ring 250/10000, caller ID after 1', 'stopRing']);
    expect(gaveUp.at).toBe('idle');
  });

  test('to a telephone that seizes the line for it by itself (NTT)', () => {
    const station = new Station(at('afterReversalAndBursts')).say('ring');
    expect(station.does()).toEqual(['reversed', 'ring 500/500']);
    expect(station.say('offHook').does()).toEqual(['stopRing', 'caller ID 0301234 onHook']);
    expect(station.say('dataSent', 'onHook').does()).toEqual(['normal', 'ring 2000/4000', 'reportRinging']);
    const deaf = new Station(at('afterReversalAndBursts')).say('ring').wait(6_000);
    expect(deaf.does()).toEqual(['reversed', 'ring 500/500', 'stopRing', 'normal', 'ring 2000/4000', 'reportRinging']);
    const person = new Station(at('afterReversalAndBursts')).say('ring', 'offHook', 'dataSent').wait(1_500);
    expect(person.does().slice(-2)).toEqual(['connectAudio', 'reportAnswered']);
    const gone = new Station(at('afterReversalAndBursts')).say('ring', 'offHook', 'cancelled');
    expect(gone.at).toBe('toned');
  });
});

describe('a call that waits', () => {
  const talking = (change: Partial<typeof callWaiting> = {}): Station => {
    const station = new Station({ callWaiting: { ...callWaiting, ...change } }).say('ring', 'offHook');
    station.does();
    return station.say({ type: 'ring', call: bob });
  };

  test('is heard as a tone, twice, 10 s apart', () => {
    const station = talking();
    expect(station.does()).toEqual(['callWaiting tone', 'reportRinging']);
    expect(station.wait(300).does()).toEqual(['stopTone']);
    expect(station.wait(9_700).does()).toEqual(['callWaiting tone']);
    expect(station.wait(60_000).does()).toEqual(['stopTone']);
  });

  test('tells who calls to a telephone that acknowledges the alert tone (GR-30, TIA-777, EN 300 659-2)', () => {
    for (const digit of ['A', 'D']) {
      const station = talking({ callerId: true }).wait(300);
      expect(station.does()).toEqual(['callWaiting tone', 'reportRinging', 'stopTone', 'disconnectAudio', 'playAlertTone']);
      expect(station.wait(150).dial(digit).does()).toEqual(['caller ID private offHook']);
      expect(station.say('dataSent').does()).toEqual(['connectAudio']);
      expect(station.wait(9_700).wait(300).does()).toEqual(['callWaiting tone', 'stopTone']);
    }
  });

  test('and to none that does not: the call is heard again, and digits are digits', () => {
    const station = talking({ callerId: true }).wait(300);
    station.does();
    expect(station.dial('5').wait(300).dial('D').does()).toEqual(['digit 5', 'connectAudio', 'digit D']);
  });

  test('goes, or is taken, and the tone with it', () => {
    expect(talking().say('cancelled').does().slice(2)).toEqual(['stopTone']);
    const alerted = talking({ callerId: true }).wait(300);
    alerted.does();
    expect(alerted.say('hookFlash').does()).toEqual(['hold', 'connectAudio', 'reportAnswered']);
    expect(alerted.timers).toEqual([]);
    const sending = talking({ callerId: true }).wait(300).dial('D').say('cancelled');
    expect(sending.does().slice(-2)).toEqual(['stopSending', 'connectAudio']);
  });

  test('rings when the handset is put back', () => {
    const station = talking({ callerId: true }).wait(300);
    station.does();
    station.say('onHook').wait(800);
    expect(station.does()).toEqual(['released normalClearing', 'takeWaiting', 'ring 2000/4000', 'reportRinging']);
    expect(station.say('offHook').does()).toEqual(['stopRing', 'connectAudio', 'reportAnswered']);
  });

  test('is refused when another waits, or the service is off', () => {
    const station = talking();
    station.does();
    expect(station.say({ type: 'ring', call: alice }).does()).toEqual(['refuse userBusy']);
    expect(talking({ isEnabled: false }).does()).toEqual(['refuse userBusy']);
  });
});
