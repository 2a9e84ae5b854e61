import type { RemoteMedia } from '@tipring/gateway';
import { type Codec, type DialRequest, type Endpoint, type EndpointId, type Leg, type LegCommand, type LegId, type LegListener, LegReport, type LegSnapshot, type TerminationId } from '@tipring/telephony';
import type { Timers } from '@tipring/clock';
import type { PlayerGateway } from '../application-ports.ts';

export interface MulticastGroup {
  readonly address: string;
  readonly port: number;
  readonly codec: 'PCMU' | 'PCMA' | 'G722';
  readonly ttl: number;
}

export interface MulticastSurroundings {
  readonly media: PlayerGateway;
  readonly timers: Timers;
  /** Of ours, on the network whose loudspeakers listen. */
  readonly address: string;
}

/** A group of loudspeakers that listen to RTP: what is said to it in a call is sent there. It answers at once, says nothing, and never hangs up. */
export class MulticastEndpoint implements Endpoint {
  readonly id: EndpointId;
  readonly #group: MulticastGroup;
  readonly #around: MulticastSurroundings;

  constructor(id: EndpointId, group: MulticastGroup, around: MulticastSurroundings) {
    this.id = id;
    this.#group = group;
    this.#around = around;
  }

  originate(leg: LegId, { context }: DialRequest, listener: LegListener): Leg {
    return new MulticastLeg(leg, leg, context, this.#group, this.#around, new LegReport(listener), 'new');
  }

  adopt(leg: LegId, snapshot: LegSnapshot, listener: LegListener): Leg {
    const report = new LegReport(listener);
    const { context, media } = snapshot;
    const isUp = typeof context === 'string' && typeof media === 'string';
    if (!isUp) this.#around.timers.start(0, () => report.released('temporaryFailure', { kind: 'restart', text: 'it was being set up when the controller was restarted' }));
    return new MulticastLeg(leg, isUp ? media : leg, isUp ? context : '', this.#group, this.#around, report, isUp ? 'up' : 'over');
  }
}

class MulticastLeg implements Leg {
  readonly media: TerminationId;
  readonly reference = '';
  readonly #group: MulticastGroup;
  readonly #around: MulticastSurroundings;
  readonly #report: LegReport;
  #id: LegId;
  #context: string;
  #isUp: boolean;

  constructor(id: LegId, media: TerminationId, context: string, group: MulticastGroup, around: MulticastSurroundings, report: LegReport, is: 'new' | 'up' | 'over') {
    this.#id = id;
    this.media = media;
    this.#context = context;
    this.#group = group;
    this.#around = around;
    this.#report = report;
    this.#isUp = is === 'up';
    if (is === 'new') this.#add(() => this.#answered());
  }

  get id(): LegId {
    return this.#id;
  }

  send(command: LegCommand): void {
    switch (command.type) {
      case 'release':
        return this.#report.released(command.cause, { kind: 'local', text: `released: ${command.cause}` });
      case 'moved':
        this.#id = command.leg;
        this.#context = command.context;
        return;
      case 'restoreMedia':
        return this.#add(() => this.#report.tell({ type: 'mediaReturned' }));
      default:
        return;
    }
  }

  snapshot(): LegSnapshot {
    return this.#isUp ? { context: this.#context, media: this.media } : {};
  }

  spoken(): readonly Codec[] {
    return [this.#codec];
  }

  get #codec(): Codec {
    return { name: this.#group.codec, clockRate: 8_000 };
  }

  #add(done: () => void): void {
    const { address, port, ttl, codec } = this.#group;
    // Nobody of a group reports, and nobody is reported to.
    const remote: RemoteMedia = { rtp: { address, port }, rtcp: { address: '0.0.0.0', port: port + 1 }, codecs: [{ ...this.#codec, payloadType: payloadTypes[codec] }], multicastTtl: ttl };
    this.#around.media.send({ do: 'add', context: this.#context, termination: this.media, remote, mode: 'recvonly', address: this.#around.address }, (_reply, refusal) => {
      if (refusal === null || refusal.code === 'terminationExists') done();
      else if (refusal.code !== 'gone' || !this.#isUp) this.#report.released('temporaryFailure', { kind: 'gateway', text: `media gateway: ${refusal.text}` });
    });
  }

  #answered(): void {
    this.#isUp = true;
    this.#report.tell({ type: 'answered', supervision: 'signalled', media: { codecs: [this.#codec], digits: 'signalling' } });
  }
}

/** RFC 3551 6. */
const payloadTypes = { PCMU: 0, PCMA: 8, G722: 9 } as const;
