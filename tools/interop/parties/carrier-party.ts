import type { SimulatedCarrier } from '@tipring/carrier';
import type { CarrierAct, CarrierCall } from '@tipring/carrier-control';
import type { HeardFrequency } from '@tipring/cards';
import { waitFor } from '../wait-for.ts';
import { type Party, type Shown, spokenDbm0 } from './party.ts';

export interface CarrierPartyNumbers {
  /** What is dialled inside to reach it. */
  readonly number: string;
  /** Who calls when it calls. */
  readonly shows: Shown;
}

/** Somebody outside, reached by a trunk. Its carrier lets its number ring until it answers. */
export class CarrierParty implements Party {
  readonly name: string;
  readonly hz: number;
  readonly number: string;
  readonly shows: Shown;
  readonly evidence = { kind: 'sipRequest', text: /^BYE$/ };
  readonly toldEvidence = { kind: 'local', text: 'BYE sent: normalClearing' };
  readonly carrier: SimulatedCarrier;
  #call: string | undefined;
  /** Of calls that were answered for before. */
  readonly #known = new Set<string>();

  constructor(carrier: SimulatedCarrier, { number, shows }: CarrierPartyNumbers, hz: number) {
    this.carrier = carrier;
    this.name = `outside of ${carrier.state().name}`;
    this.hz = hz;
    this.number = number;
    this.shows = shows;
  }

  /** Its present call, or the last one. */
  get present(): CarrierCall {
    const found = this.carrier.state().calls.find(({ id }) => id === this.#call);
    if (found === undefined) throw new Error(`${this.name} has no call`);
    return found;
  }

  get reference(): string {
    // To each further server of a trunk the PBX writes the number of the try before it.
    return this.present.callId.replace(/^\d+-/, '');
  }

  async call(number: string, details: Partial<Extract<CarrierAct, { do: 'call' }>> = {}): Promise<void> {
    const { number: from, name } = this.shows;
    const outcome = await this.carrier.act({ do: 'call', to: number, from, ...(name === null ? {} : { name }), sound: 'silence', ...details });
    if (!outcome.ok) throw new Error(`${this.name} could not call: ${outcome.refusal.text}`);
    this.#take(outcome.value.call!);
  }

  async isCalled(): Promise<Shown> {
    const call = await waitFor(() => `${this.name} to be called; ${JSON.stringify(this.carrier.state().calls)}`, () =>
      this.carrier.state().calls.find(({ id, direction, phase }) => direction === 'toCarrier' && phase !== 'ended' && !this.#known.has(id)));
    this.#take(call.id);
    return shownIn(call);
  }

  async answer(): Promise<void> {
    await waitFor(`${this.name} to answer`, async () => (await this.carrier.act({ do: 'answer', call: this.#its })).ok || this.present.phase === 'answered' || undefined);
  }

  async speak(): Promise<void> {
    await waitFor(`${this.name}'s call to be up`, () => this.present.phase === 'answered' || undefined);
    await this.#act({ do: 'speak', call: this.#its, sound: { hz: this.hz, levelDbm0: spokenDbm0 } });
  }

  async hears(): Promise<readonly HeardFrequency[]> {
    return this.present.hears;
  }

  async hangUp(): Promise<void> {
    if (this.#call !== undefined && this.present.phase !== 'ended') await this.#act({ do: 'hangUp', call: this.#its });
  }

  async isTold(): Promise<void> {
    await waitFor(() => `${this.name} to be told; ${JSON.stringify(this.present)}`, () => this.present.ended?.by === 'customer' || undefined);
  }

  async rests(): Promise<void> {
    await waitFor(() => `${this.name} to have no call; ${JSON.stringify(this.carrier.state().calls)}`, () => this.carrier.state().calls.every(({ phase }) => phase === 'ended') || undefined);
  }

  get #its(): string {
    if (this.#call === undefined) throw new Error(`${this.name} has no call`);
    return this.#call;
  }

  #take(call: string): void {
    this.#call = call;
    this.#known.add(call);
  }

  async #act(act: CarrierAct): Promise<void> {
    const outcome = await this.carrier.act(act);
    if (!outcome.ok) throw new Error(`${this.name}: ${outcome.refusal.text}`);
  }
}

/** Who calls, as From of the INVITE has it. */
function shownIn({ headers }: CarrierCall): Shown {
  const [from = ''] = headers['From'] ?? [];
  const [, name = null] = /^"([^"]*)"/.exec(from) ?? [];
  const [, number = null] = /sips?:([^@>]+)@/.exec(from) ?? [];
  return { number, name };
}
