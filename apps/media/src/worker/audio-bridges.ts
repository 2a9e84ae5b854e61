import { Dsp, DtmfReceivers, lanes, Mixer, type MixGroup, type Tone, ToneGenerators, type WebAssemblyModule } from '@tipring/dsp';
import { PlayerSlot } from '../sounds/player-slot.ts';
import { BridgeMember, memberSamples } from './bridge-member.ts';
import { BridgeRows } from './bridge-rows.ts';
import { type Bridge, type BridgeSeat, isSameSeat, ownRate, type Rate, rateOf, type Seated } from './bridge-seat.ts';
import { CodecShelf } from './codec-shelf.ts';
import { PlayerVoice } from './player-voice.ts';
import { RoomMixes } from './room-mixes.ts';

export interface AudioBridgesSettings {
  /** Ends that can be in bridges at a time. */
  readonly channels: number;
  /** Of them, with Opus. */
  readonly opus: number;
  /** Bridges in which somebody hears more than one other. */
  readonly conferences: number;
}

/** What all workers share of players: the memory of so many slots. */
export interface PlayersMemory {
  readonly memory: SharedArrayBuffer;
  readonly slots: number;
}

type Conference = Readonly<Record<Rate, MixGroup>>;

interface MixedBridge extends Bridge {
  /** Only where somebody hears more than one. */
  conference: Conference | undefined;
}

/**
 * Where audio is decoded: bridges of ends that speak different codecs, or are more than two, or hear a tone, a player, or a room. One for each
 * worker, with one Dsp whose memory is taken at the start; every 20 ms `tick` decodes, mixes and encodes for all bridges.
 */
export class AudioBridges {
  /** All of an announcement has been played. */
  onAnnounced: (player: number, announcement: number, how: 'ended' | 'failed') => void = () => {};
  readonly #codecs: CodecShelf;
  readonly #members: readonly BridgeMember[];
  /** By slot. */
  readonly #voices: readonly PlayerVoice[];
  readonly #rows: BridgeRows;
  readonly #mixers: Readonly<Record<Rate, Mixer>>;
  readonly #rooms: RoomMixes;
  readonly #tones: Readonly<Record<Rate, ToneGenerators>>;
  readonly #digits: DtmfReceivers;
  /** By group: which of its channels have events, in this tick. */
  readonly #heardOf: Int32Array;
  readonly #freeChannels: number[];
  readonly #freeConferences: Conference[];
  readonly #bridges = new Map<number, MixedBridge>();
  /** Of these, with a seat in a room. */
  #roomed: readonly MixedBridge[] = [];
  /** By channel. */
  readonly #listening = new Map<number, Extract<Seated, { kind: 'rtp' }>>();
  #nextUs = 0;

  static async open(module: WebAssemblyModule, settings: AudioBridgesSettings, players: PlayersMemory): Promise<AudioBridges> {
    const dsp = new Dsp(module, { memoryBytes: baseBytes + settings.channels * channelBytes + settings.conferences * conferenceBytes });
    return new AudioBridges(dsp, settings, players, await CodecShelf.open(dsp, settings));
  }

  private constructor(dsp: Dsp, { channels, conferences }: AudioBridgesSettings, { memory, slots }: PlayersMemory, codecs: CodecShelf) {
    const rows = Math.ceil(channels / lanes) * lanes;
    const atEachRate = <T>(make: (rate: Rate) => T): Record<Rate, T> => ({ 8_000: make(8_000), 16_000: make(16_000) });
    this.#codecs = codecs;
    this.#rows = new BridgeRows(dsp, channels, rows);
    this.#mixers = atEachRate((rate) => new Mixer(dsp, { channels: rows, rate }));
    this.#rooms = new RoomMixes(this.#rows, atEachRate((rate) => new Mixer(dsp, { channels: rows, rate })));
    this.#tones = atEachRate((rate) => new ToneGenerators(dsp, rows, { rate }));
    this.#digits = new DtmfReceivers(dsp, rows);
    this.#heardOf = new Int32Array(rows / lanes);
    const decoded = dsp.rows(channels, memberSamples);
    this.#members = Array.from({ length: channels }, (_, channel) => new BridgeMember(channel, decoded.row(channel)));
    const ended = (player: number, announcement: number, how: 'ended' | 'failed'): void => this.onAnnounced(player, announcement, how);
    this.#voices = Array.from({ length: slots }, (_, player) => new PlayerVoice(player, new PlayerSlot(memory, player), ended));
    this.#freeChannels = Array.from({ length: channels }, (_, index) => channels - 1 - index);
    this.#freeConferences = Array.from({ length: conferences }, () => atEachRate((rate) => this.#mixers[rate].group(largestConference)));
  }

