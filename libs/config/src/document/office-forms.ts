import { z } from 'zod';
import { FollowMe } from '../answering.ts';
import { ExtensionCalling } from '../calling.ts';
import { DeviceSettings } from '../device.ts';
import { ExtensionSettings } from '../extension.ts';
import { LineSettings } from '../line.ts';
import { StationSettings } from '../station.ts';
import { usual } from '../usual.ts';
import { DisplayName, type Form, nameOf, WrittenSecret } from './form.ts';
import { leavingOut } from './leaving-out.ts';
import { destinationOf, type Ids, keyOf, mayDestinationOf, MayWrittenDestination, type Names, portOf, targetOf, writtenDestination, WrittenDestination, writtenPort, WrittenPort, WrittenTarget, writtenTarget } from './references.ts';

/* Extensions, devices, stations and lines. */

const { permissionId: _permission, locationId: _location, ...calling } = ExtensionCalling.unwrap().shape;
const extension = ExtensionSettings.shape;
const { isDoNotDisturb, callers, callPickupGroups, isCallWaiting, record, language, wakeUps, followMe: usualFollowMe } = usual.extension;
const { steps, isEnabled: follows } = FollowMe.unwrap().shape;

const WrittenExtension = z.strictObject({
  number: extension.number,
  displayName: DisplayName,
  ...leavingOut({ ringTimeoutMs: extension.ringTimeoutMs }, { ringTimeoutMs: usual.extension.ringTimeoutMs }),
  calling: z
    .strictObject({
      permission: keyOf('a permission').nullable().default(null),
      location: keyOf('an emergency location').nullable().default(null),
      ...leavingOut(calling, { shownNumber: null, isLocked: usual.extension.calling.isLocked }),
    })
    .readonly()
    .optional()
    .meta({ description: 'How it calls outside; left out: as the site does' }),
  forwarding: z
    .strictObject({ always: MayWrittenDestination, busy: MayWrittenDestination, noAnswer: MayWrittenDestination, unreachable: MayWrittenDestination })
    .readonly()
    .prefault({})
    .meta({ description: 'Where calls go that it does not take' }),
  followMe: z
    .strictObject({
      ...leavingOut({ isEnabled: follows }, { isEnabled: usualFollowMe.isEnabled }),
      steps: z.array(z.strictObject({ ...steps.unwrap().element.unwrap().shape, target: WrittenTarget }).readonly()).max(10).readonly().default([]),
    })
    .readonly()
    .prefault({})
    .meta({ description: 'Other telephones that ring for it' }),
  ...leavingOut({ isDoNotDisturb: extension.isDoNotDisturb, callers: extension.callers }, { isDoNotDisturb, callers }),
  voicemailBox: keyOf('a voicemail box').nullable().default(null).meta({ description: 'Who is not answered, and not forwarded, leaves a message there' }),
  ...leavingOut({ callPickupGroups: extension.callPickupGroups }, { callPickupGroups }),
  supervises: z.array(keyOf('an extension')).max(1_000).readonly().default([]).meta({ description: 'Extensions whose calls it may listen to' }),
  ...leavingOut({ isCallWaiting: extension.isCallWaiting, record: extension.record, language: extension.language, wakeUps: extension.wakeUps }, { isCallWaiting, record, language, wakeUps }),
});

export const extensionForm: Form<'extension', typeof WrittenExtension> = {
  schema: WrittenExtension,
  usual: (key) => ({ displayName: nameOf(key) }),
  write({ number, displayName, ringTimeoutMs, calling, forwarding, followMe, voicemailBoxId, supervises, ...row }, to) {
    const { isDoNotDisturb, callers, callPickupGroups, isCallWaiting, record, language, wakeUps } = row;
    return {
      number, displayName, ringTimeoutMs,
      ...(calling === undefined ? {} : { calling: writtenCalling(calling, to) }),
      forwarding: Object.fromEntries(Object.entries(forwarding).map(([when, destination]) => [when, destination && writtenDestination(destination, to)])),
      followMe: { isEnabled: followMe.isEnabled, steps: followMe.steps.map(({ target, ...step }) => ({ ...step, target: writtenTarget(target, to) })) },
      isDoNotDisturb, callers,
      voicemailBox: voicemailBoxId && to.key('voicemailBox', voicemailBoxId),
      callPickupGroups,
      supervises: supervises.map((id) => to.key('extension', id)),
      isCallWaiting, record, language, wakeUps,
    };
  },
  read({ calling, displayName, forwarding, followMe, voicemailBox, supervises, ...rest }, from) {
    const forwarded = (when: keyof typeof forwarding) => mayDestinationOf(forwarding[when], `/forwarding/${when}`, from);
    return {
      ...rest,
      displayName: displayName ?? nameOf(from.key),
      ...(calling === undefined ? {} : { calling: callingOf(calling, from) }),
      forwarding: { always: forwarded('always'), busy: forwarded('busy'), noAnswer: forwarded('noAnswer'), unreachable: forwarded('unreachable') },
      followMe: { ...followMe, steps: followMe.steps.map(({ target, ...step }, at) => ({ ...step, target: targetOf(target, `/followMe/steps/${at}/target`, from) })) },
      voicemailBoxId: voicemailBox && from.id('voicemailBox', voicemailBox, '/voicemailBox'),
      supervises: supervises.map((key, at) => from.id('extension', key, `/supervises/${at}`)),
    };
  },
};

