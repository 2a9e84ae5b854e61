import type { Tone, ToneSegment } from '../tone.ts';

/** How far a learned tone is from what was played: the worst frequency and the worst duration; Infinity where it is another tone. */
export function learnedErrors(learned: Tone, played: Tone): { readonly hz: number; readonly ms: number } {
  const { segments } = played;
  // The cycle may be told from another of its tones on.
  const turns = segments.map((_, turn) => worstErrors(learned.segments, [...segments.slice(turn), ...segments.slice(0, turn)]));
  return turns.toSorted((a, b) => a.hz + a.ms - b.hz - b.ms)[0]!;
}

function worstErrors(found: readonly ToneSegment[], expected: readonly ToneSegment[]): { hz: number; ms: number } {
  let [hz, ms] = found.length === expected.length ? [0, 0] : [Infinity, Infinity];
  for (const [index, segment] of expected.entries()) {
    const one = found[index];
    if (one === undefined) break;
    const [lines, others] = [linesOf(segment), linesOf(one)];
    hz = Math.max(hz, lines.length === others.length ? Math.max(0, ...lines.map((line, n) => Math.abs(line - others[n]!))) : Infinity);
    ms = Math.max(ms, segment.durationMs === one.durationMs ? 0 : Math.abs((segment.durationMs ?? Infinity) - (one.durationMs ?? Infinity)));
  }
  return { hz, ms };
}

function linesOf({ frequenciesHz, modulation }: ToneSegment): number[] {
  return [...frequenciesHz, ...(modulation === undefined ? [] : [frequenciesHz[0]! + modulation.frequencyHz])].sort((a, b) => a - b);
}