  /** Whether there is nothing to do every 20 ms. */
  get idle(): boolean {
    return this.#bridges.size === 0;
  }

  /**
   * These and no others are in bridge `id` from now on; none dissolves it.
   * @returns for each RTP end its member, to which its packets go; undefined of others, and where there was no room, which the main thread's count excludes
   */
  bridge(id: number, seats: readonly BridgeSeat[], nowUs: number): readonly (BridgeMember | undefined)[] {
    const former = this.#bridges.get(id);
    const kept = new Map<BridgeSeat, Seated>();
    for (const seat of former?.seats ?? []) {
      const again = seats.find((wanted) => isSameSeat(seat, wanted));
      if (again === undefined) this.#leave(seat);
      else kept.set(again, seat);
    }
    const channels = seats.map((seat) => kept.get(seat)?.channel ?? this.#enter(seat));
    // `hears` counts all seats; a conference and a mix count those that are taken.
    const taken = [...seats.keys()].filter((seat) => channels[seat] !== undefined);
    const seated = taken.map((seat) => this.#seated(seats[seat]!, channels[seat]!, seats[seat]!.hears.map((heard) => taken.indexOf(heard)).filter((heard) => heard >= 0)));
    if (former === undefined && seated.length > 0 && this.idle) this.#nextUs = nowUs + tickUs;
    for (const seat of seated) if (seat.kind === 'rtp') this.#listen(seat);
    const conference = this.#conferenceFor(seated, former?.conference);
    if (seated.length === 0) this.#bridges.delete(id);
    else this.#bridges.set(id, { seats: seated, rate: rateOf(seated), conference });
    if (seated.some(isInRoom) || (former?.seats.some(isInRoom) ?? false)) {
      this.#roomed = [...this.#bridges.values()].filter((bridge) => bridge.seats.some(isInRoom));
      this.#rooms.settle(this.#roomed);
    }
    return seats.map((seat, index) => (seat.kind === 'rtp' && channels[index] !== undefined ? this.#members[channels[index]] : undefined));
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
    for (const bridge of this.#bridges.values()) if (bridge.rate === 16_000) this.#widen(bridge);
    if (this.#roomed.length > 0) {
      for (const bridge of this.#roomed) for (const seat of bridge.seats) if (seat.kind === 'seat') this.#gather(seat, bridge);
      this.#rooms.mix();
    }
    for (const bridge of this.#bridges.values()) {
      this.#mix(bridge);
      for (const seat of bridge.seats) this.#give(seat, bridge.rate, nowUs);
    }
  }

  /** What came from the end; at 8 kHz too where the bridge runs at that, or digits are listened for. */
  #speak(seat: Seated, rate: Rate): void {
    const { spoken } = this.#rows;
    const { channel } = seat;
    if (seat.kind === 'rtp') {
      const own = ownRate(seat, rate);
      seat.member.speak(spoken[own].row(channel));
      if (own === 16_000 && (rate === 8_000 || seat.inBandDigits !== 'none')) this.#rows.convertInward(channel, spoken, 16_000);
    } else if (seat.kind === 'player') {
      if (!seat.voice.speak(spoken[16_000].row(channel))) spoken[rate].row(channel).fill(0);
      else if (rate === 8_000) this.#rows.convertInward(channel, spoken, 16_000);
    }
  }

  #hearDigits(): void {
    // Neighbours of a group are listened to together, once.
    this.#heardOf.fill(notHeard);
    for (const [channel, seat] of this.#listening) {
      const group = Math.floor(channel / lanes);
      if (this.#heardOf[group] === notHeard) this.#heardOf[group] = this.#digits.process(group, this.#rows.spoken[8_000]);
      if ((this.#heardOf[group]! & (1 << (channel % lanes))) === 0) continue;
      for (let event = this.#digits.take(channel); event !== undefined; event = this.#digits.take(channel)) {
        if (event.kind === 'end') seat.end.heardDigit(event.digit, Math.round(event.durationSamples / 8));
      }
    }
  }

  /** After digits were taken out of it. */
  #widen({ seats }: Bridge): void {
    for (const seat of seats) if (seat.kind === 'rtp' && ownRate(seat, 16_000) === 8_000) this.#rows.convertInward(seat.channel, this.#rows.spoken, 8_000);
  }

  /** What a seat says in its room: those it hears here. */
  #gather({ channel, hears }: Seated, { seats, rate }: Bridge): void {
    const into = this.#rows.given[rate].row(channel);
    const first = hears[0] === undefined ? undefined : seats[hears[0]];
    if (first === undefined) into.fill(0);
    else into.set(this.#rows.spoken[rate].row(first.channel));
    for (let other = 1; other < hears.length; other++) addTo(into, this.#rows.spoken[rate].row(seats[hears[other]!]!.channel));
  }

  #mix({ seats, rate, conference }: MixedBridge): void {
    const spoken = this.#rows.spoken[rate];
    const given = this.#rows.given[rate];
    if (conference !== undefined) return this.#mixers[rate].mix(conference[rate], spoken, given);
    for (const { channel, kind, hears } of seats) {
      if (kind === 'seat') continue;
      const speaker = hears[0] === undefined ? undefined : seats[hears[0]];
      if (speaker === undefined) given.row(channel).fill(0);
      else given.row(channel).set(spoken.row(speaker.channel));
    }
  }

  #give(seat: Seated, rate: Rate, nowUs: number): void {
    const { given } = this.#rows;
    const { channel } = seat;
    if (seat.kind === 'player' && seat.voice.isRecording) seat.voice.hear(given[rate].row(channel));
    if (seat.kind !== 'rtp' || !seat.isGiven) return;
    const { end, member } = seat;
    const own = ownRate(seat, rate);
    if (own !== rate) this.#rows.convertOutward(channel, given, rate);
    if (this.#tones[own].playing(channel)) this.#tones[own].write(channel, given[own], channel);
    const { bytes, at, room } = end.place();
    const octets = member.hear(given[own].row(channel), bytes, at, room);
    end.say(at, octets, member.sequence, member.timestamp, nowUs);
  }

  #enter(seat: BridgeSeat): number | undefined {
    const channel = this.#freeChannels.pop();
    if (channel === undefined) return undefined;
    const codec = seat.kind === 'rtp' ? this.#codecs.take(channel, seat.encoding) : undefined;
    if (codec === undefined && seat.kind === 'rtp') {
      this.#freeChannels.push(channel);
      return undefined;
    }
    this.#rows.resetConversion(channel);
    this.#rooms.reset(channel);
    for (const rate of rates) this.#tones[rate].stop(channel);
    if (codec !== undefined) this.#members[channel]!.begin(codec);
    return channel;
  }

  #seated(seat: BridgeSeat, channel: number, hears: readonly number[]): Seated {
    if (seat.kind === 'rtp') return { ...seat, channel, hears, member: this.#members[channel]! };
    return seat.kind === 'player' ? { ...seat, channel, hears, voice: this.#voices[seat.player]! } : { ...seat, channel, hears };
  }

  #leave({ kind, channel }: Seated): void {
    if (kind === 'rtp') this.#members[channel]!.end();
    this.#listening.delete(channel);
    this.#codecs.giveBack(channel);
    this.#freeChannels.push(channel);
  }

  #listen(seat: Extract<Seated, { kind: 'rtp' }>): void {
    const { channel } = seat;
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
      seats.forEach(({ channel }, seat) => group.seat(seat, channel));
      seats.forEach(({ hears }, listener) => {
        seats.forEach((_speaker, speaker) => listener !== speaker && !hears.includes(speaker) && group.disconnect(listener, speaker));
        if (hears.includes(listener)) group.connect(listener, listener);
      });
    }
    return conference;
  }
}

function isInRoom({ kind }: BridgeSeat): boolean {
  return kind === 'seat';
}

function addTo(sum: Int16Array, more: Int16Array): void {
  for (let n = 0; n < sum.length; n++) sum[n] = Math.max(-32_768, Math.min(32_767, sum[n]! + more[n]!));
}

const rates: readonly Rate[] = [8_000, 16_000];
const notHeard = -1;
const tickUs = 20_000;
const standstillUs = 200_000;
/** Ends in one conference: a page has that many telephones. What is not taken costs memory alone. */
export const largestConference = 256;
/** Of both rates. */
const conferenceBytes = 20 * 1024;
/** Filters and tables. */
const baseBytes = 4 * 2 ** 20;
/** A channel that has needed each codec takes about half of it: rows, resamplers, concealment, receiver. */
const channelBytes = 64 * 1024;
