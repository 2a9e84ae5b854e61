/** The audio of a WAV file: where its samples are, and what they are. */
export interface WavAudio {
  readonly encoding: 'pcm16' | 'PCMA' | 'PCMU';
  readonly rateHz: number;
  /** Interleaved. */
  readonly channels: number;
  /** Offset of the first sample in the file, octets. */
  readonly dataAt: number;
  /** Whole samples of all channels. */
  readonly dataOctets: number;
}

/** Octets of the beginning of a file that `readWav` should be given: nobody writes more in front of the audio. */
export const wavBeginning = 4096;
/** Octets in front of the samples of a file that `writeWavHeader` has begun. */
export const wavHeaderOctets = 44;

/**
 * Reads the beginning of a WAV file (RIFF, Microsoft and IBM 1991; WAVEFORMATEXTENSIBLE). A length that says more than there is, as of a file that was being
 * written when its writer died, is taken from the file's size. Never throws. @returns what is wrong with it, as text for people, when it is none that is known here
 */
export function readWav(beginning: Uint8Array, fileOctets: number): WavAudio | string {
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  if (beginning.length < 12 || textAt(beginning, 0) !== 'RIFF' || textAt(beginning, 8) !== 'WAVE') return 'it is no WAV file';
  let format: Pick<WavAudio, 'encoding' | 'rateHz' | 'channels'> | null = null;
  for (let at = 12; at + 8 <= beginning.length; ) {
    const length = view.getUint32(at + 4, true);
    const chunk = textAt(beginning, at);
    at += 8;
    if (chunk === 'fmt ') {
      const read = at + Math.min(length, extensibleOctets) <= beginning.length ? readFormat(view, at, length) : 'its format is cut off';
      if (typeof read === 'string') return read;
      format = read;
    } else if (chunk === 'data') {
      if (format === null) return 'its audio comes before its format';
      const there = Math.max(0, fileOctets - at);
      const octets = length === 0 || length === 0xffff_ffff || length > there ? there : length;
      const frame = format.channels * (format.encoding === 'pcm16' ? 2 : 1);
      return { ...format, dataAt: at, dataOctets: octets - (octets % frame) };
    }
    // Chunks begin at even offsets.
    at += length + (length % 2);
  }
  return 'there is no audio in it';
}

/** 44 octets of mono 16-bit PCM with so many octets of samples behind them. */
export function writeWavHeader(rateHz: number, dataOctets: number): Uint8Array {
  const header = new Uint8Array(wavHeaderOctets);
  const view = new DataView(header.buffer);
  const text = (at: number, word: string): void => {
    for (let i = 0; i < word.length; i++) header[at + i] = word.charCodeAt(i);
  };
  text(0, 'RIFF');
  view.setUint32(4, wavHeaderOctets - 8 + dataOctets, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, formatTag.pcm, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, dataOctets, true);
  return header;
}

function readFormat(view: DataView, at: number, length: number): Pick<WavAudio, 'encoding' | 'rateHz' | 'channels'> | string {
  if (length < 16) return 'its format is too short';
  const named = view.getUint16(at, true);
  // The sub-format's GUID begins with the tag that would stand here otherwise.
  const tag = named === formatTag.extensible && length >= extensibleOctets ? view.getUint16(at + 24, true) : named;
  const [channels, rateHz, bits] = [view.getUint16(at + 2, true), view.getUint32(at + 4, true), view.getUint16(at + 14, true)];
  const encoding = tag === formatTag.pcm && bits === 16 ? 'pcm16' : tag === formatTag.alaw && bits === 8 ? 'PCMA' : tag === formatTag.mulaw && bits === 8 ? 'PCMU' : null;
  if (encoding === null) return `its audio is of format ${tag} with ${bits} bits: PCM of 16 bits, A-law and µ-law are read`;
  if (channels < 1 || channels > mostChannels) return `it has ${channels} channels`;
  return { encoding, rateHz, channels };
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
}

/** mmreg.h. */
const formatTag = { pcm: 1, alaw: 6, mulaw: 7, extensible: 0xfffe } as const;
const extensibleOctets = 40;
const mostChannels = 8;
