import type { Timers } from '@tipring/clock';
import type { Codec, DialRequest, Endpoint, EndpointId, Leg, LegId, LegListener, LegSnapshot } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';
import type { GatewayMedia } from './gateway-media.ts';

export interface SilentEndpointSettings {
  readonly id: EndpointId;
  /** Of the gateway's end; nothing is sent from it. */
  readonly address: string;
  /** What it says it speaks. */
  readonly codecs: readonly Codec[];
}

/**
 * A party of our own that answers at once, says nothing and hears nothing: the first side of a drill (`OriginateRequest.first`). Its end is a
 * termination of the gateway without a far end. It is not taken back after a restart: its call ends.
 */
export class SilentEndpoint implements Endpoint {
  readonly id: EndpointId;
  readonly #settings: SilentEndpointSettings;
  readonly #media: GatewayMedia;
  readonly #timers: Timers;

  constructor(media: GatewayMedia, timers: Timers, settings: SilentEndpointSettings) {
    this.id = settings.id;
    this.#settings = settings;
    this.#media = media;
    this.#timers = timers;
  }

  originate(id: LegId, { context }: DialRequest, listener: LegListener): Leg {
    const report = new LegReport(listener);
    const { address, codecs } = this.#settings;
    this.#media.send({ do: 'add', context, termination: id, address, mode: 'inactive' }, (reply, refusal) => {
      if (reply !== null) return report.tell({ type: 'answered', supervision: 'signalled', media: { codecs, digits: 'signalling' } });
      report.released('temporaryFailure', { kind: 'gateway', text: `media gateway: ${refusal?.text ?? 'no answer'}` });
    });
    return this.#leg(id, report);
  }

  adopt(id: LegId, _snapshot: LegSnapshot, listener: LegListener): Leg {
    const report = new LegReport(listener);
    this.#timers.start(0, () => report.released('temporaryFailure', { kind: 'restart', text: 'a drill does not outlive the controller' }));
    return this.#leg(id, report);
  }

  #leg(id: LegId, report: LegReport): Leg {
    let now = id;
    return {
      get id() {
        return now;
      },
      media: id,
      reference: '',
      send(command) {
        if (command.type === 'release') report.released(command.cause, { kind: 'local', text: `released: ${command.cause}` });
        else if (command.type === 'moved') now = command.leg;
      },
      snapshot: () => ({}),
    };
  }
}
