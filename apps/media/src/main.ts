import { nodeTimers } from '@tipring/clock';
import { readDspModule } from '@tipring/dsp/node';
import { randomBytes, randomInt } from 'node:crypto';
import { bridgeRoom } from './bridging.ts';
import { ControlServer } from './control-server.ts';
import { type AnalogPorts, MediaGateway } from './media-gateway.ts';
import { openPorts } from './open-ports.ts';
import { type MediaSettings, readSettings } from './settings.ts';
import { SoundsLink } from './sounds/sounds-link.ts';
import { WorkerLink } from './worker-link.ts';

/** The media gateway process. Its environment: settings.ts. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const totalPairs = (settings.lastPort - settings.firstPort + 1) >> 1;
  // A worker with a handful of ports would run out while others have some left.
  const workers = Math.max(1, Math.min(settings.workers, totalPairs >> 6));
  // Twice its slice: for pinned ports outside of it, and for a second address.
  const pairs = 2 * Math.ceil(totalPairs / workers) + 256;
  const cname = randomBytes(12).toString('hex'); // RFC 7022 4.2: short-term persistent and random.
  const name = `media-${process.pid}`;

  let gateway: MediaGateway | null = null;
  let readyWorkers = 0;
  let allReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    allReady = resolve;
  });
  const dsp = readDspModule(settings.dsp);
  const bridges = bridgeRoom(settings.bridgedEnds);
  const die = (what: string) => (error: Error): never => {
    // Its calls have no audio any more: better a new process with all ports, to which the controller re-adds them.
    say(`${what} died: ${error.stack ?? error.message}`);
    process.exit(1);
  };
  // Who is played to takes as much room as who plays.
  const sounds = new SoundsLink(settings.sounds, Math.ceil((settings.bridgedEnds * workers) / 2), dsp, (told) => gateway?.takeOfSounds(told), die('the sounds thread'));
  const { players } = sounds;
  const links = Array.from({ length: workers }, (_none, worker) => {
    const { native, mediaTimeoutMs } = settings;
    return new WorkerLink(
      { native, pairs, mediaTimeoutMs, cname, dsp, bridges, players },
      (events) => {
        if (events.some(({ type }) => type === 'ready') && ++readyWorkers === workers) allReady();
        gateway?.take(worker, events);
      },
      die('a worker'),
    );
  });
  const ports = openPorts(settings, dsp, (events) => gateway?.takeOfPorts(events), die('the ports worker'));

  let server: ControlServer | null = null;
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    server?.close();
    await Promise.all([ports?.thread.end(), ...links.map((link) => link.end())]);
    // What was heard until now is written.
    await sounds.end();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  // Started by a launcher: when that is gone nobody would ever stop us.
  process.on('disconnect', () => void stop());

  const analog: AnalogPorts | null = ports === null ? null : { ports: ports.thread, address: await ports.address };
  gateway = new MediaGateway({ ...settings, name, pairs, bridges }, links, sounds, analog, nodeTimers(), () => randomInt(2 ** 32) / 2 ** 32);
  server = new ControlServer(gateway, settings.socket);
  await ready;
  await server.listen();
  const refused = links.find(({ realtimeRefused }) => realtimeRefused !== null)?.realtimeRefused ?? null;
  const realtime = refused === null ? 'real-time priority' : `no real-time priority (${refused})`;
  say(`${name}: ${workers} worker${workers > 1 ? 's' : ''}, ${settings.native === '' ? 'packet I/O without the addon' : 'packet I/O addon'}, ${realtime}, RTP ports ${settings.firstPort}-${settings.lastPort}, ${cardsInWords(settings)}`);
  process.send?.({ type: 'ready' });
}

function cardsInWords({ cards }: MediaSettings): string {
  switch (cards.are) {
    case 'none':
      return 'no cards';
    case 'demo':
      return 'a simulated card';
    case 'simulated':
      return `simulated cards of ${cards.file}`;
    case 'dahdi':
      return `the cards of ${cards.agent}`;
  }
}

/** Into the log: the terminal is for what a person has to know. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
