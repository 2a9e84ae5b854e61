import { expect, test } from 'vitest';
import { G711 } from '@tipring/dsp';
import { testDsp } from '@tipring/dsp/test-support';
import { companding } from './companding.ts';

const everyByte = Uint8Array.from({ length: 256 }, (_, code) => code);

test.each(['PCMA', 'PCMU'] as const)('%s is bit for bit that of the media gateway (ITU-T G.711)', (law) => {
  const dsp = testDsp();
  const g711 = new G711(dsp);
  const audio = dsp.rows(1, 256).row(0);
  const octets = new Uint8Array(256);
  const { encoded, decoded } = companding(law);
  const differing: number[] = [];
  for (let from = -32_768; from < 32_768; from += 256) {
    for (let n = 0; n < 256; n++) audio[n] = from + n;
    g711.encode(law, audio, octets);
    for (let n = 0; n < 256; n++) if (encoded[32_768 + from + n] !== octets[n]) differing.push(from + n);
  }
  expect(differing).toEqual([]);
  g711.decode(law, everyByte, audio);
  expect(decoded).toEqual(Int16Array.from(audio));
});
