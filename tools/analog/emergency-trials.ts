import type { LegEvent } from '@tipring/telephony';
import { AnalogOffice, lineId } from '../testbed/analog-office.ts';
import { countryLine, regionNamed } from '../testbed/country-line.ts';
import { anyMedia } from '../testbed/office-controller.ts';

/** What the only line does when help is called for. `called`: the first ring sounds, nobody knows of the call yet; `calledTalking`: a call that came in is up. */
export type HelpFrom = 'idle' | 'called' | 'ringing' | 'talking' | 'calledTalking' | 'dialling' | 'guard';

export interface HelpResult {
  readonly region: string;
  readonly from: HelpFrom;
  readonly dialled: string;
  /** From the order to the beginning of the first digit; and until the exchange knew it. */
  readonly sentMs: number | null;
  readonly dialledMs: number | null;
  /** Why the call that was before ended by then; null: it had not, or there was none. */
  readonly former: string | null;
}

/** One line, at the end of 3 km of cable, takes a call for help. */
export function callsForHelp(region: string, from: HelpFrom): HelpResult {
  const plug = countryLine(regionNamed(region), { number: '5550100', cable: { gauge: '0.5 mm', km: 3 }, policy: { is: 'answered', afterRings: 0, supervision: 'reversal' } });
  const office = new AnalogOffice([{ kind: 'line', region, plug }]);
  office.phone.answersAfterMs = from === 'calledTalking' ? 500 : null;
  before(office, from);
  const [endpoint] = office.controller.lines.find(lineId(1));
  const began = office.timers.now();
  const events: LegEvent[] = [];
  office.simulator.line(office.idOf(1))!.office.digits = '';
  endpoint!.originate('help', { context: 'help', from: { number: '100' }, number: '112', media: anyMedia, priority: 'emergency' }, (event) => events.push(event));
  let isSeized = false;
  let sentMs: number | null = null;
  let dialledMs: number | null = null;
  const heard = () => office.simulator.line(office.idOf(1))!.digits.heard;
  office.until(() => {
    const ms = office.timers.now() - began;
    if (office.line(1).state === 'guard' || office.line(1).state === 'awaitingDialTone') isSeized = true;
    if (isSeized && office.line(1).state === 'outpulsing') sentMs ??= ms;
    if (sentMs !== null && heard() !== '') dialledMs ??= ms;
    return sentMs !== null && (office.line(1).state === 'awaitingAnswer' || office.line(1).state === 'up');
  }, 20_000);
  const former = office.records.at(-1)?.legs.find(({ endpoint: id }) => id === lineId(1))?.cause ?? null;
  const dialled = heard();
  office.close();
  return { region, from, dialled, sentMs, dialledMs, former: from === 'guard' ? null : former };
}

function before(office: AnalogOffice, from: HelpFrom): void {
  const call = () => office.act({ on: 'line', port: office.idOf(1), do: 'call', number: { shown: '5559876' } });
  const until = (state: string) => {
    if (office.until(() => office.line(1).state === state, 40_000) === null) throw new Error(`the line did not come to ${state}: ${office.line(1).state}`);
  };
  switch (from) {
    case 'idle':
      return;
    case 'called':
      call();
      office.until(() => office.exchangeLine(1).call.at === 'ringing', 5_000);
      return office.pass(200);
    case 'ringing':
      call();
      until('offered');
      return office.pass(500);
    case 'calledTalking':
      call();
      until('up');
      return office.pass(1_000);
    case 'dialling':
      office.controller.exchange.offer(office.ledger.offer(office.phone.offer('9015551234', { number: '2000' }, anyMedia)));
      return until('outpulsing');
    case 'talking':
    case 'guard':
      office.controller.exchange.offer(office.ledger.offer(office.phone.offer('9015551234', { number: '2000' }, anyMedia)));
      until('up');
      office.pass(1_000);
      if (from === 'talking') return;
      for (const { id } of office.controller.exchange.calls()) office.controller.exchange.hangUp(id);
      return until('guard');
  }
}
