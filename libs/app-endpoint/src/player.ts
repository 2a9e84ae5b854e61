import type { Timer, Timers } from '@tipring/clock';
import { mostPieces, type PlayerGatewayEvent } from '@tipring/gateway';
import type { Piece } from '@tipring/prompts';
import type { ContextId, TerminationId } from '@tipring/telephony';
import type { PlayerCommand, PlayerMedia } from './application-ports.ts';

/** What is told of a player. */
export interface PlayerListener {
  announced(how: 'ended' | 'failed'): void;
  /** Exactly once for each `record`. `ms` null: the recording was interrupted, or went on a former one; its file knows. */
  recorded(recorded: Recorded): void;
}

export interface Recorded {
  readonly file: string;
  readonly ms: number | null;
  readonly how: 'stopped' | 'silence' | 'maximum' | 'failed' | 'released';
}

export interface Recording {
  readonly file: string;
  readonly maxMs: number;
  readonly silenceMs?: number;
  readonly isAppended?: boolean;
}

/** What a player does, for who takes it over after a restart; plain JSON. */
export interface PlayerSnapshot {
  readonly context: ContextId;
  readonly saying: Saying | null;
  readonly recording: Recording | null;
  readonly isPaused: boolean;
  readonly isPartial: boolean;
  readonly seat: Seat | null;
  readonly isHeld: boolean;
}

interface Saying {
  readonly pieces: readonly Piece[];
  readonly times: number;
}

interface Seat {
  readonly room: string;
  readonly isMuted: boolean;
}

type Refusal = { readonly code: string; readonly text: string } | null;

/**
 * One player of the gateway, or the seat in its place. It knows what it was told to do, so that it can be made again in a gateway that forgot it,
 * and tells each end once, however commands and events cross on the way.
 */
export class Player {
  #context: ContextId;
  readonly #termination: TerminationId;
  readonly #media: PlayerMedia;
  readonly #timers: Timers;
  readonly #listener: PlayerListener;
  /** Confirmed: the gateway has answered, so that what is told of an end is of this one. */
  #saying: (Saying & { confirmed: boolean }) | null = null;
  #recording: Recording | null = null;
  #isPaused = false;
  /** A part of it was before. */
  #isPartial = false;
  #seat: Seat | null = null;
  /** What it hears is music: a seat is silent then. */
  #isHeld = false;
  /** What a gateway that is away was not told, and when it is told again. */
  readonly #due = new Set<'announce' | 'record'>();
  #again: Timer | undefined;
  #isClosed = false;

