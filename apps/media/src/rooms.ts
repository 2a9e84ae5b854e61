import type { RoomId, TerminationId } from '@tipring/gateway';
import { type Context, leave, type Room, type RoomSeat } from './context.ts';

/** Rooms that have seats, and which seats they are. */
export class Rooms {
  readonly #rooms = new Map<RoomId, Room>();
  #lastRoom = 0;
  #lastSeat = 0;

  /** The worker with which a room is; undefined: there is no such room. */
  workerOf(room: RoomId): number | undefined {
    return this.#rooms.get(room)?.worker;
  }

  /** A seat in the context, which is with the room's worker already, if there is such a room. */
  sit(context: Context, id: TerminationId, roomId: RoomId, isMuted: boolean): RoomSeat {
    let room = this.#rooms.get(roomId);
    if (room === undefined) this.#rooms.set(roomId, (room = { id: roomId, number: ++this.#lastRoom, worker: context.worker, seats: new Set() }));
    const seat: RoomSeat = { kind: 'seat', id, context, number: ++this.#lastSeat, room, isMuted };
    room.seats.add(seat);
    context.terminations.set(id, seat);
    return seat;
  }

  /** Its seat is taken away; with the last of them the room ends. */
  rise(seat: RoomSeat): void {
    leave(seat.context, seat.id);
    seat.room.seats.delete(seat);
    if (seat.room.seats.size === 0) this.#rooms.delete(seat.room.id);
  }
}

/** The room that a context has seats in. */
export function roomOf(context: Context): RoomId | undefined {
  for (const termination of context.terminations.values()) if (termination.kind === 'seat') return termination.room.id;
  return undefined;
}
