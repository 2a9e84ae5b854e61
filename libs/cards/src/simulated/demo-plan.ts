import type { Tone } from '@tipring/dsp';
import type { Cable, Gauge } from '../twin/cable.ts';
import type { ExchangeLinePlan, ExchangeTones, PlannedPort, SimulatorPlan, TelephonePlan } from './simulator-plan.ts';

/** The reference office: one card, SIM-1, with four North American lines (ports 1 to 4) and eight analog telephones (ports 5 to 12). */
export function demoPlan(): SimulatorPlan {
  const lines = demoLines.map(({ number, gauge, km }): PlannedPort => ({ kind: 'fxo', line: line(number, { gauge, km }) }));
  const telephones = demoTelephones.map(({ name, ren, km }): PlannedPort => ({ kind: 'fxs', telephone: telephone(name, ren, { gauge: '0.5 mm', km }) }));
  return { cards: [{ serial: 'SIM-1', slot: 'simulated', ports: [...lines, ...telephones] }] };
}

function line(number: string, cable: Cable): ExchangeLinePlan {
  return {
    number,
    wire: { cable, disturbance: { noiseDbm0: -65, hum: { hz: 60, levelDbm0: -70 } } },
    impedance: '900+2.16µF',
    ringing: {
      voltsRms: 90,
      hz: 20,
      cadence: [{ onMs: 2_000, offMs: 4_000 }],
      // GR-506.
      patterns: {
        'Bellcore-dr2': [{ onMs: 800, offMs: 400 }, { onMs: 800, offMs: 4_000 }],
        'Bellcore-dr3': [{ onMs: 400, offMs: 200 }, { onMs: 400, offMs: 200 }, { onMs: 800, offMs: 4_000 }],
        'Bellcore-dr4': [{ onMs: 300, offMs: 200 }, { onMs: 1_000, offMs: 200 }, { onMs: 300, offMs: 4_000 }],
      },
    },
    tones: northAmerican,
    callerId: { by: 'fsk', standard: 'gr30', modulation: 'bell202', place: 'betweenRings' },
    disconnect: [{ by: 'openLoop', ms: 600 }, { by: 'dialTone' }, { by: 'tone', tone: 'congestion' }],
    dialling: { digits: null, pauseMs: 4_000 },
    numbers: demoNumbers,
  };
}

function telephone(name: string, ren: number, cable: Cable): TelephonePlan {
  return { name, ren, wire: { cable, disturbance: { noiseDbm0: -70, hum: null } } };
}

function cadence(frequenciesHz: readonly number[], onMs: number, offMs: number): Tone {
  return { segments: [{ frequenciesHz, durationMs: onMs }, { frequenciesHz: [], durationMs: offMs }] };
}

function continuous(...frequenciesHz: readonly number[]): Tone {
  return { segments: [{ frequenciesHz, durationMs: null }] };
}

/** ITU-T E.300 Suppl. 3, GR-506: the precise audible tone plan. */
const northAmerican: ExchangeTones = {
  dial: continuous(350, 440),
  ringing: cadence([440, 480], 2_000, 4_000),
  busy: cadence([480, 620], 500, 500),
  congestion: cadence([480, 620], 250, 250),
  callWaiting: cadence([440], 300, 9_700),
  // Vacant code.
  specialInformation: { segments: [{ frequenciesHz: [985.2], durationMs: 380 }, { frequenciesHz: [1_370.6], durationMs: 274 }, { frequenciesHz: [1_776.7], durationMs: 380 }], repeatFrom: null },
  offHook: cadence([1_400, 2_060, 2_450, 2_600], 100, 100),
};

/** Short ones, and the last as long as one meets at the edge of a town. */
const demoLines: readonly { readonly number: string; readonly gauge: Gauge; readonly km: number }[] = [
  { number: '2125550101', gauge: 'AWG 26', km: 0.4 },
  { number: '2125550102', gauge: 'AWG 26', km: 0.7 },
  { number: '2125550103', gauge: 'AWG 24', km: 1.2 },
  { number: '2125550104', gauge: 'AWG 24', km: 5.5 },
];

/** As the simulated carrier of the demo has them: the same number is reached by trunk or by line. */
const demoNumbers: NonNullable<ExchangeLinePlan['numbers']> = [
  { digits: '5550190', policy: { is: 'answered', afterRings: 0, supervision: 'reversal' } },
  { digits: '5550191', policy: { is: 'busy' } },
  { digits: '5550192', policy: { is: 'noAnswer' } },
  { digits: '5550193', policy: { is: 'unobtainable' } },
  { digits: '5550194', policy: { is: 'unobtainable' } },
];

const demoTelephones: readonly { readonly name: string; readonly ren: number; readonly km: number }[] = [
  { name: 'Reception', ren: 1, km: 0.02 },
  { name: 'Kitchen', ren: 1.2, km: 0.05 },
  { name: 'Warehouse', ren: 2, km: 0.15 },
  { name: 'Workshop', ren: 1.5, km: 0.12 },
  { name: 'Meeting room', ren: 0.8, km: 0.04 },
  { name: 'Fax', ren: 0.5, km: 0.02 },
  { name: 'Door phone', ren: 0.3, km: 0.08 },
  { name: 'Gatehouse', ren: 1, km: 1.6 },
];
