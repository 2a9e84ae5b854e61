import { expect, test } from 'vitest';
import { createRequest, createResponse } from '../message/create.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { Office, type Party } from '../session/session-pair.test-support.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { Notifier, type NotifierSettings } from './notifier.ts';
import type { StateSource } from './running-subscription.ts';
import type { NotifyLimits } from './notify-turns.ts';

const stack = { methods: ['REGISTER', 'SUBSCRIBE', 'NOTIFY'], dialogMethods: ['NOTIFY', 'SUBSCRIBE'] };
const packages = [{ name: 'dialog', contentType: 'application/dialog-info+xml', defaultS: 3600 }];

/** A notifier that tells a word, and a watcher whose answers the test may choose. */
class Bed {
  readonly office: Office;
  readonly pbx: Party;
  readonly watcher: Party;
  word = 'idle';
  readonly notifier: Notifier<string>;
  /** What the watcher answers NOTIFYs; undefined: nothing. */
  answer: (notify: SipRequest) => number | readonly [number, string] | undefined = () => 200;
  /** NOTIFYs that were not answered. */
  readonly late: ServerTransaction[] = [];
  #cseq = 0;

  constructor(loss = 0, settings: Partial<NotifierSettings> = {}, limits: Partial<NotifyLimits> = {}, seed = 1) {
    this.office = new Office(loss, [1, 1], 0, seed);
    this.pbx = this.office.party(stack);
    this.watcher = this.office.party(stack);
    // Without sessions: whatever dialog a NOTIFY names, the test answers it.
    this.watcher.transactions.bind({ onRequest: (transaction) => void this.watcher.requests.push(transaction), onAck() {}, onCancel() {}, onStrayResponse() {}, onQuiet() {} });
    this.notifier = this.#notifier(settings, limits);
  }

  #notifier(settings: Partial<NotifierSettings>, limits: Partial<NotifyLimits>): Notifier<string> {
    return new Notifier<string>({ sessions: this.pbx.sessions, timers: this.office.timers, wallClock: () => 1_000_000 + this.office.timers.now(), random: this.office.random }, packages, settings, limits);
  }

  another(): Notifier<string> {
    return this.#notifier({}, {});
  }

  source: StateSource<string> = { document: (version, last) => ({ body: `${version} ${last ?? '-'} ${this.word}`, told: this.word }) };

  /** Serves what came to either side until the wire is quiet for `ms`. */
  pass(ms = 10): void {
    for (let passed = 0; passed < ms; passed++) {
      this.office.pass(1);
      for (const transaction of this.pbx.requests.splice(0)) this.#serve(transaction);
      for (const transaction of this.watcher.requests.splice(0)) this.#hear(transaction);
    }
  }

  #serve(transaction: ServerTransaction): void {
    const asked = this.notifier.read(transaction);
    if (asked.ok) this.notifier.grant(transaction, asked, { watcher: 'd-1', resource: '101', uri: 'sip:101@x', source: this.source, contactUser: '101' });
    else this.notifier.refuse(transaction, asked.status, asked.headers);
  }

  #hear(transaction: ServerTransaction): void {
    const answer = this.answer(transaction.request);
    if (answer === undefined) {
      this.late.push(transaction);
      return;
    }
    const [status, retryAfter] = typeof answer === 'number' ? [answer, undefined] : answer;
    transaction.respond(createResponse(transaction.request, status, { headers: retryAfter === undefined ? [] : [['Retry-After', retryAfter]] }));
  }

  subscribe(expiresS: number, how: { readonly callId?: string; readonly toTag?: string; readonly event?: string } = {}): SipResponse | undefined {
    let answer: SipResponse | undefined;
    const request = createRequest({
      method: 'SUBSCRIBE', uri: `sip:101@${this.pbx.address}`,
      headers: [
        ['Max-Forwards', '70'], ['From', '<sip:w@x>;tag=w'], ['To', `<sip:101@x>${how.toTag === undefined ? '' : `;tag=${how.toTag}`}`], ['Call-ID', how.callId ?? 'watch'],
        ['CSeq', `${++this.#cseq} SUBSCRIBE`], ['Contact', `<sip:w@${this.watcher.address}>`], ['Event', how.event ?? 'dialog'], ['Expires', String(expiresS)],
      ],
    });
    this.watcher.transactions.request(request, { transport: 'udp', address: this.pbx.address, port: 5060 }, { onResponse: (response) => (answer = response), onFailure() {} });
    this.pass(20);
    return answer;
  }

  /** NOTIFYs that left, as `version last word; subscription state`. */
  notified(): string[] {
    return this.office.sent.filter((message): message is SipRequest => message.kind === 'request' && message.method === 'NOTIFY').map((message) => `${new TextDecoder().decode(message.body)}; ${message.headers.get('Subscription-State') ?? ''}`);
  }

  change(word: string): void {
    this.word = word;
    this.notifier.changed('101');
  }
}

