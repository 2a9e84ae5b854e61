import type { Piece, Said } from '@tipring/prompts';
import { FakeTimers, type Timer, type Timers } from '@tipring/clock';
import type { DialRequest, Endpoint, Leg, LegEvent, LegSnapshot, MediaProfile } from '@tipring/telephony';
import type { Application } from './application.ts';
import { ApplicationEndpoint } from './application-endpoint.ts';
import type { ApplicationSurroundings } from './application-ports.ts';
import { FakePlayers } from './fake-players.ts';
import type { LocalTime } from './wall-clock.ts';

export const anyMedia: MediaProfile = { codecs: [{ name: 'opus', clockRate: 48_000, channels: 2 }, { name: 'PCMA', clockRate: 8_000 }], digits: 'rtpEvent' };

/** Applications on virtual time, for tests; what is said is heard as words. */
export class ApplicationBed {
  readonly timers = new FakeTimers();
  readonly players = new FakePlayers(this.timers);
  readonly bugs: unknown[] = [];

  get surroundings(): ApplicationSurroundings {
    return this.surroundingsWith(this.timers);
  }

  surroundingsWith(timers: Timers): ApplicationSurroundings {
    return {
      media: this.players,
      phrases: { pieces: (language, said) => said.map((one) => pieceOf(language, one)) },
      clock: { now: () => epoch + this.timers.now(), local: localOf },
      timers,
      log: { bug: (_endpoint, _leg, error) => this.bugs.push(error) },
      codecs: [{ name: 'PCMA', clockRate: 8_000 }, { name: 'opus', clockRate: 48_000 }],
    };
  }

  /** Somebody calls it. */
  call<State, Ask, Answer>(application: Application<State, Ask, Answer>, request: Partial<DialRequest> = {}, id = 'call-1.2'): Caller {
    return new Caller(this, this.#endpointOf(application), { context: contextOf(id), from: { number: '101', name: 'Anna' }, number: '500', media: anyMedia, ...request }, id);
  }

  /** A leg of it is taken back from this. */
  adopt<State, Ask, Answer>(application: Application<State, Ask, Answer>, snapshot: LegSnapshot, id = 'call-1.2'): Caller {
    const caller = new Caller(this, this.#endpointOf(application), snapshot, id);
    this.pass(5);
    return caller;
  }

  #endpointOf<State, Ask, Answer>(application: Application<State, Ask, Answer>): (timers: Timers) => Endpoint {
    return (timers) => new ApplicationEndpoint('app', application, () => 'en', this.surroundingsWith(timers));
  }

  /** `ms` pass. */
  pass(ms: number): void {
    this.timers.advance(ms);
  }
}

/** Who has called an application: what is told of the leg, what is heard, what is dialled. */
export class Caller {
  readonly events: LegEvent[] = [];
  readonly #bed: ApplicationBed;
  readonly #endpoint: (timers: Timers) => Endpoint;
  readonly #context: string;
  #controller: MortalTimers;
  #leg: Leg;

  /** `begin`: what is asked for, or the snapshot it is taken back from. */
  constructor(bed: ApplicationBed, endpoint: (timers: Timers) => Endpoint, begin: DialRequest | LegSnapshot, id: string) {
    this.#bed = bed;
    this.#endpoint = endpoint;
    this.#controller = new MortalTimers(bed.timers);
    const first = endpoint(this.#controller);
    this.#context = contextOf(id);
    this.#leg = isRequest(begin) ? first.originate(id, begin, (event) => this.#hear(event)) : first.adopt(id, begin, (event) => this.#hear(event));
    bed.pass(2);
  }

  get leg(): Leg {
    return this.#leg;
  }

  /** What is being said now, as words; '' for nothing. */
  get heard(): string {
    return (this.#bed.players.saying(this.#leg.media) ?? []).map(wordsOf).join(' ');
  }

  get isOver(): boolean {
    return this.events.at(-1)?.type === 'released';
  }

  /** What was told of the leg, without what is for the story and the blob. */
  get told(): string[] {
    return this.events.filter(({ type }) => type !== 'changed' && type !== 'note').map((event) => ('to' in event ? `${event.type} ${JSON.stringify(event.to)}` : event.type === 'released' ? `released ${event.cause}` : event.type === 'mirror' ? `mirror ${event.is}` : event.type));
  }

  dial(digits: string): void {
    for (const digit of digits) {
      this.#leg.send({ type: 'sendDigit', digit, durationMs: 100 });
      this.#bed.pass(120);
    }
  }

  /** Until it says nothing any more; returns all that was heard. */
  listen(mostMs = 60_000): string {
    const words = [this.heard];
    for (let left = mostMs, quiet = 0; left > 0 && quiet < 2; left -= 5) {
      this.#bed.pass(5);
      quiet = this.heard === '' ? quiet + 1 : 0;
      if (this.heard !== '' && this.heard !== words.at(-1)) words.push(this.heard);
    }
    return words.join(' ').replaceAll(/ +/g, ' ').trim();
  }

  speak(ms: number): void {
    this.#bed.players.speak(this.#leg.media, ms);
    this.#bed.pass(ms);
  }

  hangUp(): void {
    this.#leg.send({ type: 'release', cause: 'normalClearing' });
    this.#bed.pass(10);
    this.#bed.players.release(this.#context);
    this.#bed.pass(10);
  }

  /** The controller is killed, and another one takes this over from its snapshot. */
  survive(meanwhileMs = 0): void {
    const text = JSON.stringify(this.#leg.snapshot());
    this.#controller.die();
    this.#bed.players.unlisten(this.#leg.media);
    this.#bed.pass(meanwhileMs);
    this.#controller = new MortalTimers(this.#bed.timers);
    this.#leg = this.#endpoint(this.#controller).adopt(this.#leg.id, JSON.parse(text) as Record<string, unknown>, (event) => this.#hear(event));
    this.#bed.pass(5);
  }

  #hear(event: LegEvent): void {
    this.events.push(event);
  }
}

/** The timers of a process that can be killed. */
class MortalTimers implements Timers {
  readonly #timers: Timers;
  readonly #running = new Set<Timer>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  now(): number {
    return this.#timers.now();
  }

  start(ms: number, expire: () => void): Timer {
    const timer = this.#timers.start(ms, expire);
    this.#running.add(timer);
    return timer;
  }

  die(): void {
    for (const timer of this.#running) timer.stop();
  }
}

function isRequest(begin: DialRequest | LegSnapshot): begin is DialRequest {
  return 'media' in begin;
}

function contextOf(id: string): string {
  return id.split('.')[0] ?? id;
}

/** Monday, 23 November 2026, 09:00:00 on every wall there is. */
export const epoch = Date.UTC(2026, 10, 23, 9);

export function localOf(at: number): LocalTime {
  const date = new Date(at);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds() };
}

/** What is no file or tone becomes a file whose name are the words. */
function pieceOf(language: string, said: Said): Piece {
  if ('file' in said || 'tone' in said || 'silenceMs' in said) return said;
  const [[kind, value] = ['', '']] = Object.entries(said);
  const words = typeof value === 'object' ? Object.values(value as Record<string, number>).join(':') : String(value);
  return { file: kind === 'phrase' ? `${language}/${words}` : kind === 'number' && 'of' in said ? `${language}/${words} ${said.of}` : `${language}/${kind} ${words}` };
}

function wordsOf(piece: Piece): string {
  if ('file' in piece) return piece.file.replace(/^en\//, '');
  return 'tone' in piece ? `(${piece.tone.segments[0]?.frequenciesHz.join('+')} Hz)` : '';
}
