import type { Gateway, GatewayCommand, GatewayEvent, GatewayReplies, PayloadCodec, RemoteMedia, TerminationStatistics } from '@tipring/gateway';
import { estimateMos, eventOfDigit, readRtcp, type ReceivedRtcp, TelephoneEventWriter, writeRtcp } from '@tipring/rtp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { quarantineMs } from './port-pool.ts';
import { connected, kindsForTests, type MediaProcess, startMedia } from './testing/media-process.ts';
import { openPhone, type RtpPhone } from './testing/rtp-phone.ts';

type Local = GatewayReplies['add']['local'];

const pcmu: PayloadCodec = { payloadType: 0, name: 'PCMU', clockRate: 8000 };
const pcma: PayloadCodec = { payloadType: 8, name: 'PCMA', clockRate: 8000 };
const events = (payloadType: number): PayloadCodec => ({ payloadType, name: 'telephone-event', clockRate: 8000 });

describe.each(kindsForTests())('two phones through the gateway, %s packet I/O', (kind) => {
  let media: MediaProcess;
  let gateway: Gateway;
  let told: GatewayEvent[];
  let noticed: () => void;
  let calls = 0;
  const phones: RtpPhone[] = [];

  beforeAll(async () => {
    media = await startMedia(kind, { TIPRING_MEDIA_TIMEOUT_MS: '300', TIPRING_RTP_PORTS: '28000-28999' });
    gateway = await connected(media.socket);
  });
  beforeEach(() => {
    told = [];
    noticed = () => {};
    gateway.onEvent = (event) => {
      told.push(event);
      noticed();
    };
  });
  afterAll(async () => {
    for (const phone of phones) phone.close();
    gateway.close();
    await media.end();
  });

  const ask = <C extends GatewayCommand>(command: C): Promise<GatewayReplies[C['do']]> =>
    new Promise((resolve, reject) => gateway.send(command, (reply, refusal) => (reply === null ? reject(new Error(refusal?.text)) : resolve(reply))));

  const event = async <E extends GatewayEvent['event']>(name: E): Promise<Extract<GatewayEvent, { event: E }>> => {
    for (;;) {
      const at = told.findIndex((one) => one.event === name);
      if (at >= 0) return told.splice(at, 1)[0] as Extract<GatewayEvent, { event: E }>;
      await new Promise<void>((resolve) => (noticed = resolve));
    }
  };

  const phone = async (): Promise<RtpPhone> => {
    const made = await openPhone(0x1000 + phones.length);
    made.sequence = 65_530;
    made.timestamp = 0x7fffff00;
    phones.push(made);
    return made;
  };

  const remoteOf = (of: RtpPhone, codecs: readonly PayloadCodec[]): RemoteMedia => ({ rtp: { address: of.address, port: of.port }, rtcp: { address: of.address, port: of.rtcpPort }, codecs });

  const add = async (context: string, termination: string, of: RtpPhone, codecs: readonly PayloadCodec[]): Promise<void> => {
    const { local } = await ask({ do: 'add', context, termination, remote: remoteOf(of, codecs) });
    of.talkTo(local);
  };

  /** A call between two phones, joined. */
  const call = async (codecsA: readonly PayloadCodec[] = [pcmu], codecsB: readonly PayloadCodec[] = [pcmu]): Promise<{ context: string; a: RtpPhone; b: RtpPhone }> => {
    const context = `call-${++calls}`;
    const [a, b] = [await phone(), await phone()];
    await add(context, 'a', a, codecsA);
    await add(context, 'b', b, codecsB);
    await ask({ do: 'topology', context, joined: [['a', 'b']] });
    return { context, a, b };
  };

  const counted = async (context: string, termination: number, holds: (statistics: TerminationStatistics) => boolean): Promise<void> => {
    for (;;) {
      const found = (await ask({ do: 'inspect', context })).terminations[termination];
      if (found !== undefined && holds(found.statistics)) return;
    }
  };

  const tone = (frequency: number, packet: number): Uint8Array => Uint8Array.from({ length: 160 }, (_none, i) => Math.round(100 + 90 * Math.sin((2 * Math.PI * frequency * (packet * 160 + i)) / 8000)));

  test('each hears the other\'s tone bit for bit, as one stream that wraps like the source (RFC 3550 5.1)', async () => {
    const { context, a, b } = await call();
    for (let i = 0; i < 50; i++) {
      a.say(tone(440, i));
      b.say(tone(880, i));
    }
    await Promise.all([a.until(({ heard }) => heard.length === 50), b.until(({ heard }) => heard.length === 50)]);
    b.heard.forEach(({ payload }, i) => expect(payload).toEqual(Buffer.from(tone(440, i))));
    a.heard.forEach(({ payload }, i) => expect(payload).toEqual(Buffer.from(tone(880, i))));
    for (const { heard } of [a, b]) {
      const [first] = heard;
      heard.forEach((packet, i) => expect([packet.ssrc, (packet.sequence - (first?.sequence ?? 0)) & 0xffff, (packet.timestamp - (first?.timestamp ?? 0)) >>> 0]).toEqual([first?.ssrc, i, i * 160]));
    }
    expect(new Set([...a.heard, ...b.heard].map(({ ssrc }) => ssrc)).size).toBe(2);
    const { statistics } = await ask({ do: 'release', context });
    for (const one of Object.values(statistics)) expect(one).toMatchObject({ codec: 'PCMU', packetsReceived: 50, octetsReceived: 8000, packetsSent: 50, packetsLost: 0, packetsDiscarded: 0 });
    // Nothing is lost; the jitter is this machine's.
    for (const { mos, jitterMs, roundTripMs } of Object.values(statistics)) expect(mos).toBeCloseTo(estimateMos({ codec: 'PCMU', lossRatio: 0, jitterMs, roundTripMs }), 6);
  });

  test('payload types are translated when the two number a codec differently, and what only one knows is dropped', async () => {
    const { context, a, b } = await call([{ payloadType: 96, name: 'opus', clockRate: 48_000, channels: 2 }, pcma, events(101)], [events(97), { payloadType: 111, name: 'OPUS', clockRate: 48_000, channels: 2 }]);
    a.say(tone(1, 0), 96);
    a.say(tone(2, 0), 8);
    a.say(tone(3, 0), 55);
    a.say(tone(4, 0), 96);
    b.say(tone(5, 0), 111);
    await Promise.all([b.until(({ heard }) => heard.length === 2), a.until(({ heard }) => heard.length === 1)]);
    expect(b.heard.map(({ payloadType }) => payloadType)).toEqual([111, 111]);
    // What was held back leaves no gap that would look like loss.
    expect(((b.heard[1]?.sequence ?? 0) - (b.heard[0]?.sequence ?? 0)) & 0xffff).toBe(1);
    expect(a.heard[0]?.payloadType).toBe(96);
    expect((await ask({ do: 'release', context })).statistics['a']).toMatchObject({ packetsReceived: 3, packetsDiscarded: 1 });
  });

  test('another source continues the same stream: one SSRC, next sequence number, a marker (seamless switching)', async () => {
    const { context, a, b } = await call();
    const c = await phone();
    c.sequence = 7;
    c.timestamp = 99;
    await add(context, 'c', c, [pcmu]);
    for (let i = 0; i < 3; i++) a.say(tone(1, i));
    await b.until(({ heard }) => heard.length === 3);
    await ask({ do: 'topology', context, joined: [['c', 'b']] });
    for (let i = 0; i < 3; i++) c.say(tone(2, i));
    a.say(tone(1, 3));
    await b.until(({ heard }) => heard.length === 6);
    const first = b.heard[0]?.sequence ?? 0;
    expect(b.heard.map(({ sequence }) => (sequence - first) & 0xffff)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(b.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(b.heard[3]?.marker).toBe(true);
    expect(((b.heard[3]?.timestamp ?? 0) - (b.heard[2]?.timestamp ?? 0)) | 0).toBeGreaterThanOrEqual(0);
    await ask({ do: 'release', context });
  });

  test('three can be joined and each pair hears each other', async () => {
    const { context, a, b } = await call();
    const c = await phone();
    await add(context, 'c', c, [pcmu]);
    await ask({ do: 'topology', context, joined: [['a', 'b'], ['a', 'c']] });
    a.say(tone(1, 0));
    await Promise.all([b, c].map((one) => one.until(({ heard }) => heard.length === 1)));
    expect(b.heard[0]?.payload).toEqual(c.heard[0]?.payload);
    b.say(tone(2, 0));
    await a.until(({ heard }) => heard.length === 1);
    expect(c.heard).toHaveLength(1);
    await ask({ do: 'release', context });
  });

  test('the mode is obeyed at once, as the far end means it (RFC 3264 5.1), and what nobody heard is not lost', async () => {
    const { context, a, b } = await call();
    a.say(tone(1, 0));
    await b.until(({ heard }) => heard.length === 1);
    await ask({ do: 'modify', context, termination: 'b', mode: 'sendonly' });
    for (let i = 1; i < 5; i++) a.say(tone(1, i));
    b.say(tone(2, 0));
    await a.until(({ heard }) => heard.length === 1);
    // A mode is for the packets that are read after it; what was sent before has to be read first.
    await counted(context, 0, ({ packetsReceived }) => packetsReceived === 5);
    await ask({ do: 'modify', context, termination: 'b', mode: 'recvonly' });
    for (let i = 0; i < 4; i++) b.say(tone(2, i));
    a.say(tone(1, 5));
    await b.until(({ heard }) => heard.length === 2);
    await counted(context, 1, ({ packetsDiscarded }) => packetsDiscarded === 4);
    await ask({ do: 'modify', context, termination: 'b', mode: 'sendrecv' });
    b.say(tone(2, 9));
    await a.until(({ heard }) => heard.length === 2);
    expect(((b.heard[1]?.sequence ?? 0) - (b.heard[0]?.sequence ?? 0)) & 0xffff).toBe(1);
    expect(a.heard[1]?.payload).toEqual(Buffer.from(tone(2, 9)));
    expect((await ask({ do: 'release', context })).statistics['b']).toMatchObject({ packetsLost: 0, packetsDiscarded: 4 });
  });

  test('a re-negotiated address is sent to at once', async () => {
    const { context, a, b } = await call();
    const moved = await phone();
    a.say(tone(1, 0));
    await b.until(({ heard }) => heard.length === 1);
    await ask({ do: 'modify', context, termination: 'b', remote: remoteOf(moved, [pcmu]) });
    a.say(tone(1, 1));
    await moved.until(({ heard }) => heard.length === 1);
    expect(b.heard).toHaveLength(1);
    await ask({ do: 'release', context });
  });

  test('a phone behind NAT is found where its packets come from, and told once (RFC 4961)', async () => {
    const { context, a, b } = await call();
    const outside = await phone();
    const { local } = (await ask({ do: 'inspect', context })).terminations[1] ?? {};
    outside.talkTo(local!);
    for (let i = 0; i < 8; i++) outside.say(tone(3, i));
    expect((await event('mediaStarted')).from).toEqual({ address: '127.0.0.1', port: outside.port });
    a.say(tone(1, 0));
    await outside.until(({ heard }) => heard.length === 1);
    expect(b.heard).toHaveLength(0);
    await ask({ do: 'release', context });
  });

  test('stray packets cannot take over a running call', async () => {
    const { context, a, b } = await call();
    b.say(tone(2, 0));
    await a.until(({ heard }) => heard.length === 1);
    const attacker = await phone();
    const { local } = (await ask({ do: 'inspect', context })).terminations[1] ?? {};
    attacker.talkTo(local!);
    for (let i = 0; i < 20; i++) attacker.say(tone(9, i));
    b.say(tone(2, 1));
    await a.until(({ heard }) => heard.length === 2);
    a.say(tone(1, 0));
    await b.until(({ heard }) => heard.length === 1);
    expect([attacker.heard.length, a.heard.length]).toEqual([0, 2]);
    expect((await ask({ do: 'release', context })).statistics['b']?.packetsDiscarded).toBe(20);
  });

  const press = (of: RtpPhone, digit: string, payloadType: number): void => {
    const writer = new TelephoneEventWriter(eventOfDigit(digit) ?? 0, 800, 160);
    const start = of.timestamp;
    while (!writer.done) {
      const payload = new Uint8Array(4);
      const marker = writer.write(payload, 0);
      of.say(payload, payloadType, { marker, timestamp: start });
    }
  };

  test('a digit is told once and relayed with the other\'s payload type (RFC 4733)', async () => {
    const { context, a, b } = await call([pcmu, events(101)], [pcmu, events(96)]);
    press(a, '5', 101);
    press(a, '#', 101);
    const { digit, durationMs, relayed } = await event('digit');
    expect({ digit, durationMs, relayed }).toEqual({ digit: '5', durationMs: 100, relayed: true });
    expect((await event('digit')).digit).toBe('#');
    await b.until(({ heard }) => heard.length === 14);
    expect(new Set(b.heard.map(({ payloadType }) => payloadType))).toEqual(new Set([96]));
    expect(new Set(b.heard.slice(0, 7).map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(told.filter((one) => one.event === 'digit')).toEqual([]);
    await ask({ do: 'release', context });
  });

  test('a digit towards a phone without telephone-event is told as not relayed, and nothing of it arrives', async () => {
    const { context, a, b } = await call([pcmu, events(101)], [pcmu]);
    a.say(tone(1, 0));
    press(a, '7', 101);
    expect(await event('digit')).toMatchObject({ digit: '7', relayed: false });
    a.say(tone(1, 1));
    await b.until(({ heard }) => heard.length === 2);
    expect(b.heard.map(({ payloadType }) => payloadType)).toEqual([0, 0]);
    await ask({ do: 'release', context });
  });

  test('a digit whose end is lost is told all the same', async () => {
    const { context, a } = await call([pcmu, events(101)], [pcmu]);
    a.say(Uint8Array.from([3, 10, 0, 160]), 101, { marker: true });
    expect(await event('digit')).toMatchObject({ digit: '3', durationMs: 20 });
    await ask({ do: 'release', context });
  });

  test('a signalled digit replaces the audio and the stream goes on behind it (RFC 4733 2.5.1)', async () => {
    const { context, a, b } = await call([pcmu], [pcmu, events(101)]);
    a.say(tone(1, 0));
    await b.until(({ heard }) => heard.length === 1);
    await ask({ do: 'signal', context, termination: 'b', signal: { type: 'digit', digit: '9', durationMs: 100 } });
    await b.until(({ heard }) => heard.length >= 3);
    a.say(tone(1, 1));
    await b.until(({ heard }) => heard.filter(({ payload }) => payload[1] === 0x8a).length === 3);
    await b.until(({ heard }) => {
      if (heard.at(-1)?.payloadType !== 0) a.say(tone(1, 2));
      return heard.at(-1)?.payloadType === 0;
    });
    expect(b.heard.map(({ payloadType }) => payloadType)).toEqual([0, 101, 101, 101, 101, 101, 101, 101, 0]);
    const [, firstEvent, ...rest] = b.heard;
    expect([firstEvent?.marker, ...rest.slice(0, 6).map(({ marker }) => marker)]).toEqual([true, false, false, false, false, false, false]);
    expect(b.heard.map(({ sequence }) => (sequence - (b.heard[0]?.sequence ?? 0)) & 0xffff)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await ask({ do: 'release', context });
  });

  test('RTCP goes out with loss and CNAME, and the round trip is measured from what comes back (RFC 3550 6.4)', async () => {
    const { context, a, b } = await call();
    for (let i = 0; i < 10; i++) {
      if (i === 5) a.sequence++;
      a.say(tone(1, i));
    }
    await b.until(({ heard }) => heard.length === 10);
    const reports = ({ rtcpHeard }: RtpPhone): ReceivedRtcp[] => rtcpHeard.flatMap((compound) => readRtcp(compound) ?? []);
    await b.until((phone) => reports(phone).length > 0);
    const heardAt = performance.now();
    await a.until((phone) => reports(phone).length > 0);
    expect(reports(a)[0]).toMatchObject({ type: 'receiverReport', reports: [{ ssrc: a.ssrc, cumulativeLost: 1 }] });
    const [toB] = reports(b);
    if (toB?.type !== 'senderReport') throw new Error('b got no sender report');
    expect(toB).toMatchObject({ ssrc: b.heard[0]?.ssrc, sender: { packets: 10, octets: 1600 } });
    const sentAt = (toB.sender.ntp.seconds - NTP_EPOCH_S) * 1000 + (toB.sender.ntp.fraction / 2 ** 32) * 1000;
    const middle = ((toB.sender.ntp.seconds & 0xffff) * 65_536 + (toB.sender.ntp.fraction >>> 16)) >>> 0;
    const keptMs = performance.now() - heardAt;
    const reception = { ssrc: toB.ssrc, fractionLost: 0, cumulativeLost: 0, extendedHighestSequence: 0, jitter: 0, lastSenderReport: middle, delaySinceLast: Math.round(keptMs * 65.536) };
    b.sendRtcp(writeRtcp({ ssrc: b.ssrc, cname: 'b', sender: null, reception }));
    let roundTripMs: number | null = null;
    while (roundTripMs === null) roundTripMs = (await ask({ do: 'inspect', context })).terminations[1]?.statistics.roundTripMs ?? null;
    expect(roundTripMs).toBeGreaterThanOrEqual(0);
    expect(roundTripMs).toBeLessThan(Date.now() - sentAt - keptMs + 2);
    await ask({ do: 'release', context });
    await b.until(({ rtcpHeard }) => (readRtcp(rtcpHeard.at(-1) ?? new Uint8Array()) ?? []).some(({ type }) => type === 'bye'));
  });

  /** The first termination awaits nothing any more. Its own silence may have been told before, where this test is slow. */
  const onHold = async (context: string): Promise<void> => {
    await ask({ do: 'modify', context, termination: 'a', mode: 'recvonly' });
    told = told.filter((one) => one.event !== 'mediaTimeout' || one.termination !== 'a');
  };

  test('silence is told once where packets are awaited, and not on hold', async () => {
    const { context } = await call();
    await onHold(context);
    const timeout = await event('mediaTimeout');
    expect(timeout).toMatchObject({ context, termination: 'b' });
    expect(timeout.silentMs).toBeGreaterThanOrEqual(300);
    await ask({ do: 'release', context });
  });

  test('the end of a silence is told once, also after a modify; while it lasts an audit tells it', async () => {
    const { context, a, b } = await call();
    a.say(tone(1, 0));
    await b.until(({ heard }) => heard.length === 1);
    await onHold(context);
    const { silentMs } = await event('mediaTimeout');
    const silence = async (): Promise<number | null | undefined> => (await ask({ do: 'inspect', context })).terminations[1]?.silentMs;
    expect(await silence()).toBe(silentMs);
    await ask({ do: 'modify', context, termination: 'b', remote: remoteOf(b, [pcmu]) });
    b.say(tone(1, 0));
    const resumed = await event('mediaResumed');
    expect(resumed).toMatchObject({ context, termination: 'b' });
    expect(resumed.silentMs).toBeGreaterThanOrEqual(silentMs);
    b.say(tone(1, 1));
    await a.until(({ heard }) => heard.length === 2);
    // Where this test is kept from talking there is another silence, whose end is told as well.
    while ((await silence()) !== null) b.say(tone(1, 2));
    const count = (name: GatewayEvent['event']): number => told.filter((one) => one.event === name).length;
    expect(count('mediaResumed')).toBeLessThanOrEqual(count('mediaTimeout'));
    await ask({ do: 'release', context });
  });

  test('what is not RTP is counted and does no harm', async () => {
    const { context, a, b } = await call();
    a.say(tone(1, 0));
    await b.until(({ heard }) => heard.length === 1);
    for (const bytes of [[], [0x80], [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0], [22, 254, 253], [0x9f, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], [0xa0, 0, 255, 250, 0, 0, 0, 1, 0, 0, 0, 1, 200]]) a.sendRaw(Uint8Array.from(bytes));
    a.sendRtcp(Uint8Array.from([0x81, 200, 255, 255, 0, 0, 0, 0]));
    a.say(tone(1, 1));
    await b.until(({ heard }) => heard.length >= 2);
    await counted(context, 0, ({ packetsDiscarded }) => packetsDiscarded >= 6);
    await ask({ do: 'release', context });
  });

  test('a freed port rests: late packets of the old call reach nobody, and nobody gets the port', async () => {
    const { context, a, b } = await call();
    const { local } = (await ask({ do: 'inspect', context })).terminations[0] ?? {};
    const restsUntil = performance.now() + quarantineMs;
    await ask({ do: 'release', context });
    const before = await ask({ do: 'metrics' });
    expect(before.portsQuarantined).toBeGreaterThanOrEqual(2);
    const given = new Set<number>();
    for (let i = 0; i < 150 && performance.now() < restsUntil; i++) {
      const { rtpPort } = (await ask({ do: 'add', context: 'many', termination: `t${i}` })).local;
      // Later it may be given again.
      if (performance.now() < restsUntil) given.add(rtpPort);
    }
    expect(given.has(local!.rtpPort)).toBe(false);
    a.say(tone(1, 0));
    for (;;) if ((await ask({ do: 'metrics' })).packetsStrayTotal > before.packetsStrayTotal) break;
    expect(b.heard).toHaveLength(0);
    await ask({ do: 'release', context: 'many' });
  });

  test('a killed controller\'s call goes on, and the next controller finds its memory of it', async () => {
    const { context, a, b } = await call();
    await ask({ do: 'attach', context, blob: 'who talks to whom' });
    a.say(tone(1, 0));
    await b.until(({ heard }) => heard.length === 1);
    const { terminations } = await ask({ do: 'inspect', context });
    gateway.close();
    for (let i = 1; i < 5; i++) a.say(tone(1, i));
    await b.until(({ heard }) => heard.length === 5);
    gateway = await connected(media.socket);
    const audit = (await ask({ do: 'audit' })).contexts.find((one) => one.context === context);
    expect(audit).toMatchObject({ blob: 'who talks to whom', joined: [['a', 'b']] });
    expect(audit?.terminations.map(({ local }) => local)).toEqual(terminations.map(({ local }) => local));
    await ask({ do: 'release', context });
  });

  test('after the gateway was killed a call goes on through the new one on the same ports', async () => {
    const first = await startMedia(kind, { TIPRING_RTP_PORTS: '27000-27399' });
    const client = await connected(first.socket);
    const [a, b] = [await phone(), await phone()];
    const addAll = async (pinned: readonly Local[]): Promise<Local[]> => {
      const ports: Local[] = [];
      for (const [i, one] of [a, b].entries()) {
        const at = pinned[i];
        const local = at === undefined ? {} : { local: { rtpPort: at.rtpPort }, address: at.address };
        ports.push(await new Promise<Local>((resolve, reject) => client.send({ do: 'add', context: 'c', termination: `${i}`, remote: remoteOf(one, [pcmu]), ...local }, (reply, refusal) => (reply === null ? reject(new Error(refusal?.text)) : resolve(reply.local)))));
      }
      await new Promise<void>((resolve) => client.send({ do: 'topology', context: 'c', joined: [['0', '1']] }, () => resolve()));
      return ports;
    };
    const ports = await addAll([]);
    a.talkTo(ports[0] ?? { address: '', rtpPort: 0 });
    a.say(tone(1, 0));
    await b.until(({ heard }) => heard.length === 1);
    const down = new Promise<void>((resolve) => (client.onState = () => resolve()));
    first.process.kill('SIGKILL');
    await down;
    const up = new Promise<void>((resolve) => (client.onState = () => resolve()));
    const second = await startMedia(kind, { TIPRING_RTP_PORTS: '27000-27399', TIPRING_GATEWAY_SOCKET: first.socket });
    await up;
    expect(await addAll(ports)).toEqual(ports);
    a.say(tone(1, 1));
    await b.until(({ heard }) => heard.length === 2);
    client.close();
    await second.end();
    await first.end();
  });
});

/** From 1900 to 1970 (RFC 5905 6). */
const NTP_EPOCH_S = 2_208_988_800;
