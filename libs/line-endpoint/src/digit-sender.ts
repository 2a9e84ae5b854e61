import type { PortLink } from './port-link.ts';

export interface DigitSound {
  readonly digitMs: number;
  readonly pauseMs: number;
  readonly levelDbm0: number;
}

/** DTMF towards a port, digit after digit: what comes while some are sent waits for its turn. */
export class DigitSender {
  readonly #link: PortLink;
  #waiting: { readonly digits: string; readonly sound: DigitSound; readonly ended: (() => void) | undefined }[] = [];
  #isSending = false;

  constructor(link: PortLink) {
    this.#link = link;
  }

  send(digits: string, sound: DigitSound, ended?: () => void): void {
    if (this.#waiting.length >= mostWaiting) return;
    this.#waiting.push({ digits, sound, ended });
    if (!this.#isSending) this.#next();
  }

  /** Something else is played, or nothing. */
  stop(): void {
    this.#waiting = [];
    this.#isSending = false;
  }

  #next(): void {
    const next = this.#waiting.shift();
    this.#isSending = next !== undefined;
    if (next === undefined) return;
    this.#link.play(
      [{ type: 'digits', digits: next.digits, ...next.sound }],
      () => {
        next.ended?.();
        if (this.#isSending) this.#next();
      },
      () => {
        if (this.#isSending) this.#next();
      },
    );
  }
}

/** More is no dialling. */
const mostWaiting = 64;
