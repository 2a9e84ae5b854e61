import type { PortCodec, PortName } from '@tipring/gateway';

/** A termination that is an analog port: its audio comes from the ports worker as RTP on loopback. */
export interface AnalogEnd {
  readonly port: PortName;
  codec: PortCodec;
  /** What the ports worker was told last of whom it hears. */
  told: string;
}
