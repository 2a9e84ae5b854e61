import { setTimeout as sleep } from 'node:timers/promises';
import { cardConformance, type CardEvent, cardsOf, type CardsUnderTest, type Port, type PortId, PortRecorder } from '@tipring/cards';
import { DahdiCards } from '@tipring/cards/dahdi';
import { nodeTimers } from '@tipring/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callsInGuest } from './calls-in-guest.ts';
import { type Guest, guestFxo, guestFxs, startGuest } from './guest.ts';
import { NoGuest } from './guest-image.ts';

/**
 * The driver, its agent and the genuine dahdi.ko. Time is asked of the guest, never of this machine; a clause in which this machine
 * kept the guest waiting for longer than its buffers last is tried again.
 */
let guest: Guest | null = null;
let why = '';
beforeAll(async () => {
  try {
    guest = await startGuest();
    await guest.startAgent(agentSettings);
  } catch (error) {
    if (!(error instanceof NoGuest)) throw error;
    why = error.message;
    process.stdout.write(`skipped: ${why}\n`);
  }
});
afterAll(() => guest?.stop());

/** A client on a busy machine gets 100 ms for each block, and the guest may stand still for 600. */
const agentSettings = ['--lead', '5', '--buffers', '32'];

const inGuest = (name: string, run: (guest: Guest) => Promise<void>): void =>
  test(name, { retry: 2 }, async ({ skip }) => {
    if (guest === null) return skip(why);
    await run(guest);
  });

let pairs = 0;

interface PortsInGuest extends CardsUnderTest {
  readonly driver: DahdiCards;
}

/** A pair of ports that the clauses before have left alone for a while: hardware hides ringing for 2 s after a call. */
async function underTest(socket: string): Promise<PortsInGuest> {
  const pair = 1 + (pairs++ % 8);
  const timers = nodeTimers();
  const driver = new DahdiCards(timers, socket);
  // The tunnel may tell the agent late that the client before has gone.
  await expect.poll(() => cardsOf(driver).then(({ length }) => length), { timeout: 20_000 }).toBe(2);
  const end = async (): Promise<void> => {
    driver.close();
    timers.close();
  };
  return { driver, fxo: guestFxo(pair), fxs: guestFxs(pair), wait: (ms) => waitInGuest(driver, ms), end };
}

async function waitInGuest(driver: DahdiCards, ms: number): Promise<void> {
  const clock = (): Promise<number> => new Promise((resolve, reject) => driver.clock((now) => (now === null ? reject(new Error('The agent is gone.')) : resolve(now))));
  const end = (await clock()) + ms;
  for (let left = ms; left > 0; left = end - (await clock())) await sleep(Math.ceil(left));
}

cardConformance((name, run) => inGuest(name, run), () => underTest(guest!.socket));

/** As `inGuest`, with a pair of ports that is let go in any case. */
const withPorts = (name: string, run: (made: PortsInGuest, guest: Guest) => Promise<void>): void =>
  inGuest(name, async (guest) => {
    const made = await underTest(guest.socket);
    try {
      await run(made, guest);
    } finally {
      await made.end();
    }
  });

withPorts('A-law octets pass the kernel unchanged, both ways', async ({ driver, fxo, fxs, wait }) => {
  const [line, station] = [driver.port(fxo)!, driver.port(fxs)!];
  const noise = Buffer.from(Array.from({ length: 8_000 }, (_, n) => (n * 7 + (n >> 5) * 13 + 1) & 0xff));
  const ears = [line, station].map((port) => new Ear(port, noise));
  await Promise.all(ears.map((ear) => ear.opened));
  await new Promise((resolve) => line.send({ do: 'hook', hook: 'off' }, resolve));
  await wait(1_000);
  for (const ear of ears) ear.speak();
  await wait(2_500);
  for (const ear of ears) expect(Buffer.from(ear.heard).indexOf(noise)).toBeGreaterThan(0);
});

