import type { GatewayRefusal, MediaAddress, PortCodec, PortName, RemoteMedia } from '@tipring/gateway';
import type { AnalogEnd } from './analog-end.ts';
import type { Context, RtpEnd } from './context.ts';
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
  speak(termination: RtpEnd, codec: PortCodec): RemoteMedia {
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
  begin(end: RtpEnd, done: (refusal: GatewayRefusal | null) => void): void {
    if (end.analog !== null) this.#link(end, end.analog, ({ refusal }) => done(refusal ?? null));
  }

  /** Whom each port hears has changed, or may have. Two that hear each other and nobody else do without packets. */
  connect(context: Context): void {
    for (const end of context.terminations.values()) {
      // What has no link yet is not open, or not yet known to be.
      if (end.kind !== 'rtp' || end.analog === null || end.analog.told === '' || !end.live) continue;
      const other = onlyPartner(context, end);
      if (other !== null && other.analog !== null && other.analog.told !== '' && onlyPartner(context, other) === end) this.#patch(end.analog, other.analog);
      else this.#link(end, end.analog, () => {});
    }
  }

  #patch(one: AnalogEnd, other: AnalogEnd): void {
    if (one.told === `patch ${other.port}` && other.told === `patch ${one.port}`) return;
    one.told = `patch ${other.port}`;
    other.told = `patch ${one.port}`;
    this.#ports.execute({ do: 'patchPorts', ports: [one.port, other.port] }, () => {});
  }

  #link(end: RtpEnd, analog: AnalogEnd, done: (outcome: PortUnitOutcome) => void): void {
    const { pair } = end;
    const { port, codec } = analog;
    const digits = eventsForAll(end) ? 'events' : 'audio';
    const telling = `link ${codec} ${digits}`;
    if (analog.told === telling) return;
    analog.told = telling;
    this.#ports.execute({ do: 'connectPort', port, codec, link: { address: pair.address, port: pair.rtpPort, telephoneEvent: telephoneEvent.payloadType, digits } }, done);
  }
}

/** Whom it hears and is heard by, and it has to do with nobody else; null: nobody, several, itself, or one way only. */
function onlyPartner({ joined, oneWay, terminations }: Context, { id }: RtpEnd): RtpEnd | null {
  if (oneWay.some((pair) => pair.includes(id))) return null;
  let partner: string | null = null;
  for (const [one, other] of joined) {
    const found = one === id ? other : other === id ? one : null;
    if (found === null || found === partner) continue;
    if (partner !== null || found === id) return null;
    partner = found;
  }
  const end = partner === null ? undefined : terminations.get(partner);
  return end?.kind === 'rtp' ? end : null;
}

/** Digits leave the audio only where everybody who hears it takes them as events; players and rooms have no use for them. */
function eventsForAll({ id, context: { joined, oneWay, terminations } }: RtpEnd): boolean {
  const takesEvents = (hearerId: string): boolean => {
    const hearer = terminations.get(hearerId);
    return hearer?.kind !== 'rtp' || (hearer.remote?.codecs.some(({ name }) => name.toLowerCase() === 'telephone-event') ?? false);
  };
  return joined.every(([one, other]) => (one !== id || takesEvents(other)) && (other !== id || takesEvents(one))) && oneWay.every(([speaker, hearer]) => speaker !== id || takesEvents(hearer));
}

/** RFC 3551 6; the dynamic payload type is the one that most phones use, so that a relay finds nothing to rewrite. */
const mulaw = { payloadType: 0, name: 'PCMU', clockRate: 8000 };
const alaw = { payloadType: 8, name: 'PCMA', clockRate: 8000 };
const telephoneEvent = { payloadType: 101, name: 'telephone-event', clockRate: 8000 };
