import type { GatewayRefusal } from './contract.ts';
import type { Piece, PlayerAudit, PlayerGatewayCommand, PlayerGatewayEvent, SeatAudit, SoundFile } from './player-contract.ts';

/** A player of a fake: what it was made to do. Nothing ends by itself: `emitPlayer` says so. */
export interface FakePlayer {
  playing: { readonly pieces: readonly Piece[]; readonly times: number } | null;
  recording: { readonly file: SoundFile; is: 'paused' | 'running'; readonly maxMs: number; readonly silenceMs?: number; readonly isAppended: boolean } | null;
  /** What a recording will have been long when it is stopped or released. */
  recordedMs: number;
}

export interface FakeSeat {
  readonly room: string;
  isMuted: boolean;
}

export function newFakePlayer(): FakePlayer {
  return { playing: null, recording: null, recordedMs: 0 };
}

/** A command to a player or a seat. @returns why not; null: done. `tell` gets what follows of it. */
export function commandFake(command: PlayerGatewayCommand, player: FakePlayer | null, seat: FakeSeat | null, tell: (event: PlayerGatewayEvent) => void): GatewayRefusal | null {
  if (command.do === 'modifySeat') {
    if (seat === null) return badCommand(`${command.termination} is no seat`);
    seat.isMuted = command.isMuted;
    return null;
  }
  if (player === null) return badCommand(`${command.termination} is no player`);
  switch (command.do) {
    case 'announce':
      player.playing = { pieces: command.pieces, times: command.times ?? 1 };
      return null;
    case 'hush':
      player.playing = null;
      return null;
    case 'record': {
      if (player.recording !== null) return { code: 'alreadyRecording', text: `${command.termination} records ${player.recording.file}` };
      const { file, maxMs, silenceMs, isAppended = false } = command;
      player.recording = { file, is: 'running', maxMs, ...(silenceMs !== undefined && { silenceMs }), isAppended };
      return null;
    }
    case 'recording':
      if (player.recording === null) return { code: 'notRecording', text: `${command.termination} does not record` };
      if (command.is === 'stopped') endRecording(command, player, 'stopped', tell);
      else player.recording.is = command.is;
      return null;
    default:
      return badCommand(`${command.termination} is already there`);
  }
}

/** The recording ends, if there is one. */
export function endRecording({ context, termination }: { readonly context: string; readonly termination: string }, player: FakePlayer, how: 'stopped' | 'released', tell: (event: PlayerGatewayEvent) => void): void {
  const { recording } = player;
  player.recording = null;
  if (recording !== null) tell({ event: 'recorded', context, termination, file: recording.file, ms: player.recordedMs, how });
}

export function auditFake(player: FakePlayer | null, seat: FakeSeat | null): { readonly player: PlayerAudit | null; readonly seat: SeatAudit | null } {
  return {
    player: player === null ? null : { isPlaying: player.playing !== null, recording: player.recording === null ? null : { file: player.recording.file, is: player.recording.is } },
    seat: seat === null ? null : { room: seat.room, isMuted: seat.isMuted },
  };
}

function badCommand(text: string): GatewayRefusal {
  return { code: 'badCommand', text };
}
