import type { Timer, Timers } from '@tipring/clock';
import type { GatewayReplies, PlayerGatewayEvent } from '@tipring/gateway';
import type { Piece } from '@tipring/prompts';
import type { ContextId, TerminationId } from '@tipring/telephony';
import type { PlayerCommand, PlayerMedia } from './application-ports.ts';

type Refusal = { readonly code: string; readonly text: string };
type How = Extract<PlayerGatewayEvent, { event: 'recorded' }>['how'];

interface FakeRecording {
  readonly file: string;
  readonly maxMs: number;
  readonly silenceMs: number | undefined;
  /** Ms that were in the file before. */
  readonly before: number;
  /** While it runs: since when. */
  since: number | null;
  ms: number;
  /** When somebody spoke last, and until when. */
  heardUntil: number;
  timer: Timer | undefined;
}

interface FakePlayer {
  readonly context: ContextId;
  readonly room: string | null;
  isMuted: boolean;
  saying: { readonly pieces: readonly Piece[]; readonly timer: Timer | undefined } | null;
  recording: FakeRecording | null;
}

/**
 * The players and seats of a gateway, on virtual time: what is said takes as long as it is, what is recorded is as long as it was spoken. Commands
 * are answered a millisecond later, never inside `send`. What tests need beside the port: `speak`, `said`, `files`, `kill`.
 */
export class FakePlayers implements PlayerMedia {
  /** Recordings by file, in ms; longer while they run only when read by `lengthOf`. */
  readonly files = new Map<string, number>();
  /** Every command that was done, oldest first. */
  readonly done: PlayerCommand[] = [];
  readonly #timers: Timers;
  readonly #lengths: (file: string) => number | null;
  /** Of players that nobody listened to, told to the next who does. */
  readonly #kept: PlayerGatewayEvent[] = [];
  readonly #players = new Map<TerminationId, FakePlayer>();
  readonly #listeners = new Map<TerminationId, (event: PlayerGatewayEvent) => void>();
  #isUp = true;
  #refusals: { readonly do: PlayerCommand['do']; readonly refusal: Refusal }[] = [];

  /** `lengths`: of a file that is to be played, ms; null: there is none. Default: a second, whatever it is. */
  constructor(timers: Timers, lengths: (file: string) => number | null = () => 1_000) {
    this.#timers = timers;
    this.#lengths = lengths;
  }

