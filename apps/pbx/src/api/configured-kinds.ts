import { Conference, ExtensionNumber, type Line, OpaqueId, PinSet, PinSetSettings, saidOf, Trunk, TrunkPeering, VoicemailBox, Webhook } from '@tipring/config';
import { z } from 'zod';
import { LineRepresentation, PortName, presentLine } from './analog-representations.ts';
import type { ConfiguredKind } from './configured-controller.ts';
import { presenceOf, requireFitting } from './fitting-port.ts';
import { patchOf } from './merge-patch.ts';

const extension: ConfiguredKind<'extension'> = {
  kind: 'extension',
  names: ['Extension', 'Extensions'],
  words: ['extension', 'extensions'],
  description: 'An internal number and the person or thing behind it',
  filters: { number: { schema: z.string().max(20), of: ({ number }) => number } },
};

const station: ConfiguredKind<'station'> = {
  kind: 'station',
  names: ['Station', 'Stations'],
  words: ['station', 'stations'],
  description: 'An analog telephone, fax, door phone or paging amplifier on an FXS port',
  texts: { create: 'Its card need not be there yet.', change: 'An override that is null is the region’s again.' },
  filters: { extensionId: { schema: OpaqueId, of: ({ extensionId }) => extensionId }, port: { schema: PortName, of: ({ port }) => `${port.card}/${port.port}` } },
  check: async ({ port }, cards) => {
    if (port !== undefined) await requireFitting(cards, port as Line['port'], 'fxs');
  },
};

const line: ConfiguredKind<'line'> = {
  kind: 'line',
  names: ['Line', 'Lines'],
  words: ['line', 'lines'],
  description: 'A telephone company’s line on an FXO port',
  texts: {
    create: 'Its card need not be there yet. It begins uncommissioned: it takes calls and makes none, and `nextStep` says what to do.',
    change: 'An override that is null is the region’s again. `isCommissioned` commissions it.',
  },
  representation: LineRepresentation,
  // A new line has been tried by nobody, so it cannot begin commissioned.
  creation: saidOf('line').omit({ isCommissioned: true }),
  presenter: async (cards) => {
    const isPresent = await presenceOf(cards, 'fxo');
    return (row) => presentLine(row, isPresent(row.port));
  },
  filters: { port: { schema: PortName, of: ({ port }) => `${port.card}/${port.port}` } },
  check: async ({ port }, cards) => {
    if (port !== undefined) await requireFitting(cards, port as Line['port'], 'fxo');
  },
};

const lineGroup: ConfiguredKind<'lineGroup'> = {
  kind: 'lineGroup',
  names: ['LineGroup', 'LineGroups'],
  words: ['line group', 'line groups'],
  description: 'Lines that stand in for each other',
};

/** Whether a password is kept is all that is told of it. */
const isPasswordSet = z.boolean().meta({ description: 'The password itself is told to nobody' });
const [registration, address, certificate] = [TrunkPeering.options[0].unwrap(), TrunkPeering.options[1].unwrap(), TrunkPeering.options[2].unwrap()];

const PeeringRepresentation = z
  .discriminatedUnion('type', [
    z.object({ ...registration.omit({ password: true }).shape, isPasswordSet }),
    z.object({ ...address.shape, credentials: z.object({ username: z.string(), isPasswordSet }).nullable() }),
    z.object(certificate.shape),
  ])
  .meta({ id: 'TrunkPeering', description: 'How each side knows the other' });

const trunk: ConfiguredKind<'trunk'> = {
  kind: 'trunk',
  names: ['Trunk', 'Trunks'],
  words: ['trunk', 'trunks'],
  description: 'A SIP peering with a carrier or another PBX',
  texts: { create: 'What is left out is what most carriers want.', change: 'Calls that are up go on; limits hold for the next call. A password that is left out stays.' },
  representation: z.object({ ...Trunk.shape, peering: PeeringRepresentation }),
  presenter: async () => presentTrunk,
};

function presentTrunk({ peering, ...rest }: Trunk): object {
  if (peering.type === 'registration') {
    const { password, ...shown } = peering;
    return { ...rest, peering: { ...shown, isPasswordSet: password !== '' } };
  }
  if (peering.type === 'certificate' || peering.credentials === null) return { ...rest, peering };
  return { ...rest, peering: { ...peering, credentials: { username: peering.credentials.username, isPasswordSet: peering.credentials.password !== '' } } };
}

const inboundRoute: ConfiguredKind<'inboundRoute'> = {
  kind: 'inboundRoute',
  names: ['InboundRoute', 'InboundRoutes'],
  words: ['inbound route', 'inbound routes'],
  description: 'Who is called when somebody calls from outside',
};

const outboundRoute: ConfiguredKind<'outboundRoute'> = {
  kind: 'outboundRoute',
  names: ['OutboundRoute', 'OutboundRoutes'],
  words: ['outbound route', 'outbound routes'],
  description: 'How calls go out',
};

const permission: ConfiguredKind<'permission'> = {
  kind: 'permission',
  names: ['Permission', 'Permissions'],
  words: ['permission', 'permissions'],
  description: 'What an extension may call',
};

const pinOf = PinSetSettings.shape.pins.unwrap().element.unwrap();

