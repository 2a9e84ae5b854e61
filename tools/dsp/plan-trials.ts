import { ToneSet } from '@tipring/dsp';
import { runToneTrials, seededRandom, trialMs, type ToneTrial } from '@tipring/dsp/test-support';
import { type Region, type ToneName, toneNames, watchedTones } from '@tipring/line';

/** Tones of regional plans, brought to a detector that watches for all tones of the plan. */
export interface PlanTrial extends ToneTrial {
  readonly region: string;
  readonly name: ToneName;
  /** 0: what the plan plays; the others: what is also met there. */
  readonly alternate: number;
  /** Names that the plan says cannot be told apart from it. */
  readonly accepted: ReadonlySet<string>;
}

export interface PlanOutcome {
  readonly trials: number;
  readonly recognised: number;
  /** Trials where something was recognised that it was not. */
  readonly wrong: number;
  /** What went wrong, in words. */
  readonly misses: readonly string[];
}

/** −10 and −28 dBm0, with all combinations of ±1 % frequency and ±10 % cadence, 20 dB above noise. */
export function allTrials(region: Region): PlanTrial[] {
  return trialsOf(region, () => {
    const off: { levelDbm0: number; frequency: number; cadence: number }[] = [];
    for (const levelDbm0 of [-10, -28]) for (const frequency of [0.99, 1, 1.01]) for (const cadence of [0.9, 1, 1.1]) off.push({ levelDbm0, frequency, cadence });
    return off;
  });
}

/** Every tone once at each level, off by ±1 % and ±10 % as a lot falls. */
export function sampledTrials(region: Region, seed: number): PlanTrial[] {
  const random = seededRandom(seed);
  return trialsOf(region, () => [-10, -28].map((levelDbm0) => ({ levelDbm0, frequency: random() < 0.5 ? 0.99 : 1.01, cadence: random() < 0.5 ? 0.9 : 1.1 })));
}

export function judge(trials: readonly PlanTrial[], seed: number): PlanOutcome {
  // Four are run at a time, until the longest ends.
  const ordered = trials.toSorted((a, b) => a.forMs - b.forMs);
  const misses: string[] = [];
  let [recognised, wrong] = [0, 0];
  for (const [index, { heard }] of runToneTrials(ordered, seed).entries()) {
    const { region, name, alternate, levelDbm0, frequency, cadence, accepted } = ordered[index]!;
    const others = heard.filter(({ id }) => !accepted.has(id));
    if (others.length > 0) wrong++;
    if (heard.length > 0 && others.length === 0) recognised++;
    else misses.push(`${region} ${name}${alternate > 0 ? ` (alternate ${alternate})` : ''} at ${levelDbm0} dBm0, frequency × ${frequency}, cadence × ${cadence}: ${heard.map(({ id }) => id).join(', ') || 'nothing'}`);
  }
  return { trials: trials.length, recognised, wrong, misses };
}

function trialsOf({ code, tones }: Region, offs: () => readonly { readonly levelDbm0: number; readonly frequency: number; readonly cadence: number }[]): PlanTrial[] {
  const set = new ToneSet(watchedTones(tones));
  return toneNames.flatMap((name) => {
    const fact = tones[name];
    if (fact === undefined) return [];
    const accepted = new Set([name, ...(fact.sameAs ?? []), ...toneNames.filter((other) => tones[other]?.sameAs?.includes(name))]);
    return [fact.tone, ...(fact.alternates ?? [])].flatMap((tone, alternate) =>
      offs()
        .filter(({ cadence }) => tone.segments.length > 1 || cadence === 1 || offs().every((off) => off.cadence !== 1))
        .map((off) => ({ ...off, region: code, name, alternate, accepted, set, tone, forMs: trialMs(tone) })),
    );
  });
}
