import type { Timer, Timers } from '@tipring/clock';
import type { Tone } from '@tipring/dsp';
import type { RingCadence } from '../port-command.ts';
import type { Feed } from '../twin/dc-loop.ts';
import type { ImpedanceName } from '../twin/impedance.ts';
import { deadLine, type EndCircuit, type LineEnd, type LinePlug } from '../twin/line-end.ts';
import type { RingSource } from '../twin/ringing.ts';
import { Ear } from './ear.ts';
import { HookReader, type HookReading } from './hook-reader.ts';
import { Mouth } from './mouth.ts';

export interface CentralOfficeSettings {
  readonly feed?: Feed;
  readonly ringSource?: RingSource;
  readonly impedance?: ImpedanceName;
  /** Played when the line is seized; null: this line never gives one. */
  readonly dialTone?: Tone | null;
  readonly dialToneAfterMs?: number;
  /** How long a loop that was open must be closed until that is seen. */
  readonly seizureMs?: number;
  readonly toneLevelDbm0?: number;
  /** Whether it takes pulses as digits. */
  readonly pulses?: 'taken' | 'ignored';
}

export type OfficeEvent = { readonly type: 'seized' } | { readonly type: 'answered' } | { readonly type: 'digit'; readonly digit: string; readonly by: 'dtmf' | 'pulse' } | { readonly type: 'flash' } | { readonly type: 'released' };

export interface CallerIdSound {
  /** At 8 kHz, 16 bits. */
  readonly samples: ArrayLike<number>;
  /** 0: before the first ring, which begins when it is over. */
  readonly afterBurst: number;
  /** From the end of the burst. */
  readonly afterMs?: number;
}

/** How an exchange lets a line know that the other party has hung up. */
export type FarHangUp = { readonly by: 'openLoop'; readonly ms: number } | { readonly by: 'polarity' } | { readonly by: 'tone'; readonly tone: Tone } | { readonly by: 'nothing' };

/** The telephone company's end of a line, as a script plays it: it does what it is told, and gives dial tone and takes digits by itself. */
export class CentralOffice implements LineEnd {
  readonly clocked = false;
  readonly speaks = true;
  onEvent: ((event: OfficeEvent) => void) | null = null;
  /** Heard since the line was seized. */
  digits = '';
  /** Played when the line is seized; null: nothing. */
  dialTone: Tone | null;
  readonly mouth = new Mouth();
  readonly ear: Ear;
  readonly #timers: Timers;
  readonly #settings: Required<CentralOfficeSettings>;
  readonly #hook: HookReader;
  #battery: Feed | null;
  #polarity: 'normal' | 'reversed' = 'normal';
  #ring: { readonly phase: 'burst' | 'pause'; readonly burst: number; readonly timer: Timer } | null = null;
  #ringOnce: Timer | null = null;
  #dialTone: Timer | null = null;
  /** The loop is closed, and that is not seen yet. */
  #closing: Timer | null = null;
  /** Battery, or a lamp's voltage, comes or goes by itself. */
  #batteryBack: Timer | null = null;
  #plug: LinePlug | null = null;