test('subscribed, told, refreshed in the dialog, told again, unsubscribed: nothing is left', () => {
  const bed = new Bed();
  const accepted = bed.subscribe(600);
  expect([accepted?.status, accepted?.headers.get('Expires'), accepted?.headers.has('Contact')]).toEqual([200, '600', true]);
  bed.change('early');
  bed.pass();
  const toTag = accepted?.to.tag ?? '';
  expect(bed.subscribe(300, { toTag })?.status).toBe(200);
  expect(bed.subscribe(0, { toTag })?.status).toBe(200);
  expect(bed.notified()).toEqual(['0 - idle; active;expires=600', '1 idle early; active;expires=600', '2 early early; active;expires=300', '3 early early; terminated;reason=timeout']);
  expect([bed.notifier.size, bed.notifier.load]).toEqual([0, { waiting: 0, inFlight: 0 }]);
  expect(bed.subscribe(600, { toTag })?.status).toBe(481);
  bed.office.pass(60_000);
  expect(bed.office.timers.size).toBe(0);
});

test('what each watcher was told last can be read, and whether it said that it heard', () => {
  const bed = new Bed();
  bed.subscribe(600);
  expect(bed.notifier.views('101')).toMatchObject([{ watcher: 'd-1', resource: '101', package: 'dialog', peer: `udp:${bed.watcher.address}:5060`, told: { what: 'idle', version: 0, isAnswered: true }, isBehind: false }]);
  bed.answer = () => undefined;
  bed.change('early');
  bed.pass();
  bed.change('confirmed');
  expect(bed.notifier.views('101')).toMatchObject([{ told: { what: 'early', version: 1, isAnswered: false }, isBehind: true }]);
  expect(bed.notifier.views('102')).toEqual([]);
});

test('a fetch is answered once and leaves nothing (RFC 6665 4.4.3)', () => {
  const bed = new Bed();
  expect(bed.subscribe(0)?.headers.get('Expires')).toBe('0');
  expect(bed.notified()).toEqual(['0 - idle; terminated;reason=timeout']);
  expect(bed.notifier.size).toBe(0);
});

test('while a watcher is slow to answer, changes wait and are told as one', () => {
  const bed = new Bed();
  bed.subscribe(600);
  bed.answer = () => undefined;
  bed.change('early');
  bed.pass();
  for (const word of ['confirmed', 'held', 'confirmed', 'terminated']) bed.change(word);
  bed.answer = () => 200;
  for (const transaction of bed.late) transaction.respond(createResponse(transaction.request, 200));
  bed.pass();
  expect(bed.notified().at(-1)).toBe('2 early terminated; active;expires=600');
  expect(bed.notifier.counters).toMatchObject({ notified: 3, coalesced: 3 });
});

test('a watcher that is gone is told until timer F, and then no more; one that does not know the dialog at once', () => {
  const silent = new Bed();
  silent.subscribe(600);
  silent.answer = () => undefined;
  silent.change('early');
  silent.pass(31_000);
  expect(silent.notifier.size).toBe(1);
  silent.pass(2_000);
  expect([silent.notifier.size, silent.notifier.counters.failed]).toEqual([0, 1]);
  const foreign = new Bed();
  foreign.subscribe(600);
  foreign.answer = () => 481;
  foreign.change('early');
  foreign.pass();
  expect([foreign.notifier.size, foreign.notifier.counters.failed]).toEqual([0, 1]);
});

test('Retry-After is kept, and then the newest is told', () => {
  const bed = new Bed();
  bed.subscribe(600);
  bed.answer = () => [503, '5'];
  bed.change('early');
  bed.pass();
  bed.answer = () => 200;
  bed.change('confirmed');
  bed.pass(4_900);
  expect(bed.notified()).toHaveLength(2);
  bed.pass(200);
  expect(bed.notified().at(-1)).toMatch(/^2 early confirmed;/);
});

test('expired: its last NOTIFY says so', () => {
  const bed = new Bed();
  bed.subscribe(60);
  bed.pass(60_100);
  expect(bed.notified().at(-1)).toBe('1 idle idle; terminated;reason=timeout');
  expect(bed.notifier.size).toBe(0);
});

