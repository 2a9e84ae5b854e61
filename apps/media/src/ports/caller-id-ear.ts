import { type AudioRows, CallerIdAssembler, type CallerIdMessage, type CallerIdParity, type CallerIdRefusal, DtmfCallerIdAssembler, dtmfCallerIdPlans, type DtmfCallerIdPlan, type FskModem, FskReceiver } from '@tipring/dsp';
import type { PortHappening, PortListening } from '@tipring/gateway';
import type { PortDsp } from './port-dsp.ts';

type Listening = NonNullable<PortListening['callerId']>;

/** Reads caller ID off a line, by both modems and by digits at a time: the first whose message is whole is told, once for each sending. */
export class CallerIdEar {
  readonly #receivers: readonly FskEar[];
  readonly #tell: (is: PortHappening) => void;
  #listening: Listening | null = null;
  #digits: DtmfCallerIdAssembler | null = null;
  /** A message of this sending was told: the other modem may hear half of it. */
  #told = false;
  #problem: string | null = null;
  /** The carriers that there are came of digits. */
  #isDigit = false;

  constructor(bank: PortDsp, tell: (is: PortHappening) => void) {
    this.#tell = tell;
    this.#receivers = (['bell-202', 'v23'] as const).map((modem) => new FskEar(bank, modem));
  }

  get hearsFsk(): boolean {
    return this.#listening?.modems.includes('fsk') ?? false;
  }

  get hearsDigits(): boolean {
    return this.#digits !== null;
  }

  /** What was half heard is forgotten. */
  listen(listening: Listening | null): void {
    this.#listening = listening;
    this.#digits = listening?.modems.includes('dtmf') ? new DtmfCallerIdAssembler(planOf(listening.dtmfCodes)) : null;
    this.#told = this.#isDigit = false;
    this.#problem = null;
    for (const receiver of this.#receivers) receiver.begin(listening?.parity ?? 'none');
  }

  hear(audio: AudioRows, row: number): void {
    for (let n = 0; n < this.#receivers.length; n++) {
      const receiver = this.#receivers[n]!;
      if (receiver.process(audio, row)) this.#take(receiver);
    }
  }

  /** A digit sounds at the line: what the modems make of it is nothing. */
  digitBegan(): void {
    this.#isDigit = true;
  }

  digit(digit: string, atMs: number): void {
    if (!this.#receivers.some(({ hasCarrier }) => hasCarrier)) this.#isDigit = false;
    const result = this.#digits?.push(digit, atMs);
    if (result === undefined) return;
    if (result.ok) this.#tell({ type: 'callerId', by: 'dtmf', number: result.value.number });
    else this.#tell({ type: 'noCallerId', text: `The digits are no caller ID: ${result.error.reason}.` });
  }

  #take(receiver: FskEar): void {
    for (let symbol = receiver.take(); symbol !== undefined; symbol = receiver.take()) {
      const result = receiver.assemble(symbol);
      if (result?.ok === true && !this.#told) this.#message(result.value);
      if (result?.ok === false) this.#problem ??= wordsFor(result.error);
      if (symbol.type === 'carrier-lost') this.#carrierLost();
    }
  }

  #message(message: CallerIdMessage): void {
    this.#told = true;
    if (message.type === 'message-waiting') return this.#tell({ type: 'messageWaiting', lamp: message.isWaiting ? 'on' : 'off' });
    const { number, name } = message;
    this.#tell({ type: 'callerId', by: 'fsk', ...(number && { number }), ...(name && { name }) });
  }

  /** When neither modem has one any more, all that will come of this sending has come. What had no mark before it was a tone, or noise. */
  #carrierLost(): void {
    for (const other of this.#receivers) if (other.hasCarrier) return;
    if (!this.#told && !this.#isDigit && this.#problem !== null) this.#tell({ type: 'noCallerId', text: this.#problem });
    this.#told = this.#isDigit = false;
    this.#problem = null;
  }
}

/** One modem, and what it has said so far. */
class FskEar {
  hasCarrier = false;
  readonly #modem: FskModem;
  readonly #receiver: FskReceiver;
  #assembler = new CallerIdAssembler();

  constructor(bank: PortDsp, modem: FskModem) {
    this.#modem = modem;
    this.#receiver = new FskReceiver(bank.dsp, modem);
  }

  begin(parity: CallerIdParity): void {
    this.#receiver.reset(this.#modem);
    this.#assembler = new CallerIdAssembler({ parity });
    this.hasCarrier = false;
  }

  process(audio: AudioRows, row: number): boolean {
    return this.#receiver.process(audio, row);
  }

  take(): ReturnType<FskReceiver['take']> {
    return this.#receiver.take();
  }

  assemble(symbol: NonNullable<ReturnType<FskReceiver['take']>>): ReturnType<CallerIdAssembler['push']> {
    if (symbol.type === 'carrier') this.hasCarrier = true;
    else if (symbol.type === 'carrier-lost') this.hasCarrier = false;
    return this.#assembler.push(symbol);
  }
}

function planOf(country: string | undefined): DtmfCallerIdPlan {
  return (country === undefined ? undefined : dtmfCallerIdPlans[country]) ?? dtmfCallerIdPlans['TW']!;
}

function wordsFor(refusal: CallerIdRefusal): string {
  if (refusal.reason === 'checksum') return 'The message was garbled: its checksum is wrong.';
  if (refusal.reason === 'short' || refusal.reason === 'length') return 'The carrier broke off before the whole message had come.';
  return `The message is none that is understood: ${refusal.reason}.`;
}
