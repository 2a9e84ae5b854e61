import type { OutboundRoute, Snapshot } from '@tipring/config';
import type { PlannedNumber } from '../numbers/numbering.ts';
import { PatternIndex } from '../numbers/pattern-index.ts';
import type { Trace } from '../trace.ts';
import { inOrder } from './in-order.ts';
import { type ScheduleMisfit, type Schedules, scheduleMisfit, scheduleText } from './rule-schedule.ts';

/** A number that nobody inside has, as rules ask for it. */
export interface DialledOutside {
  /** As dialled, the prefix before it; with + no prefix is needed. */
  readonly dialled: string;
  /** Null: who calls is no extension. */
  readonly extensionId: string | null;
}

export interface OutboundMatch {
  readonly rule: OutboundRoute;
  /** Behind the prefix. */
  readonly dialled: string;
  readonly number: PlannedNumber;
}

/** Why there is none: nothing begins so; only the prefix was dialled; no rule fits. */
export type NoMatch = 'otherPrefix' | 'nothingBehind' | 'noRule';

/** Outbound routes in their order, found by what is dialled. */
export class OutboundRules {
  /** That lead outside, the empty one too if there is a rule without. */
  readonly prefixes: ReadonlySet<string>;
  readonly #rules: readonly OutboundRoute[];
  readonly #callers: readonly (ReadonlySet<string> | null)[];
  readonly #byPrefix: ReadonlyMap<string, Numbers>;

  constructor(snapshot: Snapshot) {
    const rows = [...snapshot.outboundRoutes.values()].sort((a, b) => a.position - b.position || (a.key < b.key ? -1 : 1));
    this.#rules = rows;
    this.#callers = this.#rules.map(({ match }) => (match.callers.length === 0 ? null : new Set(match.callers)));
    const byPrefix = new Map<string, Numbers>();
    this.#rules.forEach(({ isEnabled, match }, place) => {
      if (!isEnabled) return;
      let numbers = byPrefix.get(match.prefix);
      if (numbers === undefined) byPrefix.set(match.prefix, (numbers = { given: new PatternIndex(), e164: new PatternIndex(), any: [] }));
      if (match.numbers.length === 0) numbers.any.push(place);
      for (const pattern of match.numbers) (pattern.startsWith('+') ? numbers.e164 : numbers.given).add(pattern, place);
    });
    this.#byPrefix = byPrefix;
    this.prefixes = new Set(byPrefix.keys());
  }

  /** The first that fits. @param read a number behind its prefix */
  find({ dialled, extensionId }: DialledOutside, at: number, read: (number: string) => PlannedNumber, schedules: Schedules, trace: Trace): OutboundMatch | NoMatch {
    const byNumber = new Set<number>();
    const forAny: (readonly number[])[] = [];
    const behind = new Map<string, Behind>();
    let noMatch: NoMatch = 'otherPrefix';
    for (const [prefix, numbers] of this.#prefixesOf(dialled)) {
      const given = dialled.startsWith('+') ? dialled : dialled.slice(prefix.length);
      if (given === '') {
        if (noMatch === 'otherPrefix') noMatch = 'nothingBehind';
        continue;
      }
      noMatch = 'noRule';
      const number = read(given);
      behind.set(prefix, { given, number });
      for (const place of numbers.given.match(given)) byNumber.add(place);
      if (number.e164 !== null) for (const place of numbers.e164.match(number.e164.slice(1))) byNumber.add(place);
      if (numbers.any.length > 0) forAny.push(numbers.any);
    }
    const any = forAny.length > 1 ? forAny.flat().sort((a, b) => a - b) : (forAny[0] ?? []);
    const looked = trace.detail === 'all' ? this.#rules.keys() : inOrder([...byNumber], any);
    let told = 0;
    for (const place of looked) {
      const rule = this.#rules[place]!;
      const its = behind.get(rule.match.prefix);
      const misfit = this.#misfit(place, its, byNumber, extensionId, at, schedules);
      if (misfit === null) {
        trace.passedOver(trace.detail === 'all' ? 0 : place - told);
        trace.tell(whatOf(rule), 'matched', 'fits', `${rule.displayName}: ${conditionsOf(rule)}`);
        if (trace.detail === 'all') for (const later of this.#rules.slice(place + 1)) trace.notMatched(whatOf(later), 'decidedBefore', `${rule.key} decided before`);
        return { rule, dialled: its!.given, number: its!.number };
      }
      told += 1;
      if (trace.tellsMore) trace.notMatched(whatOf(rule), misfit, textOf(misfit, rule, dialled, its, at, schedules));
      else trace.passedOver(1);
    }
    trace.passedOver(this.#rules.length - told);
    return noMatch;
  }

  /** Those that the number begins with; all of them for one with +. */
  *#prefixesOf(dialled: string): Generator<readonly [string, Numbers]> {
    if (dialled.startsWith('+')) {
      yield* this.#byPrefix;
      return;
    }
    for (let length = 0; length <= Math.min(LONGEST_PREFIX, dialled.length); length += 1) {
      const prefix = dialled.slice(0, length);
      const numbers = this.#byPrefix.get(prefix);
      if (numbers !== undefined) yield [prefix, numbers];
    }
  }

  /** Null: it fits. @param its what is behind its prefix; undefined: nothing, or it does not begin so */
  #misfit(place: number, its: Behind | undefined, byNumber: ReadonlySet<number>, extensionId: string | null, at: number, schedules: Schedules): Misfit | null {
    const { isEnabled, match } = this.#rules[place]!;
    if (!isEnabled) return 'disabled';
    if (its === undefined) return 'otherPrefix';
    if (match.numbers.length > 0 && !byNumber.has(place)) return 'otherNumber';
    if (match.classes.length > 0 && !match.classes.includes(its.number.class)) return 'otherClass';
    const callers = this.#callers[place]!;
    if (callers !== null && (extensionId === null || !callers.has(extensionId))) return 'otherCaller';
    return match.schedule === null ? null : scheduleMisfit(match.schedule, at, schedules);
  }
}

