import { payloadKind, type PlaneCodec } from './media-plane.ts';

/** What each payload type means that was agreed on with a far end. */
export class PayloadTypes {
  /** By payload type: a `payloadKind`. */
  readonly kinds = new Uint8Array(128);
  /** By payload type, Hz. */
  readonly clockRates = new Int32Array(128);
  /** Of its audio, Hz. */
  mainClockRate = 8000;
  /** Digits are sent with it; -1: the far end takes none. */
  digits = -1;
  digitClockRate = 8000;

  clear(): void {
    this.kinds.fill(payloadKind.unknown);
  }

  take(codecs: readonly PlaneCodec[]): void {
    this.clear();
    this.digits = -1;
    this.mainClockRate = codecs.find(({ kind }) => kind === payloadKind.audio)?.clockRate ?? 8000;
    for (const { payloadType, kind, clockRate } of codecs) {
      this.kinds[payloadType] = kind;
      this.clockRates[payloadType] = clockRate;
      // RFC 4733 2.1: events run on the clock of the audio they stand in for, so that one of several is preferred.
      if (kind !== payloadKind.telephoneEvent || (this.digits >= 0 && clockRate !== this.mainClockRate)) continue;
      this.digits = payloadType;
      this.digitClockRate = clockRate;
    }
  }
}
