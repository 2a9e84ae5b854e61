import { expect, test } from 'vitest';
import { CallerIdAssembler, type CallerIdMessage, encodeCallerId, type FskModem, FskReceiver } from '@tipring/dsp';
import { bell202, fskSignal, testDsp, v23 } from '@tipring/dsp/test-support';
import type { LineSettings } from '../twin/line.ts';
import { officeLine, shortLine, telephoneLine } from './line-bed.ts';

const longNoisyLine: LineSettings = { cable: { gauge: 'AWG 26', km: 4 }, disturbance: { noiseDbm0: -55, hum: { hz: 50, levelDbm0: -50 } } };
const ringing = [{ onMs: 1_000, offMs: 4_000 }];
const message: CallerIdMessage = { type: 'call-setup', format: 'mdmf', number: { shown: '+493012345678' }, name: { shown: 'Ada Lovelace' } };

function burst(modem: FskModem): Float64Array {
  const encoded = encodeCallerId(message);
  if (!encoded.ok) throw new Error('The message cannot be sent.');
  return fskSignal(encoded.value, { ...(modem === 'v23' ? v23 : bell202), levelDbm0: -13.5 });
}

/** What the receivers of the media gateway make of it. */
function read(modem: FskModem, samples: readonly number[]): unknown[] {
  const dsp = testDsp();
  const audio = dsp.rows(1, 160);
  const receiver = new FskReceiver(dsp, modem);
  const assembler = new CallerIdAssembler();
  const results: unknown[] = [];
  for (let from = 0; from + 160 <= samples.length; from += 160) {
    audio.row(0).set(samples.slice(from, from + 160));
    receiver.process(audio, 0);
    for (let symbol = receiver.take(); symbol !== undefined; symbol = receiver.take()) {
      const result = assembler.push(symbol);
      if (result !== undefined) results.push(result);
    }
  }
  return results;
}

test.each([['short', shortLine], ['long and noisy', longNoisyLine]])('a Bell 202 burst between the rings is read on hook, on a %s line (GR-30)', (_, line) => {
  const { bed, office, port } = officeLine({ line });
  port.forget();
  office.ring(ringing, { samples: burst('bell-202'), afterBurst: 1 });
  bed.wait(5_000);
  expect(read('bell-202', port.heard)).toEqual([{ ok: true, value: message }]);
});

test('a V.23 burst after a reversal and before the first ring is read on hook (ETSI EN 300 659-1 6.1.2)', () => {
  const { bed, office, port } = officeLine();
  port.forget();
  office.setPolarity('reversed');
  bed.wait(200);
  office.ring(ringing, { samples: burst('v23'), afterBurst: 0 });
  bed.wait(3_000);
  expect(port.of('polarity').map(({ polarity }) => polarity)).toEqual(['reversed']);
  expect(read('v23', port.heard)).toEqual([{ ok: true, value: message }]);
  expect(port.of('ringMeasured')).toHaveLength(1);
});

test('what an FXS port sends in the pause for caller ID is read at the telephone', () => {
  const { bed, telephone, port } = telephoneLine();
  bed.obey(port, { do: 'ring', cadence: ringing, callerId: { afterBurst: 1 } });
  const heard: number[] = [];
  for (let ms = 0; ms < 5_000; ms += 20) {
    bed.wait(20);
    if (port.of('ringBurstEnded').length === 1 && heard.length === 0) port.mouth.say([...Array<number>(4_000).fill(0), ...burst('bell-202')]);
    if (port.of('ringBurstEnded').length === 1) heard.push(...telephone.ear.samples(20));
  }
  expect(read('bell-202', heard)).toEqual([{ ok: true, value: message }]);
});
