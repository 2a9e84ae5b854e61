import type { Kind } from '@tipring/config';
import { type CallMedia, type CallRecord, Exchange, FakeEndpoint, type FakeLeg } from '@tipring/telephony';
import { anyMedia, localOf } from '../application-bed.ts';
import { idOf, OfficeBed } from '../office-bed.ts';
import type { Presence } from './queue-agents.ts';
import { QueueEndpoints } from './queue-endpoints.ts';
import { Queues } from './queues.ts';

const silentMedia: CallMedia = {
  onRecorded: () => {}, connect: () => {}, move: () => {}, addPlayer: () => {}, music: () => {}, record: () => {}, recording: () => {}, attach: () => {}, drop: () => {},
  release: (_context, done) => done(null),
};

const answered = { type: 'answered', supervision: 'signalled', media: anyMedia } as const;

/** An office with a queue, 800, of Anna, Bert and Cleo, with a telephone each; outside is who calls. For tests. */
export class QueueBed extends OfficeBed {
  readonly presences: { value: ReadonlyMap<string, Presence> } = { value: new Map() };
  readonly records: CallRecord[] = [];
  readonly outside = new FakeEndpoint('outside', this.timers);
  readonly anna = new FakeEndpoint(idOf('phone-anna'), this.timers);
  readonly bert = new FakeEndpoint(idOf('phone-bert'), this.timers);
  readonly cleo = new FakeEndpoint(idOf('phone-cleo'), this.timers);
  readonly exchange: Exchange;
  readonly queues: Queues;
  readonly #endpoints: QueueEndpoints;
  #ids = 0;

  constructor(settings: Readonly<Record<string, unknown>> = {}) {
    super(officeWith(settings));
    const phones = [this.anna, this.bert, this.cleo, this.outside];
    const fallback = new FakeEndpoint('nobody', this.timers, { refuse: 'subscriberAbsent' });
    this.exchange = new Exchange(
      {
        routes: {
          resolve: ({ number, destination }) => {
            const endpoint = destination?.type === 'extension' ? this.cleo.id : number === '800' ? idOf('support') : this.anna.id;
            return { ok: true, route: { direction: 'internal', attempts: [{ endpoints: [endpoint], number, timeoutMs: 30_000 }] } };
          },
        },
        endpoints: { find: (id) => [this.#endpoints.find(id) ?? phones.find((phone) => phone.id === id) ?? fallback] },
        media: silentMedia,
        records: { begun: () => {}, ended: (record) => this.records.push(record) },
      },
      this.timers,
      { wallClock: () => this.surroundings.clock.now(), newId: () => `call${++this.#ids}`, media: anyMedia, transcoded: [], setupMs: 180_000, silenceMs: 0, releasingMs: 5_000, bug: ({ error }) => this.bugs.push(error) },
    );
    this.queues = new Queues({
      snapshot: () => this.snapshot, calls: this.exchange, timers: this.timers, clock: { now: () => this.surroundings.clock.now(), local: localOf },
      kept: { load: () => this.presences.value, save: (presences) => (this.presences.value = new Map(presences)) },
    });
    this.#endpoints = new QueueEndpoints({ snapshot: () => this.snapshot, queues: this.queues, music: () => [{ file: 'music.wav' }] }, this.surroundings);
  }

  get status() {
    const status = this.queues.status(idOf('support'));
    if (status === undefined) throw new Error('no queue');
    return status;
  }

  /** Somebody calls the queue; his leg. */
  caller(number = '0221'): FakeLeg {
    this.exchange.offer(this.outside.offer('800', { number, name: 'Zoë' }, anyMedia));
    this.pass(10);
    return this.outside.leg;
  }

  /** Telephones that ring. */
  get ringing(): readonly string[] {
    return Object.entries({ anna: this.anna, bert: this.bert, cleo: this.cleo }).filter(([, { legs }]) => legs.some((leg) => !leg.released && !leg.told().includes('moved'))).map(([name]) => name);
  }

  answers(phone: FakeEndpoint): void {
    phone.leg.say(answered);
    this.pass(10);
  }

  hangsUp(leg: FakeLeg): void {
    leg.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'far', text: 'hung up' } });
    this.pass(10);
  }

  /** What the newest caller of the queue hears. */
  get said(): string {
    const leg = this.exchange.calls().flatMap(({ legs }) => legs.filter(({ endpoint, state }) => endpoint === idOf('support') && state !== 'released')).at(-1);
    return (leg === undefined ? [] : (this.players.saying(leg.id) ?? [])).map((piece) => ('file' in piece ? piece.file.replace(/^en\//, '') : '')).join(' ').trim();
  }
}

function officeWith(queue: Readonly<Record<string, unknown>>): { readonly [Of in Kind]?: readonly Readonly<Record<string, unknown>>[] } {
  const people = ['anna', 'bert', 'cleo'];
  return {
    extension: people.map((key, at) => ({ key, number: String(101 + at), displayName: key })),
    device: people.map((key, at) => ({ key: `phone-${key}`, extensionId: idOf(key), displayName: 'Phone', username: String(101 + at) , ha1: { MD5: '0'.repeat(32), 'SHA-256': '0'.repeat(64) } })),
    queue: [{
      key: 'support', number: '800', displayName: 'Support', agents: people.map((key) => ({ extensionId: idOf(key), tier: 1, startsLoggedIn: true })), strategy: 'linear', agentRingMs: 15_000, retryMs: 2_000,
      wrapUpMs: 10_000, callerNamePrefix: 'Support', announcement: { everyMs: 30_000, position: true, promptId: null }, ...queue,
    }],
  };
}
