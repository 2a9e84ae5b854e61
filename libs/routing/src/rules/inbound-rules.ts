import type { InboundRoute, Snapshot } from '@tipring/config';
import { PatternIndex, PatternList } from '../numbers/pattern-index.ts';
import type { Trace } from '../trace.ts';
import { inOrder } from './in-order.ts';
import { type ScheduleMisfit, type Schedules, scheduleMisfit, scheduleText } from './rule-schedule.ts';

/** A call that came in, as rules ask for it. */
export interface Incoming {
  /** The trunk or line. */
  readonly via: string;
  /** As it was given; '': nobody said. */
  readonly called: string;
  readonly calledE164: string | null;
  readonly caller: string;
  readonly callerE164: string | null;
  readonly isAnonymous: boolean;
}

/** Inbound routes in their order, found by the number that was called. */
export class InboundRules {
  readonly #rules: readonly Rule[];
  readonly #given = new PatternIndex<number>();
  readonly #e164 = new PatternIndex<number>();
  /** Places of rules that ask for no number. */
  readonly #forAny: readonly number[];

  constructor(snapshot: Snapshot) {
    const rows = [...snapshot.inboundRoutes.values()].sort((a, b) => a.position - b.position || (a.key < b.key ? -1 : 1));
    this.#rules = rows.map((row) => ({ row, via: endpointsOf(row, snapshot), callers: row.match.callers.length === 0 ? null : new PatternList(row.match.callers) }));
    const forAny: number[] = [];
    rows.forEach(({ isEnabled, match }, place) => {
      if (!isEnabled) return;
      if (match.called.length === 0) forAny.push(place);
      for (const pattern of match.called) (pattern.startsWith('+') ? this.#e164 : this.#given).add(pattern, place);
    });
    this.#forAny = forAny;
  }

  /** The first that fits. */
  find(call: Incoming, at: number, schedules: Schedules, trace: Trace): InboundRoute | undefined {
    const byNumber = new Set([...this.#given.match(call.called), ...(call.calledE164 === null ? [] : this.#e164.match(call.calledE164.slice(1)))]);
    const looked = trace.detail === 'all' ? this.#rules.keys() : inOrder([...byNumber], this.#forAny);
    let told = 0;
    for (const place of looked) {
      const rule = this.#rules[place]!;
      const misfit = misfitOf(rule, rule.row.match.called.length === 0 || byNumber.has(place), call, at, schedules);
      if (misfit === null) {
        trace.passedOver(trace.detail === 'all' ? 0 : place - told);
        trace.tell(whatOf(rule.row), 'matched', 'fits', `${rule.row.displayName}: ${conditionsOf(rule.row)}`);
        if (trace.detail === 'all') for (const { row } of this.#rules.slice(place + 1)) trace.notMatched(whatOf(row), 'decidedBefore', `${rule.row.key} decided before`);
        return rule.row;
      }
      told += 1;
      if (trace.tellsMore) trace.notMatched(whatOf(rule.row), misfit, textOf(misfit, rule.row, call, at, schedules));
      else trace.passedOver(1);
    }
    trace.passedOver(this.#rules.length - told);
    return undefined;
  }
}

interface Rule {
  readonly row: InboundRoute;
  /** Null: any. */
  readonly via: ReadonlySet<string> | null;
  readonly callers: PatternList | null;
}

/** Trunks and lines, those of groups too. */
function endpointsOf({ match }: InboundRoute, { lineGroups }: Snapshot): ReadonlySet<string> | null {
  if (match.via.length === 0) return null;
  return new Set(match.via.flatMap(({ type, id }) => (type === 'lineGroup' ? (lineGroups.get(id)?.lines ?? []) : [id])));
}

type Misfit = 'disabled' | 'otherNumber' | 'otherCarrier' | 'notAnonymous' | 'anonymous' | 'otherCaller' | ScheduleMisfit;

/** Null: it fits. */
function misfitOf({ row, via, callers }: Rule, fitsNumber: boolean, call: Incoming, at: number, schedules: Schedules): Misfit | null {
  const { match } = row;
  if (!row.isEnabled) return 'disabled';
  if (!fitsNumber) return 'otherNumber';
  if (via !== null && !via.has(call.via)) return 'otherCarrier';
  if (match.anonymous !== null && match.anonymous !== call.isAnonymous) return call.isAnonymous ? 'anonymous' : 'notAnonymous';
  if (callers !== null && !callers.fits(call.caller, call.callerE164)) return 'otherCaller';
  return match.schedule === null ? null : scheduleMisfit(match.schedule, at, schedules);
}

function textOf(misfit: Misfit, { match }: InboundRoute, { called, calledE164, caller, callerE164 }: Incoming, at: number, schedules: Schedules): string {
  switch (misfit) {
    case 'disabled':
      return 'the rule is switched off';
    case 'otherNumber':
      return `${called === '' ? 'nobody said which number was called' : `${calledE164 ?? called} was called`}; the rule is for ${listed(match.called)}`;
    case 'otherCarrier':
      return 'it came in by another trunk or line';
    case 'notAnonymous':
      return 'the caller shows a number; the rule is for those who withhold it';
    case 'anonymous':
      return 'the caller withholds the number';
    case 'otherCaller':
      return `the caller is ${callerE164 ?? (caller === '' ? 'not known' : caller)}; the rule is for ${listed(match.callers)}`;
    case 'noSchedule':
    case 'scheduleOpen':
    case 'scheduleClosed':
      return scheduleText(match.schedule!, at, schedules);
  }
}

function conditionsOf({ match }: InboundRoute): string {
  const conditions = [
    match.called.length > 0 && `the number is one of ${listed(match.called)}`,
    match.via.length > 0 && 'it came in by one of its trunks and lines',
    match.callers.length > 0 && `the caller is one of ${listed(match.callers)}`,
    match.anonymous !== null && (match.anonymous ? 'the caller withholds the number' : 'the caller shows a number'),
    match.schedule !== null && `its schedule is ${match.schedule.is}`,
  ].filter((one) => one !== false);
  return conditions.length === 0 ? 'it takes every call' : conditions.join(', ');
}

function whatOf({ id, key }: InboundRoute): { readonly kind: 'inboundRoute'; readonly id: string; readonly key: string } {
  return { kind: 'inboundRoute', id, key };
}

function listed(patterns: readonly string[]): string {
  return patterns.length <= 3 ? patterns.join(', ') : `${patterns.slice(0, 3).join(', ')} and ${patterns.length - 3} more`;
}
