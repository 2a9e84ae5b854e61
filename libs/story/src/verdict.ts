import type { LegId } from '@tipring/telephony';

/** `error`: the call did not do what it was for. `warning`: it did, badly. `info`: worth knowing; nobody has to do anything. */
export type Severity = 'error' | 'warning' | 'info';

/** What the story comes to, in words for whoever has to put it right. */
export interface Verdict {
  readonly code: VerdictCode;
  readonly severity: Severity;
  /** One sentence. */
  readonly title: string;
  /** Why that is so, as far as it can be known. */
  readonly cause: string;
  /** What to do; '' where nothing is to be done. */
  readonly remedy: string;
  /** Whom it is about. */
  readonly legs: readonly LegId[];
  /** The facts it rests on, each a sentence. */
  readonly evidence: readonly string[];
}

/** Stable, for machines. */
export type VerdictCode =
  | 'nothingWrong'
  // Audio
  | 'oneWayAudioNat'
  | 'oneWayAudio'
  | 'noAudio'
  | 'mediaDiscarded'
  | 'audioStopped'
  | 'packetLoss'
  | 'jitter'
  | 'codecMismatch'
  | 'transcoded'
  | 'symmetricRtp'
  // Signalling
  | 'partyVanished'
  | 'ackMissing'
  | 'sipAlg'
  | 'trunkAuthentication'
  | 'trunkUnavailable'
  | 'authentication'
  | 'noResponse'
  | 'unresolvable'
  | 'serverFailure'
  // Lines
  | 'noDialTone'
  | 'lineNotConnected'
  | 'lineEndedLate'
  | 'lineEnd'
  | 'answerAssumed'
  | 'lineEcho'
  | 'lineLevel'
  | 'lineHum'
  // The call
  | 'failedOver'
  | 'emergency'
  | 'refusedByRule'
  | 'unknownNumber'
  | 'notReachable'
  | 'busy'
  | 'declined'
  | 'notAnswered'
  | 'abandoned'
  | 'gatewayTrouble'
  | 'restarted'
  | 'internalError';
