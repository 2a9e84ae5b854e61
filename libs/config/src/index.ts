export { DialledDigits, EchoCancelling, Gains, Impedance, PortReference, RegionCode, RingCadence } from './analog-port.ts';
export {
  Blocklist, BlocklistSettings, EmergencyLocation, EmergencyLocationSettings, ExtensionCalling, Permission, PermissionSettings, PinSet, PinSetSettings,
} from './calling.ts';
export { Destination } from './destination.ts';
export { Device, DeviceSettings, DigestAlgorithm, DigestSecrets, SipUsername } from './device.ts';
export { type ConfigurationChange, diff, type RowChange } from './diff.ts';
export { Extension, ExtensionNumber, ExtensionSettings } from './extension.ts';
export { OpaqueId, StableKey, Versioned } from './identity.ts';
export { type Kind, kindNames, kinds, type RowOf, type RowsName } from './kinds.ts';
export { LearnedTone } from './learned-tone.ts';
export { Line, LineOverrides, LineSettings } from './line.ts';
export { HuntOrder, LineGroup, LineGroupSettings } from './line-group.ts';
export { DestinationClass, E164, NumberForm, NumberPattern, Tariff } from './numbers.ts';
export type { ConfigurationProblem, ProblemCode, Result } from './result.ts';
export { Carrier, InboundRoute, InboundRouteSettings, OutboundAttempt, OutboundRoute, OutboundRouteSettings } from './routes.ts';
export { Schedule, ScheduleCondition, ScheduleSettings, TimeZone, Weekday } from './schedule.ts';
export { CallLimits, firstCallLimits, firstSettings, GuardLimits, RegistrationBounds, SystemSettings } from './settings.ts';
export { EmergencyPolicy, firstEmergencyPolicy, firstFraudLimits, firstSite, FraudLimits, Site } from './site.ts';
export { type ConfigurationRows, emptyRows } from './rows.ts';
export { buildSnapshot, rowsOf, type Snapshot } from './snapshot.ts';
export { Station, StationKind, StationOverrides, StationSettings } from './station.ts';
export { Secret, SipServer, Trunk, TrunkHealthSettings, TrunkIdentity, TrunkPeering, TrunkSettings, usualTrunk } from './trunk.ts';
export { saidOf, usual } from './usual.ts';
