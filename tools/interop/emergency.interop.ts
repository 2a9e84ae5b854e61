import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatedCarrier } from '@tipring/carrier';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TrunkOffice } from '../testbed/trunk-office.ts';
import { LineParty } from './parties/line-party.ts';
import { bothHear } from './parties/party.ts';
import type { PhoneParty } from './parties/phone-party.ts';
import { waitFor } from './wait-for.ts';

/*
 * Calls for help on the real processes: everything that can keep an ordinary call from going out is set against them, and every line is busy.
 */
let office: TrunkOffice;
let lines: readonly LineParty[];
let phones: readonly PhoneParty[];
let trunk: string;
let carrier: SimulatedCarrier;
let webhook: Server;
const told: { at: number; body: { number: string; extension: { number: string }; location: { address: string } | null; by: string | null } }[] = [];

beforeAll(async () => {
  webhook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      told.push({ at: Date.now(), body: JSON.parse(body) as (typeof told)[number]['body'] });
      response.end();
    });
  });
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  office = await TrunkOffice.start({ lines: 2, phones: 4 });
  ({ phones } = office);
  const { api } = office.pbx;
  const added = [await office.addLine({ card: 'SIM-1', port: 1 }), await office.addLine({ card: 'SIM-1', port: 2 })];
  lines = added.map((line, at) => new LineParty(office.office, line, 1_860 + 60 * at));
  const group = await office.addLineGroup('lines', added);
  carrier = await office.carrier({ address: '127.0.0.139', port: 15_099 });
  trunk = await office.addTrunk('carrier', { server: { host: '127.0.0.139', port: 15_099, transport: 'udp' }, peering: { type: 'address' } });
  const { id: pins } = await api<{ id: string }>('POST', '/pin-sets', { key: 'pins', displayName: 'PINs', pins: [{ label: 'Ann', pin: '4711' }] });
  await office.addOutboundRoute('9', [{ lineGroup: group }]);
  // Nobody may call anything: a permission of nothing, a PIN, a block list of those very numbers.
  const { id: nothing } = await api<{ id: string }>('POST', '/permissions', { key: 'nothing', displayName: 'Nothing', classes: [] });
  const { id: location } = await api<{ id: string }>('POST', '/emergency-locations', { key: 'attic', displayName: 'Attic', address: 'High Street 1, attic' });
  await api('POST', '/blocklists', { key: 'everything', displayName: 'Everything', direction: 'outbound', numbers: ['911', '9911', '112'] });
  await api('POST', '/outbound-routes', { key: 'captures', displayName: 'Captures', position: 0, match: { numbers: ['911', '9911'] }, pinSetId: pins, attempts: [] });
  const { items } = await api<{ items: { id: string; number: string; version: number }[] }>('GET', '/extensions?limit=100');
  const locked = items.find(({ number }) => number === phones[0]!.number)!;
  await api('PATCH', `/extensions/${locked.id}`, { calling: { permissionId: nothing, locationId: location, shownNumber: null, isLocked: true } }, { 'if-match': `"${locked.version}"` });
  const settings = await api<{ version: number }>('GET', '/settings');
  await api('PATCH', '/settings', { emergency: { webhooks: [`http://127.0.0.1:${(webhook.address() as AddressInfo).port}/alarm`] } }, { 'if-match': `"${settings.version}"` });
  for (const line of lines) {
    await office.office.act({ on: 'line', port: line.line.port, do: 'policy', policy: { is: 'answered', afterRings: 0, supervision: 'reversal' } });
    await line.rests();
  }
  await office.trunkIs(trunk, 'up');
});

afterAll(async () => {
  await office?.stop();
  webhook?.close();
});

afterEach(async () => {
  for (const party of [...phones, ...lines]) await party.hangUp().catch(() => {});
  for (const party of [...phones, ...lines]) await party.rests();
});

