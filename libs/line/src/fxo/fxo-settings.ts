import { defaultDisconnectSettings, type DisconnectSettings } from '../disconnect/disconnect-settings.ts';
import { ringSettings, type RingSettings } from '../ring/ring-settings.ts';

/** What is particular to one line: its country's, its carrier's, and what its owner wants. */
export interface FxoSettings {
  readonly ring: RingSettings;
  readonly callerId: CallerIdSettings;
  readonly dialing: DialingSettings;
  readonly answer: AnswerSettings;
  readonly disconnect: DisconnectSettings;
  /** A line that has not been commissioned takes calls and makes none. */
  readonly calls: 'both' | 'incoming';
  /** Numbers that are dialled all the same. */
  readonly emergency: readonly string[];
  /** No call lasts longer; null: as long as it likes. */
  readonly longestMs: number | null;
  /** To the far exchange. */
  readonly flashMs: number;
  /** From off-hook until the loop is steady: what is seen of ring and polarity before is a collision. */
  readonly settleMs: number;
  /** On-hook before it is used again; ringing in that time is its own tinkle. */
  readonly guardMs: number;
  /** Without battery for so long is worth an alarm. */
  readonly noBatteryMs: number;
  readonly watchdogMs: number;
}

export interface CallerIdSettings {
  /** What the decoder listens for; none: callers are not known on this line. */
  readonly modems: readonly CallerIdModem[];
  /** What may announce it while nothing rings; `nothing`: it may come by itself. */
  readonly announcedBy: readonly ('polarityReversal' | 'alertTone' | 'ringPulse' | 'nothing')[];
  /** NTT: between announcement and ringing the line must be seized for it. */
  readonly read: 'onHook' | 'offHook';
  /** From the announcement to the first ring. */
  readonly announcementMs: number;
  /** Whether it may come between the first and the second ring. */
  readonly betweenRings: 'expected' | 'never';
  /** The call is offered with this ring at the latest, known or not. */
  readonly offeredAtRing: number;
}

export type CallerIdModem = 'fsk' | 'dtmf';

export interface DialingSettings {
  readonly by: 'dtmf' | 'pulse';
  readonly dialToneMs: number;
  /** Without dial tone: give up, dial all the same, or let another line of the group try. */
  readonly withoutDialTone: 'fail' | 'dialAnyway' | 'nextLine';
  /** Numbers that begin so meet a second dial tone there. */
  readonly secondDialTone: { readonly after: readonly string[]; readonly ms: number } | null;
  /** Duration of a DTMF digit and of the pause after it. */
  readonly digitMs: number;
  readonly pauseMs: number;
}

/** What counts as an answer, from the surest on. */
export interface AnswerSettings {
  readonly polarity: 'signals' | 'means nothing';
  /** Ringing tone has ended and there is a voice for so long; null: that is no evidence. */
  readonly voiceMs: number | null;
  /** Nothing that tells otherwise for so long after the digits or the last ringing tone; null: time is no evidence. */
  readonly assumedAfterMs: number | null;
  /** Nobody answers for ever. */
  readonly longestMs: number;
}

/** Of a line of which nothing is known: what does no harm anywhere. */
export const defaultFxoSettings: FxoSettings = {
  ring: ringSettings([[2000, 4000], [1000, 4000], [400, 200, 400, 2000]]),
  callerId: { modems: ['fsk', 'dtmf'], announcedBy: ['polarityReversal', 'alertTone', 'ringPulse', 'nothing'], read: 'onHook', announcementMs: 6_000, betweenRings: 'expected', offeredAtRing: 2 },
  dialing: { by: 'dtmf', dialToneMs: 5_000, withoutDialTone: 'nextLine', secondDialTone: null, digitMs: 100, pauseMs: 100 },
  answer: { polarity: 'signals', voiceMs: 300, assumedAfterMs: 20_000, longestMs: 180_000 },
  disconnect: defaultDisconnectSettings,
  calls: 'both',
  emergency: [],
  longestMs: null,
  flashMs: 600,
  settleMs: 300,
  guardMs: 2_000,
  noBatteryMs: 10_000,
  watchdogMs: 10_000,
};

/** Until somebody has tried it: it takes calls and makes none but for help, everything that tells of a hang-up counts, and no call lasts over two hours. */
export function uncommissioned(settings: FxoSettings): FxoSettings {
  return { ...settings, calls: 'incoming', disconnect: defaultDisconnectSettings, longestMs: 2 * 60 * 60 * 1_000 };
}
