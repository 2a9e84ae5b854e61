import { describe, expect, test } from 'vitest';
import { emptySystem, imported, openSealer, tools } from './document-bed.ts';
import { rowsFrom } from './reading.ts';
import { documentFromText } from './text.ts';
import { documentOf } from './writing.ts';

const office = {
  version: 1,
  settings: { site: { country: 'DE', outsidePrefix: '0' } },
  extensions: { desk: { number: '101' } },
  devices: { phone: { extension: 'desk' } },
  lines: { main: { port: 'SIM-1/1', inbound: { extension: 'desk' } } },
  lineGroups: { lines: { lines: ['main'] } },
  trunks: { carrier: { server: { host: 'sip.carrier.example' }, peering: { type: 'registration', username: 'me', password: 'secret' } } },
  outboundRoutes: { outside: { match: { prefix: '0' }, attempts: [{ via: { trunk: 'carrier' } }, { via: { lineGroup: 'lines' } }] } },
};

describe('a document', () => {
  test('says little: what is left out is what is usual', () => {
    const { snapshot } = imported(office);
    const [line] = snapshot.lines.values();
    expect(line).toMatchObject({ displayName: 'Main', region: 'DE', isEnabled: true, isCommissioned: false, overrides: {}, port: { card: 'SIM-1', port: 1 } });
    expect([...snapshot.devices.values()]).toMatchObject([{ username: 'phone', algorithm: 'MD5', extensionId: [...snapshot.extensions.keys()][0] }]);
    expect([...snapshot.trunks.values()]).toMatchObject([{ displayName: 'Carrier', peering: { expiresS: 600, authenticationName: null }, health: { ringMs: 20_000 }, limits: { total: null } }]);
    expect([...snapshot.outboundRoutes.values()]).toMatchObject([{ position: 100, attempts: [{ via: { type: 'trunk' }, number: null, shown: null }, { via: { type: 'lineGroup' } }] }]);
  });

  test('means the same whatever there was before; what it does not name goes', () => {
    const first = imported(office).snapshot;
    const { extensions: _extensions, devices: _devices, lines, ...rest } = office;
    const second = imported({ ...rest, settings: {}, lines: { main: { ...lines.main, inbound: null } } }, first).snapshot;
    expect(second.settings.site.country).toBe('US');
    expect([second.extensions.size, second.devices.size, second.lines.size]).toEqual([0, 0, 1]);
  });

  test('changes what is different, by key, and counts its version; the rest is untouched', () => {
    const first = imported(office).snapshot;
    const { rows } = imported({ ...office, extensions: { desk: { number: '102' } } }, first);
    expect(rows.extensions[0]).toEqual({ ...[...first.extensions.values()][0], number: '102', version: 2, updatedAt: '2026-11-23T12:00:00.000Z' });
    expect(rows.lines[0]).toBe([...first.lines.values()][0]);
  });

  test('two extensions may change their numbers', () => {
    const first = imported({ version: 1, extensions: { a: { number: '101' }, b: { number: '102' } } }).snapshot;
    const { snapshot } = imported({ version: 1, extensions: { a: { number: '102' }, b: { number: '101' } } }, first);
    expect(snapshot.extensionByNumber('101')?.key).toBe('b');
  });

  test('has no ids', () => {
    expect(JSON.stringify(documentOf(imported(office).snapshot, openSealer()))).not.toMatch(/\b(?:ext|dev|lin|lgr|trk|out)_[0-9a-z]/);
  });
});

