import { expect, test } from 'vitest';
import { estimateMos } from './mos.ts';

const perfect = { codec: 'PCMU', lossRatio: 0, jitterMs: 0, roundTripMs: 20 };

test('G.711 without loss or delay is near 4.4, the most narrow band can have (G.107)', () => {
  expect(estimateMos(perfect)).toBeCloseTo(4.39, 1);
});

test('more loss, delay or jitter never sounds better', () => {
  for (const key of ['lossRatio', 'jitterMs', 'roundTripMs'] as const) {
    let last = 5;
    for (let i = 0; i <= 20; i++) {
      const mos = estimateMos({ ...perfect, [key]: key === 'lossRatio' ? i / 20 : i * 50 });
      expect(mos).toBeLessThanOrEqual(last);
      expect(mos).toBeGreaterThanOrEqual(1);
      last = mos;
    }
  }
});

test('5 % loss is heard, 20 % is bad (G.113 Appendix I)', () => {
  expect(estimateMos({ ...perfect, lossRatio: 0.05 })).toBeCloseTo(3.93, 1);
  expect(estimateMos({ ...perfect, lossRatio: 0.2 })).toBeLessThan(2.8);
});
