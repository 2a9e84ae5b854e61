import { AlertToneDetectors, type AudioRows, CallerIdAssembler, type CallerIdMessage, type Dsp, DtmfCallerIdAssembler, DtmfReceivers, FskReceiver } from '@tipring/dsp';
import type { DisplayPlan } from './simulator-plan.ts';
import type { ShownCaller } from './simulator-state.ts';

/** What a display tells its telephone. */
export interface DisplayWorld {
  now(): number;
  /** The alert tone of a waiting call was heard: silence the handset, and say so. */
  acknowledge(): void;
  /** The data is there, or does not come. */
  told(): void;
}

/** `seized`: the handset is on its rest, and the loop is closed to be told who calls, as NTT has it. */
type Hook = 'on' | 'off' | 'seized';

/**
 * What a telephone shows of who calls: decoded from what it hears on its line, and from nothing else. On hook it always listens
 * (type I); off hook for the alert tone, then for its data (type II).
 */
export class CallerIdDisplay {
  messageWaiting: boolean | null = null;
  /** Newest first. */
  readonly callers: ShownCaller[] = [];
  readonly #plan: DisplayPlan;
  readonly #world: DisplayWorld;
  readonly #audio: AudioRows;
  readonly #fsk: FskReceiver | null;
  readonly #messages: CallerIdAssembler;
  readonly #digits: DtmfReceivers | null;
  readonly #transmissions: DtmfCallerIdAssembler | null;
  readonly #alerts: AlertToneDetectors | null;
  #waiting: { readonly at: 'none' } | { readonly at: 'data'; readonly sinceMs: number } = { at: 'none' };
  #silentBlocks = 0;

  /** `audio`: four rows of 20 ms that all displays share; the last three stay silent. */
  constructor(dsp: Dsp, audio: AudioRows, plan: DisplayPlan, world: DisplayWorld) {
    this.#plan = plan;
    this.#world = world;
    this.#audio = audio;
    this.#fsk = plan.fsk === null ? null : new FskReceiver(dsp, plan.fsk);
    this.#messages = new CallerIdAssembler(plan.parity === undefined ? {} : { parity: plan.parity });
    this.#digits = plan.dtmf === null ? null : new DtmfReceivers(dsp, 1);
    this.#transmissions = plan.dtmf === null ? null : new DtmfCallerIdAssembler(plan.dtmf);
    this.#alerts = plan.callWaiting && plan.fsk !== null ? new AlertToneDetectors(dsp, 1) : null;
  }

  /** The handset is silenced: caller ID of a waiting call is expected. */
  get isMuting(): boolean {
    return this.#waiting.at === 'data';
  }

  /** From now on it listens as one does with this hook. */
  hook(hook: Hook): void {
    this.#waiting = { at: 'none' };
    this.#alerts?.reset(0);
    if (hook !== 'off') this.#listenAnew();
  }

  /** 20 ms. */
  hear(received: Float32Array, hook: Hook): void {
    if (this.#isSilence(received)) return this.#wait();
    const row = this.#audio.row(0);
    for (let n = 0; n < row.length; n++) row[n] = Math.max(-32_768, Math.min(32_767, received[n]!));
    if (hook !== 'off' || this.#waiting.at === 'data') this.#listen(hook);
    else this.#listenForAlert();
    this.#wait();
  }

  #listen(hook: Hook): void {
    if (this.#fsk?.process(this.#audio, 0)) this.#read(this.#fsk, hook);
    if (this.#digits === null || this.#waiting.at === 'data' || this.#digits.process(0, this.#audio) === 0) return;
    for (let event = this.#digits.take(0); event !== undefined; event = this.#digits.take(0)) {
      const result = event.kind === 'end' ? this.#transmissions!.push(event.digit, this.#world.now()) : undefined;
      if (result?.ok) this.#show({ number: result.value.number, by: 'dtmf', waiting: false, atMs: this.#world.now() });
    }
  }

  #read(fsk: FskReceiver, hook: Hook): void {
    for (let symbol = fsk.take(); symbol !== undefined; symbol = fsk.take()) {
      const result = this.#messages.push(symbol);
      if (result === undefined) continue;
      if (result.ok) this.#take(result.value);
      if (this.#waiting.at === 'data' || hook === 'seized') this.#told();
    }
  }

  #take(message: CallerIdMessage): void {
    if (message.type === 'message-waiting') this.messageWaiting = message.isWaiting;
    else {
      const { number, name, time } = message;
      this.#show({ ...(number === undefined ? {} : { number }), ...(name === undefined ? {} : { name }), ...(time === undefined ? {} : { time }), by: 'fsk', waiting: this.#waiting.at === 'data', atMs: this.#world.now() });
    }
  }

  #show(caller: ShownCaller): void {
    this.callers.unshift(caller);
    this.callers.length = Math.min(this.callers.length, mostCallers);
  }

  /** TIA-777: D within 100 ms after the tone; the data follows within half a second of it. */
  #listenForAlert(): void {
    if (this.#alerts === null || this.#alerts.process(0, this.#audio) === 0 || this.#alerts.take(0) === undefined) return;
    this.#waiting = { at: 'data', sinceMs: this.#world.now() };
    this.#listenAnew();
    this.#world.acknowledge();
  }

  #wait(): void {
    if (this.#waiting.at === 'data' && this.#world.now() - this.#waiting.sinceMs > mostDataMs) this.#told();
  }

  #told(): void {
    this.#waiting = { at: 'none' };
    this.#world.told();
  }

  #listenAnew(): void {
    if (this.#plan.fsk !== null) this.#fsk?.reset(this.#plan.fsk);
    this.#messages.reset();
    this.#digits?.reset(0);
    this.#transmissions?.reset();
  }

  /** The receivers hear the end of what there was, and then nothing is worked off in vain. */
  #isSilence(received: Float32Array): boolean {
    let silent = true;
    for (let n = 0; n < received.length && silent; n++) silent = Math.abs(received[n]!) < noisePeak;
    this.#silentBlocks = silent ? this.#silentBlocks + 1 : 0;
    return this.#silentBlocks > heardSilentBlocks;
  }
}

const mostCallers = 10;
const mostDataMs = 1_800;
const heardSilentBlocks = 8;
/** -58 dBm0: far below what any receiver takes for data. */
const noisePeak = 30;
