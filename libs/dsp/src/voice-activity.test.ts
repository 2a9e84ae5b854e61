import { expect, test } from 'vitest';
import { VoiceActivity } from './voice-activity.ts';
import { addSamples, dbm0, gaussianNoise, readWave, rms, scaleTo, seededRandom, silence, sine, speechPrompts, testDsp } from './test-support.ts';

const frame = 80;

for (const level of [-70, -55, -40]) {
  test(`steady noise of ${level} dBm0 is silence, after the first half second`, () => {
    const active = activity(gaussianNoise(level, 8_000 * 20, seededRandom(level + 100)));
    expect(share(active.slice(50))).toBeLessThan(0.01);
  });
}

test('mains hum and brown noise are silence too', () => {
  const random = seededRandom(8);
  let brown = 0;
  const noise = Float64Array.from({ length: 8_000 * 15 }, () => (brown += (random() - 0.5) * 40 - brown * 0.01));
  expect(share(activity(addSamples(noise, sine(50, -45, 8_000 * 15), sine(150, -50, 8_000 * 15))).slice(50))).toBeLessThan(0.02);
});

test('noise that grows by 10 dB is silence again within three seconds', () => {
  const noise = addSamples(gaussianNoise(-60, 8_000 * 10, seededRandom(2)), [...silence(8_000 * 3), ...gaussianNoise(-50, 8_000 * 7, seededRandom(3))]);
  expect(share(activity(noise).slice(620))).toBeLessThan(0.02);
});

test('louder than −30 dBm0 is never silence: it is better sent', () => {
  expect(share(activity(gaussianNoise(-25, 8_000 * 5, seededRandom(5))).slice(50))).toBe(1);
});

for (const [snr, found, lost] of [[30, 0.98, 0.01], [20, 0.97, 0.02], [10, 0.9, 0.05]] as const) {
  test(`prompts of −20 dBm0 in noise ${snr} dB below: at least ${found * 100} % of the speech is found, and its energy`, ({ skip }) => {
    const prompts = speechPrompts();
    if (prompts.length === 0) return skip('needs asterisk-core-sounds-en-wav');
    const clean: number[] = [];
    for (let index = 0; clean.length < 8_000 * 40; index += 37) {
      clean.push(...silence(6_000), ...scaleTo(readWave(prompts[index % prompts.length]!).samples, -20), ...silence(6_000));
    }
    const speech = Float64Array.from(clean);
    const active = activity(addSamples(speech, gaussianNoise(-20 - snr, speech.length, seededRandom(snr))));
    let spoken = 0;
    let spokenActive = 0;
    let silent = 0;
    let silentActive = 0;
    let energy = 0;
    let energyLost = 0;
    for (let index = 60; index < active.length; index++) {
      const level = dbm0(speech, index * frame, (index + 1) * frame);
      const power = rms(speech, index * frame, (index + 1) * frame) ** 2;
      energy += power;
      if (!active[index]) energyLost += power;
      // Speech is what stands out of the noise or is within 25 dB of the voice; silence is what lies 300 ms from anything.
      if (level > Math.max(-45, -20 - snr + 3)) {
        spoken++;
        spokenActive += active[index] ? 1 : 0;
      } else if (rms(speech, Math.max(0, (index - 30) * frame), (index + 10) * frame) < 1) {
        silent++;
        silentActive += active[index] ? 1 : 0;
      }
    }
    expect(spokenActive / spoken).toBeGreaterThan(found);
    expect(energyLost / energy).toBeLessThan(lost);
    expect(silentActive / silent).toBeLessThan(0.03);
  });
}

test('a click is held for 50 ms, a syllable for 200 ms', () => {
  const background = (): Float64Array => gaussianNoise(-60, 8_000 * 3, seededRandom(6));
  const sound = (ms: number): number => activity(addSamples(background(), [...silence(16_000), ...sine(600, -20, ms * 8)])).slice(150).filter(Boolean).length * 10;
  expect(sound(10)).toBeGreaterThanOrEqual(40);
  expect(sound(10)).toBeLessThanOrEqual(80);
  expect(sound(120)).toBeGreaterThanOrEqual(300);
  expect(sound(120)).toBeLessThanOrEqual(360);
});

test('full-scale square waves are forgotten, and lanes do not hear each other', () => {
  const dsp = testDsp();
  const vad = new VoiceActivity(dsp, 4);
  const audio = dsp.rows(4, 80);
  const noise = gaussianNoise(-60, 80 * 1_000, seededRandom(7));
  for (let index = 0; index < 1_000; index++) {
    for (let row = 0; row < 4; row++) audio.row(row).set(noise.subarray(index * 80, index * 80 + 80));
    if (index < 400) audio.row(2).set(Int16Array.from({ length: 80 }, (_, n) => (n % 20 < 10 ? 32_767 : -32_768)));
    vad.process(0, audio);
    if (index > 50) expect(vad.active(1), `frame ${index}`).toBe(false);
    if (index > 10 && index < 400) expect(vad.active(2), `frame ${index}`).toBe(true);
  }
  expect(vad.active(2)).toBe(false);
});

test('at 16 kHz the same: noise is silence, a word is found', () => {
  const dsp = testDsp();
  const vad = new VoiceActivity(dsp, 4, 16_000);
  const audio = dsp.rows(4, 320);
  const noise = gaussianNoise(-55, 16_000 * 4, seededRandom(16));
  const word = sine(700, -25, 6_400, { rate: 16_000 });
  const active: boolean[] = [];
  for (let index = 0; index < 200; index++) {
    audio.row(3).set(Int16Array.from({ length: 320 }, (_, n) => noise[index * 320 + n]! + (word[index * 320 + n - 32_000] ?? 0)));
    vad.process(0, audio);
    active.push(vad.active(3));
  }
  expect(share(active.slice(25, 100))).toBe(0);
  expect(share(active.slice(101, 120))).toBe(1);
  expect(share(active.slice(135))).toBeLessThan(0.05);
});

function activity(signal: ArrayLike<number>): boolean[] {
  const dsp = testDsp();
  const vad = new VoiceActivity(dsp, 1);
  const audio = dsp.rows(4, frame);
  return Array.from({ length: Math.floor(signal.length / frame) }, (_, index) => {
    for (let n = 0; n < frame; n++) audio.row(0)[n] = Math.round(signal[index * frame + n]!);
    vad.process(0, audio);
    return vad.active(0);
  });
}

function share(active: readonly boolean[]): number {
  return active.filter(Boolean).length / active.length;
}
