import {
  checksumOf,
  mdmfCallSetup,
  mdmfMessageWaiting,
  sdmfCallSetup,
  sdmfMessageWaiting,
  type CallerIdMessage,
  type CallerIdParity,
  type CallerIdRefusal,
  type CallerIdResult,
  type CallerIdTime,
  type ParameterProblem,
  type Presented,
} from './message.ts';
import { indicatorOff, indicatorOn, isNumber, longDistance, numberFields, octetFields, parameter, sdmfOff, sdmfOn, unavailable, withheld } from './parameters.ts';

/**
 * A whole message: type, length, content, checksum. Never throws: what is malformed is refused, with the reason. Unknown parameters
 * are kept as they are (EN 300 659-3 5.1).
 */
export function decodeCallerId(bytes: ArrayLike<number>, { parity = 'none' }: { readonly parity?: CallerIdParity } = {}): CallerIdResult<CallerIdMessage, CallerIdRefusal> {
  if (bytes.length < 3) return refuse({ reason: 'short' });
  const expected = bytes[1]! + 3;
  if (bytes.length !== expected) return refuse({ reason: 'length', expected, actual: bytes.length });
  if (checksumOf(bytes) !== 0) return refuse({ reason: 'checksum' });
  const content = Array.from(bytes).slice(2, -1);
  switch (bytes[0]) {
    case sdmfCallSetup:
      return sdmf(content, parity);
    case sdmfMessageWaiting:
      return sdmfWaiting(content);
    case mdmfCallSetup:
    case mdmfMessageWaiting:
      return mdmf(bytes[0], content, parity);
    default:
      return refuse({ reason: 'message-type', value: bytes[0]! });
  }
}

/** GR-30: eight digits of time, then the number, or one letter why there is none. */
function sdmf(content: readonly number[], parity: CallerIdParity): CallerIdResult<CallerIdMessage, CallerIdRefusal> {
  const plain = withoutParity(content, parity);
  if (plain === undefined) return refuse({ reason: 'parity' });
  const time = timeOf(plain.slice(0, 8));
  if (time === undefined) return refuseParameter(parameter.time, plain.length < 8 ? 'length' : 'value');
  const rest = plain.slice(8);
  const number: Presented | undefined = rest.length === 1 ? (absence(rest[0]!) ?? shownNumber(rest)) : shownNumber(rest);
  if (number === undefined) return refuseParameter(parameter.number, rest.length === 0 ? 'length' : 'characters');
  return { ok: true, value: { type: 'call-setup', format: 'sdmf', time, number } };
}

/** GR-1401: three octets, all the same. */
function sdmfWaiting(content: readonly number[]): CallerIdResult<CallerIdMessage, CallerIdRefusal> {
  if (content.length !== 3) return refuseParameter(parameter.indicator, 'length');
  const [first] = content;
  if ((first !== sdmfOn && first !== sdmfOff) || content.some((octet) => octet !== first)) return refuseParameter(parameter.indicator, 'value');
  return { ok: true, value: { type: 'message-waiting', format: 'sdmf', isWaiting: first === sdmfOn } };
}

/** What has been read so far; the fields of both message types. */
interface Fields {
  time?: CallerIdTime;
  number?: Presented;
  name?: Presented;
  calledNumber?: string;
  complementaryNumber?: string;
  firstCalledNumber?: string;
  redirectingNumber?: string;
  isLongDistance?: boolean;
  callType?: number;
  forwardingType?: number;
  callerType?: number;
  redirectionReason?: number;
  count?: number;
  isWaiting?: boolean;
  others?: { type: number; value: readonly number[] }[];
}

function mdmf(messageType: number, content: readonly number[], parity: CallerIdParity): CallerIdResult<CallerIdMessage, CallerIdRefusal> {
  const fields: Fields = {};
  const seen = new Set<number>();
  for (let at = 0; at < content.length; ) {
    const type = content[at]!;
    const length = content[at + 1];
    if (length === undefined || at + 2 + length > content.length) return refuseParameter(type, 'overrun');
    const value = content.slice(at + 2, at + 2 + length);
    at += 2 + length;
    const isKnown = known.has(type);
    if (isKnown && seen.has(type)) return refuseParameter(type, 'repeated');
    seen.add(type);
    const problem = isKnown ? readParameter(fields, type, value, parity) : keep(fields, type, value);
    if (problem === 'parity') return refuse({ reason: 'parity' });
    if (problem !== undefined) return refuseParameter(type, problem);
  }
  if (seen.has(parameter.number) && seen.has(parameter.numberAbsence)) return refuse({ reason: 'contradiction', parameter: parameter.number });
  if (seen.has(parameter.name) && seen.has(parameter.nameAbsence)) return refuse({ reason: 'contradiction', parameter: parameter.name });
  const { isWaiting, count, others, ...rest } = fields;
  const kept = others === undefined ? {} : { others };
  if (messageType === mdmfCallSetup) {
    // EN 300 659-3 5.2.1: the identity or the reason for its absence is mandatory. A name alone is let through.
    if (rest.number === undefined && rest.name === undefined) return refuse({ reason: 'missing', parameter: parameter.number });
    return { ok: true, value: { type: 'call-setup', format: 'mdmf', ...rest, ...kept } };
  }
  if (isWaiting === undefined) return refuse({ reason: 'missing', parameter: parameter.indicator });
  const { time, number, name } = rest;
  return {
    ok: true,
    value: {
      ...{ type: 'message-waiting', format: 'mdmf', isWaiting },
      ...(time && { time }),
      ...(number && { number }),
      ...(name && { name }),
      ...(count !== undefined && { count }),
      ...kept,
    },
  };
}