/** Sends octets when told to, and keeps what it hears. */
class Ear {
  readonly heard: number[] = [];
  readonly opened: Promise<unknown>;
  readonly #octets: Buffer;
  #at: number | null = null;

  constructor(port: Port, octets: Buffer) {
    this.#octets = octets;
    this.opened = new Promise((resolve) => port.open({ event: () => {}, audio: (received, send) => this.#audio(received, send) }, resolve));
  }

  speak(): void {
    this.#at = 0;
  }

  #audio(received: Uint8Array, send: Uint8Array): void {
    this.heard.push(...received);
    if (this.#at === null || this.#at >= this.#octets.length) return;
    send.set(this.#octets.subarray(this.#at, this.#at + send.length));
    this.#at += send.length;
  }
}

/** What the kernel sees at the FXS port wired to this FXO port, from outside of the agent: whether the telephone is off hook. */
async function seenAt({ port }: PortId, guest: Guest): Promise<boolean> {
  return (await guest.run(`spans hook ${8 + port}`)).some((line) => line.endsWith('rxhooksig 1'));
}

withPorts('when the client goes without a word its line is on hook within a second', async ({ driver, fxo, wait }, guest) => {
  const line = new PortRecorder(driver.port(fxo)!);
  expect([await line.open(), await line.send({ do: 'hook', hook: 'off' })]).toEqual(['done', 'done']);
  await wait(1_000);
  expect(await seenAt(fxo, guest)).toBe(true);
  driver.close();
  await guest.run('usleep 800000');
  expect(await seenAt(fxo, guest)).toBe(false);
});

withPorts('when the agent is killed the kernel hangs its lines up, and the ports are back with the agent', async ({ driver, fxo, wait }, guest) => {
  const told: CardEvent['type'][] = [];
  driver.onCard = ({ type }) => told.push(type);
  const line = new PortRecorder(driver.port(fxo)!);
  expect([await line.open(), await line.send({ do: 'hook', hook: 'off' })]).toEqual(['done', 'done']);
  await wait(1_000);
  expect(await seenAt(fxo, guest)).toBe(true);
  await guest.run('kill -9 $(pidof card-agent); usleep 800000');
  expect(await seenAt(fxo, guest)).toBe(false);
  await expect.poll(() => told, { timeout: 10_000 }).toEqual(['gone', 'gone']);
  expect([line.events.at(-1)?.type, await line.send({ do: 'hook', hook: 'on' })]).toEqual(['absent', 'absent']);
  await guest.startAgent(agentSettings);
  await expect.poll(() => told, { timeout: 20_000 }).toEqual(['gone', 'gone', 'arrived', 'arrived']);
  expect(await new PortRecorder(driver.port(fxo)!).open()).toBe('done');
});

withPorts('a span that is pulled takes its ports with it, and brings them back with their settings', async ({ driver, fxs }, guest) => {
  const device = '/sys/bus/dahdi_devices/devices/dynamic:loc:1';
  const told: string[] = [];
  driver.onCard = (event) => told.push(`${event.type} ${event.type === 'gone' ? event.serial : event.card.serial}`);
  const station = new PortRecorder(driver.port(fxs)!);
  expect([await station.open(), await station.configure({ receiveGainDb: -3 })]).toEqual(['done', 'done']);
  await guest.run(`echo 1 >${device}/unassign_span`);
  await expect.poll(() => told, { timeout: 10_000 }).toEqual(['gone DYN-loc-1:1']);
  expect([station.events.at(-1)?.type, driver.port(fxs)]).toEqual(['absent', null]);
  await guest.run(`echo 1:2:9 >${device}/assign_span && spans configure 2`);
  await expect.poll(() => told, { timeout: 10_000 }).toEqual(['gone DYN-loc-1:1', 'arrived DYN-loc-1:1']);
  expect(driver.port(fxs)?.settings.receiveGainDb).toBe(-3);
  expect(await new PortRecorder(driver.port(fxs)!).open()).toBe('done');
});

callsInGuest(inGuest, (guest) => guest.startAgent(agentSettings));
