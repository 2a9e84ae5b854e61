import { z } from 'zod';
import { Secret, SipServer, TrunkPeering, type Trunk, TrunkSettings, usualTrunk } from '../trunk.ts';
import { usual } from '../usual.ts';
import { DisplayName, type Form, nameOf, type Reading, type Writing, WrittenSecret } from './form.ts';
import { leavingOut } from './leaving-out.ts';

const Server = z.strictObject(leavingOut(SipServer.unwrap().shape, { port: null, transport: null })).readonly();

const [registration, address, certificate] = TrunkPeering.options;
const { type: registering, username, authenticationName, expiresS } = registration.unwrap().shape;
const { type: fixed, sources } = address.unwrap().shape;

const Peering = z.discriminatedUnion('type', [
  z.strictObject({ type: registering, username, password: WrittenSecret, ...leavingOut({ authenticationName, expiresS }, { authenticationName: null, expiresS: usual.trunk.peering.expiresS }) }).readonly(),
  z
    .strictObject({
      type: fixed,
      ...leavingOut({ sources }, { sources: usual.trunk.peering.sources }),
      credentials: z.strictObject({ username, password: WrittenSecret }).readonly().nullable().default(null),
    })
    .readonly(),
  certificate,
]);

const { key: _key, displayName: _name, server: _server, outboundProxy: _proxy, peering: _peering, isEnabled, ...rest } = TrunkSettings.shape;
const { outboundProxy: _noProxy, isEnabled: usuallyEnabled, ...usualRest } = usualTrunk;

const WrittenTrunk = z.strictObject({
  displayName: DisplayName,
  ...leavingOut({ isEnabled }, { isEnabled: usuallyEnabled }),
  server: Server,
  outboundProxy: Server.nullable().default(null).meta({ description: 'Everything is sent there' }),
  ...leavingOut({ domain: rest.domain }, { domain: usualRest.domain }),
  peering: Peering,
  ...leavingOut(rest, usualRest),
});

export const trunkForm: Form<'trunk', typeof WrittenTrunk> = {
  schema: WrittenTrunk,
  usual: (key) => ({ displayName: nameOf(key) }),
  write({ id: _id, key: _key, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, peering, ...settings }, to) {
    return { ...settings, peering: written(peering, to) };
  },
  read: ({ displayName, peering, ...settings }, from) => ({ displayName: displayName ?? nameOf(from.key), ...settings, peering: peeringOf(peering, from) }),
};

function written(peering: TrunkPeering, to: Writing): object {
  if (peering.type === 'registration') return { ...peering, password: to.secret(peering.password, 'trunk') };
  if (peering.type === 'certificate' || peering.credentials === null) return peering;
  return { ...peering, credentials: { ...peering.credentials, password: to.secret(peering.credentials.password, 'trunk') } };
}

function peeringOf(peering: z.output<typeof Peering>, from: Reading<'trunk'>): Trunk['peering'] {
  const before = from.current?.peering;
  if (peering.type === 'registration') {
    const kept = before?.type === 'registration' ? before.password : undefined;
    return { ...peering, password: from.secret(peering.password, 'trunk', Secret, kept, '/peering/password') };
  }
  if (peering.type === 'certificate' || peering.credentials === null) return peering as Trunk['peering'];
  const kept = before?.type === 'address' ? before.credentials?.password : undefined;
  return { ...peering, credentials: { ...peering.credentials, password: from.secret(peering.credentials.password, 'trunk', Secret, kept, '/peering/credentials/password') } };
}