test('every line is busy: one is taken from its talkers, who hear why, and the call for help goes out over it; then the webhook is told', async () => {
  const [helpless, ...talkers] = phones as [PhoneParty, PhoneParty, PhoneParty, PhoneParty];
  for (const talker of talkers.slice(0, 2)) await talker.call('92125550150');
  const busy = await waitFor('both lines to be talking', async () => {
    const { items } = await office.pbx.api<{ items: { id: string; state: string }[] }>('GET', '/calls');
    return items.filter(({ state }) => state === 'talking').length === 2 ? items.map(({ id }) => id) : undefined;
  });
  for (const talker of talkers.slice(0, 2)) await talker.listen();

  const dialledAt = Date.now();
  await helpless.call('911');
  const call = await waitFor('the call for help to have begun', async () => {
    const { items } = await office.pbx.api<{ items: { id: string; emergency: string | null; legs: { endpoint: string; role: string; startedAt: string }[] }[] }>('GET', '/calls');
    return items.find(({ emergency, legs }) => emergency === '911' && legs.length > 1);
  });
  expect(Date.parse(call.legs.find(({ role }) => role === 'called')!.startedAt) - dialledAt).toBeLessThan(1_000);
  const victim = await waitFor('somebody to lose his line', async () => {
    for (const talker of talkers.slice(0, 2)) if ((await talker.hears()).some(({ hz, dbm0 }) => dbm0 > -30 && hz > 300 && hz < 700)) return talker;
    return undefined;
  });
  await victim.isTold();
  const taken = await waitFor('911 to be dialled on a line', async () => {
    for (const line of lines) if ((await office.office.exchangeAt(line.line.port)).digits === '911') return line;
    return undefined;
  });
  await taken.speak();
  await helpless.speak();
  await bothHear(helpless, taken, 1_000);
  const [notice] = await waitFor('the webhook to be told', () => (told.length > 0 ? told : undefined));
  expect(notice!.body).toMatchObject({ number: '911', extension: { number: helpless.number }, location: { address: 'High Street 1, attic' }, by: expect.stringMatching(/^line /) as string });
  expect(notice!.at).toBeGreaterThanOrEqual(Date.parse(call.legs.find(({ role }) => role === 'called')!.startedAt));
  const lost = await waitFor('the record of the lost call', async () => {
    for (const id of busy) {
      const record = await office.pbx.api<{ cause: string; evidence: { text: string } }>('GET', `/call-records/${id}`).catch(() => undefined);
      if (record !== undefined) return record;
    }
    return undefined;
  });
  expect(lost.cause).toBe('preempted');
});

test('behind the outside prefix it is the same number, and an idle line takes it', async () => {
  await phones[0]!.call('9911');
  const taken = await waitFor('911 to be dialled on a line', async () => {
    for (const line of lines) if ((await office.office.exchangeAt(line.line.port)).digits === '911') return line;
    return undefined;
  });
  await taken.speak();
  await phones[0]!.speak();
  await bothHear(phones[0]!, taken, 1_000);
});

test('without a database, and without a line, it goes out over the trunk', async () => {
  await office.office.act({ on: 'card', card: 'SIM-1', do: 'pull' });
  await waitFor('the lines to be gone', async () => ((await Promise.all(lines.map((line) => isPresent(line)))).some((is) => is) ? undefined : true));
  process.kill(office.pbx.database.pid!, 'SIGKILL');
  try {
    const begun = carrier.state().calls.length;
    await phones[0]!.call('911');
    await waitFor('the trunk to be called', () => (carrier.state().calls.length > begun ? true : undefined));
    expect(carrier.state().calls.at(-1)).toMatchObject({ number: expect.stringContaining('911') as string });
    await phones[0]!.listen();
  } finally {
    await office.pbx.database.restart();
    await office.office.act({ on: 'card', card: 'SIM-1', do: 'insert' });
  }
});

test('with no way at all it is refused with a cause, and not as a number that nobody has', async () => {
  await office.office.act({ on: 'card', card: 'SIM-1', do: 'pull' });
  await waitFor('the lines to be gone', async () => ((await Promise.all(lines.map((line) => isPresent(line)))).some((is) => is) ? undefined : true));
  await office.change(`/trunks/${trunk}`, { isEnabled: false });
  try {
    await phones[0]!.call('911');
    await waitFor('the refusal', () => phones[0]!.party.refusedWith);
    expect(phones[0]!.party.refusedWith).toBeGreaterThanOrEqual(500);
  } finally {
    await office.change(`/trunks/${trunk}`, { isEnabled: true });
    await office.office.act({ on: 'card', card: 'SIM-1', do: 'insert' });
  }
});

async function isPresent(line: LineParty): Promise<boolean> {
  return (await office.office.live(line.line)).isPresent;
}
