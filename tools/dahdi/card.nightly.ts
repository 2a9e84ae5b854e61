import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Card, cardsOf, PortRecorder } from '@tipring/cards';
import { DahdiCards } from '@tipring/cards/dahdi';
import { nodeTimers } from '@tipring/clock';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Guest, startGuest } from './guest.ts';
import { NoGuest } from './guest-image.ts';

/**
 * The driver and its agent on the genuine wctdm.ko, with a simulated card below it (card/): what local spans cannot show. The card's clock
 * waits for the guest, which is slow, so everything is waited for and nothing is timed.
 */
let guest: Guest | null = null;
let hardware: ChildProcess | null = null;
let why = '';
const folder = mkdtempSync(join(tmpdir(), 'tipring-card-'));

beforeAll(async () => {
  try {
    const socket = join(folder, 'card.sock');
    hardware = spawn(builtCard(), [socket], { stdio: ['pipe', 'inherit', 'inherit'] });
    await vi.waitFor(() => expect(existsSync(socket)).toBe(true));
    guest = await startGuest(socket);
    await guest.run('insmod /modules/wctdm.ko opermode=TBR21');
    await guest.startAgent(['--lead', '10', '--buffers', '32']);
  } catch (error) {
    if (!(error instanceof NoGuest)) throw error;
    why = error.message;
    process.stdout.write(`skipped: ${why}\n`);
  }
});
afterAll(async () => {
  await guest?.stop();
  hardware?.kill();
  rmSync(folder, { recursive: true, force: true });
});

