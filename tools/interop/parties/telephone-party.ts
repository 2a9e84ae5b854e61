import type { ShownCaller, SpokenTone, TelephoneState } from '@tipring/cards';
import type { SimulatedOffice, OfficeTelephone } from '../../testbed/simulated-office.ts';
import { waitFor } from '../wait-for.ts';
import { type Party, type Shown, spokenDbm0 } from './party.ts';

/** The simulated telephone on an FXS port: what it hears and shows it has from its wires alone. */
export class TelephoneParty implements Party {
  readonly name: string;
  readonly hz: number;
  readonly number: string;
  readonly shows: Shown;
  readonly reference: string;
  readonly evidence = { kind: 'onHook', text: /^the telephone was hung up$/ };
  readonly toldEvidence = { kind: 'local', text: 'told to end: normalClearing' };
  readonly station: OfficeTelephone;
  /** When the tone of the last digit ends that it was told to dial, at the earliest. */
  dialledAt = 0;
  readonly #office: SimulatedOffice;

  constructor(office: SimulatedOffice, station: OfficeTelephone, hz: number) {
    const { port: { card, port }, extension, name } = station;
    this.#office = office;
    this.station = station;
    this.name = `telephone ${extension}`;
    this.hz = hz;
    this.number = extension;
    this.shows = { number: extension, name };
    this.reference = `${card}/${port}`;
  }

  async call(number: string): Promise<void> {
    await this.lift();
    await this.hearsDialTone();
    await this.dial(`${number}#`);
  }

  async isCalled(): Promise<Shown> {
    await this.#sees('its bell', ({ ringing, rings }) => ringing || rings > 0);
    const { caller } = await this.#sees('who calls', ({ caller: shown }) => shown !== null);
    return shownBy(caller);
  }

  answer(): Promise<void> {
    return this.lift();
  }

  async speak(): Promise<void> {
    await this.#sees('to be off its rest', ({ hook }) => hook === 'off');
    // It may still be dialling.
    await waitFor(`${this.name} to speak`, () => this.#act({ do: 'speak', tone: { frequencyHz: this.hz, levelDbm0: spokenDbm0 } }).then(() => true, () => undefined));
  }

  async hears() {
    return (await this.state()).hears;
  }

  async hangUp(): Promise<void> {
    await this.#act({ do: 'hangUp' });
  }

  async isTold(): Promise<void> {
    // Congestion or busy tone: nobody is there any more.
    await this.#sees('the tone of a call that is over', ({ hears }) => hears.some(({ hz }) => Math.abs(hz - 620) < 5));
    await this.hangUp();
  }

  async rests(): Promise<void> {
    await this.#sees('to be on its rest and not to ring', ({ hook, ringing }) => hook === 'on' && !ringing);
    await waitFor(`${this.name} to be idle`, async () => {
      const { state, hook, held } = await this.#office.live(this.station);
      return (state === 'idle' && hook === 'on' && held === 0) || undefined;
    });
  }

  async lift(): Promise<void> {
    await this.#act({ do: 'lift' });
  }

  async dial(digits: string): Promise<void> {
    this.dialledAt = performance.now() + digits.length * 160 - 80;
    await this.#act({ do: 'dial', digits });
  }

  async hush(): Promise<void> {
    await this.#act({ do: 'speak', tone: null });
  }

  async flash(): Promise<void> {
    await this.#act({ do: 'flash' });
  }

  async hearsDialTone(): Promise<void> {
    await this.#sees('dial tone', ({ hears }) => hears.length >= 2 && hears.every(({ hz }) => [350, 440].some((of) => Math.abs(hz - of) < 5)));
  }

  async hearsRingback(): Promise<void> {
    await this.#sees('ringback tone', ({ hears }) => hears.length >= 2 && hears.every(({ hz }) => [440, 480].some((of) => Math.abs(hz - of) < 5)));
  }

  /** Speech, or anything else that is no tone of an exchange. */
  async hearsSomebody(): Promise<void> {
    await this.#sees('somebody', ({ hears }) => hears.length > 0 && !hears.some(({ hz }) => [350, 440, 480, 620].some((of) => Math.abs(hz - of) < 5)));
  }

  state(): Promise<TelephoneState> {
    return this.#office.telephoneAt(this.station.port);
  }

  #sees(what: string, isSo: (state: TelephoneState) => boolean): Promise<TelephoneState> {
    let last: TelephoneState | undefined;
    return waitFor(() => `${this.name}: ${what}; it is ${JSON.stringify(last)}`, async () => {
      last = await this.state();
      return isSo(last) ? last : undefined;
    });
  }

  #act(act: { readonly do: 'lift' | 'hangUp' | 'flash' } | { readonly do: 'dial'; readonly digits: string } | { readonly do: 'speak'; readonly tone: SpokenTone | null }): Promise<unknown> {
    return this.#office.act({ on: 'telephone', port: this.station.port, ...act });
  }
}

export function shownBy(caller: ShownCaller | null): Shown {
  const { number, name } = caller ?? {};
  return { number: number !== undefined && 'shown' in number ? number.shown : null, name: name !== undefined && 'shown' in name ? name.shown : null };
}
