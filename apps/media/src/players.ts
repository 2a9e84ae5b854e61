import type { GatewayCommand, PlayerGatewayEvent, TerminationId } from '@tipring/gateway';
import { type Context, leave, type Player } from './context.ts';
import { nothing, type Outcome, refuse } from './outcome.ts';
import { PlayerNotices } from './player-notices.ts';
import type { PlayerSlot } from './sounds/player-slot.ts';
import type { SoundsTold } from './sounds/sounds-message.ts';
import type { Sounds } from './sounds/sounds.ts';

type PlayerCommand = Extract<GatewayCommand, { do: 'announce' | 'hush' | 'record' | 'recording' }>;

/** Whose recording that is, also when its player is gone already. */
interface Recorded {
  readonly player: Player;
  readonly context: string;
}

/** The players of this gateway: what they were told to play and to record, and what became of it. */
export class Players {
  readonly notices = new PlayerNotices();
  readonly #sounds: Sounds;
  readonly #slots: readonly PlayerSlot[];
  /** The longest free first, so that all threads have let go of it. */
  readonly #free: number[];
  readonly #bySlot = new Map<number, Player>();
  readonly #recordings = new Map<number, Recorded>();
  /** Of announcements that are not over: what could not be played. */
  readonly #faults = new Map<number, string>();
  /** The worker has told its end, and what was wrong is still on its way. */
  readonly #awaited = new Map<number, Player>();
  #lastNumber = 0;

  constructor(sounds: Sounds) {
    this.#sounds = sounds;
    this.#slots = sounds.slots;
    this.#free = this.#slots.map((_slot, index) => index);
  }

  /** In its context from now on; null when all players are in use. */
  add(context: Context, id: TerminationId): Player | null {
    const slot = this.#free.shift();
    if (slot === undefined) return null;
    const player: Player = { kind: 'player', id, context, slot, announcement: null, recording: null };
    this.#bySlot.set(slot, player);
    context.terminations.set(id, player);
    return player;
  }

  /** It plays and records no more; its context has been told, or ends itself. */
  remove(player: Player): void {
    leave(player.context, player.id);
    this.#hush(player);
    if (player.recording !== null) this.#endRecording(player, 'released');
    this.#bySlot.delete(player.slot);
    this.#free.push(player.slot);
  }

  execute(player: Player, command: PlayerCommand): Outcome {
    const { slot } = player;
    switch (command.do) {
      case 'announce': {
        this.#hush(player);
        const number = ++this.#lastNumber;
        player.announcement = { number };
        this.#slots[slot]!.wants(number);
        this.#sounds.tell({ do: 'announce', slot, number, pieces: command.pieces, times: command.times ?? 1 });
        return nothing;
      }
      case 'hush':
        this.#hush(player);
        return nothing;
      case 'record': {
        if (player.recording !== null) return refuse('alreadyRecording', `${player.id} records ${player.recording.file}`);
        const { file, maxMs, silenceMs = null, isAppended = false } = command;
        const number = ++this.#lastNumber;
        player.recording = { number, file, is: 'running' };
        this.#recordings.set(number, { player, context: player.context.id });
        this.#sounds.tell({ do: 'record', slot, number, file, maxMs, silenceMs, isAppended });
        this.#slots[slot]!.records(number);
        return nothing;
      }
      case 'recording':
        if (player.recording === null) return refuse('notRecording', `${player.id} does not record`);
        if (command.is === 'stopped') this.#endRecording(player, 'stopped');
        else {
          player.recording.is = command.is;
          this.#slots[slot]!.records(command.is === 'running' ? player.recording.number : 0);
        }
        return nothing;
    }
  }

  /** A worker tells: all of that announcement has been played. */
  announced(slot: number, number: number, how: 'ended' | 'failed'): void {
    const player = this.#bySlot.get(slot);
    // Another is wanted meanwhile, or the player is another's.
    if (player?.announcement?.number !== number) return;
    const text = this.#faults.get(number);
    if (how === 'failed' && text === undefined) this.#awaited.set(number, player);
    else this.#tellAnnounced(player, number, text);
  }

  /** The sounds thread tells. */
  take(told: SoundsTold): void {
    if (told.is === 'unplayable') {
      const awaiting = this.#awaited.get(told.number);
      if (awaiting !== undefined) this.#tellAnnounced(awaiting, told.number, told.text);
      else if (this.#bySlot.get(told.slot)?.announcement?.number === told.number && !this.#faults.has(told.number)) this.#faults.set(told.number, told.text);
      return;
    }
    const recorded = this.#recordings.get(told.number);
    if (recorded === undefined) return;
    this.#recordings.delete(told.number);
    const { player, context } = recorded;
    if (player.recording?.number === told.number) {
      player.recording = null;
      this.#slots[player.slot]!.records(0);
    }
    const { file, ms, how, text } = told;
    this.#tell({ event: 'recorded', context, termination: player.id, file, ms, how, ...(text !== null && { text }) });
  }

  #tellAnnounced(player: Player, number: number, text: string | undefined): void {
    player.announcement = null;
    this.#slots[player.slot]!.wants(0);
    this.#faults.delete(number);
    this.#awaited.delete(number);
    const where = { context: player.context.id, termination: player.id };
    this.#tell(text === undefined ? { event: 'announced', ...where, how: 'ended' } : { event: 'announced', ...where, how: 'failed', text });
  }

  #tell(event: PlayerGatewayEvent): void {
    this.notices.take(event);
  }

  #hush(player: Player): void {
    if (player.announcement === null) return;
    const { number } = player.announcement;
    player.announcement = null;
    this.#faults.delete(number);
    this.#awaited.delete(number);
    this.#slots[player.slot]!.wants(0);
    this.#sounds.tell({ do: 'hush', slot: player.slot });
  }

  /** What was heard until now is written yet, and told as `recorded` then. */
  #endRecording(player: Player, how: 'stopped' | 'released'): void {
    if (player.recording === null) return;
    this.#slots[player.slot]!.records(0);
    this.#sounds.tell({ do: 'stopRecording', slot: player.slot, number: player.recording.number, how });
    player.recording = null;
  }
}
