import { blockSamples, type Card, type CardDriver, type LineReading, type Port, type PortListener, type PortRefusal } from './contract.ts';
import type { PortCommand } from './port-command.ts';
import type { PortEvent } from './port-event.ts';
import type { PortSettingsChange } from './port-settings.ts';
import { companding } from './simulated/companding.ts';
import { goertzelPower } from './simulated/ear.ts';
import { amplitudeOf, rms0Dbm0 } from './twin/disturbance.ts';

/** A listener for tests: it keeps what it is told, sends a tone, and measures what it hears. */
export class PortRecorder implements PortListener {
  readonly port: Port;
  readonly events: PortEvent[] = [];
  blocks = 0;
  /** Heard since `forget`, linear. */
  readonly heard: number[] = [];
  #toneHz: number | null = null;
  #blocksToSend = 0;
  #levelDbm0 = -10;
  #sample = 0;

  constructor(port: Port) {
    this.port = port;
  }

  event(event: PortEvent): void {
    this.events.push(event);
  }

  audio(received: Uint8Array, send: Uint8Array): void {
    this.blocks++;
    const { encoded, decoded } = companding(this.port.settings.law);
    for (const octet of received) this.heard.push(decoded[octet]!);
    if (this.#toneHz === null || this.#blocksToSend-- <= 0) return;
    const peak = amplitudeOf(this.#levelDbm0) * Math.SQRT2;
    for (let n = 0; n < send.length; n++) send[n] = encoded[32_768 + Math.round(peak * Math.sin((2 * Math.PI * this.#toneHz * this.#sample++) / 8_000))]!;
  }

  /** For so many blocks; Infinity when absent. */
  sendTone(hz: number, { levelDbm0 = -10, blocks = Infinity }: { readonly levelDbm0?: number; readonly blocks?: number } = {}): void {
    this.#toneHz = hz;
    this.#levelDbm0 = levelDbm0;
    this.#blocksToSend = blocks;
  }

  sendSilence(): void {
    this.#toneHz = null;
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
