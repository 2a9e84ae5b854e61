import type { Flow, IncomingInvite } from '@tipring/sip';
import type { Availability, DialRequest, Endpoint, EndpointId } from '@tipring/telephony';
import type { SipEndpoints } from '../sip-endpoints.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ConfiguredTrunk } from './configured-trunk.ts';
import type { LiveTrunk, TrunkEvent, TrunkListener } from './live-trunk.ts';
import { groupsOf } from './source-blocks.ts';
import { likenessOf } from './trunk-calls-in.ts';
import { TrunkPeer } from './trunk-peer.ts';
import type { Impairment, TrunkPorts, Trunks, TrunkStack } from './trunk-ports.ts';

/**
 * SIP trunks as endpoints of calls. Configure it before calls of a former process are taken back, so that theirs are counted and can prove
 * themselves. An endpoint's id is its trunk's id.
 */
export class TrunkEndpoints implements Trunks {
  readonly #ports: TrunkPorts;
  readonly #stack: TrunkStack;
  readonly #sip: SipEndpoints;
  readonly #surroundings: Surroundings;
  readonly #peers = new Map<EndpointId, TrunkPeer>();
  /** Of trunks that are gone, while a call of theirs lives. */
  readonly #leaving = new Map<EndpointId, TrunkPeer>();
  readonly #listeners = new Set<TrunkListener>();

  /** `sip`: the one session user there is; it is given `take` of this (SipEndpointsPorts.trunks). */
  constructor(ports: TrunkPorts, stack: TrunkStack, sip: SipEndpoints) {
    this.#ports = ports;
    this.#stack = stack;
    this.#sip = sip;
    this.#surroundings = sip.surroundings;
  }

  configure(trunks: readonly ConfiguredTrunk[]): void {
    const ids = new Set(trunks.map(({ id }) => id));
    for (const id of [...this.#peers.keys()]) if (!ids.has(id)) this.#remove(id, () => {});
    for (const trunk of trunks) {
      const peer = this.#peers.get(trunk.id);
      if (peer === undefined) this.#add(trunk);
      else peer.update(trunk);
    }
  }

  isTrunk(id: EndpointId): boolean {
    return this.#peers.has(id) || this.#leaving.has(id);
  }

  find(id: EndpointId): readonly Endpoint[] {
    const peer = this.#peers.get(id) ?? this.#leaving.get(id);
    if (peer === undefined) return [];
    return [{ id, originate: (leg, request, listener) => peer.originate(leg, request, listener), adopt: (leg, snapshot, listener) => peer.adopt(leg, snapshot, listener) }];
  }

  availability(id: EndpointId): Availability | undefined {
    return this.#peers.get(id)?.availability;
  }

  live(id: EndpointId): LiveTrunk | undefined {
    return this.#peers.get(id)?.live;
  }

  observe(listener: TrunkListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  take(invite: IncomingInvite): boolean {
    const { request, flow } = invite;
    const { address } = flow.remote;
    const source = { flow, groups: groupsOf(address), hasDevices: () => this.#hasDevices(address) };
    let [found, most]: [TrunkPeer | undefined, number] = [undefined, 0];
    for (const peer of this.#peers.values()) {
      const likeness = likenessOf(peer, request, source);
      if (likeness > most) [found, most] = [peer, likeness];
    }
    found?.take(invite);
    return found !== undefined;
  }

  flowClosed(flow: Flow): void {
    for (const peer of this.#peers.values()) peer.flowClosed(flow);
  }

  impair(id: EndpointId, how: Impairment | null, affects: (request: DialRequest) => boolean = () => true): void {
    this.#peers.get(id)?.impair(how, affects);
  }

  async close(patienceMs = 2_000): Promise<void> {
    const closed = [...this.#peers.keys()].map((id) => new Promise<void>((done) => this.#remove(id, done)));
    await new Promise<void>((done) => {
      const patience = this.#surroundings.timers.start(patienceMs, done);
      void Promise.all(closed).then(() => {
        patience.stop();
        done();
      });
    });
    this.#listeners.clear();
  }

  #add(trunk: ConfiguredTrunk): void {
    const { id } = trunk;
    // Back again while a call of its former self lives: that one goes on to be counted.
    const leaving = this.#leaving.get(id);
    this.#leaving.delete(id);
    if (leaving !== undefined) {
      this.#peers.set(id, leaving);
      return leaving.update(trunk);
    }
    const peer = new TrunkPeer(trunk, {
      ports: this.#ports, stack: this.#stack, surroundings: this.#surroundings,
      tell: (event) => this.#tell(event),
      idle: () => {
        if (this.#leaving.get(id) === peer) this.#leaving.delete(id);
      },
    });
    this.#peers.set(id, peer);
  }

  #remove(id: EndpointId, done: () => void): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return done();
    this.#peers.delete(id);
    if (peer.channels.size > 0) this.#leaving.set(id, peer);
    peer.close(done);
  }

  #hasDevices(address: string): boolean {
    for (const { flow } of this.#sip.bindings.all()) if (flow.remote.address === address) return true;
    return false;
  }

  #tell(event: TrunkEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
