import { readFileSync, writeFileSync } from 'node:fs';

/** Samples of 16-bit linear PCM, mono, at `sampleRateHz`. */
export interface Recording {
  readonly sampleRateHz: number;
  readonly samples: Int16Array;
}

/** A steady sine as a WAV file: each party of an interop test plays its own and must hear the other's. */
export function writeToneWav(path: string, frequencyHz: number, seconds: number, sampleRateHz = 8000): void {
  const samples = Int16Array.from({ length: seconds * sampleRateHz }, (_, n) => sineSample(n, frequencyHz, sampleRateHz));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // linear PCM
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.byteLength, 40);
  writeFileSync(path, Buffer.concat([header, Buffer.from(samples.buffer)]));
}

/** A steady sine as raw µ-law octets at 8 kHz. */
export function toneMuLaw(frequencyHz: number, seconds: number, levelDbm0: number): Uint8Array {
  const amplitude = zeroDbm0 * 10 ** (levelDbm0 / 20);
  return Uint8Array.from({ length: seconds * 8000 }, (_, n) => encodeMuLaw(Math.round(amplitude * Math.sin((2 * Math.PI * frequencyHz * n) / 8_000))));
}

/** Reads a PCM16 WAV file, also one whose writer was ended before it could complete the sizes in its header. */
export function readWav(path: string): Recording {
  const bytes = readFileSync(path);
  let offset = 12;
  let sampleRateHz = 8000;
  let channels = 1;
  while (offset + 8 <= bytes.length) {
    const chunk = bytes.toString('latin1', offset, offset + 4);
    const size = bytes.readUInt32LE(offset + 4);
    if (chunk === 'fmt ') {
      channels = bytes.readUInt16LE(offset + 10);
      sampleRateHz = bytes.readUInt32LE(offset + 12);
    }
    if (chunk === 'data') return { sampleRateHz, samples: firstChannel(bytes.subarray(offset + 8), channels) };
    offset += 8 + size + (size & 1);
  }
  return { sampleRateHz, samples: new Int16Array(0) };
}

/** Decodes raw µ-law octets (RTP payloads put together) into a recording. */
export function decodeMuLawRecording(octets: Uint8Array): Recording {
  return { sampleRateHz: 8000, samples: Int16Array.from(octets, decodeMuLaw) };
}

/**
 * The share (0…1) of the recording's energy, within its loudest second, that lies at `frequencyHz` (Goertzel).
 * A party that hears the tone gives > 0.5; silence, noise or another tone stays near 0.
 */
export function toneShare(recording: Recording, frequencyHz: number): number {
  const block = Math.floor(recording.sampleRateHz / 10);
  const shares: number[] = [];
  for (let start = 0; start + block <= recording.samples.length; start += block) {
    const samples = recording.samples.subarray(start, start + block);
    const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
    // −50 dBFS: below that a block is silence, whatever its spectrum.
    if (energy / block < 100 * 100) continue;
    shares.push((2 * goertzelPower(samples, frequencyHz, recording.sampleRateHz)) / (energy * block));
  }
  if (shares.length < 5) return 0;
  return shares.toSorted((a, b) => b - a)[Math.min(9, shares.length - 1)] ?? 0;
}

/** Milliseconds of the recording in which the tone is there, in 20 ms steps. */
export function tonePresenceMs(recording: Recording, frequencyHz: number): number {
  const block = Math.floor(recording.sampleRateHz / 50);
  let present = 0;
  for (let start = 0; start + block <= recording.samples.length; start += block) {
    const samples = recording.samples.subarray(start, start + block);
    const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
    if (energy / block < 100 * 100) continue;
    if ((2 * goertzelPower(samples, frequencyHz, recording.sampleRateHz)) / (energy * block) > 0.5) present += 20;
  }
  return present;
}

/**
 * The tones of a recording at 8 kHz, of 100 ms or more: multiples of 20 Hz from 300 to 3400, with their levels, the strongest first. What is
 * fainter than -45 dBm0, or than the strongest by 30 dB, is left out.
 */
export function tonesHeard(samples: Int16Array): readonly { readonly hz: number; readonly dbm0: number }[] {
  // Hann: a tone at another multiple is not seen.
  const windowed = Float64Array.from(samples, (sample, n) => sample * (1 - Math.cos((2 * Math.PI * (n + 0.5)) / samples.length)));
  const heard: { readonly hz: number; readonly dbm0: number }[] = [];
  for (let hz = 300; hz <= 3_400; hz += 20) {
    const amplitude = (2 * Math.sqrt(goertzelPower(windowed, hz, 8_000))) / samples.length;
    const dbm0 = 20 * Math.log10(amplitude / zeroDbm0 + 1e-9);
    if (dbm0 > -45) heard.push({ hz, dbm0: Math.round(dbm0 * 10) / 10 });
  }
  heard.sort((a, b) => b.dbm0 - a.dbm0);
  return heard.filter(({ dbm0 }) => dbm0 > heard[0]!.dbm0 - 30);
}

function goertzelPower(samples: Int16Array | Float64Array, frequencyHz: number, sampleRateHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let s1 = 0;
  let s2 = 0;
  for (const sample of samples) [s1, s2] = [sample + coefficient * s1 - s2, s1];
  return s1 * s1 + s2 * s2 - coefficient * s1 * s2;
}

function sineSample(n: number, frequencyHz: number, sampleRateHz: number): number {
  return Math.round(AMPLITUDE * Math.sin((2 * Math.PI * frequencyHz * n) / sampleRateHz));
}

function firstChannel(data: Buffer, channels: number): Int16Array {
  const frames = Math.floor(data.length / (2 * channels));
  return Int16Array.from({ length: frames }, (_, frame) => data.readInt16LE(frame * 2 * channels));
}

// ITU-T G.711 table 2a/2b (µ-law), by segment search.
function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), 32635) + 0x84;
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

function decodeMuLaw(octet: number): number {
  const code = ~octet & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84;
  return code & 0x80 ? -magnitude : magnitude;
}

/** Amplitude of a sine of 0 dBm0 (ITU-T G.711: +3.17 dBm0 is full scale of µ-law). */
const zeroDbm0 = 32_636 / 10 ** (3.17 / 20);
/** About −9 dBFS. */
const AMPLITUDE = 11_000;
