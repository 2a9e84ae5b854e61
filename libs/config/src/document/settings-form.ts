import { z } from 'zod';
import { CallLimits, firstCallLimits, firstSettings, GuardLimits, type SystemSettings, SystemSettings as Settings } from '../settings.ts';
import { EmergencyPolicy, firstEmergencyPolicy, firstFraudLimits, firstSite, FraudLimits, Site } from '../site.ts';
import { leavingOut } from './leaving-out.ts';
import { type Ids, keyOf, type Names } from './references.ts';

const { sip: usualSip, guard: usualGuard } = firstSettings('', '');
const { realm, ...registration } = Settings.shape.sip.unwrap().shape;
const { realm: _realm, ...usualRegistration } = usualSip;
const { permissionId: _permission, ...site } = Site.unwrap().shape;
const { permissionId: _usualPermission, ...usualSite } = firstSite;
const { locationId: _location, ...emergency } = EmergencyPolicy.unwrap().shape;
const { locationId: _usualLocation, ...usualEmergency } = firstEmergencyPolicy;

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
});

export function writtenSettings({ site, emergency, fraud, sip, guard, calls }: SystemSettings, names: Names): object {
  const { permissionId, ...ofSite } = site;
  const { locationId, ...ofEmergency } = emergency;
  return {
    site: { ...ofSite, permission: permissionId && names.key('permission', permissionId) },
    emergency: { ...ofEmergency, location: locationId && names.key('emergencyLocation', locationId) },
    fraud, sip, guard, calls,
  };
}

export function settingsOf({ site, emergency, sip, ...rest }: z.output<typeof WrittenSettings>, realm: string, ids: Ids): Omit<SystemSettings, 'version' | 'createdAt' | 'updatedAt'> {
  const { permission, ...ofSite } = site;
  const { location, ...ofEmergency } = emergency;
  return {
    ...rest,
    sip: { ...sip, realm: sip.realm ?? realm },
    site: { ...ofSite, permissionId: permission && ids.id('permission', permission, '/site/permission') },
    emergency: { ...ofEmergency, locationId: location && ids.id('emergencyLocation', location, '/emergency/location') },
  };
}
