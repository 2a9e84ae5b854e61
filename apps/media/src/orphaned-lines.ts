import type { Timer, Timers } from '@tipring/clock';
import type { PortName } from '@tipring/gateway';

/** Whom a port hears: an RTP end or a room, from which something comes or not, or another port. */
export type Partner = { readonly is: 'rtp'; readonly isHeard: boolean } | { readonly is: 'port'; readonly port: PortName };

export interface PortHook {
  readonly port: PortName;
  readonly kind: 'fxo' | 'fxs';
  readonly hook: 'off' | 'on';
  readonly sinceMs: number;
}

export interface OrphanedLinesSurroundings {
  hooks(): Iterable<PortHook>;
  /** None of a port that is in no context, or joined with nobody. */
  partnersOf(port: PortName): readonly Partner[];
  /** On hook and silent. */
  hangUp(port: PortName): void;
  stopRinging(port: PortName): void;
}

/**
 * Lines that nobody is left to hang up. Calls go on while no controller is there, which is a matter of seconds; but who hangs up
 * meanwhile tells it to nobody, and a line that is held off hook for nobody is blocked, and costs money, until somebody notices.
 * When no controller has come for `afterMs`, a line goes on hook that is joined with nobody alive: an RTP end from which something comes,
 * or a telephone that is off its hook. Two lines that were joined with each other end too: no one listens for their tones any more.
 * Telephones that ring stop ringing: nobody would take the call.
 */
export class OrphanedLines {
  readonly #afterMs: number;
  readonly #timers: Timers;
  readonly #around: OrphanedLinesSurroundings;
  #timer: Timer | null = null;

  /** `afterMs` 0: never. */
  constructor(afterMs: number, timers: Timers, around: OrphanedLinesSurroundings) {
    this.#afterMs = afterMs;
    this.#timers = timers;
    this.#around = around;
  }

  controllerCame(): void {
    this.#timer?.stop();
    this.#timer = null;
  }

  controllerLeft(): void {
    this.controllerCame();
    if (this.#afterMs > 0) this.#timer = this.#timers.start(this.#afterMs, () => this.#orphaned());
  }

  #orphaned(): void {
    for (const { port, kind, hook } of this.#around.hooks()) if (kind === 'fxs' && hook === 'on') this.#around.stopRinging(port);
    this.#look();
  }

  #look(): void {
    this.#timer = this.#timers.start(againMs, () => this.#look());
    const hooks = [...this.#around.hooks()];
    const telephones = new Map(hooks.flatMap((one) => (one.kind === 'fxs' ? [[one.port, one]] : [])));
    const isAlive = (partner: Partner): boolean => {
      if (partner.is === 'rtp') return partner.isHeard;
      const telephone = telephones.get(partner.port);
      // On hook for a moment only: a flash, a digit by pulses.
      return telephone !== undefined && (telephone.hook === 'off' || this.#timers.now() - telephone.sinceMs < flashMs);
    };
    for (const { port, kind, hook } of hooks) if (kind === 'fxo' && hook === 'off' && !this.#around.partnersOf(port).some(isAlive)) this.#around.hangUp(port);
  }
}

const againMs = 5_000;
const flashMs = 2_000;
