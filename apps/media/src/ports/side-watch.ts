import type { PortHappening } from '@tipring/gateway';

/** Tells when a side has been silent for long, and when it is heard again. */
export class SilenceWatch {
  readonly #side: 'line' | 'far';
  readonly #tell: (is: PortHappening) => void;
  #silentMs = 0;
  #told = false;

  constructor(side: 'line' | 'far', tell: (is: PortHappening) => void) {
    this.#side = side;
    this.#tell = tell;
  }

  begin(): void {
    this.#silentMs = 0;
    this.#told = false;
  }

  /** 20 ms more; `limitMs` 0: never told. */
  hear(isHeard: boolean, limitMs: number): void {
    if (isHeard) {
      if (this.#told) this.#tell({ type: 'heard', side: this.#side });
      this.begin();
      return;
    }
    this.#silentMs += blockMs;
    if (this.#told || limitMs === 0 || this.#silentMs < limitMs) return;
    this.#told = true;
    this.#tell({ type: 'silent', side: this.#side, silentMs: this.#silentMs });
  }
}

/** Tells speech and music from tones and digits: what is active for a quarter of a second in which no tone was found. */
export class VoiceWatch {
  readonly #tell: (is: PortHappening) => void;
  #heardMs = 0;
  #silentMs = 0;
  #told = false;

  constructor(tell: (is: PortHappening) => void) {
    this.#tell = tell;
  }

  begin(): void {
    this.#heardMs = this.#silentMs = 0;
    this.#told = false;
  }

  /** 20 ms more. */
  hear(what: 'voice' | 'tone' | 'nothing'): void {
    if (what === 'voice') {
      this.#heardMs = Math.min(mostMs, this.#heardMs + blockMs);
      this.#silentMs = 0;
      if (!this.#told && this.#heardMs >= certainMs) this.#say('voice', true);
      return;
    }
    this.#heardMs = what === 'tone' ? 0 : Math.max(0, this.#heardMs - blockMs);
    this.#silentMs += blockMs;
    if (this.#told && this.#silentMs >= endedMs) this.#say('voiceEnded', false);
  }

  #say(type: 'voice' | 'voiceEnded', told: boolean): void {
    this.#told = told;
    this.#tell({ type });
  }
}

const blockMs = 20;
/** A tone is known as one after 130 ms, and after 180 ms where it follows another. */
const certainMs = 260;
const mostMs = 400;
/** Beside the 200 ms for which voice activity hangs on. */
const endedMs = 300;
