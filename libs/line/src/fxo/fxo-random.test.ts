import { expect, test } from 'vitest';
import { ringSettings } from '../ring/ring-settings.ts';
import { mulberry32 } from '../testing/mulberry32.ts';
import { FxoBed } from './fxo-bed.ts';
import { defaultFxoSettings, type FxoSettings } from './fxo-settings.ts';

test('10,000 random sequences of events: nothing throws, no timer runs twice, and 15 s after the last event the line is on-hook', () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 10_000; seed++) oneLife(seed, seen);
  // All states were there.
  expect([...seen].sort()).toEqual([
    'absent', 'announced', 'answering', 'awaitingAnswer', 'awaitingDialTone', 'caught', 'clearing', 'collecting', 'disabled', 'flashing', 'guard', 'idle', 'ignored',
    'inUseElsewhere', 'noBattery', 'offered', 'outpulsing', 'reading', 'recalled', 'releasing', 'seizing', 'up', 'validating',
  ]);
}, 60_000);

/** The last event is that the exchange has lost the leg, and will lose any other: nobody releases it, and often nothing on the line tells of a hang-up. */
function oneLife(seed: number, seen: Set<string>): void {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const bed = random() < 0.9 ? FxoBed.idle(settings(random, pick)) : new FxoBed();
  pick([() => undefined, () => bed.offered(), () => bed.dial('5551234'), () => bed.say({ type: 'polarityReversed' })])();
  seen.add(bed.at);
  const steps = Math.floor(random() * 40);
  for (let step = 0; step < steps; step++) {
    const roll = random();
    if (roll < 0.3) bed.advance(pick([0, 50, 200, 400, 2_000, 4_000, 7_000, 30_000]));
    else if (roll < 0.37) bed.confirms = !bed.confirms;
    else if (roll < 0.45) bed.dial(pick(['5551234', '05551234', '*']));
    else if (roll < 0.49) bed.dial(pick(['112', '0112']), 'emergency');
    else event(bed, pick);
    seen.add(bed.at);
  }
  bed.confirms = true;
  bed.exchange = 'gone';
  bed.say({ type: 'legGone' });
  bed.advance(15_000);
  expect({ seed, hook: bed.hook, at: bed.at }).toEqual({ seed, hook: 'onHook', at: expect.stringMatching(onHookStates) as string });
}

function settings(random: () => number, pick: <T>(list: readonly T[]) => T): Partial<FxoSettings> {
  const { dialing, disconnect, callerId, answer } = defaultFxoSettings;
  const silent = { ...disconnect, battery: null, polarity: null, tone: null, dialTone: null, silence: null, farLeg: 'off' as const };
  return {
    dialing: { ...dialing, by: pick(['dtmf', 'pulse']), withoutDialTone: pick(['fail', 'dialAnyway', 'nextLine']), secondDialTone: pick([null, { after: ['0'], ms: 3_000 }]) },
    disconnect: random() < 0.5 ? silent : disconnect,
    ...pick([{}, { callerId: { ...callerId, read: 'offHook' as const }, ring: ringSettings([[1000, 2000]], 'bursts') }]),
    answer: random() < 0.5 ? answer : { polarity: 'means nothing', voiceMs: null, assumedAfterMs: null, longestMs: 180_000 },
    longestMs: pick([null, 60_000]),
  };
}

function event(bed: FxoBed, pick: <T>(list: readonly T[]) => T): void {
  const frequencyHz = pick([8, 20, 25, 50, 100]);
  pick<() => void>([
    () => bed.say({ type: 'ringBegins' }),
    () => bed.say({ type: 'ringBegins', frequencyHz }),
    () => bed.say({ type: 'ringMeasured', frequencyHz }),
    () => bed.say({ type: 'ringEnds' }),
    () => bed.burst(pick([30, 250, 1000, 2000]), frequencyHz),
    () => bed.say({ type: 'batteryLost' }),
    () => bed.say({ type: 'batteryReturned' }),
    () => bed.say({ type: 'batteryReturned' }),
    () => bed.say({ type: 'polarityReversed' }),
    () => bed.say({ type: 'inUse' }),
    () => bed.say({ type: 'inUseEnded' }),
    () => bed.say({ type: 'hook', is: bed.hook }),
    () => bed.say({ type: 'flashed' }),
    () => bed.say({ type: 'digitsSent' }),
    () => bed.say({ type: 'absent' }),
    () => bed.say({ type: 'present' }),
    () => bed.say({ type: 'present' }),
    () => bed.tone(pick(['dial', 'busy', 'ringing', 'congestion', 'specialInformation', 'unheard-of']), pick([1, 2, 5]), pick([0.3, 0.7, 0.95])),
    () => bed.tone('dial'),
    () => bed.say({ type: 'toneEnded', id: pick(['dial', 'ringing', 'busy']) }),
    () => bed.say({ type: 'voice' }),
    () => bed.say({ type: 'voiceEnded' }),
    () => bed.say({ type: 'silent', side: pick(['line', 'far']), silentMs: pick([0, 30_000]) }),
    () => bed.say({ type: 'heard', side: pick(['line', 'far']) }),
    () => bed.say({ type: 'digit', digit: '5', durationMs: 80 }),
    () => bed.say({ type: 'alertTone' }),
    () => bed.burst(500, 16),
    () => bed.say({ type: 'callerId', caller: { number: { shown: '5559876' } } }),
    () => bed.say({ type: 'noCallerId', text: 'checksum wrong' }),
    () => bed.say({ type: 'answer' }),
    () => bed.say({ type: 'answer' }),
    () => bed.say({ type: 'sendDigit', digit: '1' }),
    () => bed.say({ type: 'flash' }),
    () => bed.say({ type: 'held' }),
    () => bed.say({ type: 'resumed' }),
    () => bed.say({ type: 'farLegDead', text: 'no RTP' }),
    () => bed.say({ type: 'legGone' }),
    () => bed.say({ type: 'release', cause: 'normalClearing' }),
    () => bed.say({ type: 'disable' }),
    () => bed.say({ type: 'enable' }),
    () => bed.say({ type: 'settingsChanged' }),
    () => bed.say({ type: 'enable' }),
  ])();
}

const onHookStates = /^(absent|disabled|idle|noBattery|inUseElsewhere|announced|validating|collecting|offered|ignored|guard)$/;