test('a telephone that was switched off and on: what it had before ends with the first NOTIFY that it does not know', () => {
  const bed = new Bed();
  bed.subscribe(600, { callId: 'before' });
  bed.answer = (notify) => (notify.callId === 'before' ? 481 : 200);
  bed.subscribe(600, { callId: 'after' });
  expect(bed.notifier.size).toBe(2);
  bed.change('early');
  bed.pass();
  expect(bed.notifier.size).toBe(1);
});

test('one that takes every NOTIFY for its own gathers no more than its limit', () => {
  const bed = new Bed(0, { perWatcher: 3 });
  for (let at = 0; at < 10; at++) expect(bed.subscribe(600, { callId: `boot${at}` })?.status).toBe(200);
  expect(bed.notifier.size).toBe(3);
  expect(bed.notified().some((line) => line.includes('terminated'))).toBe(false);
});

test('another event in the same dialog is another subscription, which does not share it (RFC 6665 4.5.2)', () => {
  const bed = new Bed();
  const toTag = bed.subscribe(600)?.to.tag ?? '';
  expect(bed.subscribe(600, { toTag, event: 'dialog;id=2' })?.status).toBe(481);
  expect(bed.subscribe(600, { toTag, event: 'refer' })?.status).toBe(489);
  expect(bed.subscribe(10, { toTag })?.status).toBe(423);
  expect(bed.notifier.size).toBe(1);
});

test('too many: 503 with Retry-After, not the same for all; a fetch is still answered', () => {
  const bed = new Bed(0, { perWatcher: 2 });
  expect(bed.subscribe(600, { event: 'dialog;id=1' })?.status).toBe(200);
  expect(bed.subscribe(600, { event: 'dialog;id=2' })?.status).toBe(200);
  const waits = [3, 4, 5, 6].map((id) => bed.subscribe(600, { event: `dialog;id=${id}`, callId: `x${id}` })?.headers.get('Retry-After'));
  for (const wait of waits) expect(Number(wait)).toBeGreaterThanOrEqual(10);
  expect(new Set(waits).size).toBeGreaterThan(1);
  expect(bed.subscribe(0, { event: 'dialog;id=9' })?.status).toBe(200);
  expect(bed.notifier.size).toBe(2);
});

test('ended by us: the watcher is told why and when to come back', () => {
  const bed = new Bed();
  bed.subscribe(600);
  bed.notifier.end({ reason: 'probation', retryAfterS: 30 }, ({ resource }) => resource === '102');
  bed.notifier.end({ reason: 'probation', retryAfterS: 30 }, ({ resource }) => resource === '101');
  bed.pass();
  expect(bed.notified().at(-1)).toBe('1 idle idle; terminated;reason=probation;retry-after=30');
  expect(bed.notifier.size).toBe(0);
});

test('another process goes on with them: it tells the state at once, with a higher version, and refreshes reach it', () => {
  const bed = new Bed();
  const toTag = bed.subscribe(600)?.to.tag ?? '';
  const kept = JSON.parse(JSON.stringify(bed.notifier.snapshots())) as ReturnType<typeof bed.notifier.snapshots>;
  bed.notifier.close();
  bed.word = 'confirmed';
  const next = bed.another();
  next.adopt(kept, () => bed.source);
  next.adopt([{ ...kept[0]!, expiresAt: 0 }, { ...kept[0]!, package: 'ghost' }], () => bed.source);
  bed.pass();
  expect(bed.notified().at(-1)).toMatch(/^1001 - confirmed; active;expires=\d+$/);
  expect(next.size).toBe(1);
  expect(bed.subscribe(900, { toTag })?.status).toBe(200);
  expect(next.views()[0]?.expiresAt).toBeGreaterThan(1_900_000);
});

test('with a third of all messages lost, each watcher knows the newest in the end, in order', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const bed = new Bed(0.33, {}, {}, seed);
    const heard: string[] = [];
    bed.answer = (notify) => {
      heard.push(new TextDecoder().decode(notify.body));
      return 200;
    };
    bed.subscribe(3_600);
    bed.pass(8_000);
    expect(bed.notifier.size).toBe(1);
    for (let at = 0; at < 20; at++) {
      bed.change(`w${at}`);
      bed.pass(100);
    }
    bed.pass(20_000);
    if (bed.notifier.size === 0) continue;
    expect(heard.at(-1)).toMatch(/ w19$/);
    const versions = heard.map((text) => Number(text.split(' ')[0]));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  }
});
