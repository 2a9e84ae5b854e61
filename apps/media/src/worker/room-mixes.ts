import type { Mixer } from '@tipring/dsp';
import type { BridgeRows } from './bridge-rows.ts';
import { type Bridge, isWide, type Rate } from './bridge-seat.ts';

interface Member {
  readonly channel: number;
  readonly isMuted: boolean;
  readonly bridge: Bridge;
}

interface Room {
  rate: Rate;
  readonly members: Member[];
}

/**
 * Rooms of one worker: seats of several bridges that hear each other. What a seat is given in its bridge is what it says in the room, and the
 * other way round, so a room is mixed between the two halves of a tick and adds no delay. It runs at 16 kHz when two of its
 * bridges have a wide-band end; a bridge of players and seats alone has the rate of its room.
 */
export class RoomMixes {
  readonly #rows: BridgeRows;
  readonly #mixers: Readonly<Record<Rate, Mixer>>;
  readonly #rooms = new Map<number, Room>();

  constructor(rows: BridgeRows, mixers: Readonly<Record<Rate, Mixer>>) {
    this.#rows = rows;
    this.#mixers = mixers;
  }

  /** Who is in which room, as all bridges are now. */
  settle(bridges: Iterable<Bridge>): void {
    const former = new Map(this.#rooms);
    this.#rooms.clear();
    for (const bridge of bridges) {
      for (const seat of bridge.seats) {
        if (seat.kind !== 'seat') continue;
        const { room: number, channel, isMuted } = seat;
        const room = this.#rooms.get(number);
        if (room === undefined) this.#rooms.set(number, { rate: 8_000, members: [{ channel, isMuted, bridge }] });
        else room.members.push({ channel, isMuted, bridge });
      }
    }
    for (const [number, room] of this.#rooms) {
      room.rate = room.members.filter(({ bridge }) => bridge.seats.some(isWide)).length > 1 ? 16_000 : 8_000;
      for (const { bridge } of room.members) if (bridge.seats.every(({ kind }) => kind !== 'rtp')) bridge.rate = room.rate;
      if (former.get(number)?.rate !== room.rate) for (const { channel } of room.members) this.#rows.resetConversion(channel);
    }
  }

  /** A channel takes part anew. */
  reset(channel: number): void {
    this.#mixers[8_000].reset(channel);
    this.#mixers[16_000].reset(channel);
  }

  /** From what the seats are given to what they say. */
  mix(): void {
    const { spoken, given } = this.#rows;
    for (const { rate, members } of this.#rooms.values()) {
      const mixer = this.#mixers[rate];
      for (let index = 0; index < members.length; index++) {
        const { channel, isMuted, bridge } = members[index]!;
        if (bridge.rate !== rate) this.#rows.convertInward(channel, given, bridge.rate);
        mixer.place(index, channel, !isMuted);
      }
      mixer.mixRoom(members.length, given[rate], spoken[rate]);
      for (let index = 0; index < members.length; index++) {
        const { channel, bridge } = members[index]!;
        if (bridge.rate !== rate) this.#rows.convertOutward(channel, spoken, rate);
      }
    }
  }
}
