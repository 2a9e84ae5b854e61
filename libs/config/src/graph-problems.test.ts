import { describe, expect, test } from 'vitest';
import { emptySystem, tools } from './document/document-bed.ts';
import { rowsFrom } from './document/reading.ts';

const server = { host: 'sip.carrier.example' };
const registration = { type: 'registration', username: 'me', password: 'x' };
const rate = { prefix: '+49', perMinute: 0.1, perCall: 0, incrementS: 60 };
const trunks = (...peerings: object[]) => ({ version: 1, trunks: Object.fromEntries(peerings.map((peering, at) => [`t${at}`, { server, peering }])) });
const trunk = (fields: object) => ({ version: 1, trunks: { t: { server, peering: registration, ...fields } } });
const schedule = (fields: object) => ({ version: 1, schedules: { s: fields } });

describe('what cannot be meant together is told', () => {
  test.each<[string, object, string]>([
    ['an account twice', trunks(registration, { ...registration, password: 'y' }), 'notUnique /trunks/t1/peering/username'],
    ['a source twice', trunks({ type: 'address', sources: ['192.0.2.1/32'] }, { type: 'address', sources: ['198.51.100.1', '192.0.2.1'] }), 'notUnique /trunks/t1/peering/sources/1'],
    ['a certificate’s name twice', trunks({ type: 'certificate', names: ['a.example'] }, { type: 'certificate', names: ['A.example'] }), 'notUnique /trunks/t1/peering/names/0'],
    ['a certificate without TLS', trunk({ server: { ...server, transport: 'udp' }, peering: { type: 'certificate', names: ['a.example'] } }), 'contradiction /trunks/t/server/transport'],
    ['a fixed caller that is nobody', trunk({ identity: { caller: 'fixed' } }), 'contradiction /trunks/t/identity/number'],
    ['a session timer below its minimum', trunk({ sessionTimer: { expiresS: 100, minimumS: 200 } }), 'contradiction /trunks/t/sessionTimer'],
    ['a codec twice', trunk({ codecs: ['PCMA', 'PCMA'] }), 'notUnique /trunks/t/codecs'],
    ['a rate twice', trunk({ tariff: { currency: 'EUR', rates: [rate, rate] } }), 'notUnique /trunks/t/tariff/rates/1/prefix'],
    ['a holiday that ends before it begins', schedule({ holidays: [{ name: 'x', from: '2026-12-24', to: '2026-12-01' }] }), 'contradiction /schedules/s/holidays/0/to'],
    ['a day that is none', schedule({ holidays: [{ name: 'x', from: '2026-02-29', to: '2026-03-01' }] }), 'invalidValue /schedules/s/holidays/0/from'],
    ['opening when the day is over', schedule({ week: [{ days: ['monday'], from: '24:00', to: '08:00' }] }), 'contradiction /schedules/s/week/0/from'],
    ['a weekday twice', schedule({ week: [{ days: ['monday', 'monday'], from: '08:00', to: '09:00' }] }), 'notUnique /schedules/s/week/0/days/1'],
    ['a label twice', { version: 1, pinSets: { p: { pins: [{ label: 'Ann', pin: '1111' }, { label: 'Ann', pin: '2222' }] } } }, 'notUnique /pinSets/p/pins/1/label'],
    ['a PIN twice', { version: 1, pinSets: { p: { pins: [{ label: 'Ann', pin: '1111' }, { label: 'Bob', pin: '1111' }] } } }, 'notUnique /pinSets/p/pins/1/pin'],
    ['a number twice', { version: 1, extensions: { a: { number: '101' } }, queues: { q: { number: '101' } } }, 'notUnique /queues/q/number'],
    ['a slot that is an extension’s number', { version: 1, extensions: { a: { number: '705' } }, parkingLots: { p: { slots: { first: '701', last: '709' } } } }, 'notUnique /parkingLots/p/slots'],
    ['slots backwards', { version: 1, parkingLots: { p: { slots: { first: '709', last: '701' } } } }, 'contradiction /parkingLots/p/slots'],
    ['more slots than there may be', { version: 1, parkingLots: { p: { slots: { first: '7000', last: '8000' } } } }, 'contradiction /parkingLots/p/slots'],
    ['one PIN for all and for moderators', { version: 1, conferences: { c: { pin: '1111', moderatorPin: '1111' } } }, 'contradiction /conferences/c/moderatorPin'],
    ['waiting for a moderator whom nobody can be', { version: 1, conferences: { c: { waitsForModerator: true } } }, 'contradiction /conferences/c/waitsForModerator'],
    ['a member twice', { version: 1, ringGroups: { g: { members: [{ target: { number: '5' } }, { target: { number: '5' } }] } } }, 'notUnique /ringGroups/g/members/1/target'],
    ['a choice twice', { version: 1, ivrs: { i: { choices: [{ digits: '1', label: 'A', destination: { refusal: 'busy' } }, { digits: '1', label: 'B', destination: { refusal: 'busy' } }] } } }, 'notUnique /ivrs/i/choices/1/digits'],
    ['a page that nobody hears', { version: 1, pagingZones: { z: {} } }, 'contradiction /pagingZones/z/extensions'],
    ['an extension that follows itself', { version: 1, extensions: { a: { number: '101', followMe: { steps: [{ target: { extension: 'a' }, afterMs: 0, ringMs: 9_000 }] } } } }, 'contradiction /extensions/a/followMe/steps/0/target'],
    ['a group that is named twice', { version: 1, extensions: { a: { number: '101', callPickupGroups: ['x', 'x'] } } }, 'notUnique /extensions/a/callPickupGroups/1'],
    ['a code twice', { version: 1, settings: { featureCodes: { park: '*97' } } }, 'notUnique /settings/featureCodes/park'],
    ['a code that is the beginning of others', { version: 1, settings: { featureCodes: { park: '*4', directory: null, echoTest: null, milliwatt: null, queueLogIn: null, queueLogOut: null, queuePause: null } } }, 'contradiction /settings/featureCodes/park'],
    ['a code that withholds one’s number', { version: 1, settings: { featureCodes: { park: '*67' } } }, 'contradiction /settings/featureCodes/park'],
    ['nothing that is said', { version: 1, prompts: { p: { spoken: {} } } }, 'invalidValue /prompts/p/spoken'],
    ['a file outside of the folder of sounds', { version: 1, musicClasses: { m: { files: ['a/../../b.wav'] } } }, 'invalidValue /musicClasses/m/files/0'],
    ['no multicast address', { version: 1, pagingZones: { z: { multicast: [{ address: '192.0.2.1', port: 5_004 }] } } }, 'invalidValue /pagingZones/z/multicast/0/address'],
    ['a box that there is not', { version: 1, extensions: { a: { number: '101', voicemailBox: 'b' } } }, 'danglingReference /extensions/a/voicemailBox'],
    ['a queue that there is not', { version: 1, extensions: { a: { number: '101', forwarding: { busy: { queue: 'q' } } } } }, 'danglingReference /extensions/a/forwarding/busy/queue'],
    ['a target that there is not, of what is not sound', { version: 1, ringGroups: { g: { members: [{ target: { extension: 'x' } }], ringMs: 1 } } }, 'danglingReference /ringGroups/g/members/0/target/extension invalidValue /ringGroups/g/ringMs'],
  ])('%s', (_what, document, expected) => {
    const read = rowsFrom(document, emptySystem(), tools());
    expect(read.ok ? '' : read.problems.map(({ code, pointer }) => `${code} ${pointer}`).sort().join(' ')).toBe(expected);
    expect(read.ok ? '' : read.problems[0]?.hint).not.toContain('1111');
  });

  test('and what can be is not', () => {
    const fine = [
      trunks(registration, { ...registration, username: 'other' }),
      trunks({ type: 'address', sources: ['192.0.2.0/24'] }, { type: 'address', sources: ['192.0.2.1'] }),
      { version: 1, trunks: { a: { server, peering: registration }, b: { server, peering: registration, isEnabled: false } } },
      schedule({ holidays: [{ name: 'Turn of the year', from: '2026-12-24', to: '2027-01-06', everyYear: true }, { name: 'Leap', from: '2028-02-29' }], week: [{ days: ['friday'], from: '22:00', to: '06:00' }] }),
    ];
    for (const document of fine) expect(rowsFrom(document, emptySystem(), tools())).toMatchObject({ ok: true });
  });
});
