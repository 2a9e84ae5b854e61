/** ITU-T G.711, a sample at a time: what a carrier speaks needs no DSP. */
export interface CompandingLaw {
  readonly name: 'PCMU' | 'PCMA';
  readonly payloadType: 0 | 8;
  encode(sample: number): number;
  decode(octet: number): number;
}

export const muLaw: CompandingLaw = { name: 'PCMU', payloadType: 0, encode: encodeMuLaw, decode: decodeMuLaw };
export const aLaw: CompandingLaw = { name: 'PCMA', payloadType: 8, encode: encodeALaw, decode: decodeALaw };

// Tables 2a and 2b: the magnitude lies in the segment of its highest bit, the four bits below it are the step; all bits are inverted.
function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), 32_635) + muBias;
  const segment = Math.max(0, 24 - Math.clz32(magnitude));
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

function decodeMuLaw(octet: number): number {
  const code = ~octet & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + muBias) << ((code & 0x70) >> 4)) - muBias;
  return code & 0x80 ? -magnitude : magnitude;
}

// Tables 1a and 1b: as above with 12 bits of magnitude, a first segment as fine as the second, and the even bits inverted.
function encodeALaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32_767) >> 3;
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const step = segment < 2 ? (magnitude >> 1) & 0x0f : (magnitude >> segment) & 0x0f;
  return (sign | (segment << 4) | step) ^ 0x55;
}

function decodeALaw(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code & 0x70) >> 4;
  const step = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}

const muBias = 0x84;
