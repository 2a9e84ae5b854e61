import { companding } from '../simulated/companding.ts';

/** What each octet becomes when it is made louder by so many dB: the kernel applies gains as tables of octets. */
export function gainTable(law: 'PCMA' | 'PCMU', gainDb: number): Uint8Array {
  const { decoded, encoded } = companding(law);
  // Not through linear values: µ-law has two zeros, and each octet stays what it is.
  if (gainDb === 0) return Uint8Array.from({ length: 256 }, (_, octet) => octet);
  const factor = 10 ** (gainDb / 20);
  return Uint8Array.from({ length: 256 }, (_, octet) => encoded[32_768 + Math.max(-32_768, Math.min(32_767, Math.round(decoded[octet]! * factor)))]!);
}
