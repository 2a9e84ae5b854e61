import { parentPort, workerData } from 'node:worker_threads';
import { DgramPacketIo } from '../packet-io/dgram-packet-io.ts';
import { NativePacketIo } from '../packet-io/native-packet-io.ts';
import { AudioBridges } from './audio-bridges.ts';
import { CommandRing } from './command-ring.ts';
import { longestRecord, readMediaPlane } from './media-plane.ts';
import { Relay } from './relay.ts';
import type { WorkerEvent, WorkerSettings } from './worker-event.ts';

// A worker thread: owns its sockets, takes its commands from the ring, tells its events in one message a round.
const { native, pairs, ring: ringMemory, statistics, mediaTimeoutMs, cname, dsp, bridges: bridgesSettings, players } = workerData as WorkerSettings;
// Before the worker sits in `poll`, where nothing can be awaited.
const bridges = await AudioBridges.open(dsp, bridgesSettings, players);
const io = native === '' ? new DgramPacketIo() : new NativePacketIo(native, pairs * 2);
let events: WorkerEvent[] = [];
const relay = new Relay(pairs, { io, statistics: new Float64Array(statistics), random: Math.random, cname, mediaTimeoutMs, tell: (event) => events.push(event) }, bridges);
const ring = new CommandRing(ringMemory);
const record = new Int32Array(longestRecord);

if (io instanceof DgramPacketIo) parentPort?.on('message', () => io.wake());
parentPort?.postMessage([{ type: 'ready', kind: io.kind, wakeHandle: io.wakeHandle, realtimeRefused: io.setRealtime() } satisfies WorkerEvent]);

await io.run((packets) => {
  while (ring.read(record) > 0) readMediaPlane(record, relay);
  const wait = relay.round(packets);
  if (events.length > 0) {
    parentPort?.postMessage(events);
    events = [];
  }
  return wait;
});
parentPort?.close();
