import { AlertToneDetectors, CallerIdAssembler, Dsp, encodeCallerId, FaxToneDetectors, FskReceiver, type AudioRows, type FskModem } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { addSamples, aLawRoundTrip, bell202, fskSignal, gaussianNoise, seededRandom, v23 } from '@tipring/dsp/test-support';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledC } from '../testbed/compiled-c.ts';
import { isInstalled } from '../testbed/library-headers.ts';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'Caller ID and fax tones';
export const explains =
  'Caller ID messages (MDMF: time, number, name) that come out whole, by signal-to-noise ratio (white noise from 0 to 4 kHz) and at -36 dBm0 through A-law, for both modems; the same signals through native libspandsp where libspandsp-dev is installed. ' +
  'Then nanoseconds of CPU per sample and channel in WebAssembly, turn by turn with libspandsp: the median. Target: all of them at 12 dB and at -36 dBm0; fax tones at most 6 ns all together.';
export const options = {
  messages: { default: 200, explains: 'for each point' },
  turns: { default: 7, explains: 'of timing, by both' },
};

const modems = [['bell-202', bell202], ['v23', v23]] as const;
const ratios = [20, 14, 12, 11, 10, 9, 8, 7, 6];
const levelDbm0 = -13.5;
/** Debian keeps it by architecture. */

export async function run(context: BenchContext): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-caller-id-'));
  context.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const peer = isInstalled('spandsp') ? compiledC(join(import.meta.dirname, 'native/spandsp-caller-id.c'), ['spandsp']) : undefined;
  const messages = context.number('messages');
  const figures: Figures = {};
  const rows: (string | number)[][] = [['of ' + messages, ...ratios.map((db) => `${db} dB`), '-36 dBm0']];
  for (const [modem, tones] of modems) {
    context.progress(modem);
    const random = seededRandom(modem === 'v23' ? 23 : 202);
    const points = [
      ...ratios.map((db) => (bytes: Uint8Array) => {
        const signal = fskSignal(bytes, { ...tones, levelDbm0 });
        return Int16Array.from(addSamples(signal, gaussianNoise(levelDbm0 - db, signal.length, random)), Math.round);
      }),
      (bytes: Uint8Array) => aLawRoundTrip(fskSignal(bytes, { ...tones, levelDbm0: -36 })),
    ];
    const whole = points.map((point) => received(modem, messages, random, point, peer, join(folder, 'messages.raw')));
    rows.push([modem, ...whole.map(({ ours }) => ours)]);
    if (peer !== undefined) rows.push(['  libspandsp', ...whole.map(({ theirs }) => theirs!)]);
    const name = modem === 'v23' ? 'v23' : 'bell202';
    ratios.forEach((db, n) => (figures[`${name}At${db}Db`] = whole[n]!.ours));
    figures[`${name}AtMinus36`] = whole.at(-1)!.ours;
    if (peer !== undefined) figures[`${name}At12DbSpandsp`] = whole[ratios.indexOf(12)]!.theirs!;
  }
  context.table(rows);
  return { ...figures, ...timing(context, peer, join(folder, 'timing.raw')) };
}

/** How many of `count` random messages come out whole. */
function received(modem: FskModem, count: number, random: () => number, make: (bytes: Uint8Array) => Int16Array, peer: string | undefined, path: string): { readonly ours: number; readonly theirs: number | undefined } {
  const sent = Array.from({ length: count }, () => randomMessage(random));
  const signals = sent.map(({ bytes }) => make(bytes));
  const each = Math.ceil((Math.max(...signals.map(({ length }) => length)) + 800) / 160) * 160;
  const all = new Int16Array(each * count);
  signals.forEach((signal, n) => all.set(signal, n * each + 400));

  const dsp = new Dsp(readDspModule(), { memoryBytes: 2 ** 20 });
  const receiver = new FskReceiver(dsp, modem);
  const audio = dsp.rows(1, 160);
  let ours = 0;
  sent.forEach(({ bytes }, n) => {
    receiver.reset(modem);
    const assembler = new CallerIdAssembler();
    const heard: string[] = [];
    for (let at = n * each; at < (n + 1) * each; at += 160) {
      audio.row(0).set(all.subarray(at, at + 160));
      if (!receiver.process(audio, 0)) continue;
      for (let symbol = receiver.take(); symbol !== undefined; symbol = receiver.take()) {
        const result = assembler.push(symbol);
        if (result?.ok !== true) continue;
        const again = encodeCallerId(result.value);
        if (again.ok) heard.push(Buffer.from(again.value).toString('hex'));
      }
    }
    if (heard.length === 1 && heard[0] === Buffer.from(bytes).toString('hex')) ours++;
  });
  if (peer === undefined) return { ours, theirs: undefined };
  writeFileSync(path, all);
  const lines = execFileSync(peer, ['receive', modem, path, String(each)], { encoding: 'utf8', maxBuffer: 2 ** 26 }).trimEnd().split('\n');
  // It keeps neither the length nor the checksum apart: the content must be there.
  return { ours, theirs: sent.filter(({ bytes }, n) => lines[n]!.includes(Buffer.from(bytes.subarray(2, -1)).toString('hex'))).length };
}

