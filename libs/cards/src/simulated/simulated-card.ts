import type { Timer, Timers } from '@tipring/clock';
import { blockMs, type Card } from '../contract.ts';
import type { SimulatedPort } from './simulated-port.ts';

/** A card and its clock, which drives the audio of all its ports. */
export class SimulatedCard implements Card {
  readonly serial: string;
  readonly identity = 'serial';
  readonly vendor = 'Tipring';
  readonly model: string;
  readonly firmware = '1.0';
  readonly slot: string | null;
  readonly ports: readonly SimulatedPort[];
  readonly #timers: Timers;
  #ppm: number;
  #periodMs: number;
  /** Made once: it is asked for fifty times a second. */
  readonly #expired = (): void => this.#tick();
  #nextMs: number;
  #timer: Timer;

  /** `ppm`: how much too fast its clock is. */
  constructor(timers: Timers, serial: string, ports: readonly SimulatedPort[], { slot, ppm }: { readonly slot: string | null; readonly ppm: number }) {
    this.#timers = timers;
    this.serial = serial;
    this.ports = ports;
    this.slot = slot;
    this.model = `Line twin, ${ports.filter(({ kind }) => kind === 'fxo').length} FXO, ${ports.filter(({ kind }) => kind === 'fxs').length} FXS`;
    this.#ppm = ppm;
    this.#periodMs = periodOf(ppm);
    this.#nextMs = timers.now() + this.#periodMs;
    this.#timer = this.#wait();
  }

  get ppm(): number {
    return this.#ppm;
  }

  /** From the block on that goes now. */
  setDrift(ppm: number): void {
    this.#ppm = ppm;
    this.#periodMs = periodOf(ppm);
  }

  pull(): void {
    this.#timer.stop();
    for (const port of this.ports) port.vanish();
  }

  stop(): void {
    this.#timer.stop();
    for (const port of this.ports) port.close();
  }

  #wait(): Timer {
    return this.#timers.start(Math.max(0, this.#nextMs - this.#timers.now()), this.#expired);
  }

  /** What is late is made up for, as far as a card's buffer reaches. */
  #tick(): void {
    const late = Math.floor((this.#timers.now() - this.#nextMs) / this.#periodMs);
    if (late > bufferBlocks) {
      for (const port of this.ports) port.lose(late - bufferBlocks);
      this.#nextMs += (late - bufferBlocks) * this.#periodMs;
    }
    for (; this.#nextMs <= this.#timers.now(); this.#nextMs += this.#periodMs) for (const port of this.ports) port.tick(this.#nextMs);
    this.#timer = this.#wait();
  }
}

function periodOf(ppm: number): number {
  return blockMs / (1 + ppm / 1e6);
}

const bufferBlocks = 8;