function builtCard(): string {
  const sources = join(import.meta.dirname, 'card');
  const program = join(folder, 'tdm400p');
  execFileSync('gcc', ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-o', program, ...readdirSync(sources).filter((name) => name.endsWith('.c')).map((name) => join(sources, name)), '-lm']);
  return program;
}

let timers: ReturnType<typeof nodeTimers>;
let cards: DahdiCards;
let card: Card;
let line: PortRecorder;
let station: PortRecorder;

beforeEach(async ({ skip }) => {
  if (guest === null) return skip(why);
  timers = nodeTimers();
  cards = new DahdiCards(timers, guest.socket);
  card = await vi.waitFor(async () => (await cardsOf(cards))[0] ?? Promise.reject(new Error('There is no card.')), slowly);
  [station, line] = [1, 3].map((port) => new PortRecorder(cards.port({ card: card.serial, port })!)) as [PortRecorder, PortRecorder];
  expect([await station.open(), await line.open()]).toEqual(['done', 'done']);
  await vi.waitFor(() => expect(line.of('battery').at(-1)?.present).toBe(true), slowly);
});
afterEach(() => {
  cards?.close();
  timers?.close();
});

const slowly = { timeout: 60_000, interval: 50 };

async function answer(): Promise<void> {
  expect(await line.send({ do: 'hook', hook: 'off' })).toBe('done');
  await expect.poll(() => station.of('hook').at(-1)?.hook, slowly).toBe('off');
}

async function hangUp(): Promise<void> {
  expect(await line.send({ do: 'hook', hook: 'on' })).toBe('done');
  await expect.poll(() => station.of('hook').at(-1)?.hook, slowly).toBe('on');
}

test('the card is known by its place, its ports by what their modules are and can', () => {
  expect(card.identity).toBe('location');
  expect(card.slot).toContain('PCI');
  expect(card.ports.map(({ kind }) => kind)).toEqual(['fxs', 'fxs', 'fxo', 'fxo']);
  expect(card.ports[0]!.capabilities).toMatchObject({ polarityReversal: true, onHookTransmission: true, messageWaitingLamp: true, measures: ['lineVolts'] });
  expect(card.ports[2]!.capabilities).toMatchObject({ seesPolarity: true, measures: ['lineVolts'] });
});

test('it rings, is answered, carries both voices and is hung up', async () => {
  expect(await station.send({ do: 'ring', cadence: [{ onMs: 2_000, offMs: 2_000 }] })).toBe('done');
  await expect.poll(() => line.of('ringBegan').length, slowly).toBeGreaterThan(0);
  await expect.poll(() => line.of('ringEnded').length, slowly).toBeGreaterThan(0);
  await answer();
  expect(station.of('ringTripped').length).toBe(1);
  line.sendTone(700);
  station.sendTone(1_100);
  await expect.poll(() => station.toneDbm0(700), slowly).toBeGreaterThan(-13);
  await expect.poll(() => line.toneDbm0(1_100), slowly).toBeGreaterThan(-13);
  await hangUp();
});

test('voltages are those of the line: on hook 48 V, off hook a few', async () => {
  expect(Math.abs((await line.measure())!.lineVolts! - 48)).toBeLessThan(3);
  expect(Math.abs((await station.measure())!.lineVolts! - 48)).toBeLessThan(3);
  await answer();
  await expect.poll(async () => (await line.measure())!.lineVolts!, slowly).toBeLessThan(30);
  expect((await line.measure())!.offHook).toBe(true);
  await hangUp();
});

test('reversed polarity is seen at the other end, and measured', async () => {
  expect(line.of('polarity').at(-1)?.polarity).toBe('normal');
  for (const polarity of ['reversed', 'normal'] as const) {
    expect(await station.send({ do: 'polarity', polarity })).toBe('done');
    await expect.poll(() => line.of('polarity').at(-1)?.polarity, slowly).toBe(polarity);
    expect((await line.measure())!.polarity).toBe(polarity);
  }
});

test('the lamp is lit with a voltage that is on no other line', async () => {
  expect(await station.send({ do: 'messageWaiting', lamp: 'on' })).toBe('done');
  await expect.poll(async () => (await line.measure())!.lineVolts!, slowly).toBeGreaterThan(80);
  expect(await station.send({ do: 'messageWaiting', lamp: 'off' })).toBe('done');
  await expect.poll(async () => Math.abs((await line.measure())!.lineVolts! - 48), slowly).toBeLessThan(3);
});

test('gains are the hardware\'s', async () => {
  await answer();
  line.sendTone(1_000);
  await expect.poll(() => station.toneDbm0(1_000), slowly).toBeCloseTo(-10, 0);
  expect(await line.configure({ sendGainDb: -6 })).toBe('done');
  await expect.poll(() => station.toneDbm0(1_000), slowly).toBeCloseTo(-16, 0);
  expect(await line.configure({ sendGainDb: 0 })).toBe('done');
  await hangUp();
});

test('caller ID: while it is transmitted the line hears the station\'s port on hook', async () => {
  station.sendTone(1_200);
  expect(await station.send({ do: 'onHookTransmission', ms: 3_000 })).toBe('done');
  await expect.poll(() => line.toneDbm0(1_200), slowly).toBeGreaterThan(-13);
});

test('an open loop and a flash are seen at the other end', async () => {
  await answer();
  await expect.poll(() => line.send({ do: 'flash' }), slowly).toBe('done');
  await expect.poll(() => station.of('hookFlash').length, slowly).toBe(1);
  await expect.poll(() => line.of('flashEnded').length, slowly).toBe(1);
  line.forget();
  await expect.poll(() => station.send({ do: 'openLoop', ms: 500 }), slowly).toBe('done');
  await expect.poll(() => line.of('battery').map(({ present }) => present), slowly).toEqual([false, true]);
  await hangUp();
});

test('a line that is cut has no battery, and has it again', async () => {
  line.forget();
  hardware!.stdin!.write('cut 1\n');
  await expect.poll(() => line.of('battery').at(-1)?.present, slowly).toBe(false);
  hardware!.stdin!.write('mend 1\n');
  await expect.poll(() => line.of('battery').at(-1)?.present, slowly).toBe(true);
});
