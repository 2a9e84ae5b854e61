import type { Story } from '@tipring/story';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../interop/wait-for.ts';
import { pause } from '../testbed/each.ts';
import { carrierPort, TrunkOffice } from '../testbed/trunk-office.ts';

/* Faults of trunks, made by simulated carriers and a name server against the real PBX. */
let office: TrunkOffice;
let began = 0;
/** No other test has these. */
const [good, other, dead] = ['127.0.0.211', '127.0.0.212', '127.0.0.213'] as const;

beforeAll(async () => {
  office = await TrunkOffice.start({ lines: 1, phones: 1 });
  await office.carrier({ address: good });
  await office.carrier({
    address: other,
    customers: [{ type: 'address', name: 'pbx', transport: 'udp', address: '127.0.0.1', port: office.pbx.ports.sip, numbers: [], credentials: { username: 'office', password: 'right' } }],
  });
  const at = (host: string): object => ({ host, port: carrierPort, transport: 'udp' });
  const noHealth = { health: { optionsIntervalS: null } };
  const wrong = await office.addTrunk('wrong-password', { server: at(other), peering: { type: 'address', credentials: { username: 'office', password: 'wrong' } }, ...noHealth });
  const right = await office.addTrunk('carrier', { server: at(good), peering: { type: 'address' }, ...noHealth });
  const silent = await office.addTrunk('dead', { server: at(dead), peering: { type: 'address' }, ...noHealth });
  const nameless = await office.addTrunk('nameless', { server: { host: 'sip.nowhere.example', port: null, transport: null }, peering: { type: 'address' }, ...noHealth });
  await office.addOutboundRoute('81', [{ trunk: right }]);
  await office.addOutboundRoute('82', [{ trunk: wrong }]);
  await office.addOutboundRoute('83', [{ trunk: silent }]);
  await office.addOutboundRoute('84', [{ trunk: nameless }]);
  await office.addOutboundRoute('85', [{ trunk: silent }, { trunk: right }]);
});

afterAll(async () => {
  await office?.stop();
});

test('a good call out over a trunk blames nobody', async () => {
  const story = await called('81', true);
  expect(story.verdicts.map(({ code }) => code)).toEqual(['nothingWrong']);
  expect(story.legs[1]!.carrier).toBe('trunk');
});

test('10: the password of a trunk is wrong', async () => {
  const story = await called('82', false);
  expect(blames(story)).toEqual(['trunkAuthentication']);
  expect(story.verdicts[0]!.evidence[0]).toMatch(/challenges of realm "carrier.example", 1 times answered/);
});

test('11: a trunk does not answer', async () => {
  const story = await called('83', false);
  expect(blames(story)).toEqual(['noResponse']);
  expect(story.verdicts[0]!.title).toContain('Trunk dead');
});

test('11: the name of a trunk is not known', async () => {
  expect(blames(await called('84', false))).toEqual(['unresolvable']);
});

test('a dead trunk is passed over: the call says which, and that it went on', async () => {
  const story = await called('85', true);
  expect(story.verdicts.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning noResponse', 'info failedOver']);
  expect(story.attempts).toHaveLength(2);
});

async function called(prefix: string, isAnswered: boolean): Promise<Story> {
  const [phone] = office.phones;
  began = Date.now();
  await phone!.call(`${prefix}4155550123`);
  if (isAnswered) {
    await waitFor('the call to be up', async () => (await office.pbx.api<{ items: { state: string }[] }>('GET', '/calls')).items.some(({ state }) => state === 'talking') || undefined);
    await phone!.speak();
    await pause(2_500);
    await phone!.hangUp();
  }
  return waitFor('the story', async () => {
    const { items } = await office.pbx.api<{ items: { id: string; startedAt: string }[] }>('GET', '/call-records?limit=1');
    const [record] = items.filter(({ startedAt }) => Date.parse(startedAt) >= began);
    return record && office.pbx.api<Story>('GET', `/call-records/${record.id}/story`);
  });
}

/** Of what anybody would have to do something about. */
function blames({ verdicts }: Story): readonly string[] {
  return verdicts.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
}
