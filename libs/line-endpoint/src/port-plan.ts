import type { ImpedanceName } from '@tipring/cards';
import type { PortReference, StationOverrides } from '@tipring/config';
import { type PortCodec, type PortName, type PortTreatment, usualTreatment } from '@tipring/gateway';
import { type Network, type Region, returnLossOf } from '@tipring/line';

/* What a region and its overrides come to for a port, whatever is plugged in. */

export function portName({ card, port }: PortReference): PortName {
  return `${card}/${port}`;
}

/** ITU-T G.711: µ-law in North America and Japan, A-law elsewhere. */
export function lawOf({ code }: Region): PortCodec {
  return muLaw.has(code) ? 'PCMU' : 'PCMA';
}

/** The network of a card that comes nearest to that of the country's lines; 600 Ω where that is not known. */
export function impedanceFor({ termination }: Region): ImpedanceName {
  const wanted = termination?.ac.is ?? networks['600'];
  let best: ImpedanceName = '600';
  for (const name of Object.keys(networks) as ImpedanceName[]) if (lossOf(networks[name], wanted) > lossOf(networks[best], wanted)) best = name;
  return best;
}

/** All of it: what an override no longer says is to be as usual again. */
export function treatmentOf({ gains, echo }: Pick<StationOverrides, 'gains' | 'echo'>): PortTreatment {
  return {
    ...usualTreatment,
    ...(echo === undefined ? {} : { echo: echo === 'off' ? null : echo }),
    receiveGainDb: gains?.receiveDb ?? 0,
    sendGainDb: gains?.sendDb ?? 0,
  };
}

/** What overrides say, where they say something. */
export function overridden<T extends object>(base: T, overrides: { readonly [Key in keyof T]?: T[Key] | undefined } | undefined): T {
  if (overrides === undefined) return base;
  return { ...base, ...Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)) };
}

/** The worst of the band that echo is heard in. */
function lossOf(a: Network, b: Network): number {
  return Math.min(...[500, 1_000, 2_000].map((hz) => returnLossOf(a, b, hz)));
}

const muLaw: ReadonlySet<string> = new Set(['US', 'CA', 'PR', 'GU', 'VI', 'JP']);

const networks: Readonly<Record<ImpedanceName, Network>> = {
  '600': { seriesOhms: 600 },
  '900': { seriesOhms: 900 },
  '600+1µF': { seriesOhms: 600, capacitanceNf: 1_000 },
  '600+2.16µF': { seriesOhms: 600, capacitanceNf: 2_160 },
  '900+1µF': { seriesOhms: 900, capacitanceNf: 1_000 },
  '900+2.16µF': { seriesOhms: 900, capacitanceNf: 2_160 },
  '270+750∥150nF': { seriesOhms: 270, parallelOhms: 750, capacitanceNf: 150 },
  '220+820∥120nF': { seriesOhms: 220, parallelOhms: 820, capacitanceNf: 120 },
  '220+820∥115nF': { seriesOhms: 220, parallelOhms: 820, capacitanceNf: 115 },
  '370+620∥310nF': { seriesOhms: 370, parallelOhms: 620, capacitanceNf: 310 },
  '320+1050∥230nF': { seriesOhms: 320, parallelOhms: 1_050, capacitanceNf: 230 },
  '200+680∥100nF': { seriesOhms: 200, parallelOhms: 680, capacitanceNf: 100 },
};
