import { type LearnedTone, ToneLearner, ToneSet, type WatchedTone } from '@tipring/dsp';
import type { PortHappening } from '@tipring/gateway';
import type { PortDsp } from './port-dsp.ts';

/** What tones a line gives: each when it is recognised and with each further cycle, its end, and cadences that nobody described. */
export class ToneWatch {
  readonly #bank: PortDsp;
  readonly #channel: number;
  readonly #tell: (is: PortHappening) => void;
  readonly #learner = new ToneLearner();
  #set = new ToneSet([]);
  #continuous: ReadonlySet<string> = new Set();
  #told: { readonly id: string; readonly cycles: number } | null = null;

  constructor(bank: PortDsp, channel: number, tell: (is: PortHappening) => void) {
    this.#bank = bank;
    this.#channel = channel;
    this.#tell = tell;
  }

  /** Forgets what it heard. */
  begin(tones: readonly WatchedTone[]): void {
    this.#set = new ToneSet(tones);
    this.#continuous = new Set(tones.filter(({ tone }) => tone.segments[tone.repeatFrom ?? 0]?.durationMs === null).map(({ id }) => id));
    this.#bank.detectors.watch(this.#channel, this.#set);
    this.#learner.reset();
    this.#told = null;
  }

  /** What is heard already is told anew. */
  tellAnew(): void {
    this.#told = null;
  }

  /** After the analyzers heard the block. `tells`: tones; `learns`: also unknown ones. */
  hear(tells: boolean, learns: boolean): void {
    const { detectors } = this.#bank;
    detectors.listen(this.#channel);
    const current = detectors.current(this.#channel);
    if (tells) this.#compare(current);
    const learned = learns && this.#bank.analyzers.hasFrame(this.#channel) ? this.#learner.learn(detectors.history(this.#channel)) : null;
    if (learned !== null && current === null) this.#tell({ type: 'toneLearned', learned: withoutTime(learned) });
  }

  /** Whether what is heard now is a tone, known or not. */
  get hearsTone(): boolean {
    const { detectors } = this.#bank;
    if (detectors.current(this.#channel) !== null) return true;
    const history = detectors.history(this.#channel);
    const sound = history.sound(history.ready);
    return sound.steadyTone;
  }

  #compare(current: ReturnType<PortDsp['detectors']['current']>): void {
    const told = this.#told;
    if (told !== null && told.id !== current?.id) {
      this.#told = null;
      this.#tell({ type: 'toneEnded', id: told.id });
    }
    if (current === null) return;
    const cycles = Math.floor(current.cycles);
    if (told !== null && told.id === current.id && cycles <= told.cycles) return;
    this.#told = { id: current.id, cycles };
    const { id, confidence } = current;
    const isContinuous = cycles === 1 && this.#continuous.has(id);
    const history = this.#bank.detectors.history(this.#channel);
    const lasted = isContinuous ? { lastedMs: Math.round(history.lengthOf(history.sound(history.ready)) / 8) } : {};
    this.#tell({ type: 'tone', tone: { id, confidence, cycles: current.cycles }, isContinuous, levelDbm0: this.#levelDbm0(), ...lasted });
  }

  /** Of its last sound: what is heard now may be a pause. */
  #levelDbm0(): number {
    const history = this.#bank.detectors.history(this.#channel);
    for (let back = 0; back <= 3 && back <= history.ready; back++) {
      const sound = history.sound(history.ready - back);
      if (sound.steadyTone && sound.power > 0) return Math.round(100 * Math.log10(sound.power)) / 10;
    }
    return -150;
  }
}

function withoutTime({ tone, levelDbm0, confidence, cycles }: LearnedTone): Omit<LearnedTone, 'atSample'> {
  return { tone, levelDbm0, confidence, cycles };
}
