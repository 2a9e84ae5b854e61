import { z } from 'zod';
import { FeatureCodes, firstFeatureCodes } from '../feature-codes.ts';
import { CallLimits, firstCallLimits, firstSettings, GuardLimits, type SystemSettings, SystemSettings as Settings } from '../settings.ts';
import { EmergencyPolicy, firstEmergencyPolicy, firstFraudLimits, firstSite, FraudLimits, Site } from '../site.ts';
import { Secret } from '../trunk.ts';
import { firstRecordingPolicy, firstVoice, MailServer, RecordingPolicy, Voice } from '../voice-settings.ts';
import { type Reading, WrittenSecret, type Writing } from './form.ts';
import { leavingOut } from './leaving-out.ts';
import { type Ids, keyOf } from './references.ts';

const { sip: usualSip, guard: usualGuard } = firstSettings('', '');
const { realm, ...registration } = Settings.shape.sip.unwrap().shape;
const { realm: _realm, ...usualRegistration } = usualSip;
const { permissionId: _permission, ...site } = Site.unwrap().shape;
const { permissionId: _usualPermission, ...usualSite } = firstSite;
const { locationId: _location, ...emergency } = EmergencyPolicy.unwrap().shape;
const { locationId: _usualLocation, ...usualEmergency } = firstEmergencyPolicy;

const { language } = Voice.unwrap().shape;
const { host, port, security, from } = MailServer.unwrap().shape;
const { username } = MailServer.unwrap().shape.credentials.unwrap().unwrap().shape;
const WrittenMail = z.strictObject({
  host,
  ...leavingOut({ port, security }, { port: 587, security: 'startTls' }),
  credentials: z.strictObject({ username, password: WrittenSecret }).readonly().nullable().default(null),
  from,
}).readonly();

/** What holds for the whole system. All of it may be left out. */
export const WrittenSettings = z.strictObject({
  site: z
    .strictObject({ ...leavingOut(site, usualSite), permission: keyOf('the permission of extensions that have none of their own; null: all but premium, satellite and unknown numbers').nullable().default(null) })
    .readonly()
    .prefault({}),
  emergency: z
    .strictObject({ ...leavingOut(emergency, usualEmergency), location: keyOf('the emergency location of extensions that have none of their own').nullable().default(null) })
    .readonly()
    .prefault({}),
  fraud: z.strictObject(leavingOut(FraudLimits.unwrap().shape, firstFraudLimits)).readonly().prefault({}),
  sip: z
    .strictObject({ realm: realm.optional().meta({ description: 'Digest realm. Left out: it stays what it is; passwords are hashed with it' }), ...leavingOut(registration, usualRegistration) })
    .readonly()
    .prefault({}),
  guard: z.strictObject(leavingOut(GuardLimits.shape, usualGuard)).readonly().prefault({}),
  calls: z.strictObject(leavingOut(CallLimits.shape, firstCallLimits)).readonly().prefault({}),
  featureCodes: z.strictObject(leavingOut(FeatureCodes.unwrap().shape, firstFeatureCodes)).readonly().prefault({}),
  voice: z
    .strictObject({ ...leavingOut({ language }, { language: firstVoice.language }), musicClass: keyOf('the class of music that those hear who wait').nullable().default(null) })
    .readonly()
    .prefault({}),
  recording: z.strictObject(leavingOut(RecordingPolicy.unwrap().shape, firstRecordingPolicy)).readonly().prefault({}),
  mail: WrittenMail.nullable().default(null).meta({ description: 'By which mail is sent; null: none is' }),
});

export function writtenSettings({ site, emergency, fraud, sip, guard, calls, featureCodes, voice, recording, mail }: SystemSettings, to: Writing): object {
  const { permissionId, ...ofSite } = site;
  const { locationId, ...ofEmergency } = emergency;
  return {
    site: { ...ofSite, permission: permissionId && to.key('permission', permissionId) },
    emergency: { ...ofEmergency, location: locationId && to.key('emergencyLocation', locationId) },
    fraud, sip, guard, calls, featureCodes,
    voice: { language: voice.language, musicClass: voice.musicClassId && to.key('musicClass', voice.musicClassId) },
    recording,
    mail: mail && { ...mail, credentials: mail.credentials && { ...mail.credentials, password: to.secret(mail.credentials.password, 'mail') } },
  };
}

export function settingsOf({ site, emergency, sip, voice, mail, ...rest }: z.output<typeof WrittenSettings>, current: SystemSettings, from: Ids & Pick<Reading, 'secret'>): Omit<SystemSettings, 'version' | 'createdAt' | 'updatedAt'> {
  const { permission, ...ofSite } = site;
  const { location, ...ofEmergency } = emergency;
  const { musicClass, ...ofVoice } = voice;
  return {
    ...rest,
    sip: { ...sip, realm: sip.realm ?? current.sip.realm },
    site: { ...ofSite, permissionId: permission && from.id('permission', permission, '/site/permission') },
    emergency: { ...ofEmergency, locationId: location && from.id('emergencyLocation', location, '/emergency/location') },
    voice: { ...ofVoice, musicClassId: musicClass && from.id('musicClass', musicClass, '/voice/musicClass') },
    mail: mail && {
      ...mail,
      credentials: mail.credentials && { username: mail.credentials.username, password: from.secret(mail.credentials.password, 'mail', Secret, current.mail?.credentials?.password, '/mail/credentials/password') },
    },
  };
}
