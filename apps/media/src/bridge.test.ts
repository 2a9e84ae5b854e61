import { type AudioCodec, Dsp, G711Codec, G722Codec } from '@tipring/dsp';
import { addSamples, dbm0, sine, silence } from '@tipring/dsp/test-support';
import { readDspModule } from '@tipring/dsp/node';
import type { Gateway, GatewayCommand, GatewayEvent, GatewayReplies, PayloadCodec } from '@tipring/gateway';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OpusCodec } from './codecs/opus.ts';
import { levelOf } from './testing/level-of.ts';
import { connected, kindsForTests, type MediaProcess, startMedia } from './testing/media-process.ts';
import { type HeardPacket, openPhone, type RtpPhone } from './testing/rtp-phone.ts';

const pcmu: PayloadCodec = { payloadType: 0, name: 'PCMU', clockRate: 8000 };
const pcma: PayloadCodec = { payloadType: 8, name: 'PCMA', clockRate: 8000 };
const g722: PayloadCodec = { payloadType: 9, name: 'G722', clockRate: 8000 };
const opus: PayloadCodec = { payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2 };
const events: PayloadCodec = { payloadType: 101, name: 'telephone-event', clockRate: 8000 };

/** A phone that plays its own tone and can tell whose it hears. */
class Talker {
  readonly phone: RtpPhone;
  readonly codec: AudioCodec;
  readonly payload: PayloadCodec;
  readonly #row: Int16Array;
  #sent = 0;
  /** When it began, it had heard so many packets; so many of them were of its own codec. */
  begunAt = 0;
  #passed = 0;

  constructor(phone: RtpPhone, codec: AudioCodec, payload: PayloadCodec, row: Int16Array) {
    this.phone = phone;
    this.codec = codec;
    this.payload = payload;
    this.#row = row.subarray(0, codec.sampleRateHz / 50);
  }

  /** Says its sound from the beginning; what it heard before is past. */
  begin(): void {
    this.#sent = 0;
    this.begunAt = this.phone.heard.length;
    this.#passed = this.#packets().length;
  }

