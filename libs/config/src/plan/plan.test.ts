import { describe, expect, test } from 'vitest';
import { emptySystem, imported } from '../document/document-bed.ts';
import { randomDocument, randomFrom } from '../document/random-document.ts';
import type { ConfigurationDocument } from '../document/forms.ts';
import { covers, placesOf, takes } from './number-patterns.ts';
import { callsAffected, planOf } from './plan.ts';
import type { WarningCode } from './warning.ts';

const context = { now: '2026-11-23T12:00:00.000Z', emergencyNumbers: (country: string) => (country === 'DE' ? ['110', '112'] : ['911']) };
const peering = { type: 'registration', username: 'me', password: 'hunter2' } as const;

/** Nothing is to be said against it. */
const office = {
  version: 1,
  settings: { site: { country: 'DE', outsidePrefix: '0' }, emergency: { location: 'here' } },
  emergencyLocations: { here: { address: 'Main street 1' } },
  extensions: { desk: { number: '201' } },
  devices: { phone: { extension: 'desk', password: 'typed' } },
  lines: { main: { port: 'SIM-1/1', isCommissioned: true, inbound: { extension: 'desk' } } },
  lineGroups: { lines: { lines: ['main'] } },
  trunks: { carrier: { server: { host: 'sip.carrier.example' }, peering } },
  inboundRoutes: { all: { destination: { extension: 'desk' } } },
  outboundRoutes: { outside: { match: { prefix: '0' }, attempts: [{ via: { trunk: 'carrier' } }, { via: { lineGroup: 'lines' } }] } },
} satisfies ConfigurationDocument;

describe('a plan', () => {
  const before = imported(office).snapshot;
  const planned = (document: object) => planOf(before, imported(document, before).snapshot, context);

  test('of nothing new is nothing', () => {
    expect(planned(office)).toEqual({ objects: [], warnings: [] });
  });

  test('tells each field as people write it, references by key', () => {
    const { objects } = planned({
      ...office,
      settings: { ...office.settings, calls: { silenceS: 0 } },
      extensions: { desk: { number: '202', displayName: 'Reception' }, lab: { number: '203' } },
      devices: { phone: { extension: 'lab' } },
      outboundRoutes: { outside: { match: { prefix: '0', numbers: ['1x.'] }, attempts: [{ via: { lineGroup: 'lines' } }] } },
    });
    const [id, lab] = [expect.any(String) as string, { kind: 'extension', key: 'lab', displayName: 'Lab', change: 'added' }];
    expect(objects).toMatchObject([
      { kind: 'settings', id: null, change: 'changed', fields: [{ path: '/calls/silenceS', before: 60, after: 0 }] },
      { kind: 'extension', id, key: 'desk', displayName: 'Reception', fields: [{ path: '/number', before: '201', after: '202' }, { path: '/displayName', before: 'Desk', after: 'Reception' }] },
      lab,
      { kind: 'device', key: 'phone', fields: [{ path: '/extension', before: 'desk', after: 'lab' }] },
      {
        kind: 'outboundRoute',
        fields: [
          { path: '/match/numbers', before: [], after: ['1x.'] },
          { path: '/attempts/0/via/trunk', before: 'carrier' },
          { path: '/attempts/0/via/lineGroup', after: 'lines' },
          { path: '/attempts/1', before: { via: { lineGroup: 'lines' }, number: null, shown: null } },
        ],
      },
    ]);
  });

  test('tells that a secret is another one, and never which', () => {
    const plan = planned({ ...office, devices: { phone: { extension: 'desk', password: 'other' } }, trunks: { carrier: { ...office.trunks.carrier, peering: { ...peering, password: 'hunter3' } } }, pinSets: { staff: { pins: [{ label: 'Ann', pin: '47110815' }] } } });
    expect(plan.objects.flatMap(({ fields }) => fields.filter(({ isSecret }) => isSecret))).toEqual([
      { path: '/pins/0/pin', after: '(secret)', isSecret: true },
      { path: '/password', before: '(secret)', after: '(secret)', isSecret: true },
      { path: '/peering/password', before: '(secret)', after: '(secret)', isSecret: true },
    ]);
    expect(JSON.stringify(plan)).not.toMatch(/hunter|47110815|other/);
    // Nor with a peering of another kind, in which it lies deeper.
    const moved = planned({ ...office, trunks: { carrier: { ...office.trunks.carrier, peering: { type: 'address', credentials: { username: 'x', password: 'hunter4' } } } } });
    expect(JSON.stringify(moved)).not.toMatch(/hunter/);
  });

  test('of random configurations tells what is different, and no secret', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const empty = emptySystem();
      const [from, to] = [seed, seed + 1_000].map((one) => imported(randomDocument(randomFrom(one)), empty).snapshot) as [typeof empty, typeof empty];
      const text = JSON.stringify(planOf(from, to, context));
      expect(text).not.toMatch(/hunter2|päss wörd|x{256}/);
      expect(planOf(to, to, context).objects).toEqual([]);
    }
  });

  test('names the calls that go over what it changes', () => {
    const [trunk, line, device] = [before.trunks, before.lines, before.devices].map((rows) => [...rows.keys()][0]!) as [string, string, string];
    const calls = [{ id: 'a', legs: [{ endpoint: device }, { endpoint: trunk }] }, { id: 'b', legs: [{ endpoint: `${device}/contact` }] }, { id: 'c', legs: [{ endpoint: line }] }];
    const affectedBy = (document: object) => callsAffected(planned(document).objects, calls).map(({ id }) => id);
    expect(affectedBy(office)).toEqual([]);
    expect(affectedBy({ ...office, trunks: {}, outboundRoutes: {} })).toEqual(['a']);
    expect(affectedBy({ ...office, devices: { phone: { extension: 'desk', enabled: false } } })).toEqual(['a', 'b']);
    expect(affectedBy({ ...office, lines: { main: { ...office.lines.main, number: '+4930123450' } } })).toEqual(['c']);
    expect(affectedBy({ ...office, extensions: { desk: { number: '299' } } })).toEqual([]);
  });
});