type Misfit = 'disabled' | 'otherPrefix' | 'otherNumber' | 'otherClass' | 'otherCaller' | ScheduleMisfit;

function textOf(misfit: Misfit, { match }: OutboundRoute, dialled: string, its: Behind | undefined, at: number, schedules: Schedules): string {
  switch (misfit) {
    case 'disabled':
      return 'the rule is switched off';
    case 'otherPrefix':
      return dialled === match.prefix ? `no number behind ${match.prefix}` : `${dialled} does not begin with ${match.prefix}`;
    case 'otherNumber':
      return `${its!.given}${its!.number.e164 === null || its!.number.e164 === its!.given ? '' : ` (${its!.number.e164})`} is none of ${listed(match.numbers)}`;
    case 'otherClass':
      return `the number is ${its!.number.class}; the rule is for ${match.classes.join(', ')}`;
    case 'otherCaller':
      return 'the rule is for other extensions';
    case 'noSchedule':
    case 'scheduleOpen':
    case 'scheduleClosed':
      return scheduleText(match.schedule!, at, schedules);
  }
}

/** What is dialled behind a prefix. */
interface Behind {
  readonly given: string;
  readonly number: PlannedNumber;
}

/** Places of rules, by what they ask of the number behind the prefix. */
interface Numbers {
  readonly given: PatternIndex<number>;
  readonly e164: PatternIndex<number>;
  readonly any: number[];
}

function conditionsOf({ match }: OutboundRoute): string {
  const conditions = [
    match.prefix !== '' && `behind ${match.prefix}`,
    match.numbers.length > 0 && `the number is one of ${listed(match.numbers)}`,
    match.classes.length > 0 && `it is ${match.classes.join(' or ')}`,
    match.callers.length > 0 && 'it is for this extension',
    match.schedule !== null && `its schedule is ${match.schedule.is}`,
  ].filter((one) => one !== false);
  return conditions.length === 0 ? 'it takes every number' : conditions.join(', ');
}

function whatOf({ id, key }: OutboundRoute): { readonly kind: 'outboundRoute'; readonly id: string; readonly key: string } {
  return { kind: 'outboundRoute', id, key };
}

function listed(patterns: readonly string[]): string {
  return patterns.length <= 3 ? patterns.join(', ') : `${patterns.slice(0, 3).join(', ')} and ${patterns.length - 3} more`;
}

const LONGEST_PREFIX = 6;
