import type { Timer, Timers } from '@tipring/clock';
import type { PortMeasurement, PortName } from '@tipring/gateway';
import type { PortGateway } from './line-endpoints-ports.ts';

/** What was measured at a port while it was in a call, for the call's story; levels in dBm0, null: not measured. Plain JSON. */
export interface CallMeasurement {
  /** How often it was measured. */
  readonly measured: number;
  /** The loudest seconds from the line and to the line. */
  readonly receivedDbm0: number;
  readonly sentDbm0: number;
  /** Samples at full scale, of all seconds that were measured. */
  readonly clipped: number;
  readonly humDbm0: number | null;
  readonly mainsHz: number | null;
  /** Of the echo canceller, once it has converged. */
  readonly erlDb: number | null;
  readonly erleDb: number | null;
  readonly loopMa: number | null;
}

/** Measures a port now and then while its call is up. One timer, and a command to the gateway each time. */
export class PortMeasuring {
  readonly #gateway: PortGateway;
  readonly #port: PortName;
  readonly #timers: Timers;
  readonly #isUp: () => boolean;
  #timer: Timer | undefined;
  #isOver = false;
  #found: CallMeasurement | null = null;

  /** `isUp`: the port is in the call, and both sides may be heard. */
  constructor(gateway: PortGateway, port: PortName, timers: Timers, isUp: () => boolean) {
    this.#gateway = gateway;
    this.#port = port;
    this.#timers = timers;
    this.#isUp = isUp;
    this.#wait(firstMs);
  }

  /** Nothing is measured any more. @returns what was; null: nothing, the call was too short */
  end(): CallMeasurement | null {
    this.#isOver = true;
    this.#timer?.stop();
    this.#timer = undefined;
    return this.#found;
  }

  #wait(ms: number): void {
    this.#timer = this.#timers.start(ms, () => {
      if (this.#isOver) return;
      if (this.#isUp()) this.#gateway.send({ do: 'measurePort', port: this.#port }, (measurement) => measurement !== null && this.#take(measurement));
      this.#wait(furtherMs);
    });
  }

  #take({ line, received, sent, hum, echo }: PortMeasurement): void {
    // Asked for in the call and answered after it: of the next.
    if (this.#isOver) return;
    const before = this.#found;
    // What was spoken before the call was up is in the first of them.
    const isConverged = echo !== null && echo.isConverged && !echo.isDisabled;
    this.#found = {
      measured: (before?.measured ?? 0) + 1,
      receivedDbm0: loudest(before?.receivedDbm0, received.rmsDbm0),
      sentDbm0: loudest(before?.sentDbm0, sent.rmsDbm0),
      clipped: (before?.clipped ?? 0) + received.clippedSamples,
      humDbm0: hum === null || hum.mainsHz === null ? (before?.humDbm0 ?? null) : tenth(hum.levelDbm0),
      mainsHz: hum?.mainsHz ?? before?.mainsHz ?? null,
      erlDb: isConverged ? tenth(echo.erlDb) : (before?.erlDb ?? null),
      erleDb: isConverged ? tenth(echo.erleDb) : (before?.erleDb ?? null),
      loopMa: line.loopMilliamps === null ? (before?.loopMa ?? null) : tenth(line.loopMilliamps),
    };
  }
}

function loudest(before: number | undefined, now: number): number {
  return Math.max(before ?? -Infinity, tenth(now));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

const firstMs = 3_000;
const furtherMs = 5_000;
