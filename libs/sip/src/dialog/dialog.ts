/** A dialog as plain JSON (RFC 3261 12): it is kept across a restart of the process. */
export interface DialogSnapshot {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From and To values with their tags, as they are written on requests of ours. */
  readonly local: string;
  readonly remote: string;
  readonly localCSeq: number;
  /** Undefined until the peer sent a request. */
  readonly remoteCSeq: number | undefined;
  /** Contact URI of the peer. */
  readonly remoteTarget: string;
  /** Route values in the order in which we write them. */
  readonly routes: readonly string[];
  readonly secure: boolean;
}