describe('secrets', () => {
  const sealer = openSealer();

  test('of a device that has none are made, and told once', () => {
    const made = imported(office);
    expect(made.madeSecrets).toMatchObject([{ kind: 'device', key: 'phone', username: 'phone', realm: 'tipring', password: expect.stringMatching(/^made-/) }]);
    expect(imported(office, made.snapshot).madeSecrets).toEqual([]);
  });

  test('that are left out stay, also when other fields change', () => {
    const first = imported(office).snapshot;
    const { password: _password, ...peering } = office.trunks.carrier.peering;
    const second = imported({ ...office, devices: { phone: { extension: 'desk', enabled: false } }, trunks: { carrier: { ...office.trunks.carrier, displayName: 'New', peering } } }, first).snapshot;
    expect([...second.devices.values()][0]?.ha1).toEqual([...first.devices.values()][0]?.ha1);
    expect([...second.trunks.values()][0]).toMatchObject({ displayName: 'New', peering: { password: 'secret' } });
  });

  test('of a device are made anew when its user name changes and none is given', () => {
    const first = imported(office).snapshot;
    expect(imported({ ...office, devices: { phone: { extension: 'desk', username: 'other' } } }, first).madeSecrets).toHaveLength(1);
  });

  test('that are plain are taken; the same again is no change', () => {
    const document = { ...office, devices: { phone: { extension: 'desk', password: 'typed' } } };
    const first = imported(document).snapshot;
    const again = imported(document, first);
    expect([again.madeSecrets, again.rows.devices[0]]).toEqual([[], [...first.devices.values()][0]]);
    const other = imported({ ...office, devices: { phone: { extension: 'desk', password: 'other' } } }, first).snapshot;
    expect([...other.devices.values()][0]?.ha1).not.toEqual([...first.devices.values()][0]?.ha1);
  });

  test('are sealed in an export, and with another key there is a way out', () => {
    const exported = documentOf(imported(office).snapshot, sealer);
    expect(exported.trunks?.['carrier']?.peering).toMatchObject({ password: 'sealed:here:trunk:secret' });
    const elsewhere = rowsFrom(exported, emptySystem(), tools(openSealer('elsewhere')));
    expect(elsewhere.ok ? [] : elsewhere.problems.map(({ code, pointer, hint }) => [code, pointer, /passphrase/.test(hint)])).toEqual([
      ['sealedElsewhere', '/devices/phone/password', true],
      ['sealedElsewhere', '/trunks/carrier/peering/password', true],
    ]);
  });

  test('go along when a key changes, but not into another place', () => {
    const exported = documentOf(imported(office).snapshot, sealer) as typeof office & { devices: { phone: { password: string } } };
    expect(imported({ ...exported, trunks: { renamed: exported.trunks.carrier }, outboundRoutes: {} }).rows.trunks[0]?.peering).toMatchObject({ password: 'secret' });
    const swapped = rowsFrom({ ...exported, devices: { phone: { ...exported.devices.phone, password: exported.trunks.carrier.peering.password } } }, emptySystem(), tools());
    expect(swapped.ok ? [] : swapped.problems).toMatchObject([{ code: 'sealedElsewhere', pointer: '/devices/phone/password' }]);
  });

  test('of a device are of its user name and realm', () => {
    const exported = documentOf(imported(office).snapshot, sealer) as unknown as { devices: { phone: object }; settings: object };
    const renamed = rowsFrom({ ...exported, devices: { phone: { ...exported.devices.phone, username: 'other' } } }, emptySystem(), tools());
    expect(renamed.ok ? [] : renamed.problems).toMatchObject([{ code: 'contradiction', pointer: '/devices/phone/password' }]);
    const moved = rowsFrom({ ...exported, settings: { ...exported.settings, sip: { realm: 'other' } } }, emptySystem(), tools());
    expect(moved.ok ? [] : moved.problems).toMatchObject([{ code: 'contradiction', pointer: '/devices/phone/password' }]);
    // An export brings its realm along.
    expect(imported(exported, emptySystem('another')).snapshot.settings.sip.realm).toBe('tipring');
  });

  test('that are missing, or not of their kind, are told without being told', () => {
    const { password: _password, ...peering } = office.trunks.carrier.peering;
    const problems = problemsOf({ ...office, trunks: { carrier: { ...office.trunks.carrier, peering } }, pinSets: { staff: { pins: [{ label: 'Ann', pin: 'geheim' }, { label: 'Bob' }] } } });
    expect(problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(['invalidValue /pinSets/staff/pins/0/pin', 'missing /pinSets/staff/pins/1/pin', 'missing /trunks/carrier/peering/password']);
    expect(JSON.stringify(problems)).not.toContain('geheim');
  });
});

describe('what is wrong is told with its place, all of it', () => {
  const attempt = (via: object) => ({ ...office, outboundRoutes: { outside: { attempts: [{ via }] } } });

  test.each<[string, unknown, string]>([
    ['no document', null, 'invalidValue '],
    ['a list', [], 'invalidValue '],
    ['a text', 'version: 1', 'invalidValue '],
    ['without version', {}, 'missing /version'],
    ['of a later version', { version: 2 }, 'unknownVersion /version'],
    ['of no version', { version: '1' }, 'unknownVersion /version'],
    ['a kind that there is not', { version: 1, extentions: {} }, 'unknownField /extentions'],
    ['a kind that is a list', { version: 1, extensions: [] }, 'invalidValue /extensions'],
    ['settings that are none', { version: 1, settings: 5 }, 'invalidValue /settings'],
    ['a setting that there is not', { version: 1, settings: { site: { planet: 'x' } } }, 'unknownField /settings/site/planet'],
    ['a key with capitals', { version: 1, extensions: { Desk: { number: '101' } } }, 'invalidValue /extensions/Desk'],
    ['a key with a slash', { version: 1, extensions: { 'a/b~c': { number: '101' } } }, 'invalidValue /extensions/a~1b~0c'],
    ['__proto__', JSON.parse('{"version":1,"extensions":{"__proto__":{"number":"101"}}}'), 'invalidValue /extensions/__proto__'],
    ['an object that is nothing', { version: 1, extensions: { desk: null } }, 'invalidValue /extensions/desk'],
    ['a field that there is not', { ...office, extensions: { desk: { number: '101', colour: 'red' } } }, 'unknownField /extensions/desk/colour'],
    ['a field that is needed', { ...office, extensions: { desk: {} } }, 'missing /extensions/desk/number'],
    ['a number without quotes', { ...office, extensions: { desk: { number: 101 } } }, 'invalidValue /extensions/desk/number'],
    ['a wrong host', { ...office, trunks: { carrier: { ...office.trunks.carrier, server: { host: 'a b' } } } }, 'invalidValue /trunks/carrier/server/host'],
    ['a peering of no kind', { ...office, trunks: { carrier: { ...office.trunks.carrier, peering: { type: 'pigeon' } } } }, 'invalidValue /trunks/carrier/peering/type'],
    ['an extension twice', { version: 1, extensions: { a: { number: '101' }, b: { number: '101' } } }, 'notUnique /extensions/b/number'],
    ['a port twice', { ...office, stations: { wall: { extension: 'desk', port: 'SIM-1/1' } } }, 'notUnique /lines/main/port'],
    ['a port that no card has', { ...office, lines: { main: { port: 'SIM-1/33' } } }, 'invalidValue /lines/main/port'],
    ['an extension that is not there', { ...office, devices: { phone: { extension: 'nobody' } } }, 'danglingReference /devices/phone/extension'],
    ['a reference to what every object has', { ...office, devices: { phone: { extension: 'constructor' } } }, 'danglingReference /devices/phone/extension'],
    ['a trunk that is not there', attempt({ trunk: 'nobody' }), 'danglingReference /outboundRoutes/outside/attempts/0/via/trunk'],
    ['a way that is two', attempt({ trunk: 'carrier', line: 'main' }), 'invalidValue /outboundRoutes/outside/attempts/0/via'],
    ['a reference by id', { ...office, devices: { phone: { extensionId: 'ext_0', extension: 'desk' } } }, 'unknownField /devices/phone/extensionId'],
    ['a permission of the site that is not there', { ...office, settings: { site: { permission: 'all' } } }, 'danglingReference /settings/site/permission'],
    ['a group with a line twice', { ...office, lineGroups: { lines: { lines: ['main', 'main'] } } }, 'notUnique /lineGroups/lines/lines/1'],
    ['registrations that contradict each other', { ...office, settings: { sip: { minExpiresS: 900 } } }, 'contradiction /settings/sip/defaultExpiresS'],
    ['a name with a character that is none', { ...office, extensions: { desk: { number: '101', displayName: 'a\0b' } } }, 'invalidValue /extensions/desk/displayName'],
    ['a name with half of one', { ...office, trunks: { carrier: { ...office.trunks.carrier, peering: { ...office.trunks.carrier.peering, password: '\ud800' } } } }, 'invalidValue /trunks/carrier/peering/password'],
    ['a tone that a country has not', { ...office, lines: { main: { port: 'SIM-1/1', overrides: { disconnect: { tone: { names: ['fanfare'] } } } } } }, 'danglingReference /lines/main/overrides/disconnect/tone/names'],
  ])('%s', (_what, document, expected) => {
    const problems = problemsOf(document);
    expect(problems.map(({ code, pointer }) => `${code} ${pointer}`)).toContain(expected);
    expect(problems.every(({ hint }) => /\w/.test(hint))).toBe(true);
  });

  test('not the first alone, and not what follows from another', () => {
    const problems = problemsOf({ version: 1, colour: 1, extensions: { a: { number: 1 }, b: { number: '102', x: 1 }, c: { number: '103' }, d: { number: '103' } }, devices: { p: { extension: 'a' }, q: { extension: 'nobody', x: 1 } } });
    expect(problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(['unknownField /colour', 'invalidValue /extensions/a/number', 'unknownField /extensions/b/x', 'unknownField /devices/q/x', 'danglingReference /devices/q/extension', 'notUnique /extensions/d/number']);
  });

  test('also what dangles in an object whose fields are not sound', () => {
    const problems = problemsOf({
      ...office,
      settings: { site: { permission: 'a', planet: 1 }, emergency: { location: 'b' } },
      lineGroups: { lines: { lines: ['main', 'c'], hunt: 'wild' } },
      inboundRoutes: { in: { match: { via: [{ trunk: 'd' }], callers: ['1xx', '!'], schedule: { open: 'e' } }, destination: { extension: 'f' } } },
      outboundRoutes: { out: { match: { callers: ['g', 'desk'] }, pinSet: 'h', attempts: [{ via: { lineGroup: 'i' } }, { via: 5 }] } },
    });
    expect(problems.filter(({ code }) => code === 'danglingReference').map(({ pointer }) => pointer)).toEqual([
      '/settings/site/permission', '/settings/emergency/location', '/lineGroups/lines/lines/1', '/inboundRoutes/in/match/via/0/trunk', '/inboundRoutes/in/match/schedule/open', '/inboundRoutes/in/destination/extension',
      '/outboundRoutes/out/match/callers/0', '/outboundRoutes/out/pinSet', '/outboundRoutes/out/attempts/0/via/lineGroup',
    ]);
    expect(problems.filter(({ code }) => code !== 'danglingReference')).toHaveLength(4);
  });

  test('a value that contains itself is refused, not followed', () => {
    const circle: Record<string, unknown> = { number: '101' };
    circle['calling'] = circle;
    expect(problemsOf({ version: 1, extensions: { circle } }).map(({ pointer }) => pointer)).toContain('/extensions/circle/calling/number');
    const document: Record<string, unknown> = { version: 1 };
    document['settings'] = document;
    expect(problemsOf(document)[0]?.pointer).toBe('/settings/version');
  });
});

describe('text', () => {
  test.each([
    ['a key twice', 'version: 1\nextensions:\n  a: { number: "1" }\n  a: { number: "2" }\n', /unique/i],
    ['no YAML', 'a: [1,', /line 1/],
    ['tabs', 'a:\n\tb: 1', /line 2/],
    ['a deep pit', '['.repeat(10_000), /./],
    ['more than was written', `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`).join('\n')}`, /alias/i],
  ])('%s is refused in words', (_what, text, expected) => {
    const read = documentFromText(text);
    expect(read.ok ? '' : read.problems.map(({ code, hint }) => `${code} ${hint}`).join()).toMatch(expected);
  });

  test('is JSON or YAML; a heading without anything below it is an empty one', () => {
    expect(documentFromText('{"version": 1}')).toEqual({ ok: true, value: { version: 1 } });
    const read = documentFromText('version: 1\nextensions:\nsettings:\n');
    expect(imported(read.ok ? read.value : null).rows.extensions).toEqual([]);
  });

  test('takes keys as they are written', () => {
    const read = documentFromText('version: 1\nextensions: { 0101: { number: "101" }, null: { number: "102" } }');
    expect(imported(read.ok ? read.value : null).rows.extensions.map(({ key }) => key)).toEqual(['0101', 'null']);
  });
});

function problemsOf(document: unknown) {
  const read = rowsFrom(document, emptySystem(), tools());
  return read.ok ? [] : read.problems;
}
