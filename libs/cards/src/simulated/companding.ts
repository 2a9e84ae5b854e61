/**
 * ITU-T G.711 by tables, so that a simulated card needs no WebAssembly module; its test holds it against the one of libs/dsp.
 * Linear samples are 16 bits.
 */
export interface Companding {
  /** Of an octet. */
  readonly decoded: Int16Array;
  /** Of a sample plus 32768. */
  readonly encoded: Uint8Array;
}

export function companding(law: 'PCMA' | 'PCMU'): Companding {
  return (made[law] ??= make(law === 'PCMA' ? aLaw : muLaw));
}

interface Law {
  /** Of the law's own steps in a 16-bit sample. */
  readonly unit: number;
  /** Where the interval of character signal n begins, in units: 0 … 127. */
  begin(n: number): number;
  /** What it is decoded to, in units. */
  value(n: number): number;
  octet(n: number, sign: '+' | '-'): number;
}

const aLaw: Law = {
  unit: 8,
  begin: (n) => (n < 16 ? 2 * n : (2 * (n & 15) + 32) << ((n >> 4) - 1)),
  value: (n) => (n < 16 ? 2 * n + 1 : (2 * (n & 15) + 33) << ((n >> 4) - 1)),
  // Every second bit is inverted.
  octet: (n, sign) => (n | (sign === '+' ? 0x80 : 0)) ^ 0x55,
};

const muLaw: Law = {
  unit: 4,
  begin: (n) => (n === 0 ? 0 : ((2 * (n & 15) + 32) << (n >> 4)) - 33),
  value: (n) => ((2 * (n & 15) + 33) << (n >> 4)) - 33,
  octet: (n, sign) => ~(n | (sign === '+' ? 0 : 0x80)) & 0xff,
};

function make({ unit, begin, value, octet }: Law): Companding {
  const decoded = new Int16Array(256);
  const encoded = new Uint8Array(65_536);
  for (let n = 0; n < 128; n++) {
    decoded[octet(n, '+')] = value(n) * unit;
    decoded[octet(n, '-')] = -value(n) * unit;
    const from = begin(n) * unit;
    const to = n === 127 ? 32_768 : begin(n + 1) * unit;
    encoded.fill(octet(n, '+'), 32_768 + from, 32_768 + to);
    // The interval is mirrored: −1 lies where 0 does.
    encoded.fill(octet(n, '-'), 32_768 - to, 32_768 - from);
  }
  return { decoded, encoded };
}

const made: { PCMA?: Companding; PCMU?: Companding } = {};
