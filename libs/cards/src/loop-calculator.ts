import { type Gauge, gauges, loopOhms, type Pair } from './twin/cable.ts';
import { type DcLoad, dcLoop, type Feed } from './twin/dc-loop.ts';
import { leastRingVolts, ringing, type RingSource } from './twin/ringing.ts';

/** What a person knows of a line before it is built. */
export interface LoopPlan {
  readonly cable: Pair;
  /** An exchange's when absent: 48 V and 400 Ω. */
  readonly feed?: Feed;
  /** 200 Ω when absent, of all sets that are off hook at a time: one. */
  readonly set?: DcLoad;
  /** Of all bells on the pair; 1 when absent. */
  readonly ren?: number;
  /** 90 V at 20 Hz behind 510 Ω when absent. */
  readonly ringSource?: RingSource;
  /** What the set needs off hook; 20 when absent. */
  readonly leastMilliamps?: number;
}

export interface LoopFigures {
  readonly loopOhms: number;
  readonly loopMilliamps: number;
  readonly setVolts: number;
  readonly ringVoltsRms: number;
  /** Of this cable, with this feed and these bells. */
  readonly longestKm: number;
  readonly limitedBy: 'current' | 'ringing';
  readonly verdict: 'good' | 'marginal' | 'fail';
  /** The verdict in sentences. */
  readonly explanation: string;
}

/** `R = V feed / I least − R feed − R set`, and at least 40 Vrms at the bells. By the same physics as the simulated card. */
export function calculateLoop(plan: LoopPlan): LoopFigures {
  const { cable, ren = 1, leastMilliamps = 20, feed = exchangeFeed, set = anySet, ringSource = exchangeRinging } = plan;
  const { amperes, setVolts } = dcLoop(feed, loopOhms(cable), [set]);
  const ringVoltsRms = ringing(ringSource, cable, ren).voltsRms;
  const currentKm = kmOfOhms(cable, longestOhms(feed, set, leastMilliamps / 1_000));
  const ringKm = kmOfRinging(ringSource, cable, ren);
  const milliamps = amperes * 1_000;
  const worst = Math.min(milliamps / leastMilliamps, ringVoltsRms / leastRingVolts);
  const verdict = worst < 1 ? 'fail' : worst < margin ? 'marginal' : 'good';
  return {
    loopOhms: loopOhms(cable),
    loopMilliamps: milliamps,
    setVolts,
    ringVoltsRms,
    longestKm: Math.min(currentKm, ringKm),
    limitedBy: ringKm < currentKm ? 'ringing' : 'current',
    verdict,
    explanation: explain(milliamps, leastMilliamps, ringVoltsRms, ren),
  };
}

/** So much cable may there be for a least current; negative when the feed alone is too much. */
export function longestOhms(feed: Feed, set: DcLoad, amperes: number): number {
  return (feed.volts - set.volts) / amperes - feed.ohms - set.ohms;
}

function kmOfOhms({ gauge, temperatureC = 20 }: Pair, ohms: number): number {
  return Math.max(0, ohms) / loopOhms({ gauge, km: 1, temperatureC });
}

function kmOfRinging(source: RingSource, cable: Pair, ren: number): number {
  let low = 0;
  let high = farthestKm;
  while (high - low > 0.001) {
    const km = (low + high) / 2;
    if (ringing(source, { ...cable, km }, ren).voltsRms < leastRingVolts) high = km;
    else low = km;
  }
  return low;
}

function explain(milliamps: number, leastMilliamps: number, ringVolts: number, ren: number): string {
  const current = `Off hook ${milliamps.toFixed(1)} mA flow, ${leastMilliamps} are needed`;
  const bells = `${ren} REN get ${ringVolts.toFixed(0)} V of ringing, ${leastRingVolts} are needed`;
  const faint = milliamps < leastMilliamps ? ': the set may not work or be faint. Use thicker or shorter cable, or a port nearer to the telephone.' : milliamps < margin * leastMilliamps ? ': just enough, a hot day or a worn joint may be too much.' : '.';
  const mute = ringVolts < leastRingVolts ? ': bells may stay silent. Use fewer bells, or shorter cable.' : ringVolts < margin * leastRingVolts ? ': just enough.' : '.';
  return `${current}${faint} ${bells}${mute}`;
}

export const gaugeNames = Object.keys(gauges) as readonly Gauge[];
const exchangeFeed: Feed = { volts: 48, ohms: 400 };
const anySet: DcLoad = { volts: 0, ohms: 200 };
const exchangeRinging: RingSource = { voltsRms: 90, hz: 20, ohms: 510 };
/** A fifth above the least is good. */
const margin = 1.2;
const farthestKm = 100;
