import type { GatewayRefusal, MediaAddress, PortCodec, PortName, RemoteMedia } from '@tipring/gateway';
import type { AnalogEnd } from './analog-end.ts';
import type { Context, Termination } from './context.ts';
import type { PortUnitOutcome } from './ports/port-unit-command.ts';
import type { Ports } from './ports/ports.ts';

/** The ports that are ends of contexts, and what the ports worker is told of whom they hear. */
export class PortEnds {
  readonly #ports: Ports;
  readonly #address: MediaAddress;
  readonly #taken = new Set<PortName>();

  /** `address`: where the ports worker sends from and takes. */
  constructor(ports: Ports, address: MediaAddress) {
    this.#ports = ports;
    this.#address = address;
  }

  /** Where the packet workers' halves of its links are bound. */
  get address(): string {
    return this.#address.address;
  }

  isTaken(port: PortName): boolean {
    return this.#taken.has(port);
  }

  take(port: PortName): void {
    this.#taken.add(port);
  }

  /** It is no end any more; it hears nothing but what is played to it. */
  free({ port, told }: AnalogEnd): void {
    this.#taken.delete(port);
    if (told !== '') this.#ports.execute({ do: 'disconnectPort', port }, () => {});
  }

  /** A port's codec is this from now on. @returns the far end that a packet worker has in place of a port */
  speak(termination: Termination, codec: PortCodec): RemoteMedia {
    const laws = codec === 'PCMA' ? [alaw, mulaw] : [mulaw, alaw];
    // No RTCP: between two threads nothing is lost, and nobody would read it.
    const remote = { rtp: this.#address, rtcp: { address: '0.0.0.0', port: this.#address.port }, codecs: [...laws, telephoneEvent] };
    if (termination.analog !== null) termination.analog.codec = codec;
    termination.remote = remote;
    // Nothing else comes from it.
    termination.heard = laws[0]?.payloadType ?? null;
    return remote;
  }

  /** A port's first connection: whether it can have one. */
  begin(context: Context, termination: Termination, done: (refusal: GatewayRefusal | null) => void): void {
    if (termination.analog !== null) this.#link(context, termination, termination.analog, ({ refusal }) => done(refusal ?? null));
  }

  /** Whom each port hears has changed, or may have. Two that hear each other and nobody else do without packets. */
  connect(context: Context): void {
    for (const termination of context.terminations.values()) {
      const { analog } = termination;
      // What has no link yet is not open, or not yet known to be.
      if (analog === null || analog.told === '' || !termination.live) continue;
      const other = onlyPartner(context, termination);
      if (other !== null && other.analog !== null && other.analog.told !== '' && onlyPartner(context, other) === termination) this.#patch(analog, other.analog);
      else this.#link(context, termination, analog, () => {});
    }
  }

  #patch(one: AnalogEnd, other: AnalogEnd): void {
    if (one.told === `patch ${other.port}` && other.told === `patch ${one.port}`) return;
    one.told = `patch ${other.port}`;
    other.told = `patch ${one.port}`;
    this.#ports.execute({ do: 'patchPorts', ports: [one.port, other.port] }, () => {});
  }

  #link(context: Context, termination: Termination, analog: AnalogEnd, done: (outcome: PortUnitOutcome) => void): void {
    const { pair } = termination;
    const { port, codec } = analog;
    const digits = eventsForAll(context, termination) ? 'events' : 'audio';
    const telling = `link ${codec} ${digits}`;
    if (analog.told === telling) return;
    analog.told = telling;
    this.#ports.execute({ do: 'connectPort', port, codec, link: { address: pair.address, port: pair.rtpPort, telephoneEvent: telephoneEvent.payloadType, digits } }, done);
  }
}

/** Null: nobody, or several. */
function onlyPartner(context: Context, { id }: Termination): Termination | null {
  let partner: Termination | null = null;
  for (const [one, other] of context.joined) {
    const found = context.terminations.get(one === id ? other : other === id ? one : '');
    if (found === undefined || found === partner) continue;
    if (partner !== null) return null;
    partner = found;
  }
  return partner;
}

/** Digits leave the audio only where everybody who hears it takes them as events. */
function eventsForAll(context: Context, { id }: Termination): boolean {
  return context.joined.every(([one, other]) => {
    const hearer = context.terminations.get(one === id ? other : other === id ? one : '');
    return hearer === undefined || (hearer.remote?.codecs.some(({ name }) => name.toLowerCase() === 'telephone-event') ?? false);
  });
}

/** RFC 3551 6; the dynamic payload type is the one that most phones use, so that a relay finds nothing to rewrite. */
const mulaw = { payloadType: 0, name: 'PCMU', clockRate: 8000 };
const alaw = { payloadType: 8, name: 'PCMA', clockRate: 8000 };
const telephoneEvent = { payloadType: 101, name: 'telephone-event', clockRate: 8000 };
