import { Dsp } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { sine } from '@tipring/dsp/test-support';
import { type Gateway, type GatewayCommand, type GatewayReplies, type PayloadCodec, type Piece, type PlayerGatewayEvent, readWav, writeWavHeader } from '@tipring/gateway';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { levelOf } from './testing/level-of.ts';
import { connected, kindsForTests, type MediaProcess, startMedia } from './testing/media-process.ts';
import { TonePhone } from './testing/tone-phone.ts';

const pcmu: PayloadCodec = { payloadType: 0, name: 'PCMU', clockRate: 8000 };
const pcma: PayloadCodec = { payloadType: 8, name: 'PCMA', clockRate: 8000 };
/** With whole periods in 50 ms. */
const [phoneHz, otherHz, toneHz, fileHz] = [440, 660, 1000, 1500] as const;

// Each in its own contexts and files, all at the same time: most of it is waiting.
describe.concurrent('players of the media gateway', () => {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 8 * 2 ** 20 });
  let media: MediaProcess;
  let gateway: Gateway;
  let sounds: string;
  /** What was told of each context, and who waits for more of it. */
  const told = new Map<string, { readonly events: PlayerGatewayEvent[]; noticed: () => void }>();
  const phones: TonePhone[] = [];
  let calls = 0;

  beforeAll(async () => {
    media = await startMedia(kindsForTests()[0]!, { TIPRING_RTP_PORTS: '29400-29599', TIPRING_BRIDGED_ENDS: '64' });
    gateway = await connected(media.socket);
    sounds = join(dirname(media.socket), 'sounds');
    gateway.onPlayerEvent = (event) => {
      const { events, noticed } = of(event.context);
      events.push(event);
      noticed();
    };
  });
  afterAll(async () => {
    for (const phone of phones) phone.close();
    gateway.close();
    await media.end();
  });

  const of = (context: string): { readonly events: PlayerGatewayEvent[]; noticed: () => void } => {
    let known = told.get(context);
    if (known === undefined) told.set(context, (known = { events: [], noticed: () => {} }));
    return known;
  };

  const ask = <C extends GatewayCommand>(command: C): Promise<GatewayReplies[C['do']]> =>
    new Promise((resolve, reject) => gateway.send(command, (reply, refusal) => (reply === null ? reject(new Error(`${refusal?.code}: ${refusal?.text}`)) : resolve(reply))));

  const event = async <E extends PlayerGatewayEvent['event']>({ context }: { readonly context: string }, name: E): Promise<Extract<PlayerGatewayEvent, { event: E }>> => {
    for (;;) {
      const { events } = of(context);
      const at = events.findIndex((one) => one.event === name);
      if (at >= 0) return events.splice(at, 1)[0] as Extract<PlayerGatewayEvent, { event: E }>;
      await new Promise<void>((resolve) => (of(context).noticed = resolve));
    }
  };

  /** A player and phones that talk, each its own tone, all joined with the player. */
  const studio = async (...frequencies: number[]): Promise<{ player: { context: string; termination: string }; phones: TonePhone[] }> => {
    const context = `studio-${++calls}`;
    await ask({ do: 'addPlayer', context, termination: 'p' });
    const joined = [];
    for (const [index, frequency] of frequencies.entries()) joined.push(await phoneIn(context, `phone-${index}`, frequency));
    await ask({ do: 'topology', context, joined: frequencies.map((_frequency, index) => [`phone-${index}`, 'p']) });
    return { player: { context, termination: 'p' }, phones: joined };
  };

  const phoneIn = async (context: string, termination: string, frequency: number, codecs: readonly PayloadCodec[] = [pcmu]): Promise<TonePhone> => {
    const phone = await TonePhone.open(dsp, frequency, codecs);
    phones.push(phone);
    const { local } = await ask({ do: 'add', context, termination, remote: phone.remote });
    phone.talkTo(local);
    return phone;
  };

  const file = (name: string, frequency: number, ms: number, rate = 8000): string => {
    const samples = Int16Array.from(sine(frequency, -16, (rate * ms) / 1000, { rate }), Math.round);
    mkdirSync(dirname(join(sounds, name)), { recursive: true });
    writeFileSync(join(sounds, name), Buffer.concat([writeWavHeader(rate, samples.length * 2), Buffer.from(samples.buffer)]));
    return name;
  };

  const recorded = (name: string): { rateHz: number; ms: number; level: (frequency: number) => number } => {
    const bytes = readFileSync(join(sounds, name));
    const audio = readWav(bytes, bytes.length);
    if (typeof audio === 'string') throw new Error(`${name}: ${audio}`);
    const samples = new Int16Array(audio.dataOctets / 2);
    for (let n = 0; n < samples.length; n++) samples[n] = bytes.readInt16LE(audio.dataAt + n * 2);
    return { rateHz: audio.rateHz, ms: (samples.length * 1000) / audio.rateHz, level: (frequency) => levelOf(samples, frequency, audio.rateHz) };
  };

  const tone = (frequencyHz: number, ms: number): Piece => ({ tone: { segments: [{ frequenciesHz: [frequencyHz], durationMs: null }] }, levelDbm0: -13, ms });

  test('a tone and a file are heard one after the other, and the end is told once', async () => {
    const { player, phones: [phone] } = await studio(phoneHz);
    await ask({ do: 'announce', ...player, pieces: [tone(toneHz, 700), { file: file('a/greeting.wav', fileHz, 700) }] });
    await phone!.hears([toneHz], [fileHz]);
    expect(of(player.context).events).toEqual([]);
    await phone!.hears([fileHz], [toneHz]);
    expect(await event(player, 'announced')).toEqual({ event: 'announced', ...player, how: 'ended' });
    await phone!.hears([], [fileHz, toneHz]);
    expect(of(player.context).events).toEqual([]);
    expect((await ask({ do: 'inspect', context: player.context })).terminations[0]?.player).toEqual({ isPlaying: false, recording: null });
  });

  test.each([8000, 16_000, 48_000])('a file of %i Hz is heard at its level, from where it was asked for', async (rate) => {
    const { player, phones: [phone] } = await studio(phoneHz);
    const name = file(`rate-${rate}.wav`, toneHz, 500, rate);
    const behind = Int16Array.from(sine(fileHz, -16, rate, { rate }), Math.round);
    const bytes = readFileSync(join(sounds, name));
    writeFileSync(join(sounds, name), Buffer.concat([writeWavHeader(rate, bytes.length - 44 + behind.length * 2), bytes.subarray(44), Buffer.from(behind.buffer)]));
    await ask({ do: 'announce', ...player, pieces: [{ file: name, fromMs: 500 }], times: 0 });
    await phone!.hears([fileHz], [toneHz, phoneHz]);
    await phone!.phone.until(() => Math.abs(phone!.level(fileHz) + 16) < 0.7);
  });

  test('A-law is played, and what is missing or none of these is told at the end, when the rest has been played', async () => {
    const { player, phones: [phone] } = await studio(phoneHz);
    const law = Buffer.alloc(8000, 0xd5);
    // ±1008 at 1000 Hz: a square wave is a tone, too.
    for (let n = 0; n < law.length; n++) law[n] = n % 8 < 4 ? 0xaf : 0x2f;
    const header = Buffer.from(writeWavHeader(8000, law.length));
    header.writeUInt16LE(6, 20);
    header.writeUInt16LE(1, 32);
    header.writeUInt16LE(8, 34);
    writeFileSync(join(sounds, file('law.wav', 100, 20)), Buffer.concat([header, law]));
    writeFileSync(join(sounds, 'text.wav'), 'this is no sound');
    await ask({ do: 'announce', ...player, pieces: [{ file: 'none.wav' }, { file: 'text.wav' }, { file: 'law.wav' }] });
    await phone!.hears([toneHz]);
    expect(await event(player, 'announced')).toEqual({ event: 'announced', ...player, how: 'failed', text: 'none.wav: ENOENT' });
    // Nothing at all, for ever: it ends.
    await ask({ do: 'announce', ...player, pieces: [{ file: 'none.wav' }], times: 0 });
    expect(await event(player, 'announced')).toMatchObject({ how: 'failed' });
  });

  test('what takes the place of an announcement is heard at once, and neither that nor what is hushed is told', async () => {
    const { player, phones: [phone] } = await studio(phoneHz);
    await ask({ do: 'announce', ...player, pieces: [{ file: file('music.wav', fileHz, 5000) }], times: 0 });
    await phone!.hears([fileHz]);
    await ask({ do: 'announce', ...player, pieces: [tone(toneHz, 60_000)] });
    await phone!.hears([toneHz], [fileHz]);
    await ask({ do: 'hush', ...player });
    await phone!.hears([], [toneHz, fileHz]);
    await ask({ do: 'announce', ...player, pieces: [tone(toneHz, 40)], times: 3 });
    expect(await event(player, 'announced')).toMatchObject({ how: 'ended' });
    expect(of(player.context).events).toEqual([]);
  });

  test('a recording is the mix of all who are joined with the player, without what it plays, for as long as it was wanted', async () => {
    const { player, phones: [phone] } = await studio(phoneHz, otherHz);
    await ask({ do: 'announce', ...player, pieces: [tone(toneHz, 60_000)] });
    await phone!.hears([toneHz]);
    await ask({ do: 'record', ...player, file: 'new/box/mixed.wav', maxMs: 1000 });
    expect(await event(player, 'recorded')).toEqual({ event: 'recorded', ...player, file: 'new/box/mixed.wav', ms: 1000, how: 'maximum' });
    const { rateHz, ms, level } = recorded('new/box/mixed.wav');
    expect([rateHz, ms]).toEqual([8000, 1000]);
    expect(level(phoneHz)).toBeCloseTo(-16, 0);
    expect(level(otherHz)).toBeCloseTo(-16, 0);
    expect(level(toneHz)).toBeLessThan(-45);
    expect((await ask({ do: 'inspect', context: player.context })).terminations[0]?.player).toEqual({ isPlaying: true, recording: null });
  });

  test('silence ends a recording and is left out of it', async () => {
    const { player, phones: [phone] } = await studio(phoneHz);
    await phone!.phone.until(({ heard }) => heard.length > 10);
    await ask({ do: 'record', ...player, file: 'silence.wav', maxMs: 60_000, silenceMs: 1000 });
    await phone!.phone.until(({ heard }) => heard.length > 85);
    phone!.fallSilent();
    const { ms, how } = await event(player, 'recorded');
    expect(how).toBe('silence');
    const { ms: there, level } = recorded('silence.wav');
    expect(there).toBe(ms);
    expect(level(phoneHz)).toBeCloseTo(-16, 0);
    // What was said, and what it takes to know that it was all: concealment of 0.2 s, hangover of 0.2 s.
    expect(ms).toBeLessThan(2500);
    expect(ms).toBeGreaterThan(1200);
  });

  test('what is said while a recording is paused is not in it, and what is appended comes behind it', async () => {
    const { player, phones: [phone] } = await studio(phoneHz);
    const later = async (packets: number): Promise<void> => {
      const from = phone!.phone.heard.length;
      await phone!.phone.until(({ heard }) => heard.length > from + packets);
    };
    await later(10);
    await ask({ do: 'record', ...player, file: 'parts.wav', maxMs: 60_000 });
    await later(25);
    await ask({ do: 'recording', ...player, is: 'paused' });
    await later(50);
    await ask({ do: 'recording', ...player, is: 'running' });
    await later(25);
    await ask({ do: 'recording', ...player, is: 'stopped' });
    const first = await event(player, 'recorded');
    expect(first.how).toBe('stopped');
    expect(first.ms).toBeGreaterThan(900);
    expect(first.ms).toBeLessThan(1900);
    await ask({ do: 'record', ...player, file: 'parts.wav', maxMs: 400, isAppended: true });
    const second = await event(player, 'recorded');
    expect([second.ms, second.how]).toEqual([400, 'maximum']);
    expect(recorded('parts.wav').ms).toBe(first.ms + 400);
    await ask({ do: 'record', ...player, file: 'parts.wav', maxMs: 200 });
    await event(player, 'recorded');
    expect(recorded('parts.wav').ms).toBe(200);
    writeFileSync(join(sounds, 'a-file'), 'not a folder');
    await ask({ do: 'record', ...player, file: 'a-file/x.wav', maxMs: 1000 });
    expect(await event(player, 'recorded')).toMatchObject({ how: 'failed', ms: 0 });
  });

  test('a call whose ends share a codec stays relayed bit for bit while it is recorded', async () => {
    const context = `studio-${++calls}`;
    await ask({ do: 'addPlayer', context, termination: 'p' });
    const [a, b] = [await phoneIn(context, 'a', phoneHz), await phoneIn(context, 'b', otherHz)];
    await ask({ do: 'topology', context, joined: [['a', 'b']], oneWay: [['a', 'p'], ['b', 'p']] });
    await ask({ do: 'record', context, termination: 'p', file: 'call.wav', maxMs: 800 });
    await event({ context }, 'recorded');
    const said = new Uint8Array(160).fill(0x5a);
    a.phone.say(said);
    await b.phone.until(({ heard }) => heard.some(({ payload }) => payload.equals(said)));
    await b.hears([phoneHz], [otherHz]);
    const { level } = recorded('call.wav');
    expect([level(phoneHz) > -18, level(otherHz) > -18]).toEqual([true, true]);
  });

  test('one way: a listener hears both, and neither of them hears him; an end that is joined with itself hears itself', async () => {
    const context = `studio-${++calls}`;
    const [a, b, c] = [await phoneIn(context, 'a', phoneHz), await phoneIn(context, 'b', otherHz, [pcma]), await phoneIn(context, 'c', toneHz)];
    await ask({ do: 'topology', context, joined: [['a', 'b']], oneWay: [['a', 'c'], ['b', 'c']] });
    await Promise.all([a.hears([otherHz], [toneHz, phoneHz]), b.hears([phoneHz], [toneHz, otherHz]), c.hears([phoneHz, otherHz], [toneHz])]);
    await ask({ do: 'topology', context, joined: [['a', 'a'], ['b', 'b']] });
    await Promise.all([a.hears([phoneHz], [otherHz]), b.hears([otherHz], [phoneHz])]);
  });

  test('what was recorded until a kill -9 is there, and goes on in the next gateway', async () => {
    const other = await startMedia(kindsForTests()[0]!, { TIPRING_RTP_PORTS: '29600-29699', TIPRING_SOUNDS: join(sounds, 'kept') });
    const client = await connected(other.socket);
    const tell = <C extends GatewayCommand>(command: C): Promise<GatewayReplies[C['do']]> => new Promise((resolve) => client.send(command, (reply) => resolve(reply!)));
    const phone = await TonePhone.open(dsp, phoneHz, [pcmu]);
    phones.push(phone);
    await tell({ do: 'addPlayer', context: 'c', termination: 'p' });
    phone.talkTo((await tell({ do: 'add', context: 'c', termination: 'a', remote: phone.remote })).local);
    await tell({ do: 'topology', context: 'c', joined: [['a', 'p']] });
    await phone.phone.until(({ heard }) => heard.length > 5);
    await tell({ do: 'record', context: 'c', termination: 'p', file: 'message.wav', maxMs: 60_000 });
    const from = phone.phone.heard.length;
    await phone.phone.until(({ heard }) => heard.length > from + 75);
    other.process.kill('SIGKILL');
    await new Promise((resolve) => other.process.once('exit', resolve));
    client.close();
    const { ms, level } = recorded('kept/message.wav');
    expect(ms).toBeGreaterThan(500);
    expect(level(phoneHz)).toBeCloseTo(-16, 0);
    const { player } = await studio(phoneHz);
    await ask({ do: 'record', ...player, file: 'kept/message.wav', maxMs: 300, isAppended: true });
    await event(player, 'recorded');
    expect(recorded('kept/message.wav').ms).toBe(ms + 300);
    expect(existsSync(join(sounds, 'kept/message.wav'))).toBe(true);
  });
});

test('where all players are taken the next is refused, and comes when another goes', async () => {
  const media = await startMedia(kindsForTests()[0]!, { TIPRING_RTP_PORTS: '29700-29799', TIPRING_BRIDGED_ENDS: '4' });
  const gateway = await connected(media.socket);
  const outcome = (command: GatewayCommand): Promise<string> => new Promise((resolve) => gateway.send(command, (_reply, refusal) => resolve(refusal?.code ?? 'done')));
  for (const termination of ['p', 'q']) expect(await outcome({ do: 'addPlayer', context: 'c', termination })).toBe('done');
  expect(await outcome({ do: 'addPlayer', context: 'd', termination: 'p' })).toBe('overloaded');
  expect(await outcome({ do: 'inspect', context: 'd' })).toBe('noSuchContext');
  expect(await outcome({ do: 'subtract', context: 'c', termination: 'p' })).toBe('done');
  expect(await outcome({ do: 'addPlayer', context: 'd', termination: 'p' })).toBe('done');
  gateway.close();
  await media.end();
});
