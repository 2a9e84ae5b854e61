import { expect, test } from 'vitest';
import { dtmfCallerIdPlans } from '@tipring/dsp';
import { valuesOf } from '../fact.ts';
import { ringings } from '../ringing/ringings.ts';
import { callerIds } from './caller-ids.ts';
import type { CallerIdPlace, CallerIdScheme } from './scheme.ts';

const all = Object.entries(callerIds).map(([code, fact]) => ({ code, schemes: valuesOf(fact) }));

/** Where EN 300 659-1 6.1 lets the data be, FSK or DTMF. */
const etsiPlaces: readonly CallerIdPlace[] = ['betweenRings', 'afterShortRing', 'afterReversal', 'afterDualTone', 'afterReversalAndDualTone', 'afterRingPulse'];

function fits(scheme: CallerIdScheme): boolean {
  if (scheme.by === 'dtmf') return scheme.place === 'beforeRinging' || etsiPlaces.includes(scheme.place);
  if (scheme.by !== 'fsk') return true;
  const { standard, modulation, place } = scheme;
  switch (standard) {
    case 'gr30':
    case 'tia777':
      return modulation === 'bell202' && place === 'betweenRings';
    case 'etsi':
      return etsiPlaces.includes(place) && place !== 'afterReversal';
    case 'sin227':
      return modulation === 'v23' && place === 'afterReversalAndDualTone';
    case 'ntt':
      return modulation === 'v23' && place === 'afterReversalAndBursts';
  }
}

test('caller ID comes where its standard lets it come, in the modulation of the standard', () => {
  expect(all.filter(({ schemes }) => !schemes.every(fits)).map(({ code }) => code)).toEqual([]);
});

test('DTMF caller ID has the codes of its decoder, and every country of the decoder has it', () => {
  const withDtmf = new Set<string>();
  for (const { code, schemes } of all) {
    for (const scheme of schemes) {
      if (scheme.by !== 'dtmf') continue;
      withDtmf.add(code);
      expect({ code, start: scheme.start, end: scheme.end }).toEqual({ code, start: dtmfCallerIdPlans[code]?.number[0], end: dtmfCallerIdPlans[code]?.end[0] });
    }
  }
  expect([...withDtmf].sort()).toEqual(Object.keys(dtmfCallerIdPlans).sort());
});

test('where caller ID comes between rings, the silence there is long enough for it (GR-30: 0.5 s, the data, 0.2 s)', () => {
  for (const [code, { is }] of Object.entries(callerIds)) {
    if (!('place' in is) || is.place !== 'betweenRings') continue;
    const silences = ringings[code]?.cadence.is.filter((_, index) => index % 2 === 1) ?? [2000];
    expect(Math.max(...silences), code).toBeGreaterThanOrEqual(1900);
  }
});
