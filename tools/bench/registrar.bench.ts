import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../launcher/places.mjs';
import { twoCpus } from '../testbed/pinned.ts';
import { freePorts } from '../testbed/ports.ts';
import { cpuSeconds } from '../testbed/process-figures.ts';
import { Sipp, sippCredentials } from '../testbed/sipp.ts';
import type { BenchContext, Figures } from './bench.ts';
import { echoFloorUs } from './load/echo-floor.ts';

export const title = 'Authenticated REGISTERs a second on one core';
export const explains =
  'sipp registers phones: REGISTER, 401, REGISTER with credentials, 200. The controller has CPU 0; sipp and PostgreSQL have CPU 1. The rate is raised until more than 0.1 % fail. ' +
  'Baseline of the same run: a bare Node UDP echo, two pairs a registration. Target: at least 5,000 a second, at most 0.19 ms of CPU each ' +
  '(on such a machine Asterisk 22: 1,510-2,490 at 0.40-0.57 ms; FreeSWITCH 221; Kamailio 12,288 at 0.064 ms).';
export const options = {
  start: { default: 3000, explains: 'first rate, registrations/s' },
  raise: { default: 500, explains: 'added for each step' },
  highest: { default: 8000, explains: 'where to stop' },
  seconds: { default: 8, explains: 'length of a step' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cpus = twoCpus();
  const floorUs = await echoFloorUs();
  context.progress('starting a PBX');
  const pbx = await context.startPbx(cpus === undefined ? {} : { cpus: { pbx: cpus.measured, media: cpus.load, database: cpus.load } });
  const [port = 0] = await freePorts(1);
  const seconds = context.number('seconds');

  const step = async (rate: number, length: number) => {
    const folder = mkdtempSync(join(tmpdir(), 'tipring-registrar-'));
    const before = cpuSeconds(pbx.controller.pid);
    const started = performance.now();
    const sipp = Sipp.start({
      folder,
      scenario: join(root, 'tools/sipp/uac-register.xml'),
      remote: `127.0.0.1:${pbx.ports.sip}`,
      localPort: port,
      transport: 'udp',
      calls: rate * length,
      rate,
      limit: 20_000,
      accounts: pbx.devices.map((device) => [device.username, sippCredentials(device.username, device.password), String(port)]),
      ...(cpus === undefined ? {} : { cpu: cpus.load }),
      extra: ['-buff_size', '4000000', '-timeout', `${length + 20}s`],
    });
    await sipp.ended();
    const elapsed = (performance.now() - started) / 1000;
    const used = cpuSeconds(pbx.controller.pid) - before;
    const completed = Number(sipp.statistics()['SuccessfulCall(C)'] ?? 0);
    rmSync(folder, { recursive: true, force: true });
    return { rate, placed: rate * length, completed, failed: rate * length - completed, perSecond: completed / elapsed, cpuMs: (used * 1000) / Math.max(1, completed) };
  };

  context.progress('warming up');
  await step(1000, 5);
  const steps: Awaited<ReturnType<typeof step>>[] = [];
  for (let rate = context.number('start'); rate <= context.number('highest'); rate += context.number('raise')) {
    context.progress(`${rate} registrations/s`);
    const result = await step(rate, seconds);
    steps.push(result);
    if (result.failed / result.placed >= 0.001 || result.perSecond < rate * 0.9) break;
  }
  const best = steps.filter((one) => one.failed / one.placed < 0.001).toSorted((a, b) => b.perSecond - a.perSecond)[0];

  context.table([
    ['offered/s', 'accepted/s', 'failed', 'CPU ms each'],
    ...steps.map((one) => [one.rate, one.perSecond.toFixed(0), one.failed, one.cpuMs.toFixed(3)]),
    ['floor: UDP echo', '', '', ((floorUs * 2) / 1000).toFixed(3)],
  ]);
  return {
    registersPerSecond: Math.round(best?.perSecond ?? 0),
    cpuMsPerRegister: Math.round((best?.cpuMs ?? Number.NaN) * 1000) / 1000,
    echoFloorCpuMsPerRegister: Math.round(floorUs * 2) / 1000,
    ratioToEchoFloor: Math.round(((best?.cpuMs ?? Number.NaN) / ((floorUs * 2) / 1000)) * 100) / 100,
  };
}
