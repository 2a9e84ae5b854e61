export { Device, DeviceSettings, DigestAlgorithm, DigestSecrets, SipUsername } from './device.ts';
export { type ConfigurationChange, diff } from './diff.ts';
export { Extension, ExtensionNumber, ExtensionSettings } from './extension.ts';
export { OpaqueId, StableKey, Versioned } from './identity.ts';
export type { ConfigurationProblem, ProblemCode, Result } from './result.ts';
export { CallLimits, firstCallLimits, firstSettings, GuardLimits, RegistrationBounds, SystemSettings } from './settings.ts';
export { buildSnapshot, type ConfigurationRows, type Snapshot } from './snapshot.ts';
