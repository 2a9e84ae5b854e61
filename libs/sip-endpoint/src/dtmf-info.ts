/** Digits in SIP INFO, as phones send them: application/dtmf-relay (`Signal=5`, `Duration=160`) and application/dtmf (the digit alone). */
export interface InfoDigit {
  readonly digit: string;
  readonly durationMs: number;
}

/** undefined: another content type, or not a digit (0–9, *, #, A–D; 10 and 11 stand for * and #). */
export function readDigit(contentType: string, body: string): InfoDigit | undefined {
  const end = contentType.indexOf(';');
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  if (body.length > LONGEST_BODY) return undefined;
  if (type === 'application/dtmf') return withDuration(digitOf(body.trim()), undefined);
  if (type !== 'application/dtmf-relay') return undefined;
  let digit: string | undefined;
  let duration: number | undefined;
  for (const line of body.split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 0) continue;
    const name = line.slice(0, equals).trim().toLowerCase();
    const value = line.slice(equals + 1).trim();
    if (name === 'signal') digit = digitOf(value);
    if (name === 'duration') duration = Number(value);
  }
  return withDuration(digit, duration);
}

/** The body of an application/dtmf-relay INFO. */
export function writeDigit({ digit, durationMs }: InfoDigit): string {
  return `Signal=${digit}\r\nDuration=${Math.round(durationMs)}\r\n`;
}

export const DTMF_RELAY = 'application/dtmf-relay';

function digitOf(text: string): string | undefined {
  if (text === '10') return '*';
  if (text === '11') return '#';
  const digit = text.toUpperCase();
  return digit.length === 1 && '0123456789*#ABCD'.includes(digit) ? digit : undefined;
}

function withDuration(digit: string | undefined, durationMs: number | undefined): InfoDigit | undefined {
  if (digit === undefined) return undefined;
  return { digit, durationMs: durationMs !== undefined && durationMs >= 40 && durationMs <= 8000 ? durationMs : USUAL_MS };
}

const LONGEST_BODY = 256;
const USUAL_MS = 160;
