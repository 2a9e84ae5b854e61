import { type AudioRows, Dsp, DtmfReceivers, type EncodingName, lanes, Mixer, type MixGroup, Resamplers, type Tone, ToneGenerators, type WebAssemblyModule } from '@tipring/dsp';
import { BridgeMember, memberSamples } from './bridge-member.ts';
import { CodecShelf } from './codec-shelf.ts';

export interface AudioBridgesSettings {
  /** Ends that can be in bridges at a time. */
  readonly channels: number;
  /** Of them, with Opus. */
  readonly opus: number;
  /** Bridges in which somebody hears more than one other. */
  readonly conferences: number;
}

/** What a bridge needs of an RTP end. */
export interface BridgedEnd {
  /** Where a packet can be written: an offset of `bytes` and the room there. */
  place(): { readonly bytes: Uint8Array; readonly at: number; readonly room: number };
  /** Sends the packet there, of which the payload is written, as part of the end's stream. */
  say(at: number, octets: number, sequence: number, timestamp: number, nowUs: number): void;
  /** A digit was heard in this end's audio. */
  heardDigit(digit: string, durationMs: number): void;
}

export interface BridgeSeat {
  readonly end: BridgedEnd;
  readonly encoding: EncodingName;
  /** Seats whose audio this one is given. */
  readonly hears: readonly number[];
  /** Whether DTMF is listened for in its audio: the end has no telephone-event. `take`: and is taken out of the audio. */
  readonly inBandDigits: 'none' | 'hear' | 'take';
}

interface Seated extends BridgeSeat {
  readonly member: BridgeMember;
}

interface Bridge {
  seats: readonly Seated[];
  rate: Rate;
  /** Only where somebody hears more than one. */
  conference: Conference | undefined;
}

type Rate = 8_000 | 16_000;
type Conference = Readonly<Record<Rate, MixGroup>>;

/**
 * Where audio is decoded: bridges of ends that speak different codecs, or are more than two, or hear a tone. One for each
 * worker, with one Dsp whose memory is taken at the start; every 20 ms `tick` decodes, mixes and encodes for all bridges.
 * A bridge runs at 16 kHz when two of its ends are wideband, else at 8 kHz.
 */
export class AudioBridges {
  readonly #codecs: CodecShelf;
  readonly #members: readonly BridgeMember[];
  readonly #spoken: Readonly<Record<Rate, AudioRows>>;
  readonly #given: Readonly<Record<Rate, AudioRows>>;
  readonly #mixers: Readonly<Record<Rate, Mixer>>;
  readonly #tones: Readonly<Record<Rate, ToneGenerators>>;
  /** Towards the bridge, and from it. */
  readonly #inward: { readonly up: Resamplers; readonly down: Resamplers };
  readonly #outward: { readonly up: Resamplers; readonly down: Resamplers };
  readonly #digits: DtmfReceivers;
  /** By group: which of its channels have events, in this tick. */
  readonly #heardOf: Int32Array;
  readonly #freeChannels: number[];
  readonly #freeConferences: Conference[];
  readonly #bridges = new Map<number, Bridge>();
  /** By channel. */
  readonly #listening = new Map<number, Seated>();
  #nextUs = 0;

  static async open(module: WebAssemblyModule, settings: AudioBridgesSettings): Promise<AudioBridges> {
    const dsp = new Dsp(module, { memoryBytes: baseBytes + settings.channels * channelBytes });
    return new AudioBridges(dsp, settings, await CodecShelf.open(dsp, settings));
  }

  private constructor(dsp: Dsp, { channels, conferences }: AudioBridgesSettings, codecs: CodecShelf) {
    const rows = Math.ceil(channels / lanes) * lanes;
    const atEachRate = <T>(make: (rate: Rate) => T): Record<Rate, T> => ({ 8_000: make(8_000), 16_000: make(16_000) });
    const bothWays = (): { up: Resamplers; down: Resamplers } => ({ up: new Resamplers(dsp, { channels, from: 8_000, to: 16_000 }), down: new Resamplers(dsp, { channels, from: 16_000, to: 8_000 }) });
    this.#codecs = codecs;
    this.#spoken = atEachRate((rate) => dsp.rows(rows, rate / 50));
    this.#given = atEachRate((rate) => dsp.rows(rows, rate / 50));
    this.#mixers = atEachRate((rate) => new Mixer(dsp, { channels: rows, rate }));
    this.#tones = atEachRate((rate) => new ToneGenerators(dsp, rows, { rate }));
    this.#inward = bothWays();
    this.#outward = bothWays();
    this.#digits = new DtmfReceivers(dsp, rows);
    this.#heardOf = new Int32Array(rows / lanes);
    const decoded = dsp.rows(channels, memberSamples);
    this.#members = Array.from({ length: channels }, (_, channel) => new BridgeMember(channel, decoded.row(channel)));
    this.#freeChannels = Array.from({ length: channels }, (_, index) => channels - 1 - index);
    this.#freeConferences = Array.from({ length: conferences }, () => atEachRate((rate) => this.#mixers[rate].group(largestConference)));
  }