  /** Players and seats there are. */
  get size(): number {
    return this.#players.size;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  listen(termination: TerminationId, listener: (event: PlayerGatewayEvent) => void): void {
    this.#listeners.set(termination, listener);
    for (const event of this.#kept.splice(0)) this.#tell(event);
  }

  unlisten(termination: TerminationId): void {
    this.#listeners.delete(termination);
  }

  send<C extends PlayerCommand>(command: C, done?: (reply: GatewayReplies[C['do']] | null, refusal: Refusal | null) => void): void {
    const answer = this.#isUp ? this.#do(command) : { refusal: { code: 'gone', text: 'the gateway is gone' } };
    this.#timers.start(1, () => ('refusal' in answer ? done?.(null, answer.refusal) : done?.(answer.reply as GatewayReplies[C['do']], null)));
  }

  /** The next command of this kind is refused. */
  refuseNext(what: PlayerCommand['do'], refusal: Refusal): void {
    this.#refusals.push({ do: what, refusal });
  }

  /** Who is joined with this player speaks, from now on for so long. */
  speak(termination: TerminationId, ms: number): void {
    const recording = this.#players.get(termination)?.recording;
    if (recording === null || recording === undefined) return;
    recording.heardUntil = this.#timers.now() + ms;
    this.#watch(termination, recording);
  }

  /** Who has a seat in a room and is heard there, and what is said to all who have one; for conferences. */
  inRoom(room: string): { readonly heard: readonly TerminationId[]; readonly muted: readonly TerminationId[]; readonly said: readonly Piece[] } {
    const seats = [...this.#players].filter(([, player]) => player.room === room);
    const contexts = new Set(seats.map(([, { context }]) => context));
    const said = [...this.#players.values()].flatMap((player) => (contexts.has(player.context) ? (player.saying?.pieces ?? []) : []));
    const named = (isMuted: boolean): TerminationId[] => seats.flatMap(([termination, player]) => (player.isMuted === isMuted ? [termination] : []));
    return { heard: named(false), muted: named(true), said };
  }

  /** What it says now; null: nothing. */
  saying(termination: TerminationId): readonly Piece[] | null {
    return this.#players.get(termination)?.saying?.pieces ?? null;
  }

  room(termination: TerminationId): string | null {
    return this.#players.get(termination)?.room ?? null;
  }

  /** Of a file that was recorded, or is being. */
  lengthOf(file: string): number | undefined {
    for (const { recording } of this.#players.values()) if (recording?.file === file) return recording.before + this.#elapsed(recording);
    return this.files.get(file);
  }

  /** Everything is gone but the files. */
  kill(): void {
    this.#isUp = false;
    for (const player of this.#players.values()) {
      player.saying?.timer?.stop();
      const { recording } = player;
      recording?.timer?.stop();
      if (recording !== null) this.files.set(recording.file, recording.before + this.#elapsed(recording));
    }
    this.#players.clear();
  }

  /** It is there again, with nothing. */
  comeUp(): void {
    this.#isUp = true;
  }

  /** As a call does at its end. */
  release(context: ContextId): void {
    for (const [termination, player] of this.#players) if (player.context === context) this.#remove(termination);
  }

  #do(command: PlayerCommand): { readonly reply: unknown } | { readonly refusal: Refusal } {
    const index = this.#refusals.findIndex((one) => one.do === command.do);
    if (index >= 0) return { refusal: this.#refusals.splice(index, 1)[0]!.refusal };
    if (command.do === 'inspect') return this.#inspect(command.context);
    if (command.do === 'topology' || command.do === 'release') return this.#ofContext(command);
    const { termination } = command;
    const player = this.#players.get(termination);
    const isNew = command.do === 'addPlayer' || command.do === 'addSeat' || command.do === 'add';
    if (isNew && player !== undefined) return refused('terminationExists');
    if (!isNew && (player === undefined || player.context !== command.context)) return refused('noSuchTermination');
    const answer = isNew ? this.#add(command) : this.#perform(command, player!);
    if (!('refusal' in answer)) this.done.push(command);
    return answer;
  }

  #ofContext(command: Extract<PlayerCommand, { do: 'topology' | 'release' }>): { readonly reply: unknown } | { readonly refusal: Refusal } {
    if (![...this.#players.values()].some(({ context }) => context === command.context)) return refused('noSuchContext');
    if (command.do === 'release') this.release(command.context);
    this.done.push(command);
    return { reply: {} };
  }

  #add(command: Extract<PlayerCommand, { do: 'add' | 'addPlayer' | 'addSeat' }>): { readonly reply: unknown } {
    const { context, termination } = command;
    const [room, isMuted] = command.do === 'addSeat' ? [command.room, command.isMuted ?? false] : [null, false];
    this.#players.set(termination, { context, room, isMuted, saying: null, recording: null });
    return { reply: {} };
  }

  #perform(command: Exclude<PlayerCommand, { do: 'add' | 'addPlayer' | 'addSeat' | 'inspect' | 'topology' | 'release' }>, player: FakePlayer): { readonly reply: unknown } | { readonly refusal: Refusal } {
    const { termination } = command;
    if ((player.room === null) === (command.do === 'modifySeat') && command.do !== 'subtract') return refused('badCommand');
    switch (command.do) {
      case 'announce':
        player.saying?.timer?.stop();
        player.saying = { pieces: command.pieces, timer: this.#plays(termination, command.pieces, command.times ?? 1) };
        break;
      case 'hush':
        player.saying?.timer?.stop();
        player.saying = null;
        break;
      case 'record': {
        if (player.recording !== null) return refused('alreadyRecording');
        const before = command.isAppended === true ? (this.files.get(command.file) ?? 0) : 0;
        const now = this.#timers.now();
        player.recording = { file: command.file, maxMs: command.maxMs, silenceMs: command.silenceMs, before, since: now, ms: 0, heardUntil: now, timer: undefined };
        this.#watch(termination, player.recording);
        break;
      }
      case 'recording':
        if (player.recording === null) return refused('notRecording');
        this.#change(termination, player.recording, command.is);
        break;
      case 'modifySeat':
        player.isMuted = command.isMuted;
        break;
      case 'subtract':
        this.#remove(termination);
    }
    return { reply: {} };
  }

  #inspect(context: ContextId): { readonly reply: unknown } | { readonly refusal: Refusal } {
    const found = [...this.#players].filter(([, player]) => player.context === context);
    if (found.length === 0) return refused('noSuchContext');
    return { reply: { terminations: found.map(([termination, { saying, recording }]) => ({ termination, player: { isPlaying: saying !== null, recording: recording === null ? null : { file: recording.file, is: recording.since === null ? 'paused' : 'running' } } })) } };
  }

  #plays(termination: TerminationId, pieces: readonly Piece[], times: number): Timer | undefined {
    let ms = 0;
    let isMissing = false;
    for (const piece of pieces) {
      const length = 'file' in piece ? (this.files.get(piece.file) ?? this.#lengths(piece.file)) : 'ms' in piece ? piece.ms : piece.silenceMs;
      isMissing ||= length === null;
      ms += length ?? 0;
    }
    if (times === 0) return undefined;
    return this.#timers.start(Math.max(20, ms * times), () => {
      const player = this.#players.get(termination);
      if (player === undefined) return;
      player.saying = null;
      this.#tell({ event: 'announced', context: player.context, termination, how: isMissing ? 'failed' : 'ended' });
    });
  }

  #change(termination: TerminationId, recording: FakeRecording, is: 'paused' | 'running' | 'stopped'): void {
    if (is === 'stopped') return this.#end(termination, 'stopped');
    const now = this.#timers.now();
    if (is === 'paused' && recording.since !== null) [recording.ms, recording.since] = [this.#elapsed(recording), null];
    else if (is === 'running') recording.since ??= now;
    this.#watch(termination, recording);
  }

  /** When this recording ends by itself. */
  #watch(termination: TerminationId, recording: FakeRecording): void {
    recording.timer?.stop();
    recording.timer = undefined;
    if (recording.since === null) return;
    const now = this.#timers.now();
    const silentIn = recording.silenceMs === undefined ? Infinity : Math.max(recording.heardUntil, recording.since) + recording.silenceMs - now;
    const fullIn = recording.maxMs - this.#elapsed(recording);
    recording.timer = this.#timers.start(Math.max(0, Math.min(silentIn, fullIn)), () => this.#end(termination, silentIn < fullIn ? 'silence' : 'maximum'));
  }

  #end(termination: TerminationId, how: How): void {
    const player = this.#players.get(termination);
    const recording = player?.recording;
    if (player === undefined || recording === null || recording === undefined) return;
    recording.timer?.stop();
    player.recording = null;
    const ms = Math.max(0, this.#elapsed(recording) - (how === 'silence' ? (recording.silenceMs ?? 0) : 0));
    this.files.set(recording.file, recording.before + ms);
    this.#tell({ event: 'recorded', context: player.context, termination, file: recording.file, ms, how });
  }

  #elapsed({ ms, since }: FakeRecording): number {
    return since === null ? ms : ms + this.#timers.now() - since;
  }

  #remove(termination: TerminationId): void {
    this.#end(termination, 'released');
    this.#players.get(termination)?.saying?.timer?.stop();
    this.#players.delete(termination);
  }

  /** Events and replies come in the order in which they were caused. */
  #tell(event: PlayerGatewayEvent): void {
    if (this.#isUp) this.#timers.start(1, () => {
      const listener = this.#listeners.get(event.termination);
      if (listener !== undefined) listener(event);
      else if (this.#players.has(event.termination)) this.#kept.push(event);
    });
  }
}

function refused(code: string): { readonly refusal: Refusal } {
  return { refusal: { code, text: code } };
}
