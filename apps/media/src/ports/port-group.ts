import { lanes, type LevelReading } from '@tipring/dsp';
import type { PortChannel } from './port-channel.ts';
import type { EchoTail, PortDsp } from './port-dsp.ts';
import type { GroupHeard } from './port-ears.ts';

/** Four neighbouring ports of a card: the lanes of a vector, worked on together once all that are open have received a block. */
export class PortGroup {
  readonly index: number;
  readonly #bank: PortDsp;
  readonly #lanes: (PortChannel | null)[] = Array.from({ length: lanes }, () => null);
  readonly #heard: GroupHeard = { digits: 0, fax: 0, farFax: 0, alerts: 0 };
  #open = 0;
  /** Lanes whose block came. */
  #came = 0;
  /** What the lanes need, taken together. */
  #tails: readonly EchoTail[] = [];
  #needs = { digits: false, tones: false, fax: false, alerts: false, voice: false };
  #isAmplified = false;
  #isReduced = false;
  #isLevelled = false;
  #blocks = 0;
  readonly #formerLevels: (PortLevels | null)[] = Array.from({ length: lanes }, () => null);

  constructor(bank: PortDsp, index: number) {
    this.#bank = bank;
    this.index = index;
  }

  get isEmpty(): boolean {
    return this.#open === 0;
  }

  seat(lane: number, channel: PortChannel | null): void {
    this.#lanes[lane] = channel;
    this.#open = channel === null ? this.#open & ~(1 << lane) : this.#open | (1 << lane);
    this.#came &= this.#open;
    this.plan();
  }

  /** What a lane needs is another now. */
  plan(): void {
    const open = this.#lanes.filter((channel) => channel !== null);
    const treatments = open.map(({ treatment }) => treatment);
    const needs = open.map(({ ears }) => ears.needs);
    this.#tails = [...new Set(open.flatMap(({ echoTail }) => echoTail ?? []))];
    const some = (need: keyof (typeof needs)[number]): boolean => needs.some((its) => its[need]);
    this.#needs = { digits: some('digits'), tones: some('tones'), fax: some('fax'), alerts: some('alerts'), voice: some('voice') };
    this.#isAmplified = treatments.some(({ receiveGainDb }) => receiveGainDb !== 0);
    this.#isReduced = treatments.some(({ noiseReduction }) => noiseReduction);
    this.#isLevelled = treatments.some(({ automaticGain }) => automaticGain);
  }

  /** Before a lane takes another block: the one of before is worked on without those that did not come. */
  next(lane: number): void {
    if ((this.#came & (1 << lane)) !== 0) this.#process();
  }

  came(lane: number): void {
    this.#came |= 1 << lane;
    if (this.#came === this.#open) this.#process();
  }

  #process(): void {
    const bank = this.#bank;
    const { index } = this;
    const heard = this.#heard;
    for (let lane = 0; lane < lanes; lane++) {
      if ((this.#came & (1 << lane)) !== 0) this.#lanes[lane]!.prepare();
      else this.#silence(index * lanes + lane);
    }
    bank.hum.process(index, bank.received);
    this.#cancel();
    const needs = this.#needs;
    heard.digits = needs.digits ? bank.digits.process(index, bank.received) : 0;
    if (needs.tones) bank.analyzers.process(index, bank.received);
    heard.fax = needs.fax ? bank.fax.process(index, bank.received) : 0;
    heard.farFax = needs.fax ? bank.farFax.process(index, bank.fromLink) : 0;
    heard.alerts = needs.alerts ? bank.alerts.process(index, bank.received) : 0;
    if (needs.voice) {
      bank.voice.process(index, bank.received);
      bank.farVoice.process(index, bank.fromLink);
    }
    const came = this.#came;
    this.#came = 0;
    for (let lane = 0; lane < lanes; lane++) if ((came & (1 << lane)) !== 0) this.#lanes[lane]?.hear(heard);
    if (this.#isAmplified) bank.gains.process(index, bank.received);
    if (this.#isReduced) bank.noise.process(index, bank.received);
    if (this.#isLevelled) bank.automaticGains.process(index, bank.received);
    bank.receivedLevels.push(index, bank.received);
    bank.sentLevels.push(index, bank.toLine);
    if (++this.#blocks === levelBlocks) this.#keepLevels();
    for (let lane = 0; lane < lanes; lane++) if ((came & (1 << lane)) !== 0) this.#lanes[lane]?.pass();
  }

  #cancel(): void {
    const { cancelled, received, reference } = this.#bank;
    for (let n = 0; n < this.#tails.length; n++) {
      const tailMs = this.#tails[n]!;
      this.#bank.cancellers(tailMs).process(this.index, reference, received, cancelled);
      for (let lane = 0; lane < lanes; lane++) {
        const row = this.index * lanes + lane;
        if (this.#lanes[lane]?.echoTail === tailMs) received.row(row).set(cancelled.row(row));
      }
    }
  }

  /** A lane without a port, or whose block did not come. */
  #silence(row: number): void {
    const { received, reference, fromLink, toLine } = this.#bank;
    received.row(row).fill(0);
    reference.row(row).fill(0);
    fromLink.row(row).fill(0);
    toLine.row(row).fill(0);
  }

  /** Of the last ten seconds at most. Where the present ones have just begun, those of before. */
  takeLevels(lane: number): PortLevels {
    const levels = this.#take(lane);
    const former = this.#formerLevels[lane]!;
    this.#formerLevels[lane] = null;
    return former !== null && levels.received.samples < fewSamples ? former : levels;
  }

  #keepLevels(): void {
    this.#blocks = 0;
    for (let lane = 0; lane < lanes; lane++) if (this.#lanes[lane] !== null) this.#formerLevels[lane] = this.#take(lane);
  }

  #take(lane: number): PortLevels {
    const channel = this.index * lanes + lane;
    return { received: this.#bank.receivedLevels.take(channel), sent: this.#bank.sentLevels.take(channel) };
  }
}

export interface PortLevels {
  readonly received: LevelReading;
  readonly sent: LevelReading;
}

/** Ten seconds. */
const levelBlocks = 500;
/** One second. */
const fewSamples = 8_000;