describe('what is probably not meant', () => {
  const clean = imported(office).snapshot;
  const outside = office.outboundRoutes.outside;
  const withSchedule = (schedule: object) => ({ ...office, schedules: { hours: schedule }, inboundRoutes: { ...office.inboundRoutes, day: { position: 1, match: { schedule: { open: 'hours' } }, destination: { extension: 'desk' } } } });

  test.each<[WarningCode, string, object]>([
    ['nothingReachesOutside', '/outboundRoutes', { ...office, outboundRoutes: {} }],
    ['nothingReachesOutside', '/outboundRoutes', { ...office, trunks: { carrier: { ...office.trunks.carrier, isEnabled: false } }, lines: { main: { ...office.lines.main, isCommissioned: false } } }],
    ['noWayForEmergencies', '', { ...office, lines: {}, lineGroups: {}, trunks: {}, outboundRoutes: {} }],
    ['emergencyNumberTaken', '/extensions/desk/number', { ...office, extensions: { desk: { number: '112' } } }],
    ['emergencyNumberTaken', '/extensions/desk/number', { ...office, extensions: { desk: { number: '0110' } } }],
    ['emergencyNumberTaken', '/extensions/desk/number', { ...office, settings: { ...office.settings, emergency: { numbers: ['201'], location: 'here' } } }],
    ['noEmergencyLocation', '/extensions/desk', { ...office, settings: { site: office.settings.site } }],
    ['prefixTaken', '/extensions/desk/number', { ...office, extensions: { desk: { number: '012' } } }],
    ['neverReached', '/outboundRoutes/zero', { ...office, outboundRoutes: { outside, zero: { ...outside, match: { prefix: '0', numbers: ['1x.'] } } } }],
    ['neverReached', '/outboundRoutes/a', { ...office, outboundRoutes: { a: { ...outside, position: 200 }, outside } }],
    ['neverReached', '/inboundRoutes/late', { ...office, inboundRoutes: { all: office.inboundRoutes.all, late: { match: { via: [{ trunk: 'carrier' }] }, destination: { refusal: 'busy' } } } }],
    ['notDialable', '/outboundRoutes/short/match/numbers/0', { ...office, outboundRoutes: { outside, short: { match: { numbers: ['201'] }, attempts: [{ via: { trunk: 'carrier' } }] } } }],
    ['noTariff', '/outboundRoutes/outside/order', { ...office, outboundRoutes: { outside: { ...outside, order: 'leastCost' } } }],
    ['leadsNowhere', '/inboundRoutes/all/destination', { ...office, inboundRoutes: { all: { destination: { number: '777' } } } }],
    ['loopsToItself', '/inboundRoutes/own/destination', { ...office, inboundRoutes: { ...office.inboundRoutes, own: { position: 1, match: { called: ['+4930123450'] }, destination: { number: '0030123450' } } } }],
    ['loopsToItself', '/stations/wall/overrides/hotline', { ...office, stations: { wall: { extension: 'desk', port: 'SIM-1/5', overrides: { hotline: { number: '201', delayMs: 0 } } } } }],
    ['emergencyNumberTaken', '/queues/q/number', { ...office, queues: { q: { number: '112' } } }],
    ['emergencyNumberTaken', '/parkingLots/p/slots', { ...office, parkingLots: { p: { slots: { first: '112', last: '112' } } } }],
    ['prefixTaken', '/conferences/c/number', { ...office, conferences: { c: { number: '0444' } } }],
    ['notDialable', '/outboundRoutes/short/match/numbers/0', { ...office, queues: { q: { number: '300' } }, outboundRoutes: { outside, short: { match: { numbers: ['300'] }, attempts: [{ via: { trunk: 'carrier' } }] } } }],
    ['notDialable', '/settings/featureCodes/voicemail', { ...office, outboundRoutes: { outside, star: { match: { prefix: '*97' }, attempts: [{ via: { trunk: 'carrier' } }] } } }],
    ['leadsNowhere', '/extensions/desk/forwarding/busy', { ...office, extensions: { desk: { number: '201', forwarding: { busy: { number: '777' } } } } }],
    ['leadsNowhere', '/extensions/desk/followMe/steps/0/target', { ...office, extensions: { desk: { number: '201', followMe: { steps: [{ target: { number: '0112' }, afterMs: 0, ringMs: 20_000 }] } } } }],
    ['leadsNowhere', '/ringGroups/g/members/0/target', { ...office, ringGroups: { g: { number: '600', members: [{ target: { number: '99' } }] } } }],
    ['loopsToItself', '/extensions/desk/forwarding/always', { ...office, extensions: { desk: { number: '201', forwarding: { always: { extension: 'desk' } } } } }],
    ['unused', '/ringGroups/g', { ...office, ringGroups: { g: { members: [{ target: { extension: 'desk' } }] } } }],
    ['unused', '/prompts/p', { ...office, prompts: { p: { spoken: { en: { text: 'Hello' } } } } }],
    ['unused', '/musicClasses/m', { ...office, musicClasses: { m: { files: ['a.wav'] } } }],
    ['unused', '/voicemailBoxes/b', { ...office, voicemailBoxes: { b: {} } }],
    ['noMailServer', '/voicemailBoxes/b/mail', { ...office, voicemailBoxes: { b: { number: '700', mail: { to: ['ann@example.org'] } } } }],
    ['nothingGoesOut', '/trunks/carrier', { ...office, outboundRoutes: { outside: { ...outside, attempts: [{ via: { lineGroup: 'lines' } }] } } }],
    ['nothingGoesOut', '/lineGroups/lines', { ...office, outboundRoutes: { outside: { ...outside, attempts: [{ via: { trunk: 'carrier' } }] } } }],
    ['nothingGoesOut', '/lines/main', { ...office, lineGroups: {}, outboundRoutes: { outside: { ...outside, attempts: [{ via: { trunk: 'carrier' } }] } } }],
    ['nobodyAnswers', '/trunks/carrier', { ...office, inboundRoutes: {} }],
    ['nobodyAnswers', '/lines/main', { ...office, inboundRoutes: {}, lines: { main: { ...office.lines.main, inbound: null } } }],
    ['notToldApart', '/trunks/second/server/host', { ...office, trunks: { carrier: { ...office.trunks.carrier, peering: { type: 'address' } }, second: { ...office.trunks.carrier, peering: { type: 'address' } } } }],
    ['notCommissioned', '/lines/main/isCommissioned', { ...office, lines: { main: { ...office.lines.main, isCommissioned: false } } }],
    ['past', '/schedules/hours', withSchedule({ holidays: [{ name: 'Fair', from: '2026-11-20', hours: [{ from: '08:00', to: '12:00' }] }] })],
    ['unused', '/pinSets/staff', { ...office, pinSets: { staff: { pins: [{ label: 'Ann', pin: '1234' }] } } }],
    ['unused', '/permissions/all', { ...office, permissions: { all: {} } }],
    ['noTelephone', '/extensions/lonely', { ...office, extensions: { ...office.extensions, lonely: { number: '299' } } }],
  ])('%s at %s', (code, pointer, document) => {
    const { warnings } = planOf(clean, imported(document).snapshot, context);
    expect(warnings).toContainEqual({ code, pointer, hint: expect.stringMatching(/\w/), isNew: true });
  });

  test('what is right is not warned of', () => {
    const fine = [
      office,
      withSchedule({ week: [{ days: ['monday'], from: '08:00', to: '18:00' }], holidays: [{ name: 'Fair', from: '2020-01-01' }] }),
      withSchedule({ holidays: [{ name: 'Fair', from: '2020-01-01', everyYear: true }] }),
      withSchedule({ holidays: [{ name: 'Today', from: '2026-11-22' }] }),
      // A longer prefix first, or other callers, takes nothing away.
      { ...office, outboundRoutes: { outside, zero: { ...outside, position: 1, match: { prefix: '0', numbers: ['1x.'] } } } },
      { ...office, inboundRoutes: { ...office.inboundRoutes, own: { position: 1, match: { called: ['+4930123450'] }, destination: { number: '0030999999' } } } },
      // All of it is used: by its number, from a rule, by another one, by an extension.
      {
        ...office,
        settings: { ...office.settings, voice: { musicClass: 'site' }, mail: { host: 'mail.example', from: 'pbx@example.org' } },
        schedules: { hours: { week: [{ days: ['monday'], from: '08:00', to: '18:00' }] } },
        musicClasses: { site: { files: ['a.wav'] }, other: { files: ['b.wav'] } },
        prompts: { closed: { spoken: { en: { text: 'We are closed.' } } } },
        voicemailBoxes: { desk: { mail: { to: ['desk@example.org'] } } },
        extensions: { desk: { number: '201', voicemailBox: 'desk' }, away: { number: '202', forwarding: { always: { extension: 'desk' } } } },
        ringGroups: { sales: { number: '600', members: [{ target: { extension: 'desk' } }], otherwise: { ivr: 'menu' } } },
        ivrs: { menu: { unless: [{ schedule: { closed: 'hours' }, destination: { announcement: 'closed' } }], choices: [{ digits: '1', label: 'Sales', destination: { queue: 'sales' } }, { digits: '2', label: 'Mobile', destination: { number: '0301234567' } }] } },
        queues: { sales: { agents: [{ extension: 'desk' }], musicClass: 'other' } },
        parkingLots: { lot: { slots: { first: '701', last: '709' } } },
      },
    ];
    for (const document of fine) expect(planOf(clean, imported(document).snapshot, context).warnings).toEqual([]);
  });

  test('what was so before is not new', () => {
    const before = imported({ ...office, permissions: { all: {} } }).snapshot;
    const after = imported({ ...office, permissions: { all: {}, none: {} } }).snapshot;
    expect(planOf(before, after, context).warnings.map(({ pointer, isNew }) => [pointer, isNew])).toEqual([['/permissions/all', false], ['/permissions/none', true]]);
  });
});

