import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AudioCodec, ComfortNoise, Concealment, Dsp, G711, G711Codec, G722Codec, NoiseProfile } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { gaussianNoise, readWave, scaleTo, seededRandom, sine, speechPrompts } from '@tipring/dsp/test-support';
import { root } from '../launcher/places.mjs';
import { compiledC } from '../testbed/compiled-c.ts';
import { isInstalled } from '../testbed/library-headers.ts';
import type { BenchContext, Figures } from './bench.ts';
import { median } from './load/median.ts';

export const title = 'Codecs, concealment, comfort noise and voice activity';
export const explains =
  'Nanoseconds of CPU per sample in WebAssembly, in packets of 20 ms, beside native libspandsp (where libspandsp-dev is installed) turn by turn in the same run: the median of the turns. ' +
  'Then whether G.722 gives the same bytes and samples as libspandsp over the whole signal: speech prompts (asterisk-core-sounds-*-wav, otherwise tones), noise and silence. ' +
  'Target: G.722 at least as fast as libspandsp (43 and 27 ns measured once), and equal to it in every bit.';
export const options = {
  seconds: { default: 60, explains: 'of signal' },
  turns: { default: 5, explains: 'each a run over the signal by both' },
};

type Nanoseconds = Record<string, number>;

export async function run(context: BenchContext): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-codecs-'));
  context.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const narrow = signal(context.number('seconds'));
  const wide = twiceTheRate(narrow);
  writeFileSync(join(folder, 'wide.raw'), wide);
  writeFileSync(join(folder, 'narrow.raw'), narrow);
  const peer = isInstalled('spandsp') ? compiledC(join(import.meta.dirname, 'native/spandsp-codecs.c'), ['spandsp']) : undefined;
  const ours = ourTasks(narrow, wide);
  const opus = await opusTasks(wide);

  const figures: Record<string, number[]> = {};
  const theirs: Record<string, number[]> = {};
  for (let turn = -1; turn < context.number('turns'); turn++) {
    context.progress(turn < 0 ? 'warming up' : `turn ${turn + 1}`);
    const measured = { ...ours.measure(), ...(turn < 2 ? opus() : {}) };
    if (turn >= 0) for (const [name, value] of Object.entries(measured)) (figures[name] ??= []).push(value);
    const told = peer === undefined ? {} : nanosecondsOf(execFileSync(peer, [join(folder, 'wide.raw'), join(folder, 'narrow.raw'), folder], { encoding: 'utf8' }));
    if (turn >= 0) for (const [name, value] of Object.entries(told)) (theirs[name] ??= []).push(value);
  }

  const rows = Object.entries(figures).map(([name, values]) => {
    const mine = median(values);
    const other = theirs[name] === undefined ? undefined : median(theirs[name]);
    return { name, mine, other };
  });
  context.table([['ns per sample', 'ours in WASM', 'libspandsp', 'ratio'], ...rows.map(({ name, mine, other }) => [name, round(mine), other === undefined ? '' : round(other), other === undefined ? '' : round(mine / other)])]);
  return {
    ...Object.fromEntries(rows.map(({ name, mine }) => [`${name}NsPerSample`, round(mine)])),
    ...Object.fromEntries(rows.flatMap(({ name, mine, other }) => (other === undefined ? [] : [[`${name}RatioToSpandsp`, round(mine / other)]]))),
    ...(peer === undefined ? { g722BytesEqualSpandsp: null, g722SamplesEqualSpandsp: null } : { g722BytesEqualSpandsp: equal(ours.coded(), readFileSync(join(folder, 'coded.g722'))), g722SamplesEqualSpandsp: equal(ours.decoded(), readFileSync(join(folder, 'decoded.g722.raw'))) }),
    signalSeconds: context.number('seconds'),
  };
}

