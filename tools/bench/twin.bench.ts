import { FakeTimers } from '@tipring/clock';
import { type Cable, demoPlan, type PortListener, Simulator, type SimulatorPlan } from '@tipring/cards';
import { Dsp } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'The line twin: the cost of simulated ports';
export const explains =
  'Cards of 16 lines and 16 telephones on cables of two pieces with a bridged tap, noise and hum, everybody talking: microseconds a port for each 20 ms, G.711 both ways included, ' +
  'beside one FIR filter of 128 taps in the same run (a port has three of them). Other rows leave out what costs. Good is 25 µs at most; a simulated port then takes 0.13 % of a core.';
export const options = { seconds: { default: 20, explains: 'of audio for each row' } };

export async function run(context: BenchContext): Promise<Figures> {
  const seconds = context.number('seconds');
  const rows: readonly (readonly [string, number])[] = [
    ['one FIR filter of 128 taps, 160 samples', quickest(() => {
      for (let n = 0; n < 1_000; n++) filter();
    }) / 1_000],
    ['talking, cable, noise and hum', perBlock('talking', 'noisy', seconds)],
    ['talking, cable', perBlock('talking', 'quiet', seconds)],
    ['on hook, cable, noise and hum', perBlock('on hook', 'noisy', seconds)],
    ['on hook, cable', perBlock('on hook', 'quiet', seconds)],
  ].map((row) => {
    context.progress(String(row[0]));
    return row as [string, number];
  });
  const [fir, talking, quiet, noisyOnHook, onHook] = rows.map(([, microseconds]) => microseconds) as [number, number, number, number, number];
  context.table([['a port for 20 ms', 'µs', 'filters'], ...rows.map(([name, microseconds]) => [name, microseconds.toFixed(2), (microseconds / fir).toFixed(2)])]);
  return { firMicroseconds: fir, talkingMicroseconds: talking, talkingWithoutNoiseMicroseconds: quiet, onHookWithNoiseMicroseconds: noisyOnHook, onHookMicroseconds: onHook };
}

/** Of 32 ports. */
function perBlock(hook: 'talking' | 'on hook', wire: 'noisy' | 'quiet', seconds: number): number {
  const timers = new FakeTimers();
  const simulator = new Simulator({ timers, dsp: new Dsp(readDspModule(), { memoryBytes: 2 ** 21 }) }, officeOf(wire));
  const ports = [...simulator.state().lines, ...simulator.state().telephones];
  for (const { is, port } of ports) {
    const opened = simulator.cards.port(port)!;
    opened.open(speaking, () => {});
    if (hook === 'on hook') continue;
    if (is === 'line') opened.send({ do: 'hook', hook: 'off' }, () => {});
    else simulator.act({ on: 'telephone', port, do: 'lift' });
  }
  timers.advance(500);
  if (hook === 'talking') {
    for (const { is, port } of ports) {
      if (is === 'telephone') simulator.act({ on: 'telephone', port, do: 'speak', tone: { frequencyHz: 700 } });
      else simulator.line(port)!.office.mouth.play({ segments: [{ frequenciesHz: [900], durationMs: null }] });
    }
  }
  timers.advance(1_000);
  const microseconds = quickest(() => timers.advance((seconds * 1_000) / rounds));
  simulator.close();
  return (microseconds * rounds) / (50 * seconds * ports.length);
}

function officeOf(wire: 'noisy' | 'quiet'): SimulatorPlan {
  const disturbance = wire === 'noisy' ? ({ noiseDbm0: -60, hum: { hz: 60, levelDbm0: -60 } } as const) : { noiseDbm0: null, hum: null };
  const of = (kind: 'fxo' | 'fxs') => demoPlan().cards[0]!.ports.find((port) => port?.kind === kind)!;
  const ports = Array.from({ length: 32 }, (_, n) => {
    const port = of(n % 2 === 0 ? 'fxo' : 'fxs');
    const cable: Cable = [{ gauge: 'AWG 26', km: 1 + n / 32 }, { gauge: 'AWG 24', km: 1, bridgedTap: { gauge: 'AWG 24', km: 0.3 } }];
    if (port.kind === 'fxo') return { ...port, line: { ...port.line!, wire: { cable, disturbance } } };
    return { ...port, telephone: { ...port.telephone!, wire: { cable, disturbance } } };
  });
  return { cards: [{ serial: 'BENCH', ports }] };
}

/** What is said into every port: something that is never silence, and the same each time. */
const octets = Uint8Array.from({ length: 160 }, (_, n) => (n * 73) & 0xff);
const speaking: PortListener = { event: () => {}, audio: (_received, send) => send.set(octets) };

const taps = Float64Array.from({ length: 128 }, (_, n) => Math.sin(n) / (n + 1));
const samples = Float64Array.from({ length: 128 + 160 }, (_, n) => Math.cos(n * n));
const filtered = new Float32Array(160);

/** As plain as it can be written, in the same language: one sum for each sample. */
function filter(): void {
  for (let n = 0; n < 160; n++) {
    let sum = 0;
    for (let k = 0; k < 128; k++) sum += taps[k]! * samples[127 + n - k]!;
    filtered[n] = sum;
  }
}

/** Of the rounds, in microseconds of the processor: others use it too. */
function quickest(work: () => void): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

const rounds = 20;
