/**
 * The music that comes with the system: a plucked string (Karplus and Strong, Computer Music Journal 7(2), 1983) in a chord progression of our own, so that
 * nobody has to be asked for it. Made in a fraction of a second, the same bytes on every machine.
 */

const rateHz = 16_000;
const beatS = 0.34;
/** Arpeggios, by semitones above A2: Am7, F, C, G, Dm7, Am, E, E7. */
const chords = [
  [0, 7, 12, 15, 19, 15, 12, 7], [-4, 3, 8, 12, 15, 12, 8, 3], [3, 10, 15, 19, 22, 19, 15, 10], [-2, 5, 10, 14, 17, 14, 10, 5],
  [5, 12, 15, 17, 20, 17, 15, 12], [0, 7, 12, 15, 19, 15, 12, 7], [-5, 2, 7, 11, 14, 11, 7, 2], [-5, 2, 5, 11, 14, 17, 14, 11],
];

/** @returns {Buffer} WAV, 16 bit, mono, 16 kHz; its end leads to its begin */
export function composedMusic() {
  const notes = [...chords, ...chords].flat();
  const length = Math.round(notes.length * beatS * rateHz);
  const mixed = new Float64Array(length);
  const random = seeded(1984);
  for (const [index, semitone] of notes.entries()) pluck(mixed, Math.round(index * beatS * rateHz), 110 * 2 ** (semitone / 12), index % 8 === 0 ? 1 : 0.7, random);
  // -18 dBm0 on average: as loud as people speak.
  const rms = Math.sqrt(mixed.reduce((sum, one) => sum + one * one, 0) / length);
  const gain = 32_768 * 10 ** (-(18 + 3.14) / 20) / rms;
  const samples = Buffer.alloc(2 * length);
  for (let at = 0; at < length; at++) samples.writeInt16LE(Math.max(-32_767, Math.min(32_767, Math.round(gain * (mixed[at] ?? 0)))), 2 * at);
  return Buffer.concat([header(samples.length), samples]);
}

/** What sounds beyond the end goes on at the begin. @param {Float64Array} into @param {number} from @param {number} hz @param {number} level @param {() => number} random */
function pluck(into, from, hz, level, random) {
  const period = Math.round(rateHz / hz);
  const string = Float64Array.from({ length: period }, () => level * (2 * random() - 1));
  const lasting = Math.round(2.4 * rateHz);
  for (let at = 0; at < lasting; at++) {
    const place = at % period;
    const sample = string[place] ?? 0;
    into[(from + at) % into.length] = (into[(from + at) % into.length] ?? 0) + sample;
    string[place] = 0.498 * (sample + (string[(place + 1) % period] ?? 0));
  }
}

/** @param {number} seed */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param {number} bytes */
function header(bytes) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rateHz, 24);
  head.writeUInt32LE(2 * rateHz, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(bytes, 40);
  return head;
}
