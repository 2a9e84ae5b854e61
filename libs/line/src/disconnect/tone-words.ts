import type { Tone, ToneSegment } from '@tipring/dsp';

/** A tone as a detector tells of it. */
export interface HeardTone {
  /** Of the tone plan, or a learned tone's. */
  readonly id: string;
  /** As it was described to the detector, for the words. */
  readonly tone?: Tone;
  /** Of its cadence, heard so far; null: it is continuous. */
  readonly cycles: number | null;
  /** 0 … 1 */
  readonly confidence: number;
  readonly levelDbm0: number;
  /** Of a continuous one, for how long it had been heard when it was recognised; as long as recognising takes when absent. */
  readonly lastedMs?: number;
}

/** `busy tone 425 Hz 500/500, 2 cycles, -18 dBm0` */
export function toneWords({ id, tone, cycles, levelDbm0 }: HeardTone): string {
  const described = tone === undefined ? '' : ` ${describe(tone)}`;
  const repeated = cycles === null ? '' : `, ${cycles} ${cycles === 1 ? 'cycle' : 'cycles'}`;
  return `${nameOf(id)}${described}${repeated}, ${Math.round(levelDbm0)} dBm0`;
}

/** `busy tone`, `special information tone`; a name that is of no plan is a learned tone's. */
function nameOf(id: string): string {
  return names[id] ?? `learned tone ${id}`;
}

/** `425 Hz 500/500`, `480+620 Hz 500/500`, `950 Hz 330, 1400 Hz 330, 1800 Hz 330/1000` */
function describe({ segments, repeatFrom }: Tone): string {
  const words: string[] = [];
  let last = '';
  for (const segment of segments.slice(repeatFrom ?? 0)) {
    const hertz = frequencies(segment);
    const ms = segment.durationMs === null ? '' : String(segment.durationMs);
    if (hertz === '' || hertz === last) words.push(`${words.pop() ?? ''}/${ms}`);
    else words.push(`${hertz} Hz ${ms}`.trimEnd());
    if (hertz !== '') last = hertz;
  }
  return words.join(', ');
}

function frequencies({ frequenciesHz, modulation }: ToneSegment): string {
  const together = frequenciesHz.join('+');
  return modulation === undefined ? together : `${together}*${modulation.frequencyHz}`;
}

const names: Readonly<Record<string, string>> = {
  dial: 'dial tone',
  secondDial: 'second dial tone',
  stutterDial: 'special dial tone',
  ringing: 'ringing tone',
  busy: 'busy tone',
  congestion: 'congestion tone',
  numberUnobtainable: 'number unobtainable tone',
  specialInformation: 'special information tone',
  callWaiting: 'call waiting tone',
  offHook: 'receiver off-hook tone',
};
