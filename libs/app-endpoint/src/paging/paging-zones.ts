import type { PagingZone, Snapshot } from '@tipring/config';
import type { Piece, Said } from '@tipring/prompts';
import type { CallControl, Endpoint, EndpointId } from '@tipring/telephony';
import type { Timer } from '@tipring/clock';
import { ApplicationEndpoint } from '../application-endpoint.ts';
import type { ApplicationSurroundings } from '../application-ports.ts';
import { MulticastEndpoint } from './multicast-endpoint.ts';
import { paging, type PagingAnswer, type PagingAsk } from './paging.ts';

export interface PagingZonesPorts {
  readonly snapshot: () => Snapshot;
  readonly calls: Pick<CallControl, 'originate' | 'hangUp' | 'call' | 'callerLeg' | 'observe'>;
  /** An extension that talks, or is rung. */
  readonly isBusy: (extensionId: string) => boolean;
  /** Of ours, from which groups are sent to. */
  readonly multicastFrom: () => string;
}

interface Page {
  readonly zone: string;
  readonly call: string;
  readonly priority: number;
  readonly telephones: ReadonlySet<EndpointId>;
  /** Calls to telephones that are not there yet. */
  readonly coming: Set<string>;
  late: Timer | null;
  stopListening: () => void;
}

/**
 * The paging zones of an office. A page is one call: who pages, what says tone and prompt, and the telephones of the zone, which answer by themselves
 * and come into it as listeners; so do amplifiers (stations that answer by themselves) and groups of loudspeakers that take RTP.
 */
export class PagingZones {
  readonly #ports: PagingZonesPorts;
  readonly #surroundings: ApplicationSurroundings;
  /** By the leg of who pages. */
  readonly #pages = new Map<string, Page>();

  constructor(ports: PagingZonesPorts, surroundings: ApplicationSurroundings) {
    this.#ports = ports;
    this.#surroundings = surroundings;
  }

