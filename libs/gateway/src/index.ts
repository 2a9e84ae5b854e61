export { gatewayConformance, type PortRange } from './conformance.ts';
export type { GatewayUnderTest } from './conformance-bed.ts';
export type {
  ContextAudit,
  Gateway,
  GatewayCommand,
  GatewayEvent,
  GatewayMetrics,
  GatewayRefusal,
  GatewayReplies,
  MediaAddress,
  MediaMode,
  OneWay,
  Pair,
  PayloadCodec,
  RemoteMedia,
  Signal,
  TerminationStatistics,
} from './contract.ts';
export { fakeCard } from './fake-card.ts';
export { FakeGateway, type FakeGatewaySettings } from './fake-gateway.ts';
export type { FakePlayer } from './fake-players.ts';
export type { FakePort } from './fake-ports.ts';
export type { ContextId, TerminationId } from './identifiers.ts';
export { KeptHappenings, type TimedHappening } from './kept-happenings.ts';
export { LineFramer } from './line-framer.ts';
export { isMulticast, multicastFault } from './multicast.ts';
export { type GatewayAddress, GatewayClient } from './node-client.ts';
export { playerConformance } from './player-conformance.ts';
export type { Piece, PlayerAudit, PlayerGatewayCommand, PlayerGatewayEvent, PlayerGatewayRefusalCode, PlayerGatewayReplies, RoomId, SeatAudit, SoundFile } from './player-contract.ts';
export { type PortsUnderTest, portConformance } from './port-conformance.ts';
export { usualTreatment } from './port-contract.ts';
export type {
  CardDescription,
  PortCodec,
  PortDescription,
  PortGatewayCommand,
  PortGatewayEvent,
  PortGatewayRefusalCode,
  PortGatewayReplies,
  PortHappening,
  PortListening,
  PortMeasurement,
  PortName,
  PortSound,
  PortTreatment,
} from './port-contract.ts';
export type { SimulatorGatewayCommand, SimulatorGatewayReplies, SimulatorRefusalCode } from './simulator-contract.ts';
export { mostPieces } from './player-command-fault.ts';
export { readWav, type WavAudio, wavBeginning, wavHeaderOctets, writeWavHeader } from './wav.ts';
export { maximumCommandLength, type ParsedCommand, readCommand, writeBye, writeEvent, writeRefusal, writeReply } from './wire.ts';
