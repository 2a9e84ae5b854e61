import type { PagingZone, Snapshot } from '@tipring/config';
import { type Endpoint, Exchange, FakeEndpoint, type Hearing } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { anyMedia } from '../application-bed.ts';
import { idOf, OfficeBed } from '../office-bed.ts';
import { PagingZones } from './paging-zones.ts';

const extensions = ['anna', 'bert', 'chef'].map((key, index) => ({ key, number: `10${index + 1}`, displayName: key }));

/** An office whose telephones can be paged: each extension has one, of its name. */
class PagingBed {
  readonly bed: OfficeBed;
  readonly telephones = new Map<string, FakeEndpoint>();
  readonly hearings = new Map<string, Hearing>();
  readonly busy = new Set<string>();
  readonly exchange: Exchange;
  readonly zones: PagingZones;
  #calls = 0;

  constructor(...zones: readonly (Partial<PagingZone> & { readonly key: string })[]) {
    const pagingZone = zones.map((zone) => ({ displayName: zone.key, number: null, extensions: extensions.map(({ key }) => idOf(key)), preTone: 'beep', ...zone }));
    this.bed = new OfficeBed({ extension: extensions, pagingZone });
    for (const { key } of extensions) this.telephones.set(idOf(key), new FakeEndpoint(idOf(key), this.bed.timers));
    const telephonesOf = (id: string) => [{ id, enabled: true }];
    const snapshot = (): Snapshot => ({ ...this.bed.snapshot, devicesOf: telephonesOf as unknown as Snapshot['devicesOf'] });
    this.exchange = this.#exchange();
    this.zones = new PagingZones({ snapshot, calls: this.exchange, isBusy: (id) => this.busy.has(id), multicastFrom: () => '192.0.2.1' }, this.bed.surroundings);
  }

  of(key: string): FakeEndpoint {
    return this.telephones.get(idOf(key))!;
  }

  /** This telephone calls a zone. @returns the call's id */
  pages(key: string, zone: string): string {
    const { number } = extensions.find((one) => one.key === key)!;
    const id = this.exchange.offer(this.of(key).offer(idOf(zone), { number }, anyMedia));
    this.bed.pass(5);
    return id;
  }

  /** Telephones that were called answer by themselves, as they can. */
  answers(...keys: readonly string[]): void {
    for (const key of keys) this.of(key).leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
    this.bed.pass(10);
  }

  /** Who hears whom in a call, by the names of telephones; what plays is `player`. */
  hearing(call: string): readonly string[] {
    const name = (termination: string): string => [...this.telephones.values()].find(({ legs }) => legs.some(({ media }) => media === termination))?.id.replace(/^row_|0+$/g, '') ?? 'player';
    const { joined = [], oneWay = [] } = this.hearings.get(call) ?? {};
    return [...joined.flatMap(([a, b]) => [`${name(a)}>${name(b)}`, `${name(b)}>${name(a)}`]), ...oneWay.map(([speaker, hearer]) => `${name(speaker)}>${name(hearer)}`)].sort();
  }

  #exchange(): Exchange {
    return new Exchange(
      {
        routes: { resolve: ({ number }) => ({ ok: true, route: { direction: 'internal', attempts: [{ endpoints: [number], number, timeoutMs: 20_000 }] } }) },
        endpoints: { find: (id) => [this.telephones.get(id) ?? this.zones.find(id) ?? this.#nobody(id)] },
        media: {
          onRecorded: () => {}, connect: (context, hearing) => void this.hearings.set(context, hearing),
          move: () => {}, addPlayer: () => {}, music: () => {}, record: () => {}, recording: () => {}, attach: () => {}, drop: () => {},
          release: (context, done) => {
            this.hearings.delete(context);
            this.bed.players.release(context);
            done({});
          },
        },
        records: { begun: () => {}, ended: () => {} },
      },
      this.bed.timers,
      { wallClock: () => 1_000_000, newId: () => `call-${++this.#calls}`, media: anyMedia, transcoded: anyMedia.codecs, setupMs: 180_000, silenceMs: 0, releasingMs: 5_000, bug: ({ error }) => this.bed.bugs.push(error) },
    );
  }

  #nobody(id: string): Endpoint {
    throw new Error(`there is no endpoint ${id}`);
  }
}

