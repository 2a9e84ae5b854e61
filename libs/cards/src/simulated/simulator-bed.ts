import { FakeTimers } from '@tipring/clock';
import { CallerIdAssembler, type CallerIdMessage, type Dsp, encodeCallerId, FskReceiver, FskSender, type FskSending, type FskModem } from '@tipring/dsp';
import { testDsp } from '@tipring/dsp/test-support';
import type { PortCommand } from '../port-command.ts';
import { PortRecorder } from '../port-recorder.ts';
import { demoPlan } from './demo-plan.ts';
import { Simulator } from './simulator.ts';
import type { LineAct, SimulatorAct, TelephoneAct, WireAct } from './simulator-act.ts';
import type { ExchangeLinePlan, TelephonePlan } from './simulator-plan.ts';
import type { ExchangeLineState, TelephoneState } from './simulator-state.ts';

const linePort = { card: 'S', port: 1 };
const telephonePort = { card: 'S', port: 2 };

type Bare<Act> = Act extends unknown ? Omit<Act, 'on' | 'port'> : never;

/** For tests: one card with a line and a telephone of the demo plan, both ports open for 500 ms. Time is virtual. */
export class SimulatorBed {
  readonly timers = new FakeTimers();
  readonly dsp: Dsp = testDsp(2 ** 21);
  readonly simulator: Simulator;
  /** The FXO port of the line, the FXS port of the telephone. */
  readonly fxo: PortRecorder;
  readonly fxs: PortRecorder;

  constructor({ line = {}, telephone = {} }: { readonly line?: Partial<ExchangeLinePlan>; readonly telephone?: Partial<TelephonePlan> } = {}) {
    this.simulator = new Simulator({ timers: this.timers, dsp: this.dsp }, { cards: [{ serial: 'S', ports: [{ kind: 'fxo', line: { ...demoLine, ...line } }, { kind: 'fxs', telephone: { ...demoTelephone, ...telephone } }] }] });
    [this.fxo, this.fxs] = [linePort, telephonePort].map((id) => new PortRecorder(this.simulator.cards.port(id)!)) as [PortRecorder, PortRecorder];
    for (const recorder of [this.fxo, this.fxs]) void recorder.open();
    this.wait(500);
  }

  get line(): ExchangeLineState {
    return this.simulator.stateOf(linePort) as ExchangeLineState;
  }

  get telephone(): TelephoneState {
    return this.simulator.stateOf(telephonePort) as TelephoneState;
  }

  wait(ms: number): void {
    this.timers.advance(ms);
  }

  /** Throws when it is refused. */
  act(act: SimulatorAct): void {
    const result = this.simulator.act(act);
    if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.text}`);
  }

  onLine(act: Bare<LineAct>): void {
    this.act({ on: 'line', port: linePort, ...act } as LineAct);
  }

  onTelephone(act: Bare<TelephoneAct>): void {
    this.act({ on: 'telephone', port: telephonePort, ...act } as TelephoneAct);
  }

  onWire(act: Bare<WireAct>, port: PortRecorder = this.fxo): void {
    this.act({ on: 'wire', port: port.port.id, ...act } as WireAct);
  }

  send(recorder: PortRecorder, command: PortCommand): void {
    let answer: string | null = 'nothing';
    recorder.port.send(command, (refusal) => (answer = refusal === null ? null : refusal.text));
    this.wait(1);
    if (answer !== null) throw new Error(answer);
  }

  /** The line's port goes off hook and dials, 600 ms later. */
  dial(digits: string): void {
    this.send(this.fxo, { do: 'hook', hook: 'off' });
    this.wait(600);
    this.fxo.mouth.dial(digits);
    this.wait(160 * digits.length + 40);
  }

  /** What FskSender sends. */
  fsk(message: CallerIdMessage, sending: FskSending): number[] {
    const encoded = encodeCallerId(message);
    if (!encoded.ok) throw new Error(encoded.error.field);
    const sender = new FskSender(this.dsp);
    const audio = this.dsp.rows(1, 160);
    const samples: number[] = [];
    sender.start(encoded.value, sending);
    while (sender.isSending) {
      const count = sender.process(audio, 0);
      samples.push(...audio.row(0).subarray(0, count));
    }
    return samples;
  }

  /** Messages in what a port has heard, as the gateway would read them. */
  messagesIn(heard: readonly number[], modem: FskModem): unknown[] {
    const receiver = new FskReceiver(this.dsp, modem);
    const assembler = new CallerIdAssembler();
    const audio = this.dsp.rows(1, 160);
    const results: unknown[] = [];
    for (let from = 0; from + 160 <= heard.length; from += 160) {
      audio.row(0).set(heard.slice(from, from + 160));
      receiver.process(audio, 0);
      for (let symbol = receiver.take(); symbol !== undefined; symbol = receiver.take()) {
        const result = assembler.push(symbol);
        if (result !== undefined) results.push(result.ok ? result.value : result.error);
      }
    }
    return results;
  }
}

const [firstPort] = demoPlan().cards[0]!.ports;
const fifthPort = demoPlan().cards[0]!.ports[4];
if (firstPort?.kind !== 'fxo' || firstPort.line === null || fifthPort?.kind !== 'fxs' || fifthPort.telephone === null) throw new Error('The demo plan is another.');
export const demoLine: ExchangeLinePlan = firstPort.line;
export const demoTelephone: TelephonePlan = fifthPort.telephone;
