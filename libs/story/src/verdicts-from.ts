import { audioVerdicts } from './audio-verdicts.ts';
import type { CallFacts } from './call-facts.ts';
import { lineVerdicts } from './line-verdicts.ts';
import { nothingWrong, outcomeVerdicts, unanswered } from './outcome-verdicts.ts';
import { signallingVerdicts } from './signalling-verdicts.ts';
import type { Severity, Verdict } from './verdict.ts';

/** Worst first, those of one kind in the order of the call. A cause is told once: what only follows from another verdict is left out. */
export function verdictsFrom(facts: CallFacts): readonly Verdict[] {
  const signalling = signallingVerdicts(facts);
  const lines = lineVerdicts(facts);
  // Whoever never heard our answer, or is gone, sends no audio either.
  const explained = new Set(signalling.filter(({ code }) => code === 'ackMissing' || code === 'partyVanished').flatMap(({ legs }) => legs));
  const audio = audioVerdicts(facts).filter(({ code, legs }) => !(silences.has(code) && legs.some((leg) => explained.has(leg))));
  const found = [...signalling, ...audio, ...lines, ...outcomeVerdicts(facts)];
  const isWrong = found.some(({ severity }) => severity !== 'info');
  const rest = isWrong ? null : unanswered(facts);
  const all = [...found, ...(rest === null ? [] : [rest])].map((verdict, index) => ({ verdict, index }));
  const sorted = all.sort((a, b) => rank[a.verdict.severity] - rank[b.verdict.severity] || a.index - b.index).map(({ verdict }) => verdict);
  if (isWrong) return sorted;
  // What became of it comes before what is worth knowing besides.
  return rest === null ? [nothingWrong(facts), ...sorted] : [rest, ...sorted.filter((verdict) => verdict !== rest)];
}

const silences: ReadonlySet<string> = new Set(['oneWayAudio', 'oneWayAudioNat', 'noAudio', 'mediaDiscarded', 'audioStopped']);
const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
