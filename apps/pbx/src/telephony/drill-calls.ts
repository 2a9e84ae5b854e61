import type { Timers } from '@tipring/clock';
import type { Snapshot } from '@tipring/config';
import { type GatewayMedia, SilentEndpoint, type Trunks } from '@tipring/sip-endpoint';
import type { CallId, Codec, Exchange, RouteOutcome } from '@tipring/telephony';
import type { Asked, DrillCall, DrillCalls, RouteExplainer } from '../api/ports.ts';

export interface DrillCallsPorts {
  readonly configuration: { readonly snapshot: Snapshot };
  readonly exchange: Pick<Exchange, 'observe' | 'originate'>;
  readonly routing: RouteExplainer;
  readonly trunks: Pick<Trunks, 'impair'>;
  readonly media: GatewayMedia;
  readonly timers: Timers;
  readonly wallClock: () => number;
  /** Of this machine; nothing is sent from it. */
  readonly address: string;
  readonly codecs: readonly Codec[];
}

/** Calls of nobody, for which one trunk is as if it had failed: what a trunk's failure would be like, while everybody else calls as usual. */
export class TestCalls implements DrillCalls {
  readonly #ports: DrillCallsPorts;
  /** The drill that goes on, by its trunk: each has one at a time. */
  readonly #going = new Map<string, CallId>();

  constructor(ports: DrillCallsPorts) {
    this.#ports = ports;
    ports.exchange.observe((event) => {
      if (event.type !== 'call.ended') return;
      for (const [trunk, call] of this.#going) if (call === event.call.id) this.#ended(trunk);
    });
  }

  begin({ trunkId, impairment, number, extensionId, party }: DrillCall): Asked<CallId> {
    const { exchange, trunks, media, timers, address, codecs } = this.#ports;
    if (this.#going.has(trunkId)) return { ok: false, code: 'drillGoesOn', text: 'This trunk has a drill already; it ends within a minute. GET its drills tells how it goes.' };
    const caller = this.#callerOf(extensionId);
    if (caller === undefined) return { ok: false, code: 'noCaller', text: 'The extension has neither a phone nor a telephone: calls are routed for one of these.' };
    const outcome = this.#outcome(caller, { number, party });
    if (outcome.ok && outcome.route.emergency?.isTest === false) {
      return { ok: false, code: 'emergencyNumber', text: 'Nobody is called for help by a drill. Numbers of `emergency.testNumbers` may be drilled.' };
    }
    if (!outcome.ok || !outcome.route.attempts.some(({ endpoints }) => endpoints.includes(trunkId))) {
      return { ok: false, code: 'notOnTheWay', text: `A call to ${number} would not be tried over this trunk: POST /api/v1/routing/explain tells what it would do.` };
    }
    const first = new SilentEndpoint(media, timers, { id: caller, address, codecs });
    // The first party's termination is not there before this returns, and nothing is dialled before that.
    const call = exchange.originate({ from: caller, first, party, to: number });
    this.#going.set(trunkId, call);
    trunks.impair(trunkId, impairment, ({ context }) => context === call);
    return { ok: true, value: call };
  }

  #outcome(endpoint: string, { number, party }: Pick<DrillCall, 'number' | 'party'>): RouteOutcome {
    const { routing, wallClock } = this.#ports;
    return routing.explain({ endpoint, from: party, number, at: wallClock(), states: new Map() }).outcome;
  }

  #callerOf(extensionId: string): string | undefined {
    const { snapshot } = this.#ports.configuration;
    return (snapshot.devicesOf(extensionId)[0] ?? snapshot.stationsOf(extensionId)[0])?.id;
  }

  #ended(trunk: string): void {
    this.#going.delete(trunk);
    this.#ports.trunks.impair(trunk, null);
  }
}
