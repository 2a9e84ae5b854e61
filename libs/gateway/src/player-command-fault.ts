import { type Fields, idFault, isBetween, isObject, isWhole } from './fields.ts';
import type { PlayerGatewayCommand } from './player-contract.ts';
import { portCommandFault } from './port-command-fault.ts';
import { toneFault } from './tone-fault.ts';

/** As `commandFault`, of the commands about players and seats. Whether a file is there is found when it is read. */
export function playerCommandFault(value: Fields): string | null {
  switch (value.do as PlayerGatewayCommand['do']) {
    case 'addPlayer':
    case 'hush':
      return namedFault(value);
    case 'addSeat':
      return namedFault(value) ?? idFault(value, 'room') ?? (value.isMuted === undefined ? null : mutedFault(value));
    case 'modifySeat':
      return namedFault(value) ?? mutedFault(value);
    case 'announce':
      return namedFault(value) ?? piecesFault(value.pieces) ?? (value.times === undefined || isWhole(value.times, 0, mostTimes) ? null : `times must be 0 to ${mostTimes}`);
    case 'record':
      return namedFault(value) ?? recordFault(value);
    case 'recording':
      return namedFault(value) ?? (value.is === 'paused' || value.is === 'running' || value.is === 'stopped' ? null : 'is must be paused, running or stopped');
    default:
      return portCommandFault(value);
  }
}

/**
 * Why a file cannot be named so; null: it can. No name leads out of the folder: none is absolute, and no part of one is empty, or `.` or `..`;
 * what other systems take for a separator or an end is no part of a name either.
 */
export function soundFileFault(value: unknown, name: string): string | null {
  if (typeof value !== 'string' || value.length === 0 || value.length > longestFile) return `${name} must be a string of 1 to ${longestFile} characters`;
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) < 0x20 || value[i] === '\\') return `${name} must have no control characters and no backslash`;
  return value.split('/').every((part) => part !== '' && part !== '.' && part !== '..') ? null : `${name} must be a path below the sounds folder, without . and ..`;
}

function namedFault(value: Fields): string | null {
  return idFault(value, 'context') ?? idFault(value, 'termination');
}

function mutedFault({ isMuted }: Fields): string | null {
  return typeof isMuted === 'boolean' ? null : 'isMuted must be true or false';
}

function recordFault({ file, maxMs, silenceMs, isAppended }: Fields): string | null {
  if (!isBetween(maxMs, 1, longestMs)) return `maxMs must be 1 to ${longestMs}`;
  if (silenceMs !== undefined && !isBetween(silenceMs, leastSilenceMs, longestMs)) return `silenceMs must be ${leastSilenceMs} to ${longestMs}`;
  if (isAppended !== undefined && typeof isAppended !== 'boolean') return 'isAppended must be true or false';
  return soundFileFault(file, 'file');
}

function piecesFault(value: unknown): string | null {
  if (!Array.isArray(value) || value.length < 1 || value.length > mostPieces) return `pieces must be a list of 1 to ${mostPieces}`;
  for (const piece of value as unknown[]) {
    const fault = isObject(piece) ? pieceFault(piece) : 'pieces: each must be an object';
    if (fault !== null) return fault;
  }
  return null;
}

function pieceFault(piece: Fields): string | null {
  if ('file' in piece) {
    if (piece.fromMs !== undefined && !isBetween(piece.fromMs, 0, longestMs)) return `fromMs must be 0 to ${longestMs}`;
    return soundFileFault(piece.file, 'file');
  }
  if ('tone' in piece) {
    if (!isBetween(piece.levelDbm0, -60, 0)) return 'levelDbm0 must be -60 to 0';
    return isBetween(piece.ms, 1, longestMs) ? toneFault(piece.tone, 'tone') : `ms must be 1 to ${longestMs}`;
  }
  return isBetween(piece.silenceMs, 1, longestMs) ? null : `a piece must have a file, a tone, or silenceMs of 1 to ${longestMs}`;
}

/** Of one `announce`. A sentence of numbers has some dozens. */
export const mostPieces = 128;
const mostTimes = 1_000_000;
const longestFile = 255;
/** A pause within a sentence is shorter than half a second. */
const leastSilenceMs = 500;
/** A day. */
const longestMs = 86_400_000;
