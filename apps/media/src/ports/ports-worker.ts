import { Simulator } from '@tipring/cards';
import { DahdiCards } from '@tipring/cards/dahdi';
import { nodeTimers } from '@tipring/clock';
import { type CallerIdTime, Dsp } from '@tipring/dsp';
import type { PortGatewayEvent } from '@tipring/gateway';
import { randomInt } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { NativePacketIo } from '../packet-io/native-packet-io.ts';
import { DgramPacketIo } from '../packet-io/dgram-packet-io.ts';
import type { NamedDriver } from './card-shelf.ts';
import { PortUnit } from './port-unit.ts';
import type { PortsRequest, PortsTold, PortsWorkerData } from './ports-message.ts';
import { RtpLinks } from './rtp-links.ts';

// The ports' thread. Cards drive it by timers and sockets, so its event loop turns; what a turn brings is one message.
const { dsp, channels, native, simulated, agent, timeOrigin } = workerData as PortsWorkerData;
const loopback = '127.0.0.1';
/** Tables, and 8 KiB for each of some hundred telephones. */
const simulatorBytes = 4 * 2 ** 20;
const timers = nodeTimers();
const ahead = performance.timeOrigin - timeOrigin;

let told: PortsTold[number][] = [];
function tell(one: PortsTold[number]): void {
  if (told.push(one) === 1) setImmediate(flush);
}
function flush(): void {
  parentPort?.postMessage(told satisfies PortsTold);
  told = [];
}

const links = await RtpLinks.open(loopback, () => randomInt(2 ** 32) / 2 ** 32, () => performance.now() * 1_000);
const simulator = simulated === null ? null : new Simulator({ timers, dsp: new Dsp(dsp, { memoryBytes: simulatorBytes }), timeOfDay }, simulated);
// The agent's clock is the host's, since it was booted; ours begins with this thread.
const bootedMs = Number(process.hrtime.bigint()) / 1e6 - timers.now();
const drivers: readonly NamedDriver[] = [
  ...(simulator === null ? [] : [{ name: 'simulated', driver: simulator.cards, aheadMs: 0 } as const]),
  ...(agent === null ? [] : [{ name: 'dahdi', driver: new DahdiCards(timers, agent), aheadMs: bootedMs } as const]),
];
const unit = new PortUnit(drivers, { dsp, channels, simulator }, timers, {
  tell: (event: PortGatewayEvent) => tell(event.event === 'port' ? { ...event, atMs: event.atMs + ahead } : event),
  link: (address, end) => links.link(address, end),
});
// Its own priority alone: its packets go through a socket of Node's.
const realtimeRefused = (native === '' ? new DgramPacketIo() : new NativePacketIo(native, 1)).setRealtime();

parentPort?.on('message', (request: PortsRequest) => {
  if (request !== 'end') return unit.execute(request.command, (outcome) => tell({ id: request.id, outcome }));
  unit.close();
  simulator?.close();
  links.close();
  timers.close();
  flush();
  parentPort?.close();
});
tell({ ready: { address: links.address.address, port: links.address.port }, realtimeRefused });

function timeOfDay(): CallerIdTime {
  const now = new Date();
  return { month: now.getMonth() + 1, day: now.getDate(), hour: now.getHours(), minute: now.getMinutes() };
}
