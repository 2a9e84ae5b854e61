import type { LegEvent } from '@tipring/telephony';
import { AnalogOffice, lineId } from '../testbed/analog-office.ts';
import { anyMedia } from '../testbed/office-controller.ts';
import { countryLine, regionNamed } from '../testbed/country-line.ts';
import { talking } from '../testbed/voices.ts';

/** Somebody outside calls and speaks once he is answered, so many ms after the line was told to call out (before: less than 0). */
export interface GlareTrial {
  readonly region: string;
  readonly offsetMs: number;
  /** How long the exchange does not see that the line is seized. */
  readonly seizureMs: number;
  readonly priority?: 'emergency';
}

export interface GlareResult extends GlareTrial {
  /** Of the call that was to go out: what became of it, and how long after it was told; null: it goes on. */
  readonly released: string | null;
  readonly releasedMs: number | null;
  /** What the exchange heard dialled. */
  readonly dialled: string;
  /** From then to its first digit; null: none was heard. */
  readonly dialledMs: number | null;
  /** From then to the offer of the call that came in; null: none came. */
  readonly offeredMs: number | null;
  readonly offers: number;
  readonly exchange: string;
  readonly line: string;
  /** Whether the exchange let the call come in at all. */
  readonly rang: boolean;
}

/** As they stand `forMs` after the line was told. */
export function runGlare(trials: readonly GlareTrial[], forMs: number): GlareResult[] {
  const office = new AnalogOffice(trials.map(({ region, seizureMs }) => {
    const plug = countryLine(regionNamed(region), { number: '5550100', cable: { gauge: '0.5 mm', km: 3 }, partyTone: null });
    return { kind: 'line', region, plug: { ...plug, dialling: { ...plug.dialling, ...(seizureMs === 0 ? {} : { seizureMs }) } } };
  }));
  office.phone.answersAfterMs = null;
  const events: (LegEvent & { readonly at: number })[][] = trials.map(() => []);
  const rang = trials.map(() => false);
  const dialledAt: (number | null)[] = trials.map(() => null);
  const begin = office.timers.now() + 1_000;
  trials.forEach(({ offsetMs, priority }, index) => {
    const n = index + 1;
    office.timers.start(1_000, () => {
      const [endpoint] = office.controller.lines.find(lineId(n));
      endpoint?.originate(`out-${n}`, { context: `c-${n}`, from: { number: '100' }, number: '5551234', media: anyMedia, ...(priority === undefined ? {} : { priority }) }, (event) => events[index]!.push({ ...event, at: office.timers.now() }));
    });
    office.timers.start(1_000 + offsetMs, () => (rang[index] = office.tryAct({ on: 'line', port: office.idOf(n), do: 'call', number: { shown: '5559876' } }).ok));
  });
  const voice = talking(1);
  const block = new Int16Array(160);
  for (let ms = 0; ms < 1_000 + forMs; ms += 20) {
    voice(block);
    trials.forEach((_, index) => office.simulator.line(office.idOf(index + 1))?.say(block));
    office.pass(20);
    trials.forEach((_, index) => {
      if (office.simulator.line(office.idOf(index + 1))?.digits.heard !== '') dialledAt[index] ??= office.timers.now();
    });
  }
  const results = trials.map((trial, index): GlareResult => {
    const n = index + 1;
    const released = events[index]!.find((event) => event.type === 'released');
    const offers = office.controller.offers.filter(({ endpoint }) => endpoint === lineId(n));
    const [first] = offers;
    const at = dialledAt[index] ?? null;
    return {
      ...trial, rang: rang[index]!,
      released: released?.type === 'released' ? `${released.cause}: ${released.evidence.text}` : null,
      releasedMs: released === undefined ? null : released.at - begin,
      dialled: office.simulator.line(office.idOf(n))?.digits.heard ?? '',
      dialledMs: at === null ? null : at - begin,
      offeredMs: first === undefined ? null : first.at - begin, offers: offers.length,
      exchange: office.exchangeLine(n).call.at, line: office.line(n).state,
    };
  });
  office.close();
  return results;
}

/** His call is offered, and the other is for another line; or he was not let in, and the number is dialled. */
export function isOneOfTwo({ rang, released, offers, dialled, exchange, line }: GlareResult): boolean {
  if (!rang) return released === null && offers === 0 && dialled === '5551234';
  return released?.startsWith('noCircuit') === true && offers === 1 && dialled === '' && (line === 'caught' ? exchange === 'answered' : line === 'offered' && exchange === 'ringing');
}

/** The number is dialled in time, whoever called. */
export function areEndedForHelp({ released, dialled, dialledMs, offers }: GlareResult): boolean {
  return released === null && dialled === '5551234' && dialledMs !== null && dialledMs <= 7_000 && offers === 0;
}
