import { type Endpoint, Exchange, FakeEndpoint, type Hearing, type RouteOutcome, type RouteRequest } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { anyMedia } from './application-bed.ts';
import { ApplicationEndpoint } from './application-endpoint.ts';
import { echoTest } from './echo-test.ts';
import { ivr } from './ivr.ts';
import { idOf, OfficeBed } from './office-bed.ts';
import { ownMailbox, takesMessages } from './voicemail/voicemail.ts';

/** Calls of an office as telephony makes them: a telephone, one that is called, and applications. */
class Calls {
  readonly bed = new OfficeBed();
  readonly caller = new FakeEndpoint('caller', this.bed.timers);
  readonly desk = new FakeEndpoint('desk', this.bed.timers);
  readonly hearings: Hearing[] = [];
  readonly asked: RouteRequest[] = [];
  readonly stories: string[] = [];
  readonly blobs = new Map<string, string>();
  /** All blobs there ever were. */
  readonly written: string[] = [];
  exchange: Exchange;

  constructor() {
    this.exchange = this.#exchange();
  }

  dial(number: string): string {
    const id = this.exchange.offer(this.caller.offer(number, { number: '105' }, anyMedia));
    this.bed.pass(5);
    return id;
  }

  digits(digits: string): void {
    for (const digit of digits) {
      this.caller.leg.say({ type: 'digit', digit, durationMs: 100 });
      this.bed.pass(120);
    }
  }

  heard(leg = 'call-1.2'): string {
    return (this.bed.players.saying(leg) ?? []).map((piece) => ('file' in piece ? piece.file.replace('en/', '') : '')).join(' ').trim();
  }

  /** The controller is killed and another one takes the calls back. */
  restart(): void {
    this.exchange = this.#exchange();
    this.exchange.adopt([...this.blobs].map(([context, blob]) => ({ context, blob })));
    this.bed.pass(5);
  }

  #exchange(): Exchange {
    const applications: Record<string, () => Endpoint> = {
      box: () => new ApplicationEndpoint('box', takesMessages(this.bed.mailboxes.mailbox(idOf('ann'))!, this.bed.mailboxes), () => 'en', this.bed.surroundings),
      own: () => new ApplicationEndpoint('own', ownMailbox(this.bed.mailboxes), () => 'en', this.bed.surroundings),
      echo: () => new ApplicationEndpoint('echo', echoTest({ mostMs: 60_000 }), () => 'en', this.bed.surroundings),
      menu: () => {
        const choices = new Map([['1', { type: 'number', number: '102' }], ['2', { type: 'destination', destination: { type: 'ringGroup', id: 'g' } }]] as const);
        return new ApplicationEndpoint('menu', ivr({ said: [{ prompt: 'menu' }], invalid: [], choices, numbers: [], firstDigitMs: 5_000, interDigitMs: 2_000, tries: 3, onSilence: null, onInvalid: null }), () => 'en', this.bed.surroundings);
      },
      caller: () => this.caller,
      desk: () => this.desk,
    };
    return new Exchange(
      {
        routes: { resolve: (request) => this.#resolve(request) },
        endpoints: { find: (id) => [applications[id]!()] },
        media: {
          onRecorded: () => {},
          connect: (_context, hearing) => void this.hearings.push(hearing),
          move: () => {}, addPlayer: () => {}, music: () => {}, record: () => {}, recording: () => {},
          attach: (context, blob) => {
            this.blobs.set(context, blob);
            this.written.push(blob);
          },
          drop: () => {},
          release: (context, done) => {
            this.blobs.delete(context);
            this.bed.players.release(context);
            done({});
          },
        },
        records: { begun: () => {}, ended: ({ story }) => void this.stories.push(JSON.stringify(story)) },
      },
      this.bed.timers,
      { wallClock: () => 1_000_000, newId: () => 'call-1', media: anyMedia, transcoded: anyMedia.codecs, setupMs: 180_000, silenceMs: 0, releasingMs: 5_000, bug: ({ error }) => this.bed.bugs.push(error) },
    );
  }

