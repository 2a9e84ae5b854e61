import { Dsp } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import type { Gateway, GatewayCommand, GatewayEvent, GatewayReplies, PayloadCodec } from '@tipring/gateway';
import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connected, kindsForTests, type MediaProcess, startMedia } from './testing/media-process.ts';
import { TonePhone } from './testing/tone-phone.ts';

const pcmu: PayloadCodec = { payloadType: 0, name: 'PCMU', clockRate: 8000 };
const pcma: PayloadCodec = { payloadType: 8, name: 'PCMA', clockRate: 8000 };
const g722: PayloadCodec = { payloadType: 9, name: 'G722', clockRate: 8000 };
const firstPort = 27_400;
/** With whole periods in 50 ms; the last is beyond what telephones of narrow band hear. */
const [aHz, bHz, cHz, dHz, wideHz] = [440, 660, 1000, 1500, 5000] as const;

// Two workers: contexts come to both, so that rooms and moves span them. Each test in its own contexts, all at the same time.
describe.concurrent.each(kindsForTests())('rooms and moves over two workers, %s packet I/O', (kind) => {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 8 * 2 ** 20 });
  let media: MediaProcess;
  let gateway: Gateway;
  const phones: TonePhone[] = [];
  const events: GatewayEvent[] = [];

  beforeAll(async () => {
    media = await startMedia(kind, { TIPRING_RTP_PORTS: `${firstPort}-${firstPort + 399}`, TIPRING_MEDIA_WORKERS: '2', TIPRING_BRIDGED_ENDS: '64' });
    gateway = await connected(media.socket);
    gateway.onEvent = (event) => void events.push(event);
  });
  afterAll(async () => {
    for (const phone of phones) phone.close();
    gateway.close();
    await media.end();
  });

  const ask = <C extends GatewayCommand>(command: C): Promise<GatewayReplies[C['do']]> =>
    new Promise((resolve, reject) => gateway.send(command, (reply, refusal) => (reply === null ? reject(new Error(`${refusal?.code}: ${refusal?.text}`)) : resolve(reply))));

  const phoneIn = async (context: string, termination: string, frequency: number, codecs: readonly PayloadCodec[] = [pcmu]): Promise<TonePhone> => {
    const phone = await TonePhone.open(dsp, frequency, codecs);
    phones.push(phone);
    const { local } = await ask({ do: 'add', context, termination, remote: phone.remote });
    phone.talkTo(local);
    return phone;
  };

  /** Of a new context, with one of the two workers: every second pair of ports is of the same. */
  const phoneWith = async (worker: 0 | 1, context: string, termination: string, frequency: number): Promise<TonePhone> => {
    const phone = await TonePhone.open(dsp, frequency, [pcmu]);
    phones.push(phone);
    for (let rtpPort = firstPort + 2 * worker; ; rtpPort += 4) {
      const local = await ask({ do: 'add', context, termination, remote: phone.remote, local: { rtpPort } }).then((reply) => reply.local, (error: Error) => error.message.startsWith('portTaken') ? null : Promise.reject(error));
      if (local === null) continue;
      phone.talkTo(local);
      return phone;
    }
  };

  /** A context of a phone that has a seat in a room. */
  const seated = async (context: string, room: string, frequency: number, codecs: readonly PayloadCodec[] = [pcmu]): Promise<TonePhone> => {
    const phone = await phoneIn(context, 'a', frequency, codecs);
    await ask({ do: 'addSeat', context, termination: 's', room });
    await ask({ do: 'topology', context, joined: [['a', 's']] });
    return phone;
  };

  test('who has a seat hears all others in the room and not himself, whatever context and worker they are of', async () => {
    const [a, b, c, d] = [await seated('r1', 'one', aHz), await seated('r2', 'one', bHz, [pcma]), await seated('r3', 'one', cHz), await seated('r4', 'another', dHz)];
    const others = [[bHz, cHz, aHz], [aHz, cHz, bHz], [aHz, bHz, cHz]] as const;
    await Promise.all([a, b, c].map((phone, index) => phone.hears(others[index]!.slice(0, 2), [others[index]![2], dHz])));
    await d.hears([], [aHz, bHz, cHz, dHz]);
    await ask({ do: 'modifySeat', context: 'r2', termination: 's', isMuted: true });
    await Promise.all([a.hears([cHz], [bHz]), b.hears([aHz, cHz], [bHz])]);
    await ask({ do: 'modifySeat', context: 'r2', termination: 's', isMuted: false });
    await a.hears([bHz, cHz]);
    await ask({ do: 'release', context: 'r3' });
    await a.hears([bHz], [cHz, aHz]);
    // What is announced to the room: a player with a seat.
    await ask({ do: 'addPlayer', context: 'r5', termination: 'p' });
    await ask({ do: 'addSeat', context: 'r5', termination: 's', room: 'one' });
    await ask({ do: 'topology', context: 'r5', joined: [['p', 's']] });
    await ask({ do: 'announce', context: 'r5', termination: 'p', pieces: [{ tone: { segments: [{ frequenciesHz: [dHz], durationMs: null }] }, levelDbm0: -16, ms: 60_000 }] });
    await Promise.all([a.hears([bHz, dHz]), b.hears([aHz, dHz])]);
  });

  test('wide-band phones hear each other wide-band, with narrow ones in the room, and one that comes later does too', async () => {
    const [a, wide] = [await seated('w1', 'wide', aHz), await seated('w2', 'wide', wideHz, [g722])];
    await wide.hears([aHz], [wideHz]);
    const listening = await seated('w3', 'wide', bHz, [g722]);
    await Promise.all([listening.hears([aHz, wideHz], [bHz]), wide.hears([aHz, bHz], [wideHz]), a.hears([bHz], [aHz])]);
  });

  test('several in one context share a seat', async () => {
    const alone = await seated('s1', 'shared', aHz);
    const [b, c] = [await phoneIn('s2', 'b', bHz), await phoneIn('s2', 'c', cHz, [g722])];
    await ask({ do: 'addSeat', context: 's2', termination: 's', room: 'shared' });
    await ask({ do: 'topology', context: 's2', joined: [['b', 's'], ['c', 's'], ['b', 'c']] });
    await Promise.all([alone.hears([bHz, cHz], [aHz]), b.hears([aHz, cHz], [bHz]), c.hears([aHz, bHz], [cHz])]);
  });

  test('an end that is moved to another call is heard there and no more where it was, whatever workers they are with', async () => {
    const first = [await phoneWith(0, 'm1', 'a', aHz), await phoneIn('m1', 'b', bHz)] as const;
    await ask({ do: 'topology', context: 'm1', joined: [['a', 'b']] });
    const others = await Promise.all([phoneWith(0, 'm2', 'c', cHz), phoneWith(1, 'm3', 'c', dHz)]);
    const [a, b] = first;
    for (const [index, context] of ['m2', 'm3', 'm2'].entries()) {
      const other = others[index % 2]!;
      const from = index === 0 ? 'm1' : index === 1 ? 'm2' : 'm3';
      const [is, was] = index % 2 === 0 ? [cHz, dHz] : [dHz, cHz];
      await ask({ do: 'move', context: from, termination: 'a', to: context });
      await ask({ do: 'topology', context, joined: [['a', 'c']] });
      await Promise.all([a.hears([is], [was, bHz, aHz]), other.hears([aHz], [is])]);
    }
    await ask({ do: 'move', context: 'm3', termination: 'c', to: 'm1', as: 'd' });
    await ask({ do: 'topology', context: 'm1', joined: [['b', 'd']] });
    await Promise.all([b.hears([dHz], [aHz]), others[1].hears([bHz], [aHz])]);
    // What was measured with a former worker counts.
    const { statistics } = await ask({ do: 'subtract', context: 'm2', termination: 'a' });
    expect(statistics.packetsReceived).toBeGreaterThan(a.phone.sequence - 20);
    expect(statistics.codec).toBe('PCMU');
    // Two of the three moves were to the other worker.
    expect(new Set(a.phone.heard.map(({ ssrc }) => ssrc)).size).toBe(3);
  });

  test('within its worker a moved end keeps its stream: one SSRC, no number left out', async () => {
    const a = await phoneIn('k1', 'a', aHz);
    await phoneIn('k1', 'b', bHz);
    await ask({ do: 'topology', context: 'k1', joined: [['a', 'b']] });
    await a.hears([bHz]);
    // What comes into being by a move is where the end was.
    await ask({ do: 'move', context: 'k1', termination: 'a', to: 'k2' });
    await ask({ do: 'move', context: 'k1', termination: 'b', to: 'k2' });
    await ask({ do: 'topology', context: 'k2', joined: [['a', 'b']] });
    const from = a.phone.heard.length;
    await a.phone.until(({ heard }) => heard.length > from + 10);
    const sequences = a.phone.heard.map(({ sequence }) => sequence);
    expect(sequences.every((sequence, index) => index === 0 || ((sequence - sequences[index - 1]!) & 0xffff) === 1)).toBe(true);
    expect(new Set(a.phone.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
  });

  test('a context whose end is recorded can go to the worker of a room, and the recording goes on', async () => {
    const rooms = [await seated('g1', 'gone-to', bHz), await seated('g2', 'gone-to', cHz)] as const;
    const contexts = ['g3', 'g4'];
    const talkers = [await phoneWith(0, 'g3', 'a', aHz), await phoneWith(1, 'g4', 'a', aHz)];
    for (const context of contexts) {
      await ask({ do: 'addPlayer', context, termination: 'p' });
      await ask({ do: 'topology', context, joined: [['a', 'p']] });
      await ask({ do: 'record', context, termination: 'p', file: `${context}.wav`, maxMs: 60_000 });
    }
    for (const context of contexts) {
      await ask({ do: 'addSeat', context, termination: 's', room: 'gone-to' });
      await ask({ do: 'topology', context, joined: [['a', 's']], oneWay: [['a', 'p'], ['s', 'p']] });
    }
    await Promise.all([...talkers.map((talker) => talker.hears([aHz, bHz, cHz])), rooms[0].hears([aHz, cHz], [bHz])]);
    for (const context of contexts) expect((await ask({ do: 'inspect', context })).terminations.find(({ kind: is }) => is === 'player')?.player).toMatchObject({ recording: { is: 'running' } });
  });

  test('a multicast group hears a page, and what comes to its port does not take it away', async () => {
    const group = { address: '239.195.7.7', port: 27_900 + (kind === 'native' ? 0 : 2) };
    const receiver = createSocket({ type: 'udp4', reuseAddr: true });
    await new Promise<void>((resolve) => receiver.bind(group.port, group.address, resolve));
    receiver.addMembership(group.address, '127.0.0.1');
    let heard = 0;
    let enough = (): void => {};
    receiver.on('message', () => ++heard > 25 && enough());
    const speaker = await phoneIn('page', 'a', aHz);
    const { local } = await ask({ do: 'add', context: 'page', termination: 'zone', remote: { rtp: group, codecs: [pcmu], multicastTtl: 2 }, mode: 'recvonly', address: '127.0.0.1' });
    await ask({ do: 'topology', context: 'page', joined: [], oneWay: [['a', 'zone']] });
    const stranger = createSocket('udp4');
    for (let packet = 0; packet < 20; packet++) stranger.send(Buffer.concat([Buffer.from([0x80, 0, 0, packet, 0, 0, 0, 0, 0, 0, 0, 1]), Buffer.alloc(160)]), local.rtpPort, local.address);
    await new Promise<void>((resolve) => (enough = resolve));
    expect((await ask({ do: 'inspect', context: 'page' })).terminations.find(({ termination }) => termination === 'zone')).toMatchObject({ remote: { rtp: group, multicastTtl: 2 } });
    expect(speaker.phone.heard).toEqual([]);
    expect(events.some((event) => event.context === 'page' && event.termination === 'zone')).toBe(false);
    receiver.close();
    stranger.close();
  });
});
