import type { CapturedLadder } from '@tipring/sip';
import type { CallRecord } from '@tipring/telephony';
import { factsOf, type StorySettings } from './call-facts.ts';
import type { Story } from './story.ts';
import { timelineOf } from './timeline.ts';
import type { Verdict } from './verdict.ts';
import { verdictsFrom } from './verdicts-from.ts';

/** `ladder`: the messages of all legs; undefined: no SIP, or not kept any more, and some things cannot be told. Never throws over what is in them. */
export function storyOf(record: CallRecord, ladder: CapturedLadder | undefined, settings: StorySettings = {}): Story {
  const facts = factsOf(record, ladder, settings);
  const verdicts = verdictsFrom(facts);
  return {
    callId: record.id,
    summary: verdicts[0]?.title ?? '',
    verdicts,
    attempts: record.attempts ?? [],
    legs: facts.legs.map(({ leg }) => leg),
    timeline: timelineOf(facts),
    ladder: { isKept: ladder !== undefined, messages: ladder?.messages.length ?? 0, omitted: ladder?.omitted ?? 0 },
  };
}

/** The verdicts alone. */
export function verdictsOf(record: CallRecord, ladder: CapturedLadder | undefined, settings: StorySettings = {}): readonly Verdict[] {
  return verdictsFrom(factsOf(record, ladder, settings));
}

/** Quickly, from the record alone: something seems to be wrong, so that its ladder is worth more than that of other calls. */
export function isRemarkable({ cause, legs, recovered }: CallRecord): boolean {
  if (recovered || !ordinary.has(cause)) return true;
  return legs.some(({ cause: why, quality, answeredAt }) => {
    if (why !== null && !ordinary.has(why)) return true;
    return answeredAt !== null && quality !== null && (quality.packetsReceived === 0 || quality.packetsLost * 50 > quality.packetsReceived || quality.jitterMs > 30 || (quality.packetsDiscarded ?? 0) > 50);
  });
}

const ordinary: ReadonlySet<string> = new Set(['normalClearing', 'userBusy', 'noAnswer', 'answeredElsewhere', 'rejected']);