  constructor(context: ContextId, termination: TerminationId, media: PlayerMedia, timers: Timers, listener: PlayerListener) {
    this.#context = context;
    this.#termination = termination;
    this.#media = media;
    this.#timers = timers;
    this.#listener = listener;
    media.listen(termination, (event) => this.#heard(event));
  }

  /** As it was when the controller was killed; `check` says what has become of it. */
  static adopt(snapshot: PlayerSnapshot, termination: TerminationId, media: PlayerMedia, timers: Timers, listener: PlayerListener): Player {
    const player = new Player(snapshot.context, termination, media, timers, listener);
    player.#saying = snapshot.saying === null ? null : { ...snapshot.saying, confirmed: true };
    player.#recording = snapshot.recording;
    player.#isPaused = snapshot.isPaused;
    player.#isPartial = snapshot.isPartial;
    player.#seat = snapshot.seat;
    player.#isHeld = snapshot.isHeld;
    return player;
  }

  get isRecording(): boolean {
    return this.#recording !== null;
  }

  /** Something of it ends by itself, or somebody sits. */
  get isBusy(): boolean {
    return this.#saying !== null || this.#recording !== null || this.#seat !== null;
  }

  open(done: (refusal: Refusal) => void): void {
    this.#send({ do: 'addPlayer', ...this.#place }, done);
  }

  /** In place of what it says. Of what is longer than a gateway takes, as a menu that spells many choices, the beginning is heard. */
  say(pieces: readonly Piece[], times: number): void {
    this.#saying = { pieces: pieces.length === 0 ? nothing : pieces.slice(0, mostPieces), times, confirmed: false };
    this.#announce();
  }

  hush(): void {
    if (this.#saying === null) return;
    this.#saying = null;
    this.#send({ do: 'hush', ...this.#place });
  }

  /** One at a time: another one is refused by the gateway. */
  record(recording: Recording): void {
    if (this.#recording !== null) return this.#listener.recorded({ file: recording.file, ms: null, how: 'failed' });
    this.#recording = recording;
    this.#isPaused = false;
    this.#isPartial = recording.isAppended === true;
    this.#record();
  }

  /** Nothing happens where none runs. A gateway that does not answer for a stop has kept what it had. */
  recording(is: 'paused' | 'running' | 'stopped'): void {
    const recording = this.#recording;
    if (recording === null) return;
    this.#isPaused = is === 'paused';
    this.#send({ do: 'recording', ...this.#place, is }, (refusal) => {
      if (is === 'stopped' && refusal !== null) this.#recorded(recording, { ms: null, how: 'stopped' });
    });
  }

  /** A seat in its place, by the same name. Whoever is joined with it is to be joined anew: `moved` is called when it is there. */
  sit(seat: Seat, moved: () => void): void {
    this.#replace(seat, moved);
  }

  stand(moved: () => void): void {
    if (this.#seat !== null) this.#replace(null, moved);
  }

  mute(isMuted: boolean): void {
    if (this.#seat === null || this.#seat.isMuted === isMuted) return;
    this.#seat = { ...this.#seat, isMuted };
    if (!this.#isHeld) this.#send({ do: 'modifySeat', ...this.#place, isMuted });
  }

  /** Who is joined with it has put it on hold: nothing is recorded of the music that takes his place, and a room does not hear it. */
  held(is: 'held' | 'resumed'): void {
    this.recording(is === 'held' ? 'paused' : 'running');
    this.#isHeld = is === 'held';
    if (this.#seat !== null && !this.#seat.isMuted) this.#send({ do: 'modifySeat', ...this.#place, isMuted: this.#isHeld });
  }

  /** Its call has become another: it does there what it did here. Whoever is there is to be joined with it anew, when it is there. */
  move(context: ContextId, moved: () => void): void {
    this.#send({ do: 'subtract', ...this.#place });
    this.#context = context;
    this.restore(moved);
  }

  /** The gateway forgot it: it does again what it did. What was recorded goes on in its file. */
  restore(done?: () => void): void {
    this.#due.clear();
    this.#add(done);
    if (this.#saying !== null) this.#announce();
    if (this.#recording === null) return;
    this.#isPartial = true;
    this.#record();
    if (this.#isPaused) this.#send({ do: 'recording', ...this.#place, is: 'paused' });
  }

  /** After a restart of the controller: what ended meanwhile, and the gateway did not tell, is told now. */
  check(): void {
    const [saying, recording] = [this.#saying, this.#recording];
    this.#media.send({ do: 'inspect', context: this.#context }, (reply) => {
      const is = reply?.terminations.find(({ termination }) => termination === this.#termination)?.player;
      // One that is not there will be restored.
      if (is === undefined || is === null || this.#isClosed) return;
      // What began after it was asked is not known to the answer.
      if (recording !== null && is.recording === null) this.#recorded(recording, { ms: null, how: 'stopped' });
      if (saying !== null && this.#saying === saying && !is.isPlaying) this.#announced('ended');
    });
  }

  /** The gateway does not tell its end: the file has what was heard so far. */
  abandonRecording(): void {
    if (this.#recording !== null) this.#recorded(this.#recording, { ms: null, how: 'released' });
  }

  close(): void {
    this.#isClosed = true;
    this.#again?.stop();
    this.#media.unlisten(this.#termination);
  }

  snapshot(): PlayerSnapshot {
    const saying = this.#saying === null ? null : { pieces: this.#saying.pieces, times: this.#saying.times };
    return { context: this.#context, saying, recording: this.#recording, isPaused: this.#isPaused, isPartial: this.#isPartial, seat: this.#seat, isHeld: this.#isHeld };
  }

  get #place(): { readonly context: ContextId; readonly termination: TerminationId } {
    return { context: this.#context, termination: this.#termination };
  }

  #add(done?: () => void): void {
    const seat = this.#seat;
    const command: PlayerCommand = seat === null ? { do: 'addPlayer', ...this.#place } : { do: 'addSeat', ...this.#place, room: seat.room, isMuted: seat.isMuted || this.#isHeld };
    this.#send(command, (refusal) => {
      if (refusal === null || refusal.code === 'terminationExists') done?.();
    });
  }

  #replace(seat: Seat | null, moved: () => void): void {
    this.hush();
    this.recording('stopped');
    this.#send({ do: 'subtract', ...this.#place });
    this.#seat = seat;
    this.#add(moved);
  }

  #announce(): void {
    const saying = this.#saying;
    if (saying === null) return;
    saying.confirmed = false;
    this.#send({ do: 'announce', ...this.#place, pieces: saying.pieces, times: saying.times }, (refusal) => {
      if (this.#saying !== saying) return;
      if (refusal === null) saying.confirmed = true;
      else if (refusal.code === 'gone') this.#tryAgain('announce');
      else if (!isAway(refusal)) this.#announced('failed');
    });
  }

  #record(): void {
    const recording = this.#recording;
    if (recording === null) return;
    this.#send({ do: 'record', ...this.#place, ...recording, ...(this.#isPartial ? { isAppended: true } : {}) }, (refusal) => {
      if (refusal === null || this.#recording !== recording) return;
      if (refusal.code === 'gone') this.#tryAgain('record');
      else if (!isAway(refusal)) this.#recorded(recording, { ms: null, how: 'failed' });
    });
  }

  /** A gateway that is away and comes back with this player still there; one that forgot it is `restore`d. */
  #tryAgain(what: 'announce' | 'record'): void {
    this.#due.add(what);
    this.#again ??= this.#timers.start(againMs, () => {
      this.#again = undefined;
      if (this.#due.delete('announce')) this.#announce();
      if (this.#due.delete('record')) this.#record();
    });
  }

  #heard(event: PlayerGatewayEvent): void {
    if (this.#isClosed || event.context !== this.#context) return;
    // Of a former announcement, on its way when this one was sent.
    if (event.event === 'announced' && this.#saying?.confirmed === true) this.#announced(event.how);
    else if (event.event === 'recorded' && this.#recording?.file === event.file) this.#recorded(this.#recording, { ms: this.#isPartial ? null : event.ms, how: event.how });
  }

  #announced(how: 'ended' | 'failed'): void {
    this.#saying = null;
    this.#listener.announced(how);
  }

  #recorded(recording: Recording, { ms, how }: Pick<Recorded, 'ms' | 'how'>): void {
    if (this.#recording !== recording) return;
    this.#recording = null;
    this.#listener.recorded({ file: recording.file, ms, how });
  }

  #send(command: PlayerCommand, done?: (refusal: Refusal) => void): void {
    this.#media.send(command, (_reply, refusal) => {
      if (!this.#isClosed) done?.(refusal);
    });
  }
}

/** It was restarted, and is about to be told of this context again; or the call is over. */
function isAway({ code }: { readonly code: string }): boolean {
  return code === 'noSuchContext' || code === 'noSuchTermination';
}

/** Nothing to say takes a moment. */
const nothing: readonly Piece[] = [{ silenceMs: 20 }];

const againMs = 1_000;
