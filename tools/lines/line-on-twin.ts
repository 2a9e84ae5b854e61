import { type ExchangeLinePlan, type Port, type PortEvent, type PortListener, Simulator } from '@tipring/cards';
import { FakeTimers, type Timer } from '@tipring/clock';
import { AlertToneDetectors, type AudioRows, CallerIdAssembler, type Dsp, DtmfCallerIdAssembler, type DtmfCallerIdPlan, DtmfReceivers, type FskModem, FskReceiver, G711, ToneAnalyzers, ToneDetectors, ToneSet } from '@tipring/dsp';
import { testDsp } from '@tipring/dsp/test-support';
import { absentLine, type FxoEffect, type FxoInput, fxoLine, type FxoLine, type FxoSettings, type LineCaller, type Region, type TimerEffect, watchedTones } from '@tipring/line';

/**
 * The machine of a line on a port of the line twin, an exchange at the other end: what is seen and heard comes by the wire, through the
 * detectors of libs/dsp. Time is virtual.
 */
export class LineOnTwin implements PortListener {
  readonly timers = new FakeTimers();
  readonly simulator: Simulator;
  offer: LineCaller | null = null;
  /** Incidents and what legs were told, in words. */
  readonly told: string[] = [];
  readonly #settings: FxoSettings;
  readonly #port: Port;
  readonly #ears: LineEars;
  readonly #running = new Map<string, Timer>();
  #line: FxoLine = absentLine;
  #polarity: string | null = null;

  constructor(region: Region, plan: ExchangeLinePlan, settings: FxoSettings, dtmf: DtmfCallerIdPlan | null) {
    const dsp = testDsp(2 ** 21);
    this.#settings = settings;
    this.simulator = new Simulator({ timers: this.timers, dsp }, { cards: [{ serial: 'S', ports: [{ kind: 'fxo', line: plan }] }] });
    this.#ears = new LineEars(dsp, region, dtmf, (input) => this.push(input));
    this.#port = this.simulator.cards.port(linePort)!;
    this.#port.open(this, () => {});
    this.push({ type: 'present', at: 0 });
    this.push({ type: 'hook', is: 'onHook', at: 0 });
    this.timers.advance(3_000);
    this.told.length = 0;
  }

  get at(): string {
    return this.#line.line.at;
  }

  /** Lets time pass until this holds, so many ms at most. @returns how many passed; null when it did not come to hold */
  until(holds: () => boolean, mostMs: number): number | null {
    const began = this.timers.now();
    while (!holds() && this.timers.now() - began < mostMs) this.timers.advance(20);
    return holds() ? this.timers.now() - began : null;
  }

  push(input: FxoInput): void {
    const [line, effects] = fxoLine(this.#line, input, this.#settings);
    this.#line = line;
    for (const effect of effects) this.#do(effect);
  }

  event(is: PortEvent): void {
    const at = is.atMs;
    switch (is.type) {
      case 'ringBegan':
        return this.push({ type: 'ringBegins', at });
      case 'ringMeasured':
        return this.push({ type: 'ringMeasured', at, frequencyHz: is.frequencyHz, volts: is.voltsRms });
      case 'ringEnded':
        return this.push({ type: 'ringEnds', at, ...(is.frequencyHz === null ? {} : { frequencyHz: is.frequencyHz }), ...(is.voltsRms === null ? {} : { volts: is.voltsRms }) });
      case 'battery':
        return this.push({ type: is.present ? 'batteryReturned' : 'batteryLost', at });
      case 'polarity': {
        const was = this.#polarity;
        this.#polarity = is.polarity;
        if (was !== null && was !== is.polarity) this.push({ type: 'polarityReversed', at });
      }
    }
  }

  audio(received: Uint8Array): void {
    this.#ears.hear(received, this.timers.now());
  }

  close(): void {
    for (const timer of this.#running.values()) timer.stop();
    this.simulator.close();
  }

  #do(effect: FxoEffect | TimerEffect): void {
    switch (effect.do) {
      case 'start':
        this.#running.get(effect.timer)?.stop();
        this.#running.set(effect.timer, this.timers.start(effect.ms, () => this.push({ type: 'timeout', timer: effect.timer, at: this.timers.now() })));
        return;
      case 'stop':
        return this.#running.get(effect.timer)?.stop();
      case 'hook':
        return this.#port.send({ do: 'hook', hook: effect.to === 'offHook' ? 'off' : 'on' }, () => this.push({ type: 'hook', is: effect.to, at: this.timers.now() }));
      case 'listenForCallerId':
        return this.#ears.listenForCallerId();
      case 'listen':
        return this.#ears.listenForTones();
      case 'silence':
        return this.#ears.rest();
      case 'offer':
        this.offer = effect.caller;
        return;
      case 'incident':
        this.told.push(`${effect.incident}: ${effect.text}`);
        return;
      case 'leg':
        if (effect.event.type === 'released') this.told.push(`${effect.event.cause}: ${effect.event.evidence.text}`);
    }
  }
}

/** What a gateway hears on a line: the alert tone always, caller ID or tones when it is asked to. */
class LineEars {
  readonly #audio: AudioRows;
  readonly #law: G711;
  readonly #alerts: AlertToneDetectors;
  readonly #fsk: readonly { readonly modem: FskModem; readonly receiver: FskReceiver; readonly assembler: CallerIdAssembler }[];
  readonly #digits: DtmfReceivers;
  readonly #transmissions: DtmfCallerIdAssembler | null;
  readonly #analyzers: ToneAnalyzers;
  readonly #tones: ToneDetectors;
  readonly #region: Region;
  readonly #push: (input: FxoInput) => void;
  #for: 'nothing' | 'callerId' | 'tones' = 'nothing';
  #heard: { readonly id: string; readonly cycles: number } | null = null;

