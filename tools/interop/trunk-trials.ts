import type { Zone } from '@tipring/sip/test-support';
import { carrierPort, officeCard, TrunkOffice } from '../testbed/trunk-office.ts';
import { CarrierParty } from './parties/carrier-party.ts';
import { LineParty } from './parties/line-party.ts';
import { bothHear, type Party } from './parties/party.ts';
import { PhoneParty } from './parties/phone-party.ts';
import { recordOf } from './parties/record-of.ts';
import { TelephoneParty } from './parties/telephone-party.ts';
import type { FailurePlace, TrunkFailure } from './trunk-failures.ts';
import { waitFor } from './wait-for.ts';

/** What one trial gave. */
export interface FailOverRow {
  readonly what: string;
  readonly when: string;
  readonly caller: string;
  /** From the last digit to the whole number at the simulated exchange, or to the INVITE at the carrier that is reached. */
  readonly reachedMs: number;
  readonly by: string;
  /** Causes of the attempts before. */
  readonly attempts: string;
}

interface Trial {
  readonly failure: TrunkFailure;
  readonly place: FailurePlace;
  /** Whoever is called over the trunk. */
  readonly outside: CarrierParty;
  readonly prefix: string;
}

/** An office in which each failure has a trunk, and each place in a wave a caller and a line. */
export class FailOverTrials {
  readonly #office: TrunkOffice;
  readonly #trials: readonly Trial[];
  readonly #callers: readonly Party[];
  readonly #lines: readonly LineParty[];

  static async prepare(failures: readonly TrunkFailure[], { atOnce, caller }: { readonly atOnce: number; readonly caller: 'phone' | 'station' }): Promise<FailOverTrials> {
    const isPhone = caller === 'phone';
    const office = await TrunkOffice.start({ lines: atOnce, telephones: isPhone ? 0 : atOnce, phones: isPhone ? atOnce + 1 : 1 });
    let zone: Zone = {};
    const answer = (more: Zone): void => {
      zone = { ...zone, ...more };
      office.dns.become(zone);
    };
    const lines: LineParty[] = [];
    for (let at = 0; at < atOnce; at += 1) lines.push(new LineParty(office.office, await office.addLine({ card: officeCard, port: at + 1 }), 2_220 + 60 * at, `2125551${String(at).padStart(3, '0')}`));
    const telephones = isPhone ? [] : await office.office.addTelephones(lines.map((_, at) => ({ card: officeCard, port: atOnce + at + 1 })), 201);
    const callers = isPhone ? office.phones.slice(0, atOnce) : telephones.map((one, at) => new TelephoneParty(office.office, one, 780 + 60 * at));
    const trials: Trial[] = [];
    for (const [at, failure] of failures.entries()) {
      const addresses = [`127.0.0.${100 + 2 * at}`, `127.0.0.${101 + 2 * at}`] as const;
      const name = `f${at}`;
      answer(failure.zone?.(addresses, name) ?? {});
      const wishes = failure.carriers?.(addresses, office) ?? [{ address: addresses[0] }];
      const [first, ...others] = await Promise.all(wishes.map((wish) => office.carrier(wish)));
      const trunk = await office.addTrunk(`trunk-${name}`, { peering: { type: 'address' }, ...(failure.trunk?.(addresses, name) ?? { server: { host: addresses[0], port: carrierPort, transport: 'udp' } }) });
      const prefix = String(20 + at);
      await office.addOutboundRoute(prefix, [{ trunk }, { line: lines[at % atOnce]!.line.id }]);
      const carriers = [first!, ...others] as const;
      const outside = new CarrierParty(carriers[failure.reaches ?? 0]!, { number: '', shows: { number: null, name: null } }, 1_620 + 60 * (at % atOnce));
      const occupy = async (): Promise<void> => {
        await office.phones.at(-1)!.call(`${prefix}2125551999`);
        await outside.isCalled();
        await waitFor('the trunk to be occupied', () => outside.present.phase === 'answered' || undefined);
      };
      trials.push({ failure, prefix, outside, place: { office, trunk, name, carriers, occupy, answer } });
    }
    await Promise.all(trials.map(async ({ failure, place }) => {
      if (failure.what !== 'DNS never answers' && failure.what !== 'first trunk disabled') await office.trunkIs(place.trunk, 'up');
    }));
    await Promise.all([...lines, ...callers].map((party) => party.rests()));
    return new FailOverTrials(office, trials, callers, lines);
  }

  private constructor(office: TrunkOffice, trials: readonly Trial[], callers: readonly Party[], lines: readonly LineParty[]) {
    this.#office = office;
    this.#trials = trials;
    this.#callers = callers;
    this.#lines = lines;
  }

  async run(trial: number, at: number): Promise<FailOverRow> {
    const [caller, line] = [this.#callers[at]!, this.#lines[at]!];
    try {
      return await this.#run(this.#trials[trial]!, caller, line);
    } catch (error) {
      const said = caller instanceof PhoneParty ? `; ${caller.name} had ${caller.party.events.join(' ')} ${caller.party.end ?? ''}` : '';
      // The next trial begins with what this one used.
      await caller.hangUp().catch(() => {});
      await Promise.all([caller.rests(), line.rests()]).catch(() => {});
      throw new Error(`${String(error)}${said}`, { cause: error });
    }
  }

  async #run({ failure, place, outside, prefix }: Trial, caller: Party, line: LineParty): Promise<FailOverRow> {
    const start = new Date();
    await line.rings();
    await failure.before?.(place);
    const during = dial(caller, `${prefix}${line.number}`);
    const [dialledAt] = await Promise.all([during, failure.during?.(place)]);
    const called: Party = failure.reaches === undefined ? line : outside;
    const reachedAt = await reached(called);
    await called.answer();
    await Promise.all([caller.speak(), called.speak()]);
    await bothHear(caller, called, 400);
    const references = [caller.reference, called.reference];
    await caller.hangUp();
    await called.isTold();
    const record = await recordOf(this.#office.pbx, references, start);
    await Promise.all([caller.rests(), line.rests()]);
    const { attempts } = record;
    const answered = attempts.map(({ answeredAt }) => answeredAt !== null);
    if (answered.indexOf(true) !== attempts.length - 1) throw new Error(`the last attempt alone was answered: ${JSON.stringify(attempts)}`);
    if (failure.isTried !== false && failure.reaches === undefined && attempts.length !== 2) throw new Error(`trunk and line were tried: ${JSON.stringify(attempts)}`);
    const before = attempts.slice(0, -1).map(({ cause, evidence }) => `${cause}: ${evidence.text}`).join(' | ');
    return { what: failure.what, when: failure.when, caller: caller.name, reachedMs: Math.round(reachedAt - dialledAt), by: called.name, attempts: before };
  }

  stop(): Promise<void> {
    return this.#office.stop();
  }
}

export function inTable(rows: readonly FailOverRow[]): string {
  const head = ['trunk', 'when', 'from', 'reached after', 'by', 'attempts before'];
  const cells = [head, ...rows.map(({ what, when, caller, reachedMs, by, attempts }) => [what, when, caller, `${(reachedMs / 1_000).toFixed(2)} s`, by, attempts])];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n');
}

/** @returns the instant of the last digit */
async function dial(caller: Party, number: string): Promise<number> {
  const at = performance.now();
  await caller.call(number);
  return caller instanceof TelephoneParty ? caller.dialledAt : at;
}

async function reached(called: Party): Promise<number> {
  await called.isCalled();
  return performance.now();
}
