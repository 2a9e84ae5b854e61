import { expect, test } from 'vitest';
import { CallerIdAssembler } from './caller-id/assembler.ts';
import { encodeCallerId } from './caller-id/encode.ts';
import type { CallerIdMessage } from './caller-id/message.ts';
import { FskReceiver } from './fsk-receiver.ts';
import { FskSender, type FskSending } from './fsk-sender.ts';
import { bell202, fskSignal, v23 } from './testing/fsk-signal.ts';
import { dbm0, testDsp } from './test-support.ts';

function send(message: Uint8Array, sending: FskSending): Int16Array {
  const dsp = testDsp();
  const sender = new FskSender(dsp);
  const audio = dsp.rows(1, 160);
  const samples: number[] = [];
  sender.start(message, sending);
  while (sender.isSending) samples.push(...audio.row(0).subarray(0, sender.process(audio, 0)));
  return Int16Array.from(samples);
}

const bytes = Uint8Array.of(0x80, 0x03, 0x02, 0x01, 0x35, 0x45);

test('sends what an ideal phase-continuous transmitter sends, sample for sample (EN 300 659-1, TIA-777)', () => {
  for (const [modem, tones] of [['bell-202', bell202], ['v23', v23]] as const) {
    const sent = send(bytes, { modem, hook: 'on' });
    const ideal = fskSignal(bytes, { ...tones, levelDbm0: -13.5 });
    expect(sent.length).toBe(ideal.length);
    // The ideal one places its bits to a twelfth of a sample: some 3 % of the amplitude where that adds up.
    const worst = sent.reduce((most, value, n) => Math.max(most, Math.abs(value - ideal[n]!)), 0);
    expect(worst).toBeLessThan(150);
  }
});

test('on-hook 300 bits of seizure and 180 of mark, off-hook 80 of mark; -13.5 dBm0', () => {
  const bits = (hook: 'on' | 'off'): number => (send(bytes, { modem: 'v23', hook }).length * 1_200) / 8_000;
  expect(bits('on')).toBeCloseTo(300 + 180 + 60 + 3, 0);
  expect(bits('off')).toBeCloseTo(80 + 60 + 3, 0);
  expect(dbm0(send(bytes, { modem: 'bell-202', hook: 'on' }))).toBeCloseTo(-13.5, 1);
  expect(dbm0(send(bytes, { modem: 'bell-202', hook: 'on', levelDbm0: -20 }))).toBeCloseTo(-20, 1);
});

test('a row is filled with silence after the end, and the next message can be sent', () => {
  const dsp = testDsp();
  const sender = new FskSender(dsp);
  const audio = dsp.rows(1, 160);
  for (let message = 0; message < 2; message++) {
    sender.start(bytes, { modem: 'bell-202', hook: 'off', trailingBits: 1 });
    let last = 160;
    while (sender.isSending) last = sender.process(audio, 0);
    expect(last).toBeLessThan(160);
    expect(audio.row(0).subarray(last).every((sample) => sample === 0)).toBe(true);
    expect(sender.process(audio, 0)).toBe(0);
  }
  expect(() => sender.start(new Uint8Array(265), { modem: 'v23', hook: 'on' })).toThrow(RangeError);
});

test('caller ID from end to end: encoded, sent, heard, decoded', () => {
  const message: CallerIdMessage = { type: 'call-setup', format: 'mdmf', time: { month: 2, day: 29, hour: 0, minute: 1 }, number: { shown: '+41441234567' }, name: { shown: 'Zürich' } };
  const encoded = encodeCallerId(message);
  for (const modem of ['bell-202', 'v23'] as const) {
    for (const hook of ['on', 'off'] as const) {
      const dsp = testDsp();
      const sender = new FskSender(dsp);
      const receiver = new FskReceiver(dsp, modem);
      const assembler = new CallerIdAssembler();
      const audio = dsp.rows(1, 160);
      const results: unknown[] = [];
      if (encoded.ok) sender.start(encoded.value, { modem, hook });
      for (let tick = 0; tick < 100; tick++) {
        sender.process(audio, 0);
        receiver.process(audio, 0);
        for (let symbol = receiver.take(); symbol !== undefined; symbol = receiver.take()) {
          const result = assembler.push(symbol);
          if (result !== undefined) results.push(result);
        }
      }
      expect(results).toEqual([{ ok: true, value: message }]);
    }
  }
});