function randomMessage(random: () => number): { readonly bytes: Uint8Array } {
  const below = (most: number): number => Math.floor(random() * most);
  const encoded = encodeCallerId({
    ...{ type: 'call-setup', format: 'mdmf' },
    time: { month: 1 + below(12), day: 1 + below(28), hour: below(24), minute: below(60) },
    number: { shown: Array.from({ length: 7 + below(8) }, () => below(10)).join('') },
    name: { shown: Array.from({ length: 4 + below(11) }, () => String.fromCharCode(65 + below(26))).join('') },
  });
  if (!encoded.ok) throw new Error(`The bench's own message cannot be sent: ${encoded.error.field}.`);
  return { bytes: encoded.value };
}

function timing(context: BenchContext, peer: string | undefined, path: string): Figures {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 8 * 2 ** 20 });
  const random = seededRandom(8_000);
  // Ten seconds of messages one after another at 20 dB SNR.
  const parts = Array.from({ length: 12 }, () => fskSignal(randomMessage(random).bytes, { ...bell202, levelDbm0 }));
  const signal = Float64Array.from(parts.flatMap((part) => Array.from(part)));
  const samples = Int16Array.from(addSamples(signal, gaussianNoise(levelDbm0 - 20, signal.length, random)), Math.round);
  writeFileSync(path, samples);
  const packets = Math.floor(samples.length / 160);
  const audio = dsp.rows(packets * 4, 160);
  for (let row = 0; row < packets * 4; row++) audio.row(row).set(samples.subarray((row >> 2) * 160, (row >> 2) * 160 + 160));
  const ours = ourTasks(dsp, audio, packets);
  const figures: Record<string, number[]> = {};
  for (let turn = -2; turn < context.number('turns'); turn++) {
    context.progress(turn < 0 ? 'warming up' : `turn ${turn + 1}`);
    const theirs = peer === undefined ? [] : execFileSync(peer, ['time', 'bell-202', path], { encoding: 'utf8' }).trimEnd().split('\n').map((line) => line.split(' ') as [string, string]);
    if (turn < 0) for (const task of Object.values(ours)) task();
    else for (const [name, value] of [...Object.entries(ours).map(([its, task]) => [its, task()] as const), ...theirs.map(([its, value]) => [`spandsp ${its}`, Number(value)] as const)]) (figures[name] ??= []).push(value);
  }
  const nanoseconds = Object.fromEntries(Object.entries(figures).map(([name, values]) => [name, round(values.sort((a, b) => a - b)[values.length >> 1]!)]));
  context.table([['ns per sample and channel', ''], ...Object.entries(nanoseconds)]);
  const own = { nsPerSampleFsk: nanoseconds['fsk']!, nsPerSampleFaxTones: nanoseconds['faxTones']!, nsPerSampleAlertTone: nanoseconds['alertTone']! };
  if (peer === undefined) return { ...own, ratioToSpandsp: null };
  const theirFaxTones = nanoseconds['spandsp cng']! + nanoseconds['spandsp answer']! + nanoseconds['spandsp preamble']!;
  return { ...own, ratioToSpandsp: round(own.nsPerSampleFsk / nanoseconds['spandsp fsk']!), ratioToSpandspFaxTones: round(own.nsPerSampleFaxTones / theirFaxTones) };
}

/** Each over all packets, in nanoseconds of CPU per sample and channel. */
function ourTasks(dsp: Dsp, audio: AudioRows, packets: number): Record<string, () => number> {
  const receiver = new FskReceiver(dsp, 'bell-202');
  const fax = new FaxToneDetectors(dsp, 4);
  const alert = new AlertToneDetectors(dsp, 4);
  const groups = Array.from({ length: packets }, (_, packet) => groupAt(audio, packet));
  return {
    fsk: () => timed(packets * 160, () => {
      for (let packet = 0; packet < packets; packet++) if (receiver.process(audio, packet * 4)) while (receiver.take() !== undefined);
    }),
    faxTones: () => timed(packets * 640, () => {
      for (const group of groups) fax.process(0, group);
    }),
    alertTone: () => timed(packets * 640, () => {
      for (const group of groups) alert.process(0, group);
    }),
  };
}

/** The same audio, seen from four rows on. */
function groupAt(audio: AudioRows, packet: number): AudioRows {
  return { samples: audio.samples, count: 4, address: audio.addressOf(packet * 4), row: (index: number) => audio.row(packet * 4 + index), addressOf: (index: number) => audio.addressOf(packet * 4 + index) } as AudioRows;
}

function timed(samples: number, task: () => void): number {
  const began = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(began);
  return ((user + system) * 1_000) / samples;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
