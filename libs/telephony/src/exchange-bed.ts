import { FakeTimers } from '@tipring/clock';
import type { CallEvent, CallView } from './call-control.ts';
import type { CallMedia, Hearing } from './call-media.ts';
import type { Endpoint } from './endpoint.ts';
import { Exchange } from './exchange.ts';
import type { BugReport, HeldContext } from './exchange-ports.ts';
import { FakeEndpoint, type FakeRelease } from './fake-endpoint.ts';
import type { Codec, ContextId, MediaProfile, MediaQuality, TerminationId } from './media.ts';
import type { Cause } from './cause.ts';
import type { CallBegun, CallRecord } from './record.ts';
import type { RouteOutcome, RouteRequest } from './route.ts';

export const anyMedia: MediaProfile = { codecs: [{ name: 'PCMA', clockRate: 8000 }, { name: 'PCMU', clockRate: 8000 }], digits: 'rtpEvent' };
export const pcmu: MediaProfile = { codecs: [{ name: 'PCMU', clockRate: 8000 }], digits: 'rtpEvent' };

/** A media gateway as far as calls see it. */
export class BedMedia implements CallMedia {
  readonly joined: string[] = [];
  parts = 0;
  readonly dropped: TerminationId[] = [];
  readonly blobs = new Map<ContextId, string>();
  readonly released: ContextId[] = [];
  attaches = 0;
  /** Who hears whom, by context. */
  readonly hearings = new Map<ContextId, Hearing>();
  readonly moved: string[] = [];
  /** Of music and recordings, by termination: their contexts. */
  readonly players = new Map<TerminationId, ContextId>();
  readonly plays = new Map<TerminationId, string | null>();
  readonly files: string[] = [];
  readonly recordings = new Map<TerminationId, { readonly context: ContextId; readonly file: string }>();
  /** What `release` measures; undefined: no answer at all. */
  quality: Readonly<Record<TerminationId, MediaQuality>> | null | undefined = null;

  onRecorded: CallMedia['onRecorded'] = () => {};

  connect(context: ContextId, { joined, oneWay }: Hearing): void {
    if (joined.length + oneWay.length === 0) this.parts++;
    for (const [a, b] of joined) this.joined.push(`${a}+${b}`);
    this.hearings.set(context, { joined, oneWay });
  }

  move(context: ContextId, termination: TerminationId, to: ContextId): void {
    this.moved.push(`${termination}: ${context} → ${to}`);
  }

  addPlayer(context: ContextId, termination: TerminationId): void {
    this.players.set(termination, context);
  }

  music(context: ContextId, termination: TerminationId, classId: string | null): void {
    this.addPlayer(context, termination);
    this.plays.set(termination, classId);
  }

  record(context: ContextId, termination: TerminationId, file: string): void {
    if (!this.players.has(termination)) throw new Error(`there is no player ${termination}`);
    this.files.push(file);
    this.recordings.set(termination, { context, file });
  }

  recording(_context: ContextId, termination: TerminationId, is: 'paused' | 'running' | 'stopped'): void {
    if (is === 'stopped') this.#recorded(termination);
  }

  #recorded(termination: TerminationId): void {
    const recording = this.recordings.get(termination);
    this.recordings.delete(termination);
    if (recording !== undefined) this.onRecorded({ ...recording, termination, ms: 1_000 });
  }

  attach(context: ContextId, blob: string): void {
    this.attaches++;
    this.blobs.set(context, blob);
  }

  drop(_context: ContextId, termination: TerminationId): void {
    this.dropped.push(termination);
    this.#recorded(termination);
    this.players.delete(termination);
    this.plays.delete(termination);
  }

  release(context: ContextId, done: (quality: Readonly<Record<TerminationId, MediaQuality>> | null) => void): void {
    this.released.push(context);
    this.blobs.delete(context);
    this.hearings.delete(context);
    for (const [player, of] of this.players) {
      if (of !== context) continue;
      this.#recorded(player);
      this.players.delete(player);
      this.plays.delete(player);
    }
    if (this.quality !== undefined) done(this.quality);
  }
}

/** An exchange among fakes, for tests: parking lot 'lot' has the slots 701 and 702; extension 102 has the endpoints 'desk' and 'soft', 103 'desk'; 0 and 00 lead outside, 7 asks for the PIN 2580, 112 is for help. */
export class ExchangeBed {
  readonly timers = new FakeTimers();
  readonly media: BedMedia;
  readonly begun: CallBegun[] = [];
  readonly records: CallRecord[] = [];
  /** But `call.legsChanged`. */
  readonly events: CallEvent[] = [];
  /** What those told. */
  readonly legChanges: CallView[] = [];
  readonly bugs: BugReport[] = [];
  readonly caller: FakeEndpoint;
  readonly desk: FakeEndpoint;
  readonly soft: FakeEndpoint;
  readonly trunk: FakeEndpoint;
  readonly line: FakeEndpoint;
  readonly absent: FakeEndpoint;
  readonly exchange: Exchange;
  routes: Record<string, RouteOutcome | ((request: RouteRequest) => RouteOutcome)>;
  /** What routing was asked, oldest first. */
  readonly asked: RouteRequest[] = [];
  #ids = 0;

