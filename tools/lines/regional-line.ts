import { demoPlan, type ExchangeCallerId, type ExchangeLinePlan, type ExchangeTones, type FarEnd, type RingCadence } from '@tipring/cards';
import { dtmfCallerIdPlans } from '@tipring/dsp';
import { type CallerIdScheme, type DisconnectSignal, type Region, valuesOf } from '@tipring/line';

/** A simulated line as the country has it; where nothing is known, what is usual. Cable and noise are the demo's unless they are given. */
export function regionalLine(region: Region, change: Partial<ExchangeLinePlan> = {}): ExchangeLinePlan {
  const { ringing, supervision, callerId, tones } = region;
  const voltage = ringing?.voltage?.is;
  return {
    number: '5550100',
    wire: usualWire,
    ringing: {
      // As far as the exchange: cable and bell take some of what reaches a telephone.
      voltsRms: voltage === undefined ? usualRingVolts : (voltage.leastVrms + voltage.mostVrms) / 2,
      hz: ringing?.frequency?.is.hz ?? usualRingHz,
      cadence: cadenceOf(ringing?.cadence.is ?? usualCadence),
    },
    tones: Object.fromEntries(Object.entries(tones).map(([name, fact]) => [name, fact.tone])) as unknown as ExchangeTones,
    callerId: callerId === undefined ? { by: 'none' } : callerIdOf(region.code, callerId.is),
    disconnect: supervision === undefined ? [{ by: 'tone', tone: 'busy' }] : hangUpsOf(region),
    ...change,
  };
}

/** Every way in which a line of the country, by any source, may tell that the far end has hung up. */
export function hangUpsOf({ supervision }: Region): readonly FarEnd[] {
  const signals = supervision === undefined ? [] : valuesOf(supervision.disconnect).flat();
  const distinct = new Map(signals.map((signal) => [JSON.stringify(signal), farEndOf(signal)]));
  return [...distinct.values()];
}

export function callerIdOf(country: string, scheme: CallerIdScheme): ExchangeCallerId {
  const codes = dtmfCallerIdPlans[country];
  return scheme.by === 'dtmf' && codes !== undefined ? { ...scheme, codes } : scheme;
}

function cadenceOf(onAndOff: readonly number[]): RingCadence {
  return Array.from({ length: onAndOff.length / 2 }, (_, n) => ({ onMs: onAndOff[2 * n]!, offMs: onAndOff[2 * n + 1]! }));
}

function farEndOf(signal: DisconnectSignal): FarEnd {
  switch (signal.by) {
    case 'batteryDenial':
      return { by: 'openLoop', ms: signal.ms };
    case 'polarityReversal':
      return { by: 'polarity' };
    case 'tone':
      return signal;
    case 'none':
      return { by: 'silence' };
  }
}

const [demo] = demoPlan().cards[0]!.ports;
const usualWire = (demo as { readonly line: ExchangeLinePlan }).line.wire;
const usualRingVolts = 75;
const usualRingHz = 25;
const usualCadence = [1_000, 4_000];