function writtenCalling({ permissionId, locationId, ...rest }: ExtensionCalling, to: Names): object {
  return { permission: permissionId && to.key('permission', permissionId), location: locationId && to.key('emergencyLocation', locationId), ...rest };
}

function callingOf({ permission, location, ...rest }: NonNullable<z.output<typeof WrittenExtension>['calling']>, from: Ids): ExtensionCalling {
  return { permissionId: permission && from.id('permission', permission, '/calling/permission'), locationId: location && from.id('emergencyLocation', location, '/calling/location'), ...rest };
}

const device = DeviceSettings.shape;

const WrittenDevice = z.strictObject({
  extension: keyOf('the extension it rings for'),
  displayName: DisplayName,
  username: device.username.optional().meta({ description: 'The user name the phone authenticates with. Left out: its key' }),
  ...leavingOut({ algorithm: device.algorithm, enabled: device.enabled }, usual.device),
  password: WrittenSecret.meta({ description: 'As it was exported (`sealed:…`), or plain: a new one. Left out: it stays what it is, and a device that has none is given one, which the answer shows once' }),
});

export const deviceForm: Form<'device', typeof WrittenDevice> = {
  schema: WrittenDevice,
  usual: (key) => ({ displayName: nameOf(key), username: key }),
  write: ({ extensionId, displayName, username, algorithm, enabled, ha1 }, to) => ({
    extension: to.key('extension', extensionId), displayName, username, algorithm, enabled,
    password: to.secret([to.realm, username, ha1.MD5, ha1['SHA-256']].join('\n'), 'device'),
  }),
  read({ extension, displayName, username, password, ...rest }, from) {
    const name = username ?? from.key;
    return { extensionId: from.id('extension', extension, '/extension'), displayName: displayName ?? nameOf(from.key), username: name, ...rest, ha1: from.digests(password, name) };
  },
};

const station = StationSettings.shape;
const Region = station.region.optional().meta({ description: 'Country whose habits it has, ISO 3166-1 alpha-2. Left out: the site’s' });

const WrittenStation = z.strictObject({
  displayName: DisplayName,
  extension: keyOf('the extension it rings for, and in whose name it calls'),
  port: WrittenPort,
  region: Region,
  ...leavingOut({ kind: station.kind, isEnabled: station.isEnabled }, { kind: usual.station.kind, isEnabled: usual.station.isEnabled }),
  overrides: station.overrides.default({}),
});

export const stationForm: Form<'station', typeof WrittenStation> = {
  schema: WrittenStation,
  usual: (key, { country }) => ({ displayName: nameOf(key), region: country }),
  write: ({ displayName, extensionId, port, region, kind, isEnabled, overrides }, to) => ({
    displayName, extension: to.key('extension', extensionId), port: writtenPort(port), region, kind, isEnabled, overrides,
  }),
  read: ({ displayName, extension, port, region, ...rest }, from) => ({
    displayName: displayName ?? nameOf(from.key), extensionId: from.id('extension', extension, '/extension'), port: portOf(port), region: region ?? from.site.country, ...rest,
  }),
};

const line = LineSettings.shape;

const WrittenLine = z.strictObject({
  displayName: DisplayName,
  port: WrittenPort,
  region: Region,
  number: line.number,
  ...leavingOut({ isEnabled: line.isEnabled, isCommissioned: line.isCommissioned }, { isEnabled: usual.line.isEnabled, isCommissioned: usual.line.isCommissioned }),
  inbound: WrittenDestination.nullable().default(null).meta({ description: 'Who is called when it rings and no inbound route says otherwise; null: nobody' }),
  overrides: line.overrides.default({}),
});

export const lineForm: Form<'line', typeof WrittenLine> = {
  schema: WrittenLine,
  usual: (key, { country }) => ({ displayName: nameOf(key), region: country }),
  write: ({ displayName, port, region, number, isEnabled, isCommissioned, inbound, overrides }, to) => ({
    displayName, port: writtenPort(port), region, number: number ?? undefined, isEnabled, isCommissioned, inbound: inbound && writtenDestination(inbound, to), overrides,
  }),
  read: ({ displayName, port, region, number, inbound, ...rest }, from) => ({
    displayName: displayName ?? nameOf(from.key),
    port: portOf(port),
    region: region ?? from.site.country,
    // There and null means the same as not there.
    ...(number === null || number === undefined ? (from.current?.number === null ? { number: null } : {}) : { number }),
    inbound: inbound && destinationOf(inbound, '/inbound', from),
    ...rest,
  }),
};
