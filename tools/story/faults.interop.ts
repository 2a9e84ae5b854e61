import type { Story } from '@tipring/story';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { pause } from '../testbed/each.ts';
import { type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { waitFor } from '../interop/wait-for.ts';
import { type Faults, FaultyPhone } from './faulty-phone.ts';

/* Faults of phones and networks, made on the wire against the real PBX: each story has the verdict that is right, and no other that blames anybody. */
let pbx: RunningPbx;
let caller: FaultyPhone;
let called: FaultyPhone;
let began = 0;

beforeAll(async () => {
  pbx = await startPbx({ env: { TIPRING_MEDIA_TIMEOUT_MS: '1500' } });
  const settings = await pbx.api<{ version: number }>('GET', '/settings');
  await pbx.api('PATCH', '/settings', { calls: { silenceS: 3 } }, { 'if-match': `"${settings.version}"` });
  caller = await phone('101');
  called = await phone('102');
});

afterEach(() => {
  for (const one of [caller, called]) {
    one.return();
    one.faults = {};
  }
});

afterAll(async () => {
  caller?.close();
  called?.close();
  await pbx?.stop();
});

describe('a call in order', () => {
  test('with audio both ways has no verdict but that', async () => {
    const story = await talked({}, {});
    expect(blames(story)).toEqual([]);
    expect(story.verdicts.map(({ code }) => code)).toEqual(['nothingWrong']);
    expect(story.summary).toBe('Nothing was wrong with this call.');
    expect(story.legs.map(({ media }) => media !== null && media.received.packets > 50 && media.firstPacketAt !== null && media.heardFrom.length === 1 && media.heardFrom[0] === media.signalled)).toEqual([true, true]);
    // Both legs, from the first INVITE to the last 200, and no proof of a password.
    const sip = story.timeline.filter(({ kind }) => kind === 'sip');
    expect(sip.filter(({ leg }) => leg === story.legs[0]!.id).map(({ type, message }) => `${message!.direction} ${type}`)).toEqual([
      'received INVITE', 'sent 401', 'received ACK', 'received INVITE', 'sent 180', 'sent 200', 'received ACK', 'received BYE', 'sent 200',
    ]);
    expect(sip.filter(({ leg }) => leg === story.legs[1]!.id).map(({ type, message }) => `${message!.direction} ${type}`)).toEqual(['sent INVITE', 'received 180', 'received 200', 'sent ACK', 'sent BYE', 'received 200']);
    expect(JSON.stringify(story)).not.toMatch(/response=\\"[0-9a-f]{32}/);
    expect(sip.find(({ type }) => type === 'INVITE')!.message!.sdp!.media[0]).toMatchObject({ kind: 'audio', codecs: ['PCMU/8000', 'PCMA/8000', 'telephone-event/8000'], direction: 'sendrecv' });
    expect(story.timeline.map(({ at }) => Date.parse(at as unknown as string))).toEqual(story.timeline.map(({ at }) => Date.parse(at as unknown as string)).toSorted((a, b) => a - b));
  });

  test('whose audio comes from another port than its SDP names: told, and nobody is blamed', async () => {
    const story = await talked({ otherPort: true }, {});
    expect(blames(story)).toEqual([]);
    expect(story.verdicts.map(({ code }) => code)).toEqual(['nothingWrong', 'symmetricRtp']);
  });

  test.each([
    ['busy', 486, 'busy'],
    ['declined', 603, 'declined'],
  ])('that was %s says so and blames nobody', async (_what, status, code) => {
    const story = await refused({ answers: status });
    expect(story.verdicts.map((verdict) => verdict.code)).toEqual([code]);
    expect(blames(story)).toEqual([]);
  });

  test('to a number that nobody has', async () => {
    began = Date.now();
    expect(await caller.call('7999999')).toBeGreaterThanOrEqual(400);
    const story = await storyWith(() => true);
    expect([story.verdicts.map(({ code }) => code), blames(story)]).toEqual([['unknownNumber'], []]);
  });
});

describe('a fault of audio', () => {
  test('1: the phone names an address of its own network, and nothing comes from it', async () => {
    const story = await talked({ mediaAddress: '192.168.77.5', rtp: 'none' }, {});
    expect(blames(story)).toEqual(['oneWayAudioNat']);
    const [verdict] = story.verdicts;
    expect(verdict!.legs).toEqual([story.legs[0]!.id]);
    expect(verdict!.cause).toContain('192.168.77.5');
    expect(verdict!.evidence.join(' ')).toMatch(/c= 192\.168\.77\.5.*came from 127\.0\.0\.1/);
  });

  test('2: the caller is heard and the called phone sends nothing', async () => {
    const story = await talked({}, { rtp: 'none' });
    expect(blames(story)).toEqual(['oneWayAudio']);
    expect(story.verdicts[0]!.legs).toEqual([story.legs[1]!.id]);
  });

  test('3: neither sends anything', async () => {
    const story = await talked({ rtp: 'none' }, { rtp: 'none' }, 2_800);
    expect(blames(story)).toEqual(['noAudio']);
  });

  test('4: the called phone has none of the codecs there are', async () => {
    const story = await refused({ answers: 488 });
    expect(blames(story)).toEqual(['codecMismatch']);
    expect(story.verdicts[0]!.legs).toEqual([story.legs[1]!.id]);
  });

  test('4: the caller offers what is not spoken here', async () => {
    caller.faults = { codecs: [[18, 'G729/8000'], [4, 'G723/8000']] };
    began = Date.now();
    expect(await caller.call('102')).toBe(488);
    const story = await storyWith(() => true);
    expect(blames(story)).toEqual(['codecMismatch']);
    expect(story.verdicts[0]!.evidence.join(' ')).toContain('G729/8000');
  });

  test('5: every tenth packet of the caller is lost', async () => {
    const story = await talked({ rtp: 'lossy' }, {}, 4_000);
    expect(blames(story)).toEqual(['packetLoss']);
    expect(story.verdicts[0]!.legs).toEqual([story.legs[0]!.id]);
    expect(story.verdicts[0]!.title).toMatch(/(9|10|11)(\.\d)? % /);
  });

  test('6: the packets of the called phone are up to a quarter of a second late', async () => {
    const story = await talked({}, { rtp: 'uneven' }, 4_000);
    expect(blames(story)).toEqual(['jitter']);
    expect(story.verdicts[0]!.legs).toEqual([story.legs[1]!.id]);
  });

  test('packets of a payload type that nobody agreed on', async () => {
    const story = await talked({ rtp: 'foreign' }, {});
    expect(blames(story)).toEqual(['mediaDiscarded']);
  });
});

describe('a fault of signalling', () => {
  test('7: the called phone loses its power, and the caller hangs up', async () => {
    began = Date.now();
    await caller.call('102');
    await pause(2_200);
    called.vanish();
    await pause(500);
    caller.hangUp();
    const story = await storyWith(({ verdicts }) => verdicts.some(({ code }) => code === 'partyVanished'));
    expect(blames(story)).toEqual(['partyVanished']);
    expect(story.verdicts[0]!.legs).toEqual([story.legs[1]!.id]);
  });

  test('7: both lose their power, and the call ends by itself', async () => {
    began = Date.now();
    await caller.call('102');
    await pause(2_200);
    called.vanish();
    caller.vanish();
    const story = await storyWith(() => true);
    expect(blames(story)).toEqual(['partyVanished']);
    expect(story.verdicts[0]!.legs).toEqual(story.legs.map(({ id }) => id));
  });

  test('the called phone has moved without a word: nothing answers the INVITE, until the caller gives up', async () => {
    called.faults = { answers: 'nothing' };
    began = Date.now();
    void caller.call('102');
    await pause(4_000);
    const [live] = (await pbx.api<{ items: { id: string }[] }>('GET', '/calls')).items;
    await pbx.api('DELETE', `/calls/${live!.id}`);
    const story = await storyWith(({ verdicts }) => verdicts.some(({ code }) => code === 'noResponse'));
    expect(blames(story)).toEqual(['noResponse']);
  });

  test('10: the called side does not take who we are', async () => {
    const story = await refused({ answers: 401 });
    expect(blames(story)).toEqual(['authentication']);
  });

  test('the called side fails', async () => {
    const story = await refused({ answers: 503 });
    expect(blames(story)).toEqual(['serverFailure']);
  });

  test('our answer is never acknowledged', async () => {
    caller.faults = { acknowledges: false };
    began = Date.now();
    expect(await caller.call('102')).toBe(200);
    const story = await storyWith(({ verdicts }) => verdicts.some(({ code }) => code === 'ackMissing'), 60_000);
    expect(blames(story), JSON.stringify([story.verdicts, story.legs])).toEqual(['ackMissing']);
  });
});

test('the capture of a call has all of its messages', async () => {
  const story = await talked({}, {});
  const response = await fetch(`${pbx.apiUrl}/call-records/${story.callId}/pcap`, { headers: { authorization: `Bearer ${pbx.apiKey}` } });
  const file = Buffer.from(await response.arrayBuffer());
  expect(file.readUInt32BE(0)).toBe(0xa1b2c3d4);
  let packets = 0;
  for (let at = 24; at < file.length; at += 16 + file.readUInt32BE(at + 8)) packets += 1;
  expect(packets).toBe(story.ladder.messages);
  // Another controller has it from the database.
  await pause(4_000);
  const ready = pbx.controller.nextReady();
  await pbx.controller.kill('SIGTERM');
  await ready;
  expect(await storyOf(story.callId)).toEqual(story);
});

/** They talk, the caller hangs up. */
async function talked(faultsOfCaller: Faults, faultsOfCalled: Faults, ms = 2_500): Promise<Story> {
  caller.faults = faultsOfCaller;
  called.faults = faultsOfCalled;
  began = Date.now();
  expect(await caller.call('102')).toBe(200);
  await pause(ms);
  caller.hangUp();
  await called.ended;
  return storyWith(({ timeline }) => timeline.some(({ type, message }) => type === '200' && message?.method === 'BYE'));
}

async function refused(faultsOfCalled: Faults): Promise<Story> {
  called.faults = faultsOfCalled;
  began = Date.now();
  expect(await caller.call('102')).toBeGreaterThanOrEqual(400);
  return storyWith(() => true);
}

/** Of the last call of 101, once its record is there and it is so. */
async function storyWith(isSo: (story: Story) => boolean, timeoutMs = 30_000): Promise<Story> {
  let last: Story | undefined;
  return waitFor(() => `the story, which has ${JSON.stringify(last?.verdicts)}`, async () => {
    const { items } = await pbx.api<{ items: { id: string; startedAt: string }[] }>('GET', '/call-records?from=101&limit=1');
    const [record] = items.filter(({ startedAt }) => Date.parse(startedAt) >= began);
    if (record === undefined) return undefined;
    last = await storyOf(record.id);
    return isSo(last) ? last : undefined;
  }, timeoutMs);
}

function storyOf(id: string): Promise<Story> {
  return pbx.api<Story>('GET', `/call-records/${id}/story`);
}

/** Of what anybody would have to do something about. */
function blames({ verdicts }: Story): readonly string[] {
  return verdicts.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
}

async function phone(extension: string): Promise<FaultyPhone> {
  const device = pbx.devices.find((one) => one.extension === extension);
  if (device === undefined) throw new Error(`the demo office has no ${extension}`);
  const started = await FaultyPhone.start(device, { host: '127.0.0.1', port: pbx.ports.sip });
  await started.register();
  return started;
}
