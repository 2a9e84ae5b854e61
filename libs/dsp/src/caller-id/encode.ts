import { parityOf } from './decode.ts';
import { checksumOf, mdmfCallSetup, mdmfMessageWaiting, sdmfCallSetup, sdmfMessageWaiting, type CallerIdMessage, type CallerIdParity, type CallerIdResult, type CallerIdTime, type Presented } from './message.ts';
import { indicatorOff, indicatorOn, isNumber, longDistance, numberFields, octetFields, parameter, sdmfOff, sdmfOn, unavailable, withheld } from './parameters.ts';

/** What cannot be sent: the field, or 'message' when it is too long as a whole. */
export interface CallerIdUnsendable {
  readonly field: string;
  readonly problem: 'missing' | 'characters' | 'length' | 'value';
}

export interface CallerIdEncoding {
  readonly parity?: CallerIdParity;
  /** Names are cut to this. Default 15, which every telephone shows; ETSI allows 50. */
  readonly nameLength?: number;
}

/**
 * Type, length, content, checksum: what FskSender sends. A name is cut and brought into Latin-1 (without its accents where that is
 * not enough, '?' for the rest); anything else that does not fit is refused. Parameters go in the order of their types.
 */
export function encodeCallerId(message: CallerIdMessage, { parity = 'none', nameLength = 15 }: CallerIdEncoding = {}): CallerIdResult<Uint8Array, CallerIdUnsendable> {
  const writer = new MessageWriter(parity, nameLength);
  if (message.format === 'sdmf') sdmf(writer, message);
  else mdmf(writer, message);
  return writer.finish(messageType(message));
}

function messageType({ type, format }: CallerIdMessage): number {
  if (format === 'sdmf') return type === 'call-setup' ? sdmfCallSetup : sdmfMessageWaiting;
  return type === 'call-setup' ? mdmfCallSetup : mdmfMessageWaiting;
}

function sdmf(writer: MessageWriter, message: CallerIdMessage): void {
  if (message.type === 'message-waiting') {
    const octet = message.isWaiting ? sdmfOn : sdmfOff;
    return writer.raw([octet, octet, octet]);
  }
  if (message.time === undefined) return writer.refuse('time', 'missing');
  if (message.number === undefined) return writer.refuse('number', 'missing');
  writer.text('time', timeText(message.time));
  if ('absent' in message.number) writer.text('number', String.fromCharCode(absence(message.number.absent)));
  else writer.number('number', message.number.shown);
}

function mdmf(writer: MessageWriter, message: CallerIdMessage): void {
  if (message.time !== undefined) writer.parameter(parameter.time, () => writer.text('time', timeText(message.time!)));
  if (message.type === 'call-setup' && message.number === undefined && message.name === undefined) writer.refuse('number', 'missing');
  presented(writer, 'number', message.number, parameter.number, parameter.numberAbsence);
  presented(writer, 'name', message.name, parameter.name, parameter.nameAbsence);
  if (message.type === 'message-waiting') {
    writer.parameter(parameter.indicator, () => writer.raw([message.isWaiting ? indicatorOn : indicatorOff]));
    if (message.count !== undefined) writer.parameter(parameter.count, () => writer.octet('count', message.count!));
  } else {
    for (const [field, type] of numberFields) if (message[field] !== undefined) writer.parameter(type, () => writer.number(field, message[field]!));
    for (const [field, type] of octetFields) if (message[field] !== undefined) writer.parameter(type, () => writer.octet(field, message[field]!));
    if (message.isLongDistance === true) writer.parameter(parameter.qualifier, () => writer.text('isLongDistance', String.fromCharCode(longDistance)));
  }
  for (const { type, value } of message.others ?? []) {
    writer.parameter(type, () => {
      for (const octet of value) writer.octet('others', octet);
    });
  }
}

function presented(writer: MessageWriter, field: 'number' | 'name', value: Presented | undefined, type: number, absenceType: number): void {
  if (value === undefined) return;
  if ('absent' in value) writer.parameter(absenceType, () => writer.text(field, String.fromCharCode(absence(value.absent))));
  else writer.parameter(type, () => (field === 'number' ? writer.number(field, value.shown) : writer.name(value.shown)));
}

function absence(reason: 'unavailable' | 'private'): number {
  return reason === 'unavailable' ? unavailable : withheld;
}

function timeText({ month, day, hour, minute }: CallerIdTime): string | undefined {
  const isWithin = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;
  if (!isWithin(month, 1, 12) || !isWithin(day, 1, 31) || !isWithin(hour, 0, 23) || !isWithin(minute, 0, 59)) return undefined;
  return [month, day, hour, minute].map((value) => String(value).padStart(2, '0')).join('');
}

/** Collects content; the first refusal holds. */
class MessageWriter {
  readonly #parity: CallerIdParity;
  readonly #nameLength: number;
  readonly #parameters: { readonly type: number; readonly value: readonly number[] }[] = [];
  #content: number[] = [];
  #refused: CallerIdUnsendable | undefined;

  constructor(parity: CallerIdParity, nameLength: number) {
    this.#parity = parity;
    this.#nameLength = nameLength;
  }

  refuse(field: string, problem: CallerIdUnsendable['problem']): void {
    this.#refused ??= { field, problem };
  }

  raw(octets: readonly number[]): void {
    this.#content.push(...octets);
  }

  octet(field: string, value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 255) return this.refuse(field, 'value');
    this.#content.push(value);
  }

  text(field: string, text: string | undefined): void {
    if (text === undefined) return this.refuse(field, 'value');
    for (const character of text) this.#content.push(this.#withParity(character.charCodeAt(0)));
  }

  /** At most 20 digits: EN 300 659-3 5.4. */
  number(field: string, text: string): void {
    if (text.length > 20) return this.refuse(field, 'length');
    if (!isNumber(text)) return this.refuse(field, 'characters');
    this.text(field, text);
  }

  name(text: string): void {
    const most = this.#parity === 'none' ? 0xff : 0x7e;
    const letters = Array.from(text.normalize('NFC'), (character) => {
      const [letter] = character.codePointAt(0)! <= most ? character : character.normalize('NFD');
      const code = letter!.codePointAt(0)!;
      return code > most || code < 0x20 || (code >= 0x7f && code < 0xa0) ? '?' : letter!;
    });
    if (letters.length === 0) return this.refuse('name', 'length');
    this.text('name', letters.slice(0, this.#nameLength).join(''));
  }

  /** What `write` adds becomes one parameter. */
  parameter(type: number, write: () => void): void {
    const before = this.#content;
    this.#content = [];
    write();
    if (!Number.isInteger(type) || type < 0 || type > 255) this.refuse('others', 'value');
    this.#parameters.push({ type, value: this.#content });
    this.#content = before;
  }

  finish(messageType: number): CallerIdResult<Uint8Array, CallerIdUnsendable> {
    for (const { type, value } of this.#parameters.sort((a, b) => a.type - b.type)) this.#content.push(type, value.length, ...value);
    if (this.#content.length > 255) this.refuse('message', 'length');
    if (this.#refused !== undefined) return { ok: false, error: this.#refused };
    const bytes = [messageType, this.#content.length, ...this.#content];
    return { ok: true, value: Uint8Array.of(...bytes, checksumOf(bytes)) };
  }

  #withParity(code: number): number {
    if (this.#parity !== 'even' && this.#parity !== 'odd') return code;
    const wanted = this.#parity === 'odd' ? 1 : 0;
    return parityOf(code & 0x7f) === wanted ? code & 0x7f : code | 0x80;
  }
}
