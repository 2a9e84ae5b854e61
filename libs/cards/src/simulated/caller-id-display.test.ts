import { expect, test } from 'vitest';
import { type CallerIdMessage, dtmfCallerIdPlans, encodeDtmfCallerId } from '@tipring/dsp';
import type { Cable } from '../twin/cable.ts';
import { SimulatorBed } from './simulator-bed.ts';

const ada: CallerIdMessage = { type: 'call-setup', format: 'mdmf', time: { month: 11, day: 22, hour: 9, minute: 5 }, number: { shown: '5551234' }, name: { shown: 'Ada Lovelace' } };
const threeKm: Cable = [{ gauge: 'AWG 26', km: 1.2, bridgedTap: { gauge: 'AWG 26', km: 0.3 } }, { gauge: 'AWG 24', km: 1.8 }];
const ringing = [{ onMs: 1_000, offMs: 4_000 }];
const noisy = { noiseDbm0: -55, hum: { hz: 50, levelDbm0: -50 } } as const;

/** The port rings, and says this in the first pause, half a second after the ring. */
function ringWith(bed: SimulatorBed, samples: readonly number[]): void {
  bed.send(bed.fxs, { do: 'ring', cadence: ringing, callerId: { afterBurst: 1 } });
  bed.wait(1_500);
  bed.fxs.mouth.say(samples);
  bed.wait(2_500);
}

test.each([['bell-202', ada], ['v23', { ...ada, number: { absent: 'private' }, name: { absent: 'unavailable' } }], ['bell-202', { ...ada, format: 'sdmf', name: undefined }]] as const)(
  'between the rings a telephone reads %s over three kilometres of spliced cable with noise and hum (GR-30, EN 300 659-1)',
  (modem, message) => {
    const bed = new SimulatorBed({ telephone: { wire: { cable: threeKm, disturbance: noisy }, display: { fsk: modem, dtmf: null, callWaiting: false } } });
    const { name, ...rest } = message;
    ringWith(bed, bed.fsk((name === undefined ? rest : message) as CallerIdMessage, { modem, hook: 'on' }));
    const shown = { time: message.time, number: message.number, ...(name === undefined ? {} : { name }), by: 'fsk', waiting: false };
    expect(bed.telephone).toMatchObject({ rings: 1, caller: shown, callers: [shown] });
    bed.onTelephone({ do: 'lift' });
    bed.wait(20_000);
    expect(bed.telephone.caller).toMatchObject(shown);
    bed.onTelephone({ do: 'hangUp' });
    bed.wait(20);
    expect(bed.telephone).toMatchObject({ caller: null, callers: [shown] });
  },
);

test('a call without data shows nothing, also after one that had some', () => {
  const bed = new SimulatorBed();
  ringWith(bed, bed.fsk(ada, { modem: 'bell-202', hook: 'on' }));
  bed.send(bed.fxs, { do: 'ringStop' });
  expect(bed.telephone.caller).not.toBeNull();
  bed.wait(12_000);
  bed.send(bed.fxs, { do: 'ring', cadence: ringing });
  bed.wait(3_000);
  expect(bed.telephone).toMatchObject({ rings: 1, caller: null });
});

test('a telephone shows DTMF before the first ring, by the codes of its country (ETS 300 659-1 annex C)', () => {
  const plan = dtmfCallerIdPlans['NL']!;
  const bed = new SimulatorBed({ telephone: { wire: { cable: threeKm }, display: { fsk: null, dtmf: plan, callWaiting: false } } });
  const digits = encodeDtmfCallerId({ number: { shown: '0201234567' } }, plan);
  bed.send(bed.fxs, { do: 'polarity', polarity: 'reversed' });
  bed.send(bed.fxs, { do: 'onHookTransmission', ms: 4_000 });
  if (digits.ok) bed.fxs.mouth.dial(digits.value, { onMs: 70, offMs: 70 });
  bed.wait(3_000);
  bed.send(bed.fxs, { do: 'ring', cadence: ringing });
  bed.wait(500);
  expect(bed.telephone).toMatchObject({ ringing: true, rings: 1, caller: { number: { shown: '0201234567' }, by: 'dtmf', waiting: false } });
});