const pinSet: ConfiguredKind<'pinSet'> = {
  kind: 'pinSet',
  names: ['PinSet', 'PinSets'],
  words: ['PIN set', 'PIN sets'],
  description: 'PINs that open an outbound route. They are told to nobody; their labels are',
  texts: { change: 'A PIN that is left out stays as it is under its label.' },
  representation: z.object({ ...PinSet.shape, pins: z.array(pinOf.omit({ pin: true })) }),
  patch: patchOf(saidOf('pinSet')).extend({ pins: z.array(pinOf.extend({ pin: pinOf.shape.pin.optional() })).min(1).max(1_000).optional() }),
  presenter: async () => (row) => ({ ...row, pins: row.pins.map(({ label }) => ({ label })) }),
  completed(patch, row) {
    const kept = new Map(row.pins.map(({ label, pin }) => [label, pin]));
    const pins = patch['pins'] as readonly { readonly label: string; readonly pin?: string }[] | undefined;
    return pins === undefined ? patch : { ...patch, pins: pins.map(({ label, pin }) => ({ label, pin: pin ?? kept.get(label) })) };
  },
};

const schedule: ConfiguredKind<'schedule'> = {
  kind: 'schedule',
  names: ['Schedule', 'Schedules'],
  words: ['schedule', 'schedules'],
  description: 'When something is open, by the clock on the wall of its time zone',
};

const blocklist: ConfiguredKind<'blocklist'> = {
  kind: 'blocklist',
  names: ['Blocklist', 'Blocklists'],
  words: ['block list', 'block lists'],
  description: 'Numbers that may not call, or not be called. Emergency numbers are never blocked, nor is who calls back after an emergency call',
};

const emergencyLocation: ConfiguredKind<'emergencyLocation'> = {
  kind: 'emergencyLocation',
  names: ['EmergencyLocation', 'EmergencyLocations'],
  words: ['emergency location', 'emergency locations'],
  description: 'Where a telephone stands, for whoever is called in an emergency',
};

const byNumber = { number: { schema: ExtensionNumber, of: ({ number }: { readonly number: string | null }) => number ?? '' } };

const ringGroup: ConfiguredKind<'ringGroup'> = {
  kind: 'ringGroup',
  names: ['RingGroup', 'RingGroups'],
  words: ['ring group', 'ring groups'],
  description: 'Telephones that ring for one number',
  filters: byNumber,
};

const queue: ConfiguredKind<'queue'> = {
  kind: 'queue',
  names: ['Queue', 'Queues'],
  words: ['queue', 'queues'],
  description: 'Callers who wait for one of its agents',
  filters: byNumber,
};

const isPinSet = z.boolean().meta({ description: 'The PIN itself is told to nobody' });

const voicemailBox: ConfiguredKind<'voicemailBox'> = {
  kind: 'voicemailBox',
  names: ['VoicemailBox', 'VoicemailBoxes'],
  words: ['voicemail box', 'voicemail boxes'],
  description: 'Where messages are left',
  texts: { change: 'A PIN that is left out stays; null takes it away.' },
  representation: z.object({ ...VoicemailBox.omit({ pin: true }).shape, isPinSet }),
  presenter: async () => ({ pin, ...row }) => ({ ...row, isPinSet: pin !== null }),
  filters: byNumber,
};

const ivr: ConfiguredKind<'ivr'> = {
  kind: 'ivr',
  names: ['Ivr', 'Ivrs'],
  words: ['menu', 'menus'],
  description: 'A menu: callers choose where they go',
  filters: byNumber,
};

const conference: ConfiguredKind<'conference'> = {
  kind: 'conference',
  names: ['Conference', 'Conferences'],
  words: ['conference', 'conferences'],
  description: 'A room in which all hear each other',
  texts: { change: 'PINs that are left out stay; null takes them away.' },
  representation: z.object({ ...Conference.omit({ pin: true, moderatorPin: true }).shape, isPinSet, isModeratorPinSet: isPinSet }),
  presenter: async () => ({ pin, moderatorPin, ...row }) => ({ ...row, isPinSet: pin !== null, isModeratorPinSet: moderatorPin !== null }),
  filters: byNumber,
};

const parkingLot: ConfiguredKind<'parkingLot'> = {
  kind: 'parkingLot',
  names: ['ParkingLot', 'ParkingLots'],
  words: ['parking lot', 'parking lots'],
  description: 'Where calls wait to be taken at another telephone',
  filters: byNumber,
};

const pagingZone: ConfiguredKind<'pagingZone'> = {
  kind: 'pagingZone',
  names: ['PagingZone', 'PagingZones'],
  words: ['paging zone', 'paging zones'],
  description: 'Loudspeakers that are spoken to at once',
  filters: byNumber,
};

const musicClass: ConfiguredKind<'musicClass'> = {
  kind: 'musicClass',
  names: ['MusicClass', 'MusicClasses'],
  words: ['class of music', 'classes of music'],
  description: 'What those hear who wait',
};

const prompt: ConfiguredKind<'prompt'> = {
  kind: 'prompt',
  names: ['Prompt', 'Prompts'],
  words: ['prompt', 'prompts'],
  description: 'Something that is said, in one language or several',
};

const directory: ConfiguredKind<'directory'> = {
  kind: 'directory',
  names: ['Directory', 'Directories'],
  words: ['directory', 'directories'],
  description: 'People who are found by spelling their names on the dial pad',
  filters: byNumber,
};

const webhook: ConfiguredKind<'webhook'> = {
  kind: 'webhook',
  names: ['Webhook', 'Webhooks'],
  words: ['webhook', 'webhooks'],
  description: 'Who is told of what happens, by POST, signed',
  texts: { change: 'A secret that is left out stays.' },
  representation: Webhook.omit({ secret: true }),
  presenter: async () => ({ secret: _secret, ...row }) => row,
};

/** All but devices, whose passwords are made here. */
export const configuredKinds = {
  extension, station, line, lineGroup, trunk, inboundRoute, outboundRoute, permission, pinSet, schedule, blocklist, emergencyLocation,
  ringGroup, queue, voicemailBox, ivr, conference, parkingLot, pagingZone, musicClass, prompt, directory, webhook,
} as const;