  constructor(how: { readonly release?: FakeRelease; readonly media?: BedMedia; readonly prefix?: string; readonly transcoded?: readonly Codec[] } = {}) {
    const release = how.release ?? 'atOnce';
    this.media = how.media ?? new BedMedia();
    const make = (id: string, refuse?: Cause): FakeEndpoint => new FakeEndpoint(id, this.timers, { release, ...(refuse === undefined ? {} : { refuse }) });
    this.caller = make('caller');
    this.desk = make('desk');
    this.soft = make('soft');
    this.trunk = make('trunk');
    this.line = make('line');
    this.absent = make('absent', 'subscriberAbsent');
    const attempt = (...endpoints: string[]) => ({ endpoints, number: '102', timeoutMs: 20_000 });
    this.routes = {
      '102': { ok: true, route: { direction: 'internal', attempts: [attempt('desk', 'soft')] } },
      '103': { ok: true, route: { direction: 'internal', attempts: [attempt('desk')] } },
      '104': { ok: true, route: { direction: 'internal', attempts: [attempt('absent')] } },
      '0': { ok: true, route: { direction: 'outbound', attempts: [attempt('trunk'), attempt('desk')] } },
      '00': { ok: true, route: { direction: 'outbound', attempts: [{ ...attempt('trunk'), name: 'trunk carrier', number: '+4922155' }, { ...attempt('line'), name: 'line main', number: '022155' }, attempt('desk')] } },
      '112': { ok: true, route: { direction: 'outbound', emergency: { number: '112', isTest: false }, attempts: [{ ...attempt('line'), number: '112', priority: 'emergency' }, { ...attempt('trunk'), number: '112', priority: 'emergency' }] } },
      '7': ({ pin }) => (pin === '2580' ? { ok: true, route: { direction: 'outbound', attempts: [attempt('trunk'), attempt('desk')] } } : { ok: false, cause: 'notAllowed', evidence: { kind: 'pin', text: 'it takes a PIN' }, asks: 'pin' }),
    };
    const all = new Map<string, Endpoint>([this.caller, this.desk, this.soft, this.trunk, this.line, this.absent].map((endpoint) => [endpoint.id, endpoint]));
    this.exchange = new Exchange(
      {
        routes: { resolve: (request) => this.#resolve(request) },
        endpoints: { find: (id) => [all.get(id) ?? this.absent] },
        media: this.media,
        records: { begun: (line) => this.begun.push(line), ended: (record) => this.records.push(record) },
        lots: { lot: (id) => (id === 'lot' ? { slots: ['701', '702'], timeoutMs: 60_000, returnMs: 20_000, fallback: { number: '104' }, music: 'moh_lot' } : undefined) },
      },
      this.timers,
      {
        wallClock: () => 1_000_000 + this.timers.now(),
        newId: () => `${how.prefix ?? 'call'}-${++this.#ids}`,
        media: anyMedia,
        transcoded: how.transcoded ?? [],
        setupMs: 180_000,
        silenceMs: 60_000,
        releasingMs: 5_000,
        bug: (report) => this.bugs.push(report),
      },
    );
    this.exchange.observe((event) => {
      if (event.type === 'call.legsChanged') this.legChanges.push(event.call);
      else this.events.push(event);
    });
  }

  #resolve(request: RouteRequest): RouteOutcome {
    this.asked.push(request);
    const outcome = this.routes[request.number] ?? { ok: false, cause: 'unallocatedNumber', evidence: { kind: 'routing', text: `nobody has the number ${request.number}` } };
    return typeof outcome === 'function' ? outcome(request) : outcome;
  }

  /** The caller dials; returns the call's id. */
  dial(number: string): string {
    return this.exchange.offer(this.caller.offer(number, { number: '101', name: 'Anna' }, anyMedia));
  }

  /** 101 and the desk phone of 102 talk. */
  talk(): string {
    const id = this.dial('103');
    this.desk.leg.say({ type: 'ringing' });
    this.desk.leg.say({ type: 'answered', supervision: 'signalled', media: pcmu });
    return id;
  }

  get record(): CallRecord {
    const record = this.records.at(-1);
    if (record === undefined) throw new Error('no record yet');
    return record;
  }

  held(): HeldContext[] {
    return [...this.media.blobs].map(([context, blob]) => ({ context, blob }));
  }
}
