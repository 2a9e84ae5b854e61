import type { PortHappening, PortTreatment } from '@tipring/gateway';
import { usualTreatment } from '@tipring/gateway';
import type { PortLeg } from './port-leg.ts';
import type { PortLink } from './port-link.ts';

type FaxTone = Extract<PortHappening, { type: 'faxTone' }>['tone'];

/** A fax or modem in a call: once it is heard the port changes nothing any more of what comes, until that call is over. */
export class CallData {
  readonly #link: PortLink;
  /** As the port is to be treated otherwise. */
  readonly #treatment: () => Partial<PortTreatment>;
  /** Whose call it is that is listened to. */
  #leg: PortLeg | null = null;
  #carries: 'voice' | 'data' = 'voice';
  readonly #heard = new Set<FaxTone>();

  constructor(link: PortLink, treatment: () => Partial<PortTreatment>) {
    this.#link = link;
    this.#treatment = treatment;
  }

  /** `isFax`: a fax is plugged in; elsewhere somebody may whistle as one calls, and only who answers as one is one. */
  hear({ tone, side }: Extract<PortHappening, { type: 'faxTone' }>, leg: PortLeg, isFax: boolean): void {
    this.follow(leg);
    const where = side === 'far' ? 'from the other side' : 'from the port';
    // Once: without the canceller it is heard from the other side as well, as its echo.
    if (this.#heard.has(tone)) return;
    this.#heard.add(tone);
    leg.report.note('fax', `heard ${where}: ${names[tone]}`, { tone, side: side ?? 'line' });
    if (this.#carries === 'data' || (tone === 'cng' && !isFax)) return;
    this.#carries = 'data';
    this.#link.treat({ audio: 'data', echo: null });
    leg.report.note('fax', 'carried as data from now on: the echo canceller is off, gains and delay do not change any more');
  }

  /** The port is in this call now; null: in none. */
  follow(leg: PortLeg | null): void {
    if (leg === this.#leg) return;
    this.#leg = leg;
    this.#heard.clear();
    if (this.#carries === 'voice') return;
    this.#carries = 'voice';
    const { audio = usualTreatment.audio, echo = usualTreatment.echo } = this.#treatment();
    this.#link.treat({ audio, echo });
  }
}

/** ITU-T T.30, V.25, V.8. */
const names: Readonly<Record<FaxTone, string>> = {
  cng: 'calling tone of a fax (CNG)',
  ced: 'answer tone of a fax or modem (CED)',
  'ced-reversed': 'answer tone with phase reversals, of one that cancels echoes itself',
  ansam: 'answer tone of a fast modem (ANSam)',
  'ansam-reversed': 'answer tone of a fast modem with phase reversals (ANSam)',
  'v21-preamble': 'the beginning of a fax’s signals (V.21)',
};
