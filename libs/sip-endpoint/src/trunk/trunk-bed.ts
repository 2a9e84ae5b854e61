import type { Attempt, DialRequest, Leg, LegEvent, LegId } from '@tipring/telephony';
import { PhoneBed } from '../phone-bed.ts';
import { Carrier, type CarrierSettings } from './scripted-carrier.ts';
import type { ConfiguredTrunk } from './configured-trunk.ts';

/** A trunk as most are configured; each test says what is different. */
export function trunk(of: Partial<ConfiguredTrunk> = {}): ConfiguredTrunk {
  return {
    id: 'trk-1', key: 'carrier', displayName: 'Carrier', isEnabled: true,
    server: { host: '10.1.0.1', port: 5060, transport: 'udp' }, outboundProxy: null, domain: null,
    peering: { type: 'address', sources: [], credentials: null },
    identity: { caller: 'caller', number: null, asserted: 'pAssertedIdentity', privacy: 'both', diversion: 'diversion', trusted: true },
    calledIn: 'requestUri', codecs: ['PCMA', 'PCMU'], offer: 'early', redirects: 'refuse', transfers: 'refuse', sessionTimer: { expiresS: 1800, minimumS: 90 },
    limits: { total: null, inbound: null, outbound: null },
    health: { optionsIntervalS: 3, failuresToDown: 2, successesToUp: 3, responseMs: 2_000, ringMs: 20_000 },
    ...of,
  };
}

export const registering = {
  type: 'registration', username: 'office', password: 'secret', authenticationName: null, expiresS: 600,
} as const;

/** One leg asked of a trunk by itself, and what it tells. */
export interface Asked {
  readonly events: LegEvent[];
  readonly leg: Leg;
  /** When it was asked for, ms. */
  readonly at: number;
  readonly released: Extract<LegEvent, { type: 'released' }> | undefined;
  /** From the request to the release, ms. */
  readonly tookMs: number;
}

export class TrunkBed extends PhoneBed {
  #legs = 0;

  carrier(settings: Partial<CarrierSettings> = {}): Carrier {
    return new Carrier(this, { address: '10.1.0.1', ...settings });
  }

  ask(request: Partial<DialRequest> = {}, id = 'trk-1'): Asked {
    const leg: LegId = `leg-${++this.#legs}`;
    const events: LegEvent[] = [];
    const at = this.timers.now();
    let tookMs = NaN;
    const [endpoint] = this.pbx.trunks.find(id);
    if (endpoint === undefined) throw new Error(`there is no trunk ${id}`);
    const made = endpoint.originate(
      leg,
      { context: `ctx-${leg}`, from: { number: '+4930111', name: 'Anna' }, number: '+4989222', media: { codecs: this.codecs, digits: 'rtpEvent' }, ...request },
      (event) => {
        events.push(event);
        if (event.type === 'released') tookMs = this.timers.now() - at;
      },
    );
    return {
      events, leg: made, at,
      get released() {
        return events.find((event): event is Extract<LegEvent, { type: 'released' }> => event.type === 'released');
      },
      get tookMs() {
        return tookMs;
      },
    };
  }

  /** What a leg told, without what is for the story only. */
  told({ events }: Asked): string[] {
    return events.map(({ type }) => type).filter((type) => type !== 'note' && type !== 'changed');
  }

  /** A number that phones may dial: these attempts. */
  way(number: string, ...attempts: readonly Attempt[]): void {
    this.routes.set(number, () => ({ ok: true, route: { direction: 'outbound', attempts } }));
  }

  state(id = 'trk-1'): string | undefined {
    return this.pbx.trunks.live(id)?.state;
  }

  /** Changes of state, in order. */
  changes(): string[] {
    return this.pbx.trunkEvents.filter((event) => event.type === 'state').map((event) => event.to);
  }
}
