import { InspectedHeap } from '../testbed/heap.ts';
import { pause } from '../testbed/each.ts';
import { freePorts } from '../testbed/ports.ts';
import { residentBytes } from '../testbed/process-figures.ts';
import type { BenchContext, Figures } from './bench.ts';
import { createDevices, ManyPhones } from './load/many-phones.ts';

export const title = 'Memory of the controller for a registered phone';
export const explains =
  'Devices are created over REST, and the controller is restarted, so that it begins with a fresh heap and knows them all. A few hundred phones register again and again until code is compiled and buffers have grown; ' +
  'then all the others register, each from a UDP port of its own with digest, and all refresh. Resident memory is read as it stands, which has the garbage of that moment in it (V8 lets tens of MB pile up, with or without phones), and after a collection that the inspector asks for: what grew between two of these is the phones. ' +
  'Target: at most 10 KB a phone at 5,000 phones (on such a machine Asterisk 22: 25 KB, FreeSWITCH 23 KB, Kamailio 1.4 KB).';
export const options = {
  phones: { default: 5000, explains: 'phones that register; 500 is a quick look' },
  rate: { default: 500, explains: 'registrations a second' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const count = context.number('phones');
  const rate = context.number('rate');
  const warming = Math.min(300, Math.floor(count / 5));
  const [inspector = 0] = await freePorts(1);
  const pbx = await context.startPbx({ nodeArguments: { pbx: [`--inspect=127.0.0.1:${inspector}`] } });
  context.progress(`creating ${count} devices`);
  const devices = await createDevices(pbx, count);
  const ready = pbx.controller.nextReady();
  await pbx.controller.kill();
  await ready;

  const heap = await InspectedHeap.of(inspector);
  context.atEnd(() => heap.close());
  const phones = await ManyPhones.start(pbx, devices);
  context.atEnd(() => phones.close());
  context.progress('warming up');
  for (let round = 0; round < 10; round += 1) await phones.register(rate, 0, warming);

  const sample = async (name: string): Promise<Sample> => {
    context.progress(`${name}: reading memory`);
    await pause(3_000);
    const resident = await medianResident(pbx.controller.pid);
    const heapBytes = await heap.collect();
    return { name, resident, heapBytes, collected: await medianResident(pbx.controller.pid) };
  };
  const before = await sample(`${warming} registered`);
  context.progress(`${count - warming} phones register`);
  await phones.register(rate, warming);
  const after = await sample(`${count} registered`);
  context.progress('all refresh');
  await phones.register(rate);
  const refreshed = await sample('after a refresh of all');

  const perPhone = (bytes: number) => bytes / 1024 / (count - warming);
  context.table([
    ['', 'RSS MB as it stands', 'collected', 'heap MB', 'RSS KB a phone', 'heap KB a phone'],
    ...[before, after, refreshed].map((one) => [
      one.name, megabytes(one.resident), megabytes(one.collected), megabytes(one.heapBytes),
      ...(one === before ? ['', ''] : [perPhone(one.collected - before.collected).toFixed(2), perPhone(one.heapBytes - before.heapBytes).toFixed(2)]),
    ]),
  ]);
  return {
    phones: count,
    residentKbPerPhone: round(perPhone(after.collected - before.collected)),
    heapKbPerPhone: round(perPhone(after.heapBytes - before.heapBytes)),
    residentKbPerPhoneAfterRefresh: round(perPhone(refreshed.collected - before.collected)),
    heapKbPerPhoneAfterRefresh: round(perPhone(refreshed.heapBytes - before.heapBytes)),
    controllerResidentMb: Math.round(refreshed.resident / 2 ** 20),
    controllerResidentCollectedMb: Math.round(refreshed.collected / 2 ** 20),
  };
}

interface Sample {
  readonly name: string;
  /** As it stands. */
  readonly resident: number;
  readonly heapBytes: number;
  /** Resident memory after a garbage collection. */
  readonly collected: number;
}

async function medianResident(pid: number): Promise<number> {
  const samples: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    samples.push(residentBytes(pid));
    await pause(300);
  }
  return samples.toSorted((a, b) => a - b)[2]!;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
