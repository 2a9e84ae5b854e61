import type { CallerIdResult, Presented } from './message.ts';

/** How a network writes caller ID in DTMF digits: code, digits, code, digits, …, end (ETS 300 659-1 annex C). */
export interface DtmfCallerIdPlan {
  /** Codes before the calling number; the first is sent, all are understood. */
  readonly number: readonly string[];
  /** Before the redirecting number. Where it is also a code of `number`, it means the number when it comes first. */
  readonly redirecting?: string;
  /** Before a reason why there is no number. */
  readonly information: string;
  readonly reasons: Readonly<Record<string, 'unavailable' | 'private'>>;
  /** What stands for a number that is not known. */
  readonly unknownNumber?: string;
  /** The first is sent. */
  readonly end: readonly string[];
}

export interface DtmfCallerId {
  readonly number: Presented;
  readonly redirectingNumber?: string;
}

export type DtmfCallerIdRefusal = {
  /** `start`, `end`: no such code; `digit`: none that belongs there; `reason`: of no known meaning; `length`: none or more than 20 digits. */
  readonly reason: 'start' | 'end' | 'digit' | 'reason' | 'length' | 'repeated' | 'no-number';
};

/** All digits of one transmission, with its codes. Never throws. */
export function decodeDtmfCallerId(digits: string, plan: DtmfCallerIdPlan): CallerIdResult<DtmfCallerId, DtmfCallerIdRefusal> {
  const end = digits.at(-1);
  if (end === undefined || !plan.end.includes(end)) return refuse('end');
  let number: Presented | undefined;
  let redirectingNumber: string | undefined;
  for (const { code, value } of fieldsOf(digits.slice(0, -1))) {
    if (code === '') return refuse('start');
    if (!isDecimal(value)) return refuse('digit');
    if (code === plan.information && value in plan.reasons) {
      if (number !== undefined) return refuse('repeated');
      number = { absent: plan.reasons[value]! };
    } else if (plan.number.includes(code) && (number === undefined || code !== plan.redirecting)) {
      if (number !== undefined) return refuse('repeated');
      if (value.length === 0 || value.length > 20) return refuse('length');
      number = value === plan.unknownNumber ? { absent: 'unavailable' } : { shown: value };
    } else if (code === plan.redirecting) {
      if (redirectingNumber !== undefined) return refuse('repeated');
      if (value.length === 0 || value.length > 20) return refuse('length');
      redirectingNumber = value;
    } else {
      return refuse(code === plan.information ? 'reason' : 'start');
    }
  }
  if (number === undefined) return refuse('no-number');
  return { ok: true, value: redirectingNumber === undefined ? { number } : { number, redirectingNumber } };
}

/** The digits to send. Refused: a number that is not made of 1 to 20 decimal digits, a reason the plan cannot tell. */
export function encodeDtmfCallerId({ number, redirectingNumber }: DtmfCallerId, plan: DtmfCallerIdPlan): CallerIdResult<string, DtmfCallerIdRefusal> {
  let digits: string;
  if ('shown' in number) {
    if (number.shown.length === 0 || number.shown.length > 20) return refuse('length');
    if (!isDecimal(number.shown)) return refuse('digit');
    digits = plan.number[0]! + number.shown;
  } else {
    const [reason] = Object.entries(plan.reasons).find(([, meaning]) => meaning === number.absent) ?? [];
    if (reason === undefined) return refuse('reason');
    digits = plan.information + reason;
  }
  if (redirectingNumber !== undefined) {
    if (plan.redirecting === undefined) return refuse('start');
    if (redirectingNumber.length === 0 || redirectingNumber.length > 20) return refuse('length');
    if (!isDecimal(redirectingNumber)) return refuse('digit');
    digits += plan.redirecting + redirectingNumber;
  }
  return { ok: true, value: digits + plan.end[0]! };
}

/**
 * Finds the transmission among the digits of a DTMF receiver. It begins with a code and ends with the end code; after a pause of
 * half a second (digits and pauses are some 70 ms each) what came before does not count.
 */
export class DtmfCallerIdAssembler {
  readonly #plan: DtmfCallerIdPlan;
  #digits = '';
  #lastMs = -Infinity;

  constructor(plan: DtmfCallerIdPlan) {
    this.#plan = plan;
  }

  reset(): void {
    this.#digits = '';
  }

  /** A digit and when it ended, by any clock. */
  push(digit: string, atMs: number): CallerIdResult<DtmfCallerId, DtmfCallerIdRefusal> | undefined {
    if (atMs - this.#lastMs > longestPauseMs || this.#digits.length >= longestTransmission) this.#digits = '';
    this.#lastMs = atMs;
    const isCode = this.#plan.number.includes(digit) || digit === this.#plan.information || digit === this.#plan.redirecting;
    if (this.#digits === '' && !isCode) return undefined;
    this.#digits += digit;
    if (!this.#plan.end.includes(digit)) return undefined;
    const result = decodeDtmfCallerId(this.#digits, this.#plan);
    this.#digits = '';
    return result;
  }
}

function fieldsOf(digits: string): readonly { readonly code: string; readonly value: string }[] {
  const fields: { code: string; value: string }[] = [];
  for (const digit of digits) {
    const last = fields.at(-1);
    if (digit >= 'A' && digit <= 'D') fields.push({ code: digit, value: '' });
    else if (last === undefined) fields.push({ code: '', value: digit });
    else last.value += digit;
  }
  return fields;
}

function isDecimal(text: string): boolean {
  for (const character of text) if (character < '0' || character > '9') return false;
  return true;
}

function refuse(reason: DtmfCallerIdRefusal['reason']): { readonly ok: false; readonly error: DtmfCallerIdRefusal } {
  return { ok: false, error: { reason } };
}

const longestPauseMs = 500;
/** Three fields of 20 digits, their codes and the end. */
const longestTransmission = 64;