  /** The next 20 ms of this sound, whose rate is the codec's. */
  say(sound: ArrayLike<number>): void {
    for (let n = 0; n < this.#row.length; n++) this.#row[n] = sound[this.#sent * this.#row.length + n] ?? 0;
    this.#sent += 1;
    const bytes = new Uint8Array(400);
    const length = this.codec.encode(this.#row, bytes);
    this.phone.say(bytes.slice(0, length), this.payload.payloadType);
    // RtpPhone counts 160 units a packet.
    this.phone.timestamp = (this.phone.timestamp - 160 + this.payload.clockRate / 50) | 0;
  }

  /** What it has heard since it began, from packet `from` on; decoded from the first, as decoders remember. */
  heard(from: number): Int16Array {
    const packets = this.#packets();
    const samples = new Int16Array(packets.length * this.#row.length);
    packets.forEach(({ payload }, packet) => {
      this.codec.decode(payload, this.#row);
      samples.set(this.#row, packet * this.#row.length);
    });
    return samples.subarray((this.#passed + from) * this.#row.length);
  }

  #packets(): HeardPacket[] {
    return this.phone.heard.filter(({ payloadType }) => payloadType === this.payload.payloadType);
  }
}

// How packets come in makes no difference here: once is enough.
describe.each(kindsForTests().slice(0, 1))('ends whose audio is decoded, %s packet I/O', (kind) => {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 8 * 2 ** 20 });
  let media: MediaProcess;
  let gateway: Gateway;
  let told: GatewayEvent[];
  let calls = 0;
  const phones: RtpPhone[] = [];

  beforeAll(async () => {
    media = await startMedia(kind, { TIPRING_RTP_PORTS: '29000-29399', TIPRING_BRIDGED_ENDS: '8' });
    gateway = await connected(media.socket);
  });
  beforeEach(() => {
    told = [];
    gateway.onEvent = (event) => told.push(event);
  });
  // Also after a failure: its ends would take the room of the next.
  afterEach(async () => {
    for (const { context } of (await ask({ do: 'audit' })).contexts) await ask({ do: 'release', context });
  });
  afterAll(async () => {
    for (const phone of phones) phone.close();
    gateway.close();
    await media.end();
  });

  const ask = <C extends GatewayCommand>(command: C): Promise<GatewayReplies[C['do']]> =>
    new Promise((resolve, reject) => gateway.send(command, (reply, refusal) => (reply === null ? reject(new Error(`${refusal?.code}: ${refusal?.text}`)) : resolve(reply))));

  /** Ends a, b, c … of a new context, one for each list of codecs, of which the first is spoken. */
  const ends = async (...codecs: readonly (readonly PayloadCodec[])[]): Promise<{ context: string; talkers: Talker[] }> => {
    const context = `bridge-${++calls}`;
    const talkers: Talker[] = [];
    for (const [index, list] of codecs.entries()) {
      const phone = await openPhone(0x2000 + phones.length);
      phones.push(phone);
      const { local } = await ask({ do: 'add', context, termination: names[index]!, remote: { rtp: { address: phone.address, port: phone.port }, codecs: list } });
      phone.talkTo(local);
      talkers.push(new Talker(phone, await codecOf(list[0]!), list[0]!, dsp.rows(1, 960).row(0)));
    }
    return { context, talkers };
  };

  const codecOf = async ({ name }: PayloadCodec): Promise<AudioCodec> => {
    if (name === 'opus') return OpusCodec.open({ sampleRateHz: 16_000 });
    return name === 'G722' ? new G722Codec(dsp) : new G711Codec(dsp, name as 'PCMU' | 'PCMA');
  };

  /**
   * All talk at once, each its own frequency, in real time: a packet each whenever 20 ms have passed, so many without a pause. Where
   * this test or the gateway was kept from running for longer than what lies in the jitter buffers, they begin anew.
   */
  const talk = async (talkers: readonly Talker[], packets: number, sound = (index: number, rate: number): ArrayLike<number> => sine(frequencies[index]!, -16, rate * 2, { rate })): Promise<void> => {
    const sounds = talkers.map((talker, index) => sound(index, talker.codec.sampleRateHz));
    const all = (): void => talkers.forEach((talker, index) => talker.say(sounds[index]!));
    const heardBy = ({ phone, begunAt }: Talker, count: number): Promise<void> => phone.until(({ heard }) => heard.length >= begunAt + count);
    let said = 0;
    let saidAt = -Infinity;
    while (said < packets || performance.now() - saidAt > longestPauseMs) {
      if (performance.now() - saidAt > longestPauseMs) {
        // What the gateway sent meanwhile is not heard as part of it.
        await new Promise((resolve) => setTimeout(resolve, 40));
        told = [];
        for (const talker of talkers) talker.begin();
        for (said = 0; said < packetsAhead; said++) all();
        said = 0;
      }
      all();
      said += 1;
      saidAt = performance.now();
      // The gateway's own clock paces: each hears a packet for each tick.
      await heardBy(talkers[0]!, said);
    }
    await Promise.all(talkers.map((talker) => heardBy(talker, packets)));
  };

  /** Level of each party's frequency in what one of them heard once it had settled. */
  const hears = (talker: Talker): number[] => {
    const samples = talker.heard(20);
    return frequencies.map((frequency) => levelOf(samples, frequency, talker.codec.sampleRateHz));
  };

  test.each([
    ['though both have another in common', [pcma], [pcma, g722]],
    ['of two that the other has not', [pcma], [pcmu, g722]],
  ] as const)('an end that sends another codec than the first it agreed on, %s, is heard, and is spoken to in it', async (_what, codecsA, codecsB) => {
    const { context, talkers } = await ends(codecsA, codecsB);
    const [a, first] = talkers as [Talker, Talker];
    const b = new Talker(first.phone, await codecOf(g722), g722, dsp.rows(1, 960).row(0));
    await ask({ do: 'topology', context, joined: [['a', 'b']] });
    // The first packets are not heard: the gateway has to notice, within a tenth of a second.
    while (b.phone.heard.at(-1)?.payloadType !== g722.payloadType) {
      for (const talker of [a, b]) talker.say([]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await talk([a, b], 60);
    // A busy machine may let packets come late at the turn; whose tone it is stays beyond doubt.
    expect(hears(a)[1]).toBeGreaterThan(-20);
    expect(hears(b)[0]).toBeGreaterThan(-20);
    expect(b.phone.heard.at(-1)?.payloadType).toBe(g722.payloadType);
    await ask({ do: 'release', context });
  });

  test.each([
    ['PCMU and PCMA', [pcmu], [pcma]],
    ['PCMA and G.722', [pcma], [g722]],
    ['PCMU and Opus', [pcmu], [opus]],
    ['G.722 and Opus', [g722], [opus]],
  ] as const)('%s: each hears the other\'s tone and not its own', async (_names, codecsA, codecsB) => {
    const { context, talkers } = await ends(codecsA, codecsB);
    await ask({ do: 'topology', context, joined: [['a', 'b']] });
    await talk(talkers, 60);
    const [a, b] = talkers.map(hears);
    expect(a![1]).toBeCloseTo(-16, 0);
    expect(b![0]).toBeCloseTo(-16, 0);
    expect(a![0]).toBeLessThan(-45);
    expect(b![1]).toBeLessThan(-45);
    for (const { phone } of talkers) {
      const sequences = phone.heard.map(({ sequence }) => sequence);
      expect(sequences.every((sequence, index) => index === 0 || ((sequence - sequences[index - 1]!) & 0xffff) === 1)).toBe(true);
      expect(new Set(phone.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    }
    await ask({ do: 'release', context });
  });

  test('three who are joined hear the two others, each at its level, and not themselves', async () => {
    const { context, talkers } = await ends([pcmu], [pcmu], [pcma]);
    await ask({ do: 'topology', context, joined: [['a', 'b'], ['b', 'c'], ['a', 'c']] });
    await talk(talkers, 60);
    talkers.map(hears).forEach((levels, listener) => {
      levels.slice(0, 3).forEach((level, speaker) => {
        if (listener === speaker) expect(level).toBeLessThan(-45);
        else expect(level).toBeCloseTo(-16, 0);
      });
    });
    await ask({ do: 'release', context });
  });

  test('a tone is heard in place of the other, by that end only, until silence', async () => {
    const { context, talkers } = await ends([pcmu], [pcmu]);
    await ask({ do: 'topology', context, joined: [['a', 'b']] });
    await ask({ do: 'signal', context, termination: 'a', signal: { type: 'tone', levelDbm0: -13, tone: { segments: [{ frequenciesHz: [frequencies[3]!], durationMs: null }] } } });
    await talk(talkers, 60);
    const [a, b] = talkers.map(hears);
    expect(a![3]).toBeCloseTo(-13, 0);
    expect(a![1]).toBeLessThan(-45);
    expect(b![0]).toBeCloseTo(-16, 0);
    expect(b![3]).toBeLessThan(-45);
    await ask({ do: 'signal', context, termination: 'a', signal: { type: 'silence' } });
    // From here on packets are relayed: bit for bit.
    const said = new Uint8Array(160).fill(0x5a);
    talkers[1]!.phone.say(said);
    await talkers[0]!.phone.until(({ heard }) => heard.some(({ payload }) => payload.equals(said)));
    await ask({ do: 'release', context });
  });

  test('an end that is parted from the other hears a tone alone, and then who takes its place, with a codec of its own', async () => {
    const { context, talkers } = await ends([pcmu], [pcmu], [pcma]);
    const [a, b, c] = talkers as [Talker, Talker, Talker];
    await ask({ do: 'topology', context, joined: [['a', 'b']] });
    await talk([a, b], 30);
    expect(hears(a)[1]).toBeGreaterThan(-20);
    await ask({ do: 'topology', context, joined: [] });
    await ask({ do: 'subtract', context, termination: 'b' });
    await ask({ do: 'signal', context, termination: 'a', signal: { type: 'tone', levelDbm0: -13, tone: { segments: [{ frequenciesHz: [frequencies[3]!], durationMs: null }] } } });
    await talk([a], 40);
    expect(hears(a)[3]).toBeCloseTo(-13, 0);
    expect(hears(a)[1]).toBeLessThan(-45);
    await ask({ do: 'signal', context, termination: 'a', signal: { type: 'silence' } });
    await ask({ do: 'topology', context, joined: [['a', 'c']] });
    await talk([a, c], 60);
    expect(hears(a)[1]).toBeCloseTo(-16, 0);
    expect(hears(c)[0]).toBeCloseTo(-16, 0);
    expect(hears(a)[3]).toBeLessThan(-45);
    await ask({ do: 'release', context });
  });

  test('digits in the audio of an end without telephone-event become events for one that has it, and leave the audio (RFC 4733)', async () => {
    const { context, talkers } = await ends([pcma], [pcmu, events]);
    await ask({ do: 'topology', context, joined: [['a', 'b']] });
    const digit = (rate: number): Float64Array => {
      const five = addSamples(sine(770, -10, rate / 10), sine(1336, -10, rate / 10));
      const sound = silence(rate * 2);
      sound.set(five, rate / 2);
      return sound;
    };
    await talk(talkers, 80, (index, rate) => (index === 0 ? digit(rate) : silence(rate * 2)));
    expect(told.filter(({ event }) => event === 'digit')).toMatchObject([{ termination: 'a', digit: '5', relayed: true }]);
    const sent = talkers[1]!.phone.heard.filter(({ payloadType }) => payloadType === 101);
    expect(sent.length).toBeGreaterThan(4);
    expect(sent[0]!.payload[0]).toBe(5);
    // What is left of the tones in the audio is shorter than any digit (Q.24: 23 ms).
    const loud = talkers[1]!.heard(20);
    let longest = 0;
    for (let from = 0, run = 0; from + 40 <= loud.length; from += 40) longest = Math.max(longest, (run = dbm0(loud, from, from + 40) > -30 ? run + 5 : 0));
    expect(longest).toBeLessThan(23);
    await ask({ do: 'release', context });
  });

  test('digits in the audio of an end that is joined with nobody are heard while something is played to it, also silence', async () => {
    const { context, talkers } = await ends([pcma]);
    await ask({ do: 'signal', context, termination: 'a', signal: { type: 'tone', levelDbm0: -60, tone: { segments: [{ frequenciesHz: [], durationMs: null }] } } });
    const five = addSamples(sine(770, -10, 800), sine(1336, -10, 800));
    await talk(talkers, 40, (_index, rate) => {
      const sound = silence(rate * 2);
      sound.set(five, rate / 5);
      return sound;
    });
    expect(told.filter(({ event }) => event === 'digit')).toMatchObject([{ termination: 'a', digit: '5', relayed: false }]);
    await ask({ do: 'release', context });
  });

  test('an event that is sent to a bridge is sent anew to who takes events', async () => {
    const { context, talkers } = await ends([pcma, events], [pcmu, { ...events, payloadType: 97 }]);
    await ask({ do: 'topology', context, joined: [['a', 'b']] });
    const [a, b] = talkers;
    for (const [duration, end] of [[160, 0], [320, 0], [800, 0x80], [800, 0x80]] as const) a!.phone.say(Uint8Array.of(7, end | 10, duration >> 8, duration & 0xff), 101, { timestamp: 5000 });
    await b!.phone.until(({ heard }) => heard.filter(({ payloadType }) => payloadType === 97).some(({ payload }) => (payload[1]! & 0x80) !== 0));
    expect(b!.phone.heard.filter(({ payloadType }) => payloadType === 97).every(({ payload }) => payload[0] === 7)).toBe(true);
    await ask({ do: 'release', context });
  });

  test('where there is no room to decode the topology is refused, stays as it was, and can be had once others are gone; a modify is refused too', async () => {
    const first = await ends([pcmu], [pcma], [pcmu], [pcma], [pcmu], [pcma]);
    await ask({ do: 'topology', context: first.context, joined: [['a', 'b'], ['c', 'd'], ['e', 'f']] });
    const second = await ends([pcmu], [pcma], [pcmu], [pcma]);
    await expect(ask({ do: 'topology', context: second.context, joined: [['a', 'b'], ['c', 'd']] })).rejects.toThrow(/^overloaded: no room to decode audio/);
    expect((await ask({ do: 'inspect', context: second.context })).joined).toEqual([]);
    await ask({ do: 'topology', context: second.context, joined: [['a', 'b']] });
    const third = await ends([pcmu], [pcmu]);
    await ask({ do: 'topology', context: third.context, joined: [['a', 'b']] });
    const { address, port } = third.talkers[0]!.phone;
    await expect(ask({ do: 'modify', context: third.context, termination: 'a', remote: { rtp: { address, port }, codecs: [pcma] } })).rejects.toThrow(/^overloaded/);
    await ask({ do: 'release', context: third.context });
    await ask({ do: 'release', context: first.context });
    await ask({ do: 'topology', context: second.context, joined: [['a', 'b'], ['c', 'd']] });
    await ask({ do: 'release', context: second.context });
  });
});

/** 500 ms, of which a pause leaves something; a buffer keeps 32. */
const packetsAhead = 25;
const longestPauseMs = 400;
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const frequencies = [440, 660, 1000, 1500];
