import type { ExchangeLineState, FarEnd } from '@tipring/cards';
import type { SimulatedOffice, OfficeLine } from '../../testbed/simulated-office.ts';
import { waitFor } from '../wait-for.ts';
import { type Party, type Shown, spokenDbm0 } from './party.ts';

/** Somebody outside, at the other end of a telephone company's line: the exchange of the simulated line. */
export class LineParty implements Party {
  readonly name: string;
  readonly hz: number;
  /** Behind its prefix: no other line is called by it. */
  readonly number: string;
  readonly shows: Shown;
  readonly reference: string;
  readonly evidence = { kind: 'batteryDenial', text: /^battery denial of \d+ ms$/ };
  readonly toldEvidence = { kind: 'release', text: 'released by the other side of the call' };
  readonly line: OfficeLine;
  readonly #outside: string;
  readonly #office: SimulatedOffice;

  /** `outside`: what is to be dialled on it, when not a number of its own. */
  constructor(office: SimulatedOffice, line: OfficeLine, hz: number, outside?: string) {
    const { port: { card, port }, prefix } = line;
    this.#office = office;
    this.line = line;
    this.name = `line ${card}/${port}`;
    this.hz = hz;
    this.#outside = outside ?? `555${String(1_000 + port)}`;
    this.number = `${prefix}${this.#outside}`;
    this.shows = { number: `212555${String(4_000 + port)}`, name: `CALLER ${port}` };
    this.reference = `${card}/${port}`;
  }

  /** Whom it reaches is in the configuration of the line. */
  async call(): Promise<void> {
    const { number, name } = this.shows;
    await this.#act({ do: 'call', number: { shown: number! }, name: { shown: name! } });
  }

  /** A line tells the exchange a number, and nothing of who calls. */
  async isCalled(): Promise<Shown> {
    await this.rings();
    await this.sees(`ringing for ${this.#outside}`, ({ call, digits }) => call.at === 'ringback' && call.number === this.#outside && digits === this.#outside);
    return { number: null, name: null };
  }

  /** And does not answer. */
  async rings(): Promise<void> {
    await this.#act({ do: 'policy', policy: { is: 'noAnswer' } });
  }

  /** With a reversal, as its exchange does. */
  async answer(): Promise<void> {
    await this.#act({ do: 'policy', policy: { is: 'answered', afterRings: 0, supervision: 'reversal' } });
    await this.sees('an answered call', ({ call }) => call.at === 'answered');
  }

  async speak(): Promise<void> {
    await this.#act({ do: 'speak', tone: { frequencyHz: this.hz, levelDbm0: spokenDbm0 } });
  }

  /** Its exchange keeps what it speaks for the calls to come. */
  async hush(): Promise<void> {
    await this.#act({ do: 'speak', tone: null });
  }

  async hears() {
    return (await this.state()).hears;
  }

  async hangUp(by?: FarEnd): Promise<void> {
    await this.#act({ do: 'hangUp', ...(by === undefined ? {} : { by }) });
  }

  async isTold(): Promise<void> {
    await this.sees('the loop to be opened', ({ seized }) => !seized);
  }

  async rests(): Promise<void> {
    await this.hush();
    await this.sees('to be on hook, without a call', ({ seized, call }) => !seized && call.at === 'idle');
    await waitFor(`${this.name} to be idle`, async () => {
      const { state, hook } = await this.#office.live(this.line);
      return (state === 'idle' && hook === 'on') || undefined;
    });
  }

  state(): Promise<ExchangeLineState> {
    return this.#office.exchangeAt(this.line.port);
  }

  sees(what: string, isSo: (state: ExchangeLineState) => boolean): Promise<ExchangeLineState> {
    let last: ExchangeLineState | undefined;
    return waitFor(() => `${this.name}: ${what}; it is ${JSON.stringify(last)}`, async () => {
      last = await this.state();
      return isSo(last) ? last : undefined;
    });
  }

  #act(act: object): Promise<unknown> {
    return this.#office.act({ on: 'line', port: this.line.port, ...act } as Parameters<SimulatedOffice['act']>[0]);
  }
}