  constructor(dsp: Dsp, region: Region, dtmf: DtmfCallerIdPlan | null, push: (input: FxoInput) => void) {
    this.#audio = dsp.rows(4, 160);
    this.#law = new G711(dsp);
    this.#alerts = new AlertToneDetectors(dsp, 1);
    this.#fsk = (['bell-202', 'v23'] as const).map((modem) => ({ modem, receiver: new FskReceiver(dsp, modem), assembler: new CallerIdAssembler() }));
    this.#digits = new DtmfReceivers(dsp, 1);
    this.#transmissions = dtmf === null ? null : new DtmfCallerIdAssembler(dtmf);
    this.#analyzers = new ToneAnalyzers(dsp, 1);
    this.#tones = new ToneDetectors(this.#analyzers);
    this.#region = region;
    this.#push = push;
  }

  listenForCallerId(): void {
    this.#for = 'callerId';
    for (const { modem, receiver, assembler } of this.#fsk) {
      receiver.reset(modem);
      assembler.reset();
    }
    this.#digits.reset(0);
    this.#transmissions?.reset();
  }

  listenForTones(): void {
    this.#for = 'tones';
    this.#heard = null;
    this.#tones.watch(0, new ToneSet(watchedTones(this.#region.tones)));
  }

  rest(): void {
    this.#for = 'nothing';
  }

  hear(octets: Uint8Array, at: number): void {
    this.#law.decode('PCMU', octets, this.#audio.row(0));
    if (this.#for === 'tones') return this.#hearTones(at);
    if (this.#alerts.process(0, this.#audio) !== 0 && this.#alerts.take(0) !== undefined) this.#push({ type: 'alertTone', at });
    if (this.#for === 'callerId') this.#hearCallerId(at);
  }

  #hearCallerId(at: number): void {
    for (const { receiver, assembler } of this.#fsk) {
      receiver.process(this.#audio, 0);
      for (let symbol = receiver.take(); symbol !== undefined; symbol = receiver.take()) {
        const read = assembler.push(symbol);
        if (read?.ok && read.value.type === 'call-setup') this.#push({ type: 'callerId', caller: { ...(read.value.number && { number: read.value.number }), ...(read.value.name && { name: read.value.name }) }, at });
      }
    }
    this.#digits.process(0, this.#audio);
    for (let digit = this.#digits.take(0); digit !== undefined; digit = this.#digits.take(0)) {
      const read = digit.kind === 'end' ? this.#transmissions?.push(digit.digit, at) : undefined;
      if (read?.ok) this.#push({ type: 'callerId', caller: { number: read.value.number }, at });
    }
  }

  /** Each tone once it is known and with each cycle more, and its end. */
  #hearTones(at: number): void {
    this.#analyzers.process(0, this.#audio);
    this.#tones.listen(0);
    const current = this.#tones.current(0);
    const heard = this.#heard;
    if (heard !== null && heard.id !== current?.id) {
      this.#heard = null;
      this.#push({ type: 'toneEnded', id: heard.id, at });
    }
    if (current === null) return;
    const { id, confidence } = current;
    const cycles = Math.floor(current.cycles);
    if (heard !== null && heard.id === id && cycles <= heard.cycles) return;
    this.#heard = { id, cycles };
    const tone = watchedTones(this.#region.tones).find((one) => one.id === id)?.tone;
    const isContinuous = cycles === 1 && tone?.segments[tone.repeatFrom ?? 0]?.durationMs === null;
    this.#push({ type: 'tone', tone: { id, confidence, cycles: isContinuous ? null : current.cycles, levelDbm0: -20, ...(tone === undefined ? {} : { tone }) }, at });
  }
}

export const linePort = { card: 'S', port: 1 };
