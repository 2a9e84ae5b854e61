import { expect, test } from 'vitest';
import { demoPlan } from '@tipring/cards';
import { readDspModule } from '@tipring/dsp/node';
import type { PortGatewayEvent } from '@tipring/gateway';
import { sequenceDistance } from '@tipring/rtp';
import { openPhone, type RtpPhone } from '../testing/rtp-phone.ts';
import type { PortUnitCommand, PortUnitOutcome } from './port-unit-command.ts';
import { PortsLink } from './ports-link.ts';
import type { PortsSettings } from './ports.ts';

class Thread {
  readonly events: PortGatewayEvent[] = [];
  readonly deaths: Error[] = [];
  readonly link: PortsLink;
  #changed: () => void = () => {};

  constructor(settings: Partial<PortsSettings> = {}) {
    const onDeath = (error: Error): void => {
      this.deaths.push(error);
      this.#changed();
    };
    this.link = new PortsLink({ dsp: readDspModule(), native: '', channels: 32, simulated: demoPlan(), agent: null, ...settings }, (events) => {
      this.events.push(...events);
      this.#changed();
    }, onDeath);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  ask<Do extends PortUnitCommand['do']>(command: Extract<PortUnitCommand, { readonly do: Do }>): Promise<PortUnitOutcome<Do>> {
    return new Promise((resolve) => this.link.execute<Do>(command, resolve));
  }

  async obey<Do extends PortUnitCommand['do']>(command: Extract<PortUnitCommand, { readonly do: Do }>): Promise<Extract<PortUnitOutcome<Do>, { readonly refusal?: undefined }>['reply']> {
    const outcome = await this.ask(command);
    if (outcome.refusal !== undefined) throw new Error(`${command.do}: ${outcome.refusal.text}`);
    return outcome.reply;
  }
}

test('a telephone and an RTP end talk: each its own tone, digits as events, numbers without a gap', async () => {
  const thread = new Thread();
  const phone = await openPhone(99);
  try {
    const { address, port: rtpPort } = await thread.link.ready;
    phone.talkTo({ address, rtpPort });
    const { cards } = await thread.obey({ do: 'cards' });
    expect(cards.map(({ serial, driver, ports }) => [serial, driver, ports.length])).toEqual([['SIM-1', 'simulated', 12]]);
    const port = 'SIM-1/5';
    const jack = { card: 'SIM-1', port: 5 };
    await thread.obey({ do: 'openPort', port });
    await thread.obey({ do: 'simulate', act: { on: 'telephone', port: jack, do: 'lift' } });
    await thread.until(() => thread.events.some((event) => event.event === 'port' && event.is.type === 'hook' && event.is.hook === 'off'));
    await thread.obey({ do: 'listen', port, listening: { digits: true } });
    await thread.obey({ do: 'connectPort', port, codec: 'PCMA', link: { address: phone.address, port: phone.port, telephoneEvent: 101, digits: 'events' } });

    await phone.until(() => phone.heard.length >= 5);
    await thread.obey({ do: 'simulate', act: { on: 'telephone', port: jack, do: 'dial', digits: '5#' } });
    const digits = (): string => thread.events.flatMap((event) => (event.event === 'port' && event.is.type === 'digit' ? [event.is.digit] : [])).join('');
    await thread.until(() => digits() === '5#');
    const ended = (event: number): boolean => phone.heard.filter(({ payloadType, payload }) => payloadType === 101 && payload[0] === event && (payload[1]! & 0x80) !== 0).length === 3;
    await phone.until(() => ended(5) && ended(11));

    await thread.obey({ do: 'simulate', act: { on: 'telephone', port: jack, do: 'speak', tone: { frequencyHz: 1_000 } } });
    await phone.until(() => loudPackets(phone) >= 20);
    const timestamps = phone.heard.filter(({ payloadType }) => payloadType === 8).map(({ timestamp }) => timestamp);
    phone.heard.forEach(({ sequence }, n) => n > 0 && expect(sequenceDistance(sequence, phone.heard[n - 1]!.sequence)).toBe(1));
    timestamps.forEach((timestamp, n) => n > 0 && expect(((timestamp - timestamps[n - 1]!) | 0) % 160).toBe(0));

    // A square wave of 500 Hz.
    const tone = Uint8Array.from({ length: 160 }, (_, n) => (n % 16 < 8 ? 0xa0 : 0x20));
    const talking = setInterval(() => phone.say(tone), 20);
    try {
      const hears = async (): Promise<boolean> => {
        const { telephones } = await thread.obey({ do: 'simulator' });
        return telephones.some((telephone) => telephone.hears.some(({ hz }) => Math.abs(hz - 500) < 15));
      };
      while (!(await hears())) await phone.until(afterNext(phone));
    } finally {
      clearInterval(talking);
    }
    expect((await thread.obey({ do: 'measurePort', port })).buffer?.overruns).toBe(0);
  } finally {
    phone.close();
    await thread.link.end();
  }
  expect(thread.deaths).toEqual([]);
  expect((await thread.ask({ do: 'cards' })).refusal?.code).toBe('hardware');
});

test('a thread that cannot begin is told as dead, and what was asked of it is answered', async () => {
  const thread = new Thread({ simulated: { cards: [{ serial: 'A', ports: [] }] } });
  const asked = thread.ask({ do: 'cards' });
  await expect(thread.link.ready).rejects.toThrow('cards[0].ports');
  await thread.until(() => thread.deaths.length === 1);
  expect((await asked).refusal?.code).toBe('hardware');
  await thread.link.end();
});

/** Once another packet has come. */
function afterNext(phone: RtpPhone): () => boolean {
  const before = phone.heard.length;
  return () => phone.heard.length > before;
}

/** Packets of 1000 Hz: 20 periods change their sign 39 or 40 times. */
function loudPackets(phone: RtpPhone): number {
  const changes = (payload: Uint8Array): number => payload.filter((octet, n) => n > 0 && ((octet ^ payload[n - 1]!) & 0x80) !== 0).length;
  return phone.heard.filter(({ payloadType, payload }) => payloadType === 8 && [39, 40].includes(changes(payload))).length;
}
