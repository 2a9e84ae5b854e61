export { blockMs, blockSamples, portKey } from './contract.ts';
export type { Card, CardDriver, CardEvent, Done, LineReading, Polarity, Port, PortId, PortKind, PortListener, PortRefusal, PortRefusalCode } from './contract.ts';
export type { FxoCapabilities, FxsCapabilities, PortCapabilities, Range } from './port-capabilities.ts';
export type { CallerIdPlace, FxoCommand, FxsCommand, PortCommand, PulseTiming, RingBurst, RingCadence } from './port-command.ts';
export type { AnyPortEvent, FxoEvent, FxsEvent, PortEvent } from './port-event.ts';
export { defaultFxoSettings, defaultFxsSettings } from './port-settings.ts';
export type { DcTermination, FxoSettings, FxsSettings, PortSettings, PortSettingsChange } from './port-settings.ts';
export { impedanceNames, impedances } from './twin/impedance.ts';
export type { Impedance, ImpedanceName } from './twin/impedance.ts';