/** One packet after the other through each codec; what G.722 made is kept for the comparison. */
function ourTasks(narrow: Int16Array, wide: Int16Array): { measure(): Nanoseconds; coded(): Uint8Array; decoded(): Uint8Array } {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 16 * 2 ** 20 });
  const wideIn = dsp.rows(Math.floor(wide.length / 320), 320);
  const narrowIn = dsp.rows(4 * Math.ceil(narrow.length / 640), 160);
  const out = dsp.rows(4, 320);
  const coded = Array.from({ length: wideIn.count }, () => dsp.bytes(dsp.allocate(160), 160));
  const decoded = new Int16Array(wideIn.count * 320);
  const g711 = new G711(dsp);
  const concealment = new Concealment(dsp, 8_000);
  const profile = new NoiseProfile(dsp);
  const noise = new ComfortNoise(dsp, 1);
  const aLaw = new G711Codec(dsp, 'PCMA');
  const g722 = new G722Codec(dsp);
  const c = dsp.exports as Exports;
  const encoder = dsp.allocate(c.g722_size());
  const decoder = dsp.allocate(c.g722_size());
  const vad = dsp.allocate(c.vad_size());
  c.vad_init(vad, 8_000);
  const packet = coded[0]!;
  const payload = dsp.bytes(dsp.allocate(160), 160);
  const packets = Math.floor(narrow.length / 160);
  const overNarrow = (task: (row: number) => void): number => timed(packets * 160, () => { for (let row = 0; row < packets; row++) task(row); });
  const overWide = (task: (row: number) => void): number => timed(wideIn.count * 320, () => { for (let row = 0; row < wideIn.count; row++) task(row); });
  noise.follow(Uint8Array.of(50, 100, 140, 120));
  return {
    measure: () => {
      for (let row = 0; row < wideIn.count; row++) wideIn.row(row).set(wide.subarray(row * 320, row * 320 + 320));
      for (let row = 0; row < packets; row++) narrowIn.row(row).set(narrow.subarray(row * 160, row * 160 + 160));
      c.g722_init(encoder);
      c.g722_init(decoder);
      g722.reset();
      const wideOut = out.row(0);
      const narrowOut = out.row(1).subarray(0, 160);
      return {
        g722Encode: overWide((row) => c.g722_encode(encoder, wideIn.addressOf(row), coded[row]!.byteOffset, 160)),
        g722Decode: overWide((row) => {
          c.g722_decode(decoder, coded[row]!.byteOffset, out.address, 160);
          decoded.set(wideOut, row * 320);
        }),
        alawEncode: overNarrow((row) => g711.encode('PCMA', narrowIn.row(row), payload)),
        alawDecode: overNarrow(() => g711.decode('PCMA', packet, narrowOut)),
        mulawEncode: overNarrow((row) => g711.encode('PCMU', narrowIn.row(row), payload)),
        mulawDecode: overNarrow(() => g711.decode('PCMU', packet, narrowOut)),
        alawToMulaw: overNarrow(() => g711.convert('PCMA', packet, payload)),
        g722LegDecode: overWide((row) => g722.decode(coded[row]!, wideOut)),
        g711LegDecode: overNarrow(() => aLaw.decode(packet, narrowOut)),
        voiceActivity: overNarrow((row) => { if (row % 4 === 0) c.vad_process(vad, narrowIn.addressOf(row), 160, 160); }),
        noiseDescription: overNarrow((row) => profile.listen(narrowIn.addressOf(row), 160)),
        comfortNoise: overNarrow(() => noise.fill(out.address, 160)),
        concealment: overNarrow((row) => (row % 10 === 9 ? concealment.missing(narrowIn.addressOf(row), 160) : concealment.received(narrowIn.addressOf(row), 160))),
      };
    },
    coded: () => Buffer.concat(coded),
    decoded: () => new Uint8Array(decoded.buffer),
  };
}

/** Ten seconds of it, at 16 kHz: it is a hundred times slower than the rest. */
async function opusTasks(wide: Int16Array): Promise<() => Nanoseconds> {
  const { OpusCodec } = (await import(pathToFileURL(join(root, 'apps/media/dist/codecs/opus.js')).href)) as { OpusCodec: { open(settings: object): Promise<AudioCodec> } };
  const codec = await OpusCodec.open({ expectedLossPercent: 10 });
  const packets = Array.from({ length: Math.min(500, Math.floor(wide.length / 320)) }, (_, number) => ({ audio: wide.slice(number * 320, number * 320 + 320), payload: new Uint8Array(400), bytes: 0 }));
  const into = new Int16Array(320);
  return () => ({
    opusEncode: timed(packets.length * 320, () => { for (const packet of packets) packet.bytes = codec.encode(packet.audio, packet.payload); }),
    opusDecode: timed(packets.length * 320, () => { for (const { payload, bytes } of packets) codec.decode(payload.subarray(0, bytes), into); }),
    opusConcealment: timed(packets.length * 320, () => { for (let count = 0; count < packets.length; count++) codec.conceal(into); }),
  });
}

interface Exports {
  g722_size(): number;
  g722_init(state: number): void;
  g722_encode(state: number, samples: number, payload: number, bytes: number): void;
  g722_decode(state: number, payload: number, samples: number, bytes: number): void;
  vad_size(): number;
  vad_init(vad: number, rateHz: number): void;
  vad_process(vad: number, samples: number, stride: number, count: number): void;
}

/** 8 kHz: speech of −20 dBm0 (or tones), and in each tenth second noise or silence. */
function signal(seconds: number): Int16Array {
  const samples = new Int16Array(seconds * 8_000);
  const prompts = speechPrompts();
  const random = seededRandom(711);
  let at = 0;
  for (let index = 0; at < samples.length && prompts.length > 0; index += 41) {
    const speech = scaleTo(readWave(prompts[index % prompts.length]!).samples, -20).subarray(0, samples.length - at);
    samples.set(Int16Array.from(speech, (value) => Math.max(-32_768, Math.min(32_767, value))), at);
    at += speech.length;
  }
  if (prompts.length === 0) samples.set(Int16Array.from(sine(440, -20, samples.length)));
  const noise = gaussianNoise(-20, 8_000, random);
  for (let second = 9; second < seconds; second += 10) samples.set(second % 20 === 9 ? Int16Array.from(noise) : new Int16Array(8_000), second * 8_000);
  return samples;
}

/** By straight lines between the samples: what lies above 4 kHz is what they leave there. */
function twiceTheRate(samples: Int16Array): Int16Array {
  return Int16Array.from({ length: samples.length * 2 }, (_, n) => (n % 2 === 0 ? samples[n / 2]! : (samples[(n - 1) / 2]! + (samples[(n + 1) / 2] ?? 0)) / 2));
}

/** Nanoseconds of this process for each of `samples`. */
function timed(samples: number, task: () => void): number {
  const began = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(began);
  return ((user + system) * 1_000) / samples;
}

function nanosecondsOf(lines: string): Nanoseconds {
  return Object.fromEntries(lines.trim().split('\n').map((line) => line.split(' ')).map(([name = '', value]) => [name, Number(value)]));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function equal(ours: Uint8Array, theirs: Uint8Array): boolean {
  return Buffer.compare(ours, theirs) === 0;
}

/** Where libspandsp-dev of Debian puts its header. */