test('the telephones of a zone answer by themselves, hear tone and pager, and nobody hears them', () => {
  const office = new PagingBed({ key: 'hall' });
  const call = office.pages('anna', 'hall');
  expect(['bert', 'chef'].map((key) => office.of(key).leg.request?.answerMode)).toEqual(['auto', 'auto']);
  expect(office.of('anna').legs).toHaveLength(1);
  expect(office.bed.players.saying(`${call}.2`)).toBe(null);
  office.answers('bert');
  expect(office.bed.players.saying(`${call}.2`)).toBe(null);
  office.answers('chef');
  expect(office.bed.players.saying(`${call}.2`)).toMatchObject([{ ms: 400 }]);
  expect(office.hearing(call)).toEqual(['anna>bert', 'anna>chef', 'anna>player', 'player>anna', 'player>bert', 'player>chef']);
  office.bed.pass(1_000);
  expect(office.bed.players.saying(`${call}.2`)).toBe(null);
  office.of('anna').leg.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'hung up' } });
  office.bed.pass(6_000);
  expect(['bert', 'chef'].map((key) => office.of(key).leg.released)).toEqual([true, true]);
  expect([office.exchange.size, office.bed.timers.size, office.bed.bugs]).toEqual([0, 0, []]);
});

test('who does not answer in time misses the tone, and comes to the rest', () => {
  const office = new PagingBed({ key: 'hall' });
  const call = office.pages('anna', 'hall');
  office.answers('bert');
  office.bed.pass(2_600);
  expect(office.bed.players.saying(`${call}.2`)).not.toBe(null);
  office.answers('chef');
  expect(office.hearing(call)).toContain('anna>chef');
});

test('nobody speaks longer than the zone permits, and the hash key ends it before', () => {
  const office = new PagingBed({ key: 'hall', longestMs: 5_000, preTone: 'none' });
  office.pages('anna', 'hall');
  office.answers('bert', 'chef');
  office.bed.pass(4_900);
  expect(office.exchange.size).toBe(1);
  office.bed.pass(6_000);
  expect(office.exchange.size).toBe(0);
  office.pages('anna', 'hall');
  office.answers('bert', 'chef');
  office.of('anna').leg.say({ type: 'digit', digit: '#', durationMs: 100 });
  office.bed.pass(6_000);
  expect(office.exchange.size).toBe(0);
});

test('telephones that talk are left in peace, unless the zone interrupts calls; where nobody is left, the pager is told', () => {
  const office = new PagingBed({ key: 'hall' }, { key: 'alarm', interruptsCalls: true });
  for (const { key } of extensions) office.busy.add(idOf(key));
  const call = office.pages('anna', 'hall');
  expect(office.of('bert').legs).toEqual([]);
  expect(office.bed.players.saying(`${call}.2`)).toMatchObject([{ file: 'en/common.notReached' }]);
  office.bed.pass(10_000);
  expect(office.exchange.size).toBe(0);
  office.pages('anna', 'alarm');
  expect(office.of('bert').legs).toHaveLength(1);
});

test('all telephones refuse: the pager is told, as soon as that is known', () => {
  const office = new PagingBed({ key: 'hall' });
  const call = office.pages('anna', 'hall');
  for (const key of ['bert', 'chef']) office.of(key).leg.say({ type: 'released', cause: 'userBusy', evidence: { kind: 'fake', text: 'busy' } });
  office.bed.pass(50);
  expect(office.bed.players.saying(`${call}.2`)).toMatchObject([{ file: 'en/common.notReached' }]);
});

test('a page takes telephones from one of lower priority, and from no other', () => {
  const office = new PagingBed({ key: 'hall', priority: 1 }, { key: 'yard', priority: 1, extensions: [idOf('chef')] }, { key: 'alarm', priority: 9, extensions: [idOf('chef')] });
  office.pages('anna', 'hall');
  office.answers('bert', 'chef');
  const refused = office.pages('bert', 'yard');
  expect(office.bed.players.saying(`${refused}.2`)).toMatchObject([{ file: 'en/common.notReached' }]);
  office.pages('bert', 'alarm');
  office.bed.pass(10);
  expect(office.of('anna').leg.released).toBe(true);
  expect(office.of('chef').legs.at(-1)?.released).toBe(false);
});

test('a group of loudspeakers is sent to, with the codec it takes, and only listens', () => {
  const office = new PagingBed({ key: 'hall', extensions: [], multicast: [{ address: '239.255.10.1', port: 5_004, codec: 'G722', ttl: 3 }] });
  const call = office.pages('anna', 'hall');
  office.bed.pass(20);
  expect(office.bed.players.done.find((command) => command.do === 'add')).toMatchObject({ mode: 'recvonly', address: '192.0.2.1', remote: { rtp: { address: '239.255.10.1', port: 5_004 }, rtcp: { address: '0.0.0.0' }, codecs: [{ payloadType: 9, name: 'G722' }], multicastTtl: 3 } });
  expect(office.exchange.call(call)?.legs.filter(({ state }) => state === 'answered')).toHaveLength(3);
  expect(office.hearings.get(call)?.oneWay).toHaveLength(2);
  office.exchange.hangUp(call);
  office.bed.pass(6_000);
  expect([office.exchange.size, office.bed.timers.size, office.bed.bugs]).toEqual([0, 0, []]);
});
