export { type GatewayUnderTest, gatewayConformance, type PortRange } from './conformance.ts';
export type {
  ContextAudit,
  ContextId,
  Gateway,
  GatewayCommand,
  GatewayEvent,
  GatewayMetrics,
  GatewayRefusal,
  GatewayReplies,
  MediaAddress,
  MediaMode,
  PayloadCodec,
  RemoteMedia,
  Signal,
  TerminationId,
  TerminationStatistics,
} from './contract.ts';
export { FakeGateway, type FakeGatewaySettings } from './fake-gateway.ts';
export { LineFramer } from './line-framer.ts';
export { type GatewayAddress, GatewayClient } from './node-client.ts';
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
export { maximumCommandLength, type ParsedCommand, readCommand, writeBye, writeEvent, writeRefusal, writeReply } from './wire.ts';
