import { type PacketIo, receivedWords } from '../packet-io/packet-io.ts';
import type { Tone } from '@tipring/dsp';
import type { AudioBridges } from './audio-bridges.ts';
import type { BridgeSeat } from './bridge-seat.ts';
import type { MediaPlane, PlaneRemote, PlaneRoute, PlaneSeat } from './media-plane.ts';
import { RtpTermination } from './rtp-termination.ts';
import { statisticsFields, workerCounter } from './statistics-table.ts';
import type { Surroundings } from './surroundings.ts';

/** The terminations of one worker, fed in rounds by its packet I/O. */
export class Relay implements MediaPlane {
  readonly #around: Surroundings;
  readonly #bridges: AudioBridges;
  readonly #io: PacketIo;
  readonly #counters: number;
  readonly #terminations: (RtpTermination | undefined)[] = [];
  /** The RTP ends of each bridge. */
  readonly #bridged = new Map<number, readonly RtpTermination[]>();
  /** Those with digits to send. */
  #dialling: RtpTermination[] = [];
  #housekeptAtUs = 0;

  /** `pairs`: pair numbers are below it; the row after them in the statistics is this worker's. */
  constructor(pairs: number, around: Omit<Surroundings, 'dial'>, bridges: AudioBridges) {
    this.#around = { ...around, dial: (pair, event, durationMs) => this.digit(pair, event, durationMs) };
    this.#bridges = bridges;
    bridges.onAnnounced = (player, announcement, how) => this.#around.tell({ type: 'announced', player, announcement, how });
    this.#io = around.io;
    this.#counters = pairs * statisticsFields;
  }

  /** Takes a batch and does what is due. Returns after how many milliseconds it wants to be called again at the latest. */
  round(packets: number): number {
    const nowUs = this.#io.nowUs();
    const received = this.#io.received;
    let strays = 0;
    let discarded = 0;
    for (let i = 0; i < packets; i++) {
      const socket = received[i * receivedWords] as number;
      const length = received[i * receivedWords + 1] as number;
      const termination = this.#terminations[socket >> 1];
      if (termination === undefined || !termination.active) strays++;
      else if (!((socket & 1) === 0 ? termination.receiveRtp(i, length, nowUs) : termination.receiveRtcp(i, length, nowUs))) discarded++;
    }
    if (packets > 0) this.#count(packets, strays, discarded);
    if (nowUs - this.#housekeptAtUs >= housekeepingMs * 1000) {
      this.#housekeptAtUs = nowUs;
      for (const termination of this.#terminations) termination?.housekeep(nowUs);
      this.#around.statistics[this.#counters + workerCounter.sent] = this.#io.packetsSent;
      this.#around.statistics[this.#counters + workerCounter.sendErrors] = this.#io.sendErrors;
    }
    const wait = this.#dialling.length === 0 ? housekeepingMs : this.#dial(nowUs);
    return this.#bridges.idle ? wait : Math.min(wait, this.#tick(nowUs));
  }

  openPair(pair: number, address: string, port: number): void {
    const error = this.#io.open(pair * 2, address, port) ?? this.#io.open(pair * 2 + 1, address, port + 1);
    if (error !== null) this.#io.close(pair * 2);
    this.#around.tell({ type: 'opened', pair, error });
  }

  closePair(pair: number): void {
    this.#io.close(pair * 2);
    this.#io.close(pair * 2 + 1);
    this.#around.tell({ type: 'closed', pair });
  }

  begin(pair: number, generation: number): void {
    this.#of(pair).begin(generation, this.#io.nowUs());
  }

  end(pair: number): void {
    this.#of(pair).end(this.#io.nowUs());
  }

  remote(pair: number, remote: PlaneRemote): void {
    this.#of(pair).remote(remote, this.#io.nowUs());
  }

  mode(pair: number, sends: boolean, takes: boolean): void {
    this.#of(pair).mode(sends, takes, this.#io.nowUs());
  }

  routes(pair: number, routes: readonly PlaneRoute[]): void {
    this.#of(pair).routes(routes, (other) => this.#of(other));
  }

  digit(pair: number, event: number, durationMs: number): void {
    const termination = this.#of(pair);
    if (termination.digit(event, durationMs) && !this.#dialling.includes(termination)) this.#dialling.push(termination);
  }

  bridge(bridge: number, seats: readonly PlaneSeat[]): void {
    const former = this.#bridged.get(bridge) ?? [];
    const ends = seats.flatMap((seat) => (seat.kind === 'rtp' ? [this.#of(seat.pair)] : []));
    const hearersOf = (speaker: number): RtpTermination[] => seats.flatMap((seat) => (seat.kind === 'rtp' && seat.isGiven && seat.hears.includes(speaker) ? [this.#of(seat.pair)] : []));
    const members = this.#bridges.bridge(
      bridge,
      seats.map((seat, speaker): BridgeSeat => {
        if (seat.kind !== 'rtp') return seat;
        const { encoding, isGiven, hears } = seat;
        const end = this.#of(seat.pair);
        // Players and rooms have no use for them: the controller is told.
        const eventsForAll = hearersOf(speaker).every(({ takesEvents }) => takesEvents);
        return { kind: 'rtp', end, encoding, isGiven, hears, inBandDigits: end.takesEvents ? 'none' : eventsForAll ? 'take' : 'hear' };
      }),
      this.#io.nowUs(),
    );
    for (const end of former) if (!ends.includes(end)) end.bridge(null);
    seats.forEach((seat, speaker) => {
      if (seat.kind !== 'rtp') return;
      const member = members[speaker];
      const { payloadType, clockRate } = seat;
      this.#of(seat.pair).bridge(member === undefined ? null : { member, speaks: payloadType, payloadType, clockRate, hearers: hearersOf(speaker) });
    });
    if (seats.length === 0) this.#bridged.delete(bridge);
    else this.#bridged.set(bridge, ends);
  }

  tone(pair: number, tone: Tone | null, levelDbm0: number): void {
    const { member } = this.#of(pair);
    if (member === undefined) return;
    if (tone === null) this.#bridges.silence(member);
    else this.#bridges.tone(member, tone, levelDbm0);
  }

  stop(): void {
    for (const termination of this.#terminations) if (termination?.active === true) termination.end(this.#io.nowUs());
    this.#io.stop();
  }

  #of(pair: number): RtpTermination {
    return (this.#terminations[pair] ??= new RtpTermination(pair, this.#around));
  }

  /** Milliseconds until the next tick. */
  #tick(nowUs: number): number {
    if (nowUs >= this.#bridges.nextUs) this.#bridges.tick(nowUs);
    return Math.max(0, Math.ceil((this.#bridges.nextUs - nowUs) / 1000));
  }

  #dial(nowUs: number): number {
    let next = nowUs + housekeepingMs * 1000;
    this.#dialling = this.#dialling.filter((termination) => {
      const dueUs = termination.sendDigit(nowUs);
      if (dueUs !== null) next = Math.min(next, dueUs);
      return dueUs !== null;
    });
    return Math.max(0, Math.ceil((next - nowUs) / 1000));
  }

  #count(packets: number, strays: number, discarded: number): void {
    const { statistics } = this.#around;
    const at = this.#counters;
    statistics[at + workerCounter.received] = (statistics[at + workerCounter.received] as number) + packets;
    statistics[at + workerCounter.stray] = (statistics[at + workerCounter.stray] as number) + strays;
    statistics[at + workerCounter.discarded] = (statistics[at + workerCounter.discarded] as number) + discarded;
  }
}

const housekeepingMs = 100;