test('in a call it silences its handset at the alert tone, acknowledges with D, and shows who waits (TIA-777)', () => {
  const bed = new SimulatorBed({ telephone: { wire: { cable: threeKm } } });
  bed.onTelephone({ do: 'lift' });
  bed.onTelephone({ do: 'speak', tone: { frequencyHz: 600 } });
  bed.wait(500);
  bed.fxs.forget();
  bed.fxs.mouth.play({ segments: [{ frequenciesHz: [2_130, 2_750], durationMs: 82 }], repeatFrom: null }, -18);
  bed.wait(180);
  const digit = [941, 1_633].map((hz) => tone(bed.fxs.heard.slice(-480), hz));
  expect(digit.every((dbm0) => dbm0 > -20)).toBe(true);
  expect(tone(bed.fxs.heard.slice(-480), 600)).toBeLessThan(-40);
  bed.wait(120);
  bed.fxs.mouth.say(bed.fsk(ada, { modem: 'bell-202', hook: 'off' }));
  bed.wait(400);
  expect(bed.telephone.hears).toEqual([]);
  bed.wait(600);
  expect(bed.telephone).toMatchObject({ caller: { number: ada.number, name: ada.name, waiting: true } });
  expect(bed.fxs.toneDbm0(600)).toBeGreaterThan(-20);
});

test('when no data follows, the handset is back after two seconds', () => {
  const bed = new SimulatorBed();
  bed.onTelephone({ do: 'lift' });
  bed.onTelephone({ do: 'speak', tone: { frequencyHz: 600 } });
  bed.wait(300);
  bed.fxs.mouth.play({ segments: [{ frequenciesHz: [2_130, 2_750], durationMs: 82 }], repeatFrom: null }, -18);
  bed.wait(1_000);
  expect(bed.fxs.toneDbm0(600)).toBeLessThan(-40);
  bed.wait(1_500);
  expect(bed.fxs.toneDbm0(600)).toBeGreaterThan(-20);
  expect(bed.telephone.caller).toBeNull();
});

test('a telephone of NTT seizes the line in the bursts after a reversal, is told, and hangs up; then it rings', () => {
  const bed = new SimulatorBed({ telephone: { display: { fsk: 'v23', dtmf: null, callWaiting: false, seizesForIt: true } } });
  bed.send(bed.fxs, { do: 'polarity', polarity: 'reversed' });
  bed.wait(200);
  bed.fxs.forget();
  bed.send(bed.fxs, { do: 'ring', cadence: [{ onMs: 500, offMs: 500 }] });
  bed.wait(700);
  expect([bed.fxs.of('hook').map(({ hook }) => hook), bed.telephone.hook]).toEqual([['off'], 'on']);
  bed.fxs.mouth.say(bed.fsk(ada, { modem: 'v23', hook: 'off' }));
  bed.wait(1_500);
  expect(bed.fxs.of('hook').map(({ hook }) => hook)).toEqual(['off', 'on']);
  bed.send(bed.fxs, { do: 'polarity', polarity: 'normal' });
  bed.send(bed.fxs, { do: 'ring', cadence: ringing });
  bed.wait(500);
  expect(bed.telephone).toMatchObject({ ringing: true, caller: { number: ada.number, name: ada.name } });
});

test('message waiting comes as data without ringing (VMWI)', () => {
  const bed = new SimulatorBed();
  for (const isWaiting of [true, false]) {
    bed.send(bed.fxs, { do: 'onHookTransmission', ms: 2_000 });
    bed.fxs.mouth.say(bed.fsk({ type: 'message-waiting', format: 'mdmf', isWaiting }, { modem: 'bell-202', hook: 'on' }));
    bed.wait(2_500);
    expect(bed.telephone).toMatchObject({ messageWaiting: isWaiting, callers: [] });
  }
});

test('a telephone without a display shows nobody, and no alert tone silences it', () => {
  const bed = new SimulatorBed({ telephone: { display: null } });
  ringWith(bed, bed.fsk(ada, { modem: 'bell-202', hook: 'on' }));
  expect(bed.telephone).toMatchObject({ rings: 1, caller: null, callers: [], messageWaiting: null });
});

function tone(samples: readonly number[], hz: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((sample, n) => {
    re += sample * Math.cos((2 * Math.PI * hz * n) / 8_000);
    im += sample * Math.sin((2 * Math.PI * hz * n) / 8_000);
  });
  return 10 * Math.log10((2 * (re ** 2 + im ** 2)) / samples.length ** 2 / 16_141 ** 2 + 1e-12);
}
