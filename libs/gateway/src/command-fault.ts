import type { GatewayCommand, MediaMode, PayloadCodec, RemoteMedia } from './contract.ts';
import { type Fields, idFault, isBetween, isId, isObject, isWhole } from './fields.ts';
import { multicastFault } from './multicast.ts';
import { playerCommandFault } from './player-command-fault.ts';
import { digits, toneFault } from './tone-fault.ts';

/** Why a controller's line is no command of this protocol, in words for people; null: it is one. Never throws. */
export function commandFault(value: Fields): string | null {
  switch (value.do as GatewayCommand['do']) {
    case 'add':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? remoteFault(value.remote) ?? modeFault(value.mode) ?? localFault(value) ?? multicastFault(value.remote as RemoteMedia | undefined, (value.mode as MediaMode | undefined) ?? 'sendrecv');
    case 'modify':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? remoteFault(value.remote) ?? modeFault(value.mode);
    case 'topology':
      return idFault(value, 'context') ?? pairsFault(value.joined, 'joined') ?? (value.oneWay === undefined ? null : pairsFault(value.oneWay, 'oneWay'));
    case 'move':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? idFault(value, 'to') ?? (value.as === undefined ? null : idFault(value, 'as')) ?? (value.to === value.context ? 'to must be another context' : null);
    case 'attach':
      return idFault(value, 'context') ?? (typeof value.blob === 'string' ? null : 'blob must be a string');
    case 'subtract':
      return idFault(value, 'context') ?? idFault(value, 'termination');
    case 'release':
    case 'inspect':
      return idFault(value, 'context');
    case 'signal':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? signalFault(value.signal);
    case 'audit':
    case 'metrics':
    case 'simulator':
      return null;
    case 'simulate':
      return isObject(value.act) ? null : 'act must be an object';
    default:
      return playerCommandFault(value);
  }
}

function remoteFault(value: unknown): string | null {
  if (value === undefined) return null;
  if (!isObject(value)) return 'remote must be an object';
  const remote = value as Partial<RemoteMedia>;
  if (!isMediaAddress(remote.rtp)) return 'remote.rtp must be { address, port }';
  if (remote.rtcp !== undefined && !isMediaAddress(remote.rtcp)) return 'remote.rtcp must be { address, port }';
  if (remote.rtcpMux !== undefined && typeof remote.rtcpMux !== 'boolean') return 'remote.rtcpMux must be true or false';
  if (remote.multicastTtl !== undefined && !isWhole(remote.multicastTtl, 1, 255)) return 'remote.multicastTtl must be 1 to 255';
  if (!Array.isArray(remote.codecs) || remote.codecs.length > codecLimit) return `remote.codecs must be a list of at most ${codecLimit}`;
  return remote.codecs.every(isPayloadCodec) ? null : 'remote.codecs: each needs payloadType 0–127, name and clockRate';
}

function isMediaAddress(value: unknown): boolean {
  return isObject(value) && isAddress(value.address) && isPort(value.port);
}

/** An address literal by its characters; the socket layer says whether it is one. Names are not resolved here. */
function isAddress(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 2 || value.length > 45) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const digit = code >= 0x30 && code <= 0x3a; // 0–9 and ':'
    const hex = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66;
    if (!digit && !hex && code !== 0x2e) return false;
  }
  return true;
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65536;
}

function isPayloadCodec(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { payloadType, name, clockRate, channels, parameters } = value as Partial<PayloadCodec>;
  if (!Number.isInteger(payloadType) || (payloadType as number) < 0 || (payloadType as number) > 127) return false;
  if (typeof name !== 'string' || name.length === 0 || name.length > 64) return false;
  if (!Number.isInteger(clockRate) || (clockRate as number) < 1000 || (clockRate as number) > 384_000) return false;
  return (channels === undefined || Number.isInteger(channels)) && (parameters === undefined || typeof parameters === 'string');
}

function modeFault(value: unknown): string | null {
  return value === undefined || modes.includes(value as MediaMode) ? null : 'mode must be sendrecv, sendonly, recvonly or inactive';
}

function localFault(value: Fields): string | null {
  if (value.address !== undefined && !isAddress(value.address)) return 'address must be an IP address';
  if (value.local === undefined) return null;
  const port = isObject(value.local) ? value.local.rtpPort : undefined;
  // RFC 3550 11: RTP on an even port, RTCP on the next.
  return isPort(port) && (port as number) % 2 === 0 ? null : 'local.rtpPort must be an even port';
}

function pairsFault(value: unknown, name: 'joined' | 'oneWay'): string | null {
  if (!Array.isArray(value) || value.length > pairLimit) return `${name} must be a list of at most ${pairLimit} pairs`;
  const isPair = (pair: unknown): boolean => Array.isArray(pair) && pair.length === 2 && isId(pair[0]) && isId(pair[1]);
  return (value as unknown[]).every(isPair) ? null : `${name}: each must be a pair of terminations`;
}

function signalFault(value: unknown): string | null {
  if (!isObject(value)) return 'signal must be an object';
  if (value.type === 'silence') return null;
  if (value.type === 'tone') return toneFault(value.tone) ?? (isBetween(value.levelDbm0, -60, 0) ? null : 'signal.levelDbm0 must be -60 to 0');
  if (value.type !== 'digit') return 'signal.type must be digit, tone or silence';
  if (typeof value.digit !== 'string' || value.digit.length !== 1 || !digits.includes(value.digit)) return `signal.digit must be one of ${digits}`;
  return isBetween(value.durationMs, 40, 8000) ? null : 'signal.durationMs must be 40 to 8000';
}

const modes: readonly MediaMode[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const codecLimit = 32;
const pairLimit = 1024;
