export { checkCommand, checkSettings } from './command-check.ts';
export { cardConformance } from './conformance.ts';
export type { CardsUnderTest } from './conformance-bed.ts';
export { blockMs, blockSamples, portKey } from './contract.ts';
export type { Card, CardDriver, CardEvent, Done, LineReading, Port, PortId, PortKind, PortListener, PortRefusal, PortRefusalCode } from './contract.ts';
export { calculateLoop, gaugeNames, type LoopFigures, type LoopPlan } from './loop-calculator.ts';
export type { FxoCapabilities, FxsCapabilities, PortCapabilities, Range } from './port-capabilities.ts';
export type { CallerIdPlace, FxoCommand, FxsCommand, Polarity, PortCommand, PulseTiming, RingBurst, RingCadence } from './port-command.ts';
export type { AnyPortEvent, FxoEvent, FxsEvent, PortEvent } from './port-event.ts';
export { defaultFxoSettings, defaultFxsSettings } from './port-settings.ts';
export type { DcTermination, FxoSettings, FxsSettings, PortSettings, PortSettingsChange } from './port-settings.ts';
export { cardsOf, PortRecorder } from './port-recorder.ts';
export { fxoCapabilities as simulatedFxo, fxsCapabilities as simulatedFxs } from './simulated/capabilities.ts';
export { type CallerIdSound, CentralOffice, type CentralOfficeSettings, type FarHangUp, type OfficeEvent } from './simulated/central-office.ts';
export type { Ear } from './simulated/ear.ts';
export type { Mouth } from './simulated/mouth.ts';
export { type SimulatedCardPlan, SimulatedCards } from './simulated/simulated-cards.ts';
export { checkAct } from './simulated/act-check.ts';
export { demoPlan } from './simulated/demo-plan.ts';
export { ExchangeLine } from './simulated/exchange-line.ts';
export { checkPlan } from './simulated/plan-check.ts';
export { Simulator, type SimulatorWorld } from './simulated/simulator.ts';
export type { ActRefusal, ActResult, CallerPart, CardAct, LineAct, OutsideCall, SimulatorAct, TelephoneAct, WireAct } from './simulated/simulator-act.ts';
export type {
  AnswerPolicy, CallerIdMoment, DisplayPlan, ExchangeCallerId, ExchangeDialling, ExchangeLinePlan, ExchangeRinging, ExchangeToneName, ExchangeTones, FarEnd, PlannedCard, PlannedPort, SimulatorPlan, SpokenTone,
  TelephonePlan, WirePlan,
} from './simulated/simulator-plan.ts';
export type { CardState, ExchangeCall, ExchangeLineState, HeardFrequency, ShownCaller, SimulatorState, TelephoneState, WireState } from './simulated/simulator-state.ts';
export { Telephone, type TelephoneEvent, type TelephoneSettings } from './simulated/telephone.ts';
export type { Cable, CableSection, Gauge, Pair } from './twin/cable.ts';
export type { DcLoad, Feed } from './twin/dc-loop.ts';
export type { Disturbance } from './twin/disturbance.ts';
export { impedanceNames, impedances } from './twin/impedance.ts';
export type { Impedance, ImpedanceName } from './twin/impedance.ts';
export type { Line, LineSettings } from './twin/line.ts';
export type { LineEnd } from './twin/line-end.ts';
export type { RingSource } from './twin/ringing.ts';