describe('number patterns', () => {
  test.each([
    ['x.', '1xx', true], ['x.', '+49x.', false], ['1x.', '1', true], ['1xx', '1x.', false], ['[1-3]x', '2[0-5]', true], ['[1-3]x', '[2-4]x', false], ['+49x.', '+4930x.', true], ['+4930x.', '+49x.', false],
    ['xx', 'x.', false], ['x.', 'x.', true], ['[135]', '3', true], ['112', '112', true], ['112', '11', false],
  ])('%s covers %s: %s', (wide, narrow, expected) => {
    expect(covers(placesOf(wide), placesOf(narrow))).toBe(expected);
  });

  test('one that covers another takes all that the other takes', () => {
    const random = randomFrom(7);
    const below = (count: number) => Math.floor(random() * count);
    const pattern = () => Array.from({ length: 1 + below(3) }, () => ['1', '2', 'x', '[1-2]', '[13]'][below(5)]).join('') + (random() < 0.4 ? '.' : '');
    const numbers = ['1', '2', '3'].flatMap((a) => ['', '1', '2', '3'].flatMap((b) => ['', '1', '2', '3'].flatMap((c) => ['', '1', '3'].map((d) => a + b + c + d))));
    let covering = 0;
    for (let count = 0; count < 3_000; count += 1) {
      const [wide, narrow] = [pattern(), pattern()];
      if (!covers(placesOf(wide), placesOf(narrow))) continue;
      covering += 1;
      expect([wide, narrow, numbers.filter((number) => takes(narrow, number) && !takes(wide, number))]).toEqual([wide, narrow, []]);
    }
    expect(covering).toBeGreaterThan(200);
  });
});