  #resolve(request: RouteRequest): RouteOutcome {
    this.asked.push(request);
    const endpoint = { '102': 'desk', '8': 'box', '97': 'own', '43': 'echo', '9': 'menu' }[request.number] ?? 'desk';
    return { ok: true, route: { direction: 'internal', attempts: [{ endpoints: [endpoint], number: request.number, timeoutMs: 20_000 }] } };
  }
}

test('a menu transfers its caller, and is there again when nobody answers', () => {
  const calls = new Calls();
  calls.dial('9');
  expect(calls.heard()).toBe('prompt menu');
  calls.digits('1');
  expect(calls.asked.at(-1)).toMatchObject({ endpoint: 'menu', number: '102' });
  calls.desk.leg.say({ type: 'released', cause: 'userBusy', evidence: { kind: 'fake', text: 'busy' } });
  calls.bed.pass(5);
  expect(calls.heard()).toBe('common.notReached prompt menu');
  calls.digits('2');
  expect(calls.asked.at(-1)).toMatchObject({ endpoint: 'menu', destination: { type: 'ringGroup', id: 'g' } });
  calls.desk.leg.say({ type: 'ringing' });
  calls.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  calls.bed.pass(10);
  expect(calls.hearings.at(-1)?.joined).toEqual([[calls.caller.leg.media, calls.desk.leg.media]]);
  calls.caller.leg.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'hung up' } });
  calls.bed.pass(10_000);
  expect([calls.exchange.size, calls.bed.players.size, calls.bed.timers.size, calls.bed.bugs]).toEqual([0, 0, 0, []]);
});

test('in an echo test the caller is joined with himself', () => {
  const calls = new Calls();
  calls.dial('43');
  calls.digits('1');
  expect(calls.hearings.at(-1)?.joined).toContainEqual([calls.caller.leg.media, calls.caller.leg.media]);
  calls.digits('#');
  calls.bed.pass(10);
  expect([calls.exchange.size, calls.bed.timers.size]).toEqual([0, 0]);
});

test('who is rung for a destination that has no number comes there', () => {
  const calls = new Calls();
  calls.exchange.originate({ from: 'caller', party: { number: '105' }, to: '105', destination: { type: 'wakeUp' } });
  calls.caller.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  calls.bed.pass(5);
  expect(calls.asked.at(-1)).toMatchObject({ endpoint: 'caller', number: '105', destination: { type: 'wakeUp' } });
});

test('a PIN is in no story and in no blob', () => {
  const calls = new Calls();
  calls.dial('97');
  calls.digits('2580#');
  expect(calls.heard()).toBe('voicemail.menu');
  calls.digits('38264#8264#');
  expect(calls.heard()).toBe('voicemail.pinChanged voicemail.menu');
  calls.digits('*');
  calls.bed.pass(5_000);
  expect(calls.stories.length).toBe(1);
  for (const digit of ['2', '5', '8', '0', '6', '4']) expect(calls.stories[0]).not.toContain(`digit ${digit}`);
  const written = calls.written.join('\n');
  for (const secret of ['25', '258', '2580', '82', '8264']) expect(written).not.toContain(`"${secret}"`);
  expect(calls.written.length).toBeGreaterThan(5);
});

test('a controller that is killed while a message is spoken: the call is taken back, the message is there', () => {
  const calls = new Calls();
  calls.dial('8');
  calls.bed.pass(7_000);
  calls.bed.players.speak('call-1.2', 8_000);
  calls.bed.pass(2_000);
  calls.bed.players.unlisten('call-1.2');
  calls.restart();
  calls.bed.pass(3_000);
  calls.caller.leg.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'hung up' } });
  calls.bed.pass(10_000);
  expect(calls.bed.messages.in(idOf('ann'))).toMatchObject([{ from: { number: '105' } }]);
  expect(calls.bed.players.files.get(`voicemail/${idOf('ann')}/call-1.2-1.wav`)).toBeGreaterThan(4_900);
  expect([calls.exchange.size, calls.bed.bugs]).toEqual([0, []]);
});
