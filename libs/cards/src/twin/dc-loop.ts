/** The exchange's battery behind its feed resistors. */
export interface Feed {
  /** Without regard to polarity. */
  readonly volts: number;
  /** Both wires together: 400 in an exchange. */
  readonly ohms: number;
  /** Of an electronic feed: it gives no more. */
  readonly limitAmperes?: number;
}

/** A set off hook: a voltage that it needs, and a resistance. 6 V and 200 Ω, or 0 V and 200 Ω as loop rules reckon. */
export interface DcLoad {
  readonly volts: number;
  readonly ohms: number;
  /** At most this much is drawn (ETSI TBR 21: 60 mA). */
  readonly limitAmperes?: number;
}

export interface DcLoop {
  /** In the cable. */
  readonly amperes: number;
  /** Across the exchange's terminals. */
  readonly feedVolts: number;
  /** Across the sets, all at the far end. */
  readonly setVolts: number;
}

/** Sets side by side at the end of a cable: the one with the lowest voltage takes the current first. */
export function dcLoop(feed: Feed, cableOhms: number, loads: readonly DcLoad[]): DcLoop {
  const source = feed.ohms + cableOhms;
  const drawn = (volts: number): number => loads.reduce((sum, load) => sum + Math.min(load.limitAmperes ?? Infinity, Math.max(0, (volts - load.volts) / load.ohms)), 0);
  const given = (volts: number): number => Math.min(feed.limitAmperes ?? Infinity, (feed.volts - volts) / source);
  // What is drawn rises with the voltage and what is given falls: they meet once.
  let low = 0;
  let high = feed.volts;
  if (drawn(high) === 0) low = high;
  for (let step = 0; step < bisections && low < high; step++) {
    const middle = (low + high) / 2;
    if (drawn(middle) < given(middle)) low = middle;
    else high = middle;
  }
  const amperes = drawn(low);
  return { amperes, feedVolts: low + amperes * cableOhms, setVolts: low };
}

/** 100 V in steps of less than a microvolt. */
const bisections = 30;