  /** Whether there is nothing to do every 20 ms. */
  get idle(): boolean {
    return this.#bridges.size === 0;
  }

  /**
   * These and no others are in bridge `id` from now on; none dissolves it.
   * @returns each seat's member, to which the end's packets go; undefined where there was no room, which the main thread's count excludes
   */
  bridge(id: number, seats: readonly BridgeSeat[], nowUs: number): readonly (BridgeMember | undefined)[] {
    const former = this.#bridges.get(id);
    const kept = new Map(former?.seats.map((seat) => [seat.end, seat]));
    for (const seat of former?.seats ?? []) {
      if (seats.some(({ end, encoding }) => end === seat.end && encoding === seat.encoding)) continue;
      kept.delete(seat.end);
      this.#leave(seat);
    }
    const members = seats.map(({ end, encoding }) => kept.get(end)?.member ?? this.#enter(encoding));
    // `hears` counts all seats; a conference and a mix count those that are taken.
    const taken = [...seats.keys()].filter((seat) => members[seat] !== undefined);
    const seated: Seated[] = taken.map((seat) => ({ ...seats[seat]!, member: members[seat]!, hears: seats[seat]!.hears.map((heard) => taken.indexOf(heard)).filter((heard) => heard >= 0) }));
    if (former === undefined && seated.length > 0 && this.idle) this.#nextUs = nowUs + tickUs;
    for (const seat of seated) this.#listen(seat);
    const conference = this.#conferenceFor(seated, former?.conference);
    if (seated.length === 0) this.#bridges.delete(id);
    else this.#bridges.set(id, { seats: seated, rate: rateOf(seated), conference });
    return members;
  }

  /** What a member's end hears in place of the others until `silence` or the tone's own end. */
  tone({ channel }: BridgeMember, tone: Tone, levelDbm0: number): void {
    for (const rate of rates) this.#tones[rate].play(channel, tone, levelDbm0);
  }

  silence({ channel }: BridgeMember): void {
    for (const rate of rates) this.#tones[rate].stop(channel);
  }

  /** When the next tick is due, µs. */
  get nextUs(): number {
    return this.#nextUs;
  }

  /** To be called when one is due. After a long standstill the ticks that were missed are left out. */
  tick(nowUs: number): void {
    this.#nextUs = nowUs - this.#nextUs > standstillUs ? nowUs + tickUs : this.#nextUs + tickUs;
    for (const bridge of this.#bridges.values()) for (const seat of bridge.seats) this.#speak(seat, bridge.rate);
    if (this.#listening.size > 0) this.#hearDigits();
    for (const bridge of this.#bridges.values()) {
      this.#mix(bridge);
      for (const seat of bridge.seats) this.#give(seat, bridge.rate, nowUs);
    }
  }

  /** What came from the end; at 8 kHz too where the bridge runs at that, or digits are listened for. */
  #speak({ member, inBandDigits }: Seated, rate: Rate): void {
    const { channel } = member;
    const own = ownRate(member);
    member.speak(this.#spoken[own].row(channel));
    if (own === 16_000 && (rate === 8_000 || inBandDigits !== 'none')) this.#inward.down.process(channel, this.#spoken[16_000], channel, this.#spoken[8_000], channel);
  }

  #hearDigits(): void {
    // Neighbours of a group are listened to together, once.
    this.#heardOf.fill(notHeard);
    for (const [channel, seat] of this.#listening) {
      const group = Math.floor(channel / lanes);
      if (this.#heardOf[group] === notHeard) this.#heardOf[group] = this.#digits.process(group, this.#spoken[8_000]);
      if ((this.#heardOf[group]! & (1 << (channel % lanes))) === 0) continue;
      for (let event = this.#digits.take(channel); event !== undefined; event = this.#digits.take(channel)) {
        if (event.kind === 'end') seat.end.heardDigit(event.digit, Math.round(event.durationSamples / 8));
      }
    }
  }

  #mix({ seats, rate, conference }: Bridge): void {
    if (rate === 16_000) {
      // After digits were taken out of it.
      for (const { member } of seats) if (ownRate(member) === 8_000) this.#inward.up.process(member.channel, this.#spoken[8_000], member.channel, this.#spoken[16_000], member.channel);
    }
    const spoken = this.#spoken[rate];
    const given = this.#given[rate];
    if (conference !== undefined) return this.#mixers[rate].mix(conference[rate], spoken, given);
    for (const { member, hears } of seats) {
      const speaker = hears[0] === undefined ? undefined : seats[hears[0]];
      if (speaker === undefined) given.row(member.channel).fill(0);
      else given.row(member.channel).set(spoken.row(speaker.member.channel));
    }
  }

  #give({ end, member }: Seated, rate: Rate, nowUs: number): void {
    const { channel } = member;
    const own = ownRate(member);
    if (own === 16_000 && rate === 8_000) this.#outward.up.process(channel, this.#given[8_000], channel, this.#given[16_000], channel);
    if (own === 8_000 && rate === 16_000) this.#outward.down.process(channel, this.#given[16_000], channel, this.#given[8_000], channel);
    if (this.#tones[own].playing(channel)) this.#tones[own].write(channel, this.#given[own], channel);
    const { bytes, at, room } = end.place();
    const octets = member.hear(this.#given[own].row(channel), bytes, at, room);
    end.say(at, octets, member.sequence, member.timestamp, nowUs);
  }

  #enter(encoding: EncodingName): BridgeMember | undefined {
    const channel = this.#freeChannels.pop();
    if (channel === undefined) return undefined;
    const codec = this.#codecs.take(channel, encoding);
    if (codec === undefined) {
      this.#freeChannels.push(channel);
      return undefined;
    }
    for (const { up, down } of [this.#inward, this.#outward]) for (const resamplers of [up, down]) resamplers.reset(channel);
    for (const rate of rates) this.#tones[rate].stop(channel);
    const member = this.#members[channel]!;
    member.begin(codec);
    return member;
  }

  #leave({ member }: Seated): void {
    member.end();
    this.#listening.delete(member.channel);
    this.#codecs.giveBack(member.channel);
    this.#freeChannels.push(member.channel);
  }

  #listen(seat: Seated): void {
    const { channel } = seat.member;
    if (seat.inBandDigits === 'none') {
      this.#listening.delete(channel);
      return;
    }
    if (!this.#listening.has(channel)) this.#digits.reset(channel);
    this.#digits.set(channel, { mute: seat.inBandDigits === 'take' });
    this.#listening.set(channel, seat);
  }

  /** Seats as they are now in the group of this bridge; the group goes back when nobody hears more than one any more. */
  #conferenceFor(seats: readonly Seated[], former: Conference | undefined): Conference | undefined {
    if (!seats.some(({ hears }) => hears.length > 1)) {
      if (former !== undefined) this.#freeConferences.push(former);
      return undefined;
    }
    const conference = former ?? this.#freeConferences.pop();
    if (conference === undefined) return undefined;
    for (const rate of rates) {
      const group = conference[rate];
      group.clear();
      seats.forEach(({ member }, seat) => group.seat(seat, member.channel));
      seats.forEach(({ hears }, listener) => seats.forEach((_speaker, speaker) => listener !== speaker && !hears.includes(speaker) && group.disconnect(listener, speaker)));
    }
    return conference;
  }
}

function ownRate({ codec }: BridgeMember): Rate {
  return codec.sampleRateHz === 16_000 ? 16_000 : 8_000;
}

function rateOf(seats: readonly BridgeSeat[]): Rate {
  return seats.filter(({ encoding }) => encoding === 'G722' || encoding === 'opus').length > 1 ? 16_000 : 8_000;
}

const rates: readonly Rate[] = [8_000, 16_000];
const notHeard = -1;
const tickUs = 20_000;
const standstillUs = 200_000;
/** Ends in one conference. */
export const largestConference = 32;
/** Filters, tables and conferences. */
const baseBytes = 4 * 2 ** 20;
/** A channel that has needed each codec takes about half of it: rows, resamplers, concealment, receiver. */
const channelBytes = 64 * 1024;