  /** A zone, or one of its groups, by the names that routing and we ourselves give. Undefined: it is neither. */
  find(id: EndpointId): Endpoint | undefined {
    const { snapshot } = this.#ports;
    const { pagingZones, settings, extensionByNumber } = snapshot();
    if (id.startsWith(groupPrefix)) return this.#group(id);
    const zone = pagingZones.get(id);
    if (zone === undefined) return undefined;
    const application = paging({ opening: openingOf(zone), longestMs: zone.longestMs }, (ask, answer) => this.#ask(id, ask, answer));
    return new ApplicationEndpoint(id, application, ({ number }) => extensionByNumber(number)?.language ?? settings.voice.language, this.#surroundings);
  }

  #group(id: EndpointId): Endpoint | undefined {
    const [zoneId = '', index = ''] = id.slice(groupPrefix.length).split(':');
    const group = this.#ports.snapshot().pagingZones.get(zoneId)?.multicast[Number(index)];
    const { media, timers } = this.#surroundings;
    return group === undefined ? undefined : new MulticastEndpoint(id, group, { media, timers, address: this.#ports.multicastFrom() });
  }

  #ask(zone: string, ask: PagingAsk, answer: (answer: PagingAnswer) => void): void {
    if (ask.ask === 'over') return this.#over(ask.leg);
    // Asked again after a restart: the telephones that were there are there.
    if (this.#pages.has(ask.leg) || this.#isUp(ask.call)) return answer({ is: 'there' });
    const configured = this.#ports.snapshot().pagingZones.get(zone);
    if (configured === undefined) return answer({ is: 'nobody' });
    this.#page(configured, ask, answer);
  }

  #page(zone: PagingZone, { leg, call, from }: Extract<PagingAsk, { ask: 'page' }>, answer: (answer: PagingAnswer) => void): void {
    const { calls } = this.#ports;
    const of = calls.callerLeg(call);
    const telephones = this.#telephonesOf(zone, from.number);
    const called = [...telephones, ...zone.multicast.map((_group, index) => `${groupPrefix}${zone.id}:${index}`)];
    if (of === undefined || called.length === 0) return answer({ is: 'nobody' });
    const page: Page = { zone: zone.id, call, priority: zone.priority, telephones: new Set(telephones), coming: new Set(), late: null, stopListening: () => {} };
    this.#pages.set(leg, page);
    const ended = new Set<string>();
    const begins = (): void => {
      page.late?.stop();
      page.late = null;
      page.stopListening();
      answer({ is: this.#isUp(call) ? 'there' : 'nobody' });
    };
    const look = (): void => {
      for (const id of ended) page.coming.delete(id);
      if (page.late !== null && page.coming.size === 0) begins();
    };
    // A telephone that is there has no call of its own any more; one that does not answer by itself has it still.
    page.stopListening = calls.observe(({ type, call: { id } }) => {
      if (type !== 'call.ended') return;
      ended.add(id);
      look();
    });
    for (const id of called) {
      const first = id.startsWith(groupPrefix) ? this.#group(id) : undefined;
      page.coming.add(calls.originate({ from: id, ...(first !== undefined && { first }), party: from, to: zone.number ?? zone.displayName, timeoutMs: answersWithinMs, answerMode: 'auto', intoCall: { call, as: { is: 'observer', of, mode: 'listen' } } }));
    }
    page.late = this.#surroundings.timers.start(gatheredWithinMs, begins);
    look();
  }

  /** Somebody listens in this call. */
  #isUp(call: string): boolean {
    return (this.#ports.calls.call(call)?.legs.filter(({ state }) => state === 'answered' || state === 'held').length ?? 0) > 2;
  }

  /** Whom this page reaches: a page of lower priority that has one of them ends. */
  #telephonesOf({ extensions, interruptsCalls, priority }: PagingZone, pager: string): readonly EndpointId[] {
    const { snapshot, isBusy, calls } = this.#ports;
    const office = snapshot();
    const reached = new Set<EndpointId>();
    for (const id of extensions) {
      const extension = office.extensions.get(id);
      if (extension === undefined || extension.number === pager) continue;
      const telephones = [...office.devicesOf(id).flatMap((device) => (device.enabled ? [device.id] : [])), ...office.stationsOf(id).flatMap((station) => (station.isEnabled ? [station.id] : []))];
      const others = [...this.#pages.values()].filter((page) => telephones.some((telephone) => page.telephones.has(telephone)));
      if (others.some((page) => page.priority >= priority)) continue;
      for (const { call } of others) calls.hangUp(call);
      // Of a page that ends just now it is not busy.
      if (interruptsCalls || others.length > 0 || !isBusy(id)) for (const telephone of telephones) reached.add(telephone);
    }
    return [...reached];
  }

  #over(leg: string): void {
    const page = this.#pages.get(leg);
    if (page === undefined) return;
    this.#pages.delete(leg);
    page.late?.stop();
    page.stopListening();
    for (const call of page.coming) this.#ports.calls.hangUp(call);
  }
}

function openingOf({ preTone, promptId }: PagingZone): readonly Said[] {
  const tone: readonly Said[] = preTone === 'beep' ? [beep] : preTone === 'gong' ? [gong] : [];
  return [...tone, ...(promptId === null ? [] : [{ prompt: promptId }])];
}

const beep: Piece = { tone: { segments: [{ frequenciesHz: [800], durationMs: null }] }, levelDbm0: -13, ms: 400 };
/** Three falling tones. */
const gong: Piece = {
  tone: { segments: [{ frequenciesHz: [659.26], durationMs: 500 }, { frequenciesHz: [523.25], durationMs: 500 }, { frequenciesHz: [391.99], durationMs: 900 }], repeatFrom: null },
  levelDbm0: -13, ms: 1_900,
};

const groupPrefix = 'multicast:';
/** A telephone that does not answer by itself rings so long. */
const answersWithinMs = 8_000;
/** Who is not there by then misses the tone. */
const gatheredWithinMs = 2_500;
