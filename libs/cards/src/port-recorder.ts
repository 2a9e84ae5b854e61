import { blockSamples, type Card, type CardDriver, type LineReading, type Port, type PortListener, type PortRefusal } from './contract.ts';
import type { PortCommand } from './port-command.ts';
import type { PortEvent } from './port-event.ts';
import type { PortSettingsChange } from './port-settings.ts';
import { companding } from './simulated/companding.ts';
import { goertzelPower } from './simulated/ear.ts';
import { Mouth } from './simulated/mouth.ts';
import { rms0Dbm0 } from './twin/disturbance.ts';

/** A listener for tests: it keeps what it is told, sends what it is asked to, and measures what it hears. */
export class PortRecorder implements PortListener {
  readonly port: Port;
  readonly events: PortEvent[] = [];
  blocks = 0;
  /** Within each block, before it is heard. */
  onAudio: (() => void) | null = null;
  /** Heard since `forget`, linear. */
  readonly heard: number[] = [];
  /** What it sends. */
  readonly mouth = new Mouth();
  readonly #sending = new Float32Array(blockSamples);

  constructor(port: Port) {
    this.port = port;
  }

  event(event: PortEvent): void {
    this.events.push(event);
  }

  audio(received: Uint8Array, send: Uint8Array): void {
    this.onAudio?.();
    this.blocks++;
    const { encoded, decoded } = companding(this.port.settings.law);
    for (const octet of received) this.heard.push(decoded[octet]!);
    this.mouth.add(this.#sending.fill(0));
    for (let n = 0; n < send.length; n++) send[n] = encoded[32_768 + Math.round(this.#sending[n]!)]!;
  }

  /** For so long; for ever when absent. */
  sendTone(hz: number, { levelDbm0 = -10, ms = null }: { readonly levelDbm0?: number; readonly ms?: number | null } = {}): void {
    this.mouth.play({ segments: [{ frequenciesHz: [hz], durationMs: ms }], repeatFrom: null }, levelDbm0);
  }

  forget(): void {
    this.events.length = 0;
    this.heard.length = 0;
    this.blocks = 0;
  }

  /** Of the last 200 ms. */
  toneDbm0(hz: number): number {
    return 10 * Math.log10(goertzelPower(Float32Array.from(this.heard.slice(-10 * blockSamples)), hz) / rms0Dbm0 ** 2);
  }

  of<T extends PortEvent['type']>(type: T): Extract<PortEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<PortEvent, { type: T }> => event.type === type);
  }

  open(): Promise<string> {
    return answer((done) => this.port.open(this, done));
  }

  send(command: PortCommand): Promise<string> {
    return answer((done) => this.port.send(command, done));
  }

  configure(change: PortSettingsChange): Promise<string> {
    return answer((done) => this.port.configure(change, done));
  }

  measure(): Promise<LineReading | null> {
    return new Promise((resolve) => this.port.measure(resolve));
  }
}

export function cardsOf(driver: CardDriver): Promise<readonly Card[]> {
  return new Promise((resolve) => driver.discover(resolve));
}

/** `done`, or the code of the refusal. */
function answer(ask: (done: (refusal: PortRefusal | null) => void) => void): Promise<string> {
  return new Promise((resolve) => ask((refusal) => resolve(refusal?.code ?? 'done')));
}