const known: ReadonlySet<number> = new Set(Object.values(parameter));

function keep(fields: Fields, type: number, value: readonly number[]): undefined {
  (fields.others ??= []).push({ type, value });
}

function readParameter(fields: Fields, type: number, value: readonly number[], parity: CallerIdParity): ParameterProblem | 'parity' | undefined {
  const octet = octetFields.find(([, its]) => its === type);
  if (octet !== undefined) {
    if (value.length !== 1) return 'length';
    fields[octet[0]] = value[0]!;
    return undefined;
  }
  if (type === parameter.indicator || type === parameter.count) return readIndicator(fields, type, value);
  const plain = withoutParity(value, parity);
  if (plain === undefined) return 'parity';
  const numberField = numberFields.find(([, its]) => its === type);
  if (numberField !== undefined || type === parameter.number) {
    const number = shownNumber(plain);
    if (number === undefined) return plain.length === 0 ? 'length' : 'characters';
    if (numberField === undefined) fields.number = number;
    else fields[numberField[0]] = number.shown;
    return undefined;
  }
  switch (type) {
    case parameter.time:
      if (plain.length !== 8) return 'length';
      fields.time = timeOf(plain);
      return fields.time === undefined ? 'value' : undefined;
    case parameter.name:
      if (plain.length === 0) return 'length';
      // ISO 646, and above it Latin-1 as networks use it; no control characters.
      if (plain.some((code) => code < 0x20 || (code >= 0x7f && code < 0xa0))) return 'characters';
      fields.name = { shown: String.fromCharCode(...plain) };
      return undefined;
    case parameter.qualifier:
      if (plain.length !== 1) return 'length';
      if (plain[0] !== longDistance) return 'value';
      fields.isLongDistance = true;
      return undefined;
    default: {
      if (plain.length !== 1) return 'length';
      const absent = absence(plain[0]!);
      if (absent === undefined) return 'value';
      // A contradiction is found after the loop, from the types seen.
      fields[type === parameter.numberAbsence ? 'number' : 'name'] = absent;
      return undefined;
    }
  }
}

function readIndicator(fields: Fields, type: number, value: readonly number[]): ParameterProblem | undefined {
  if (value.length !== 1) return 'length';
  if (type === parameter.count) {
    fields.count = value[0]!;
    return undefined;
  }
  if (value[0] !== indicatorOn && value[0] !== indicatorOff) return 'value';
  fields.isWaiting = value[0] === indicatorOn;
  return undefined;
}

function timeOf(characters: readonly number[]): CallerIdTime | undefined {
  if (characters.length !== 8 || characters.some((code) => code < 0x30 || code > 0x39)) return undefined;
  const [month, day, hour, minute] = [0, 2, 4, 6].map((at) => (characters[at]! - 0x30) * 10 + characters[at + 1]! - 0x30) as [number, number, number, number];
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59;
  return exists ? { month, day, hour, minute } : undefined;
}

function shownNumber(characters: readonly number[]): { readonly shown: string } | undefined {
  const shown = String.fromCharCode(...characters);
  return isNumber(shown) ? { shown } : undefined;
}

function absence(letter: number): { readonly absent: 'unavailable' | 'private' } | undefined {
  if (letter === unavailable) return { absent: 'unavailable' };
  return letter === withheld ? { absent: 'private' } : undefined;
}

function withoutParity(characters: readonly number[], parity: CallerIdParity): readonly number[] | undefined {
  if (parity === 'none') return characters;
  const wanted = parity === 'odd' ? 1 : 0;
  if (parity !== 'ignored' && characters.some((code) => parityOf(code) !== wanted)) return undefined;
  return characters.map((code) => code & 0x7f);
}

/** 1 when the octet has an odd number of ones. */
export function parityOf(octet: number): 0 | 1 {
  let bits = octet ^ (octet >> 4);
  bits ^= bits >> 2;
  return ((bits ^ (bits >> 1)) & 1) as 0 | 1;
}

function refuse(error: CallerIdRefusal): { readonly ok: false; readonly error: CallerIdRefusal } {
  return { ok: false, error };
}

function refuseParameter(type: number, problem: ParameterProblem): { readonly ok: false; readonly error: CallerIdRefusal } {
  return refuse({ reason: 'parameter', parameter: type, problem });
}