  constructor(timers: Timers, settings: CentralOfficeSettings = {}) {
    this.#timers = timers;
    this.#settings = { ...ordinary, ...settings };
    this.dialTone = this.#settings.dialTone;
    this.#battery = this.#settings.feed;
    this.#hook = new HookReader(timers, (reading) => this.#read(reading));
    this.ear = new Ear((digit) => this.#digit(digit, 'dtmf'));
  }

  get seized(): boolean {
    return this.#hook.seized;
  }

  /** Of the present ringing, begun; 0: it does not ring. */
  get bursts(): number {
    return this.#ring?.burst ?? 0;
  }

  /** At its terminals. */
  get line(): { readonly battery: 'on' | 'off'; readonly polarity: 'normal' | 'reversed'; readonly volts: number; readonly amperes: number } {
    const { volts, amperes } = this.#plug?.state ?? deadLine;
    return { battery: this.#battery === null ? 'off' : 'on', polarity: this.#polarity, volts, amperes };
  }

  /** The other party's telephone rings, or stops: ringback is a tone to `mouth.play`. */
  ring(cadence: RingCadence, callerId?: CallerIdSound): void {
    this.stopRinging();
    if (callerId?.afterBurst !== 0) return this.#burst(cadence, 1, callerId);
    this.mouth.say(callerId.samples);
    this.#ringOnce = this.#timers.start((callerId.afterMs ?? callerIdAfterMs) + callerId.samples.length / 8, () => this.#burst(cadence, 1));
  }

  stopRinging(): void {
    this.#ringOnce?.stop();
    this.#ring?.timer.stop();
    this.#ring = null;
    this.#plug?.changed();
  }

  /** The called party has answered: what tones there were end, and exchanges that supervise reverse the polarity. */
  answer(supervision: 'reversal' | 'none'): void {
    this.mouth.play(null);
    if (supervision === 'reversal') this.setPolarity('reversed');
  }

  /** The other party has hung up. */
  hangUp(how: FarHangUp): void {
    this.stopRinging();
    this.mouth.hush();
    if (how.by === 'openLoop') this.openLoop(how.ms);
    if (how.by === 'polarity') this.setPolarity(this.#polarity === 'normal' ? 'reversed' : 'normal');
    if (how.by === 'tone') this.mouth.play(how.tone, this.#settings.toneLevelDbm0);
  }

  setPolarity(polarity: 'normal' | 'reversed'): void {
    this.#polarity = polarity;
    this.#plug?.changed();
  }

  openLoop(ms: number): void {
    this.setBattery(null);
    this.#batteryBack = this.#timers.start(ms, () => this.setBattery(this.#settings.feed));
  }

  /** From now on, whatever was under way. Null: none; more than 80 V lights a lamp. */
  setBattery(feed: Feed | null = this.#settings.feed): void {
    this.#batteryBack?.stop();
    this.#battery = feed;
    this.#plug?.changed();
  }

  /** High voltage for a message-waiting lamp, until `setBattery`. */
  lightLamp(): void {
    this.setBattery({ volts: lampVolts, ohms: lampOhms });
  }

  /** The lamp of a message-waiting telephone blinks: high voltage for half of each period. Ends by `setBattery`. */
  flashLamp(periodMs: number, times: number): void {
    if (times <= 0) return;
    this.lightLamp();
    this.#batteryBack = this.#timers.start(periodMs / 2, () => {
      this.setBattery(this.#settings.feed);
      this.#batteryBack = this.#timers.start(periodMs / 2, () => this.flashLamp(periodMs, times - 1));
    });
  }

  /** Nothing runs on; it does nothing by itself any more. */
  stop(): void {
    this.stopRinging();
    this.#dialTone?.stop();
    this.#batteryBack?.stop();
    this.#closing?.stop();
    this.#hook.stop();
    this.mouth.hush();
  }

  circuit(): EndCircuit {
    const feed = this.#battery === null ? null : { ...this.#battery, reversed: this.#polarity === 'reversed' };
    return { feed, ringing: this.#ring?.phase === 'burst' ? this.#settings.ringSource : null, load: null, ren: 0, voice: this.#settings.impedance };
  }

  plugged(plug: LinePlug | null): void {
    this.#plug = plug;
    this.mouth.beforeChange = plug === null ? null : () => plug.catchUp();
  }

  settled(): void {
    // While it has opened the loop itself, it cannot see it.
    if (this.#battery === null || this.#plug === null) return;
    const isClosed = this.#plug.state.amperes > seizedAmperes;
    if (isClosed && (this.#hook.seized || this.#settings.seizureMs === 0)) return this.#hook.closed();
    if (isClosed) {
      this.#closing ??= this.#timers.start(this.#settings.seizureMs, () => {
        this.#closing = null;
        this.#hook.closed();
      });
      return;
    }
    this.#closing?.stop();
    this.#closing = null;
    this.#hook.opened();
  }

  speak(into: Float32Array, from: number, to: number): void {
    this.mouth.add(into, from, to);
  }

  hear(received: Float32Array): void {
    this.ear.hear(received);
  }

  #burst(cadence: RingCadence, burst: number, callerId?: CallerIdSound): void {
    const { onMs, offMs } = cadence[(burst - 1) % cadence.length]!;
    const timer = this.#timers.start(onMs, () => {
      this.#ring = { phase: 'pause', burst, timer: this.#timers.start(offMs, () => this.#burst(cadence, burst + 1, callerId)) };
      this.#plug?.changed();
      if (callerId?.afterBurst === burst) this.#ringOnce = this.#timers.start(callerId.afterMs ?? callerIdAfterMs, () => this.mouth.say(callerId.samples));
    });
    this.#ring = { phase: 'burst', burst, timer };
    this.#plug?.changed();
  }

  #read(reading: HookReading): void {
    if (reading.type === 'pulseDigit') {
      if (this.#settings.pulses === 'taken') this.#digit(reading.digit, 'pulse');
      return;
    }
    this.#dialTone?.stop();
    if (reading.type === 'seized') return this.#seized();
    if (reading.type === 'released') {
      this.mouth.hush();
      // Now, and not with whatever changes next.
      this.setPolarity('normal');
    }
    this.onEvent?.(reading);
  }

  #seized(): void {
    if (this.#ring !== null) {
      this.stopRinging();
      this.onEvent?.({ type: 'answered' });
      return;
    }
    const { dialToneAfterMs, toneLevelDbm0 } = this.#settings;
    const { dialTone } = this;
    this.digits = '';
    if (dialTone !== null) this.#dialTone = this.#timers.start(dialToneAfterMs, () => this.mouth.play(dialTone, toneLevelDbm0));
    this.onEvent?.({ type: 'seized' });
  }

  #digit(digit: string, by: 'dtmf' | 'pulse'): void {
    if (!this.#hook.seized) return;
    if (this.digits === '') this.mouth.play(null);
    this.#dialTone?.stop();
    this.digits += digit;
    this.onEvent?.({ type: 'digit', digit, by });
  }
}

const ordinary: Required<CentralOfficeSettings> = {
  feed: { volts: 48, ohms: 400 },
  ringSource: { voltsRms: 90, hz: 20, ohms: 510 },
  impedance: '900+2.16µF',
  dialTone: { segments: [{ frequenciesHz: [350, 440], durationMs: null }] },
  dialToneAfterMs: 300,
  seizureMs: 0,
  toneLevelDbm0: -13,
  pulses: 'taken',
};
const seizedAmperes = 0.006;
/** GR-30: the caller ID begins at least half a second after the first ring. */
const callerIdAfterMs = 500;
const lampVolts = 95;
const lampOhms = 10_000;
