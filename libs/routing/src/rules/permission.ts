import type { Extension } from '@tipring/config';
import { type Call, refusalCauses, refused, type Verdict } from '../call.ts';
import { isCostly } from '../tariff.ts';
import type { OutboundMatch } from './outbound-rules.ts';

type Refusal = Extract<Verdict, { ok: false }>;

/** May this number be called by this caller, by this rule? Undefined: yes. Each check says what it found. */
export function refusalOf(match: OutboundMatch, call: Call): Refusal | undefined {
  return blocked(match, call) ?? locked(call) ?? notPermitted(match, call) ?? overLimit(match, call) ?? withoutPin(match, call);
}

/** Of a call that a rule passes on: who wrote the rule has permitted it. */
export function refusalOfPassedOn(match: OutboundMatch, call: Call): Refusal | undefined {
  const isBlocked = blocked(match, call);
  if (isBlocked !== undefined || match.rule.pinSetId === null) return isBlocked;
  return refuse(call, { kind: 'outboundRoute', id: match.rule.id, key: match.rule.key }, 'asksPin', 'the rule asks for a PIN, and a call from outside cannot be asked for one');
}

/** Of a call that an extension forwards: it may be sent where the extension may call. Nobody is there to be asked for a PIN. */
export function refusalOfForwarded(match: OutboundMatch, forwarder: Extension, call: Call): Refusal | undefined {
  const its: Call = { ...call, caller: { is: 'extension', extension: forwarder } };
  return blocked(match, its) ?? locked(its) ?? notPermitted(match, its) ?? overLimit(match, its) ?? (match.rule.pinSetId === null ? undefined : refuse(its, { kind: 'outboundRoute', id: match.rule.id, key: match.rule.key }, 'asksPin', 'the rule asks for a PIN, and a call that is forwarded cannot be asked for one'));
}

function blocked({ dialled, number }: OutboundMatch, { office, trace }: Call): Refusal | undefined {
  for (const { row, numbers } of office.blocklists.outbound) {
    if (!numbers.fits(dialled, number.e164)) continue;
    const text = `${number.e164 ?? dialled} is in the block list ${row.displayName}`;
    trace.tell({ kind: 'blocklist', id: row.id, key: row.key }, 'refused', 'blocked', text);
    return refused(refusalCauses[row.as], text);
  }
  return undefined;
}

function locked(call: Call): Refusal | undefined {
  const { caller } = call;
  if (caller.is !== 'extension' || caller.extension.calling?.isLocked !== true) return undefined;
  return refuse(call, { kind: 'extension', id: caller.extension.id, key: caller.extension.key }, 'locked', `extension ${caller.extension.number} is locked: only internal and emergency numbers can be called`);
}

function notPermitted({ dialled, number }: OutboundMatch, call: Call): Refusal | undefined {
  const { caller, office, trace } = call;
  const own = caller.is === 'extension' ? (caller.extension.calling?.permissionId ?? null) : null;
  const id = own ?? office.snapshot.settings.site.permissionId;
  const permission = id === null ? undefined : office.permission(id);
  const told = `${number.e164 ?? dialled} (${number.class})`;
  if (permission === undefined) {
    const what = { kind: 'permission', id: null, key: 'usual' } as const;
    if (notUsual.has(number.class)) return refuse(call, what, 'notPermitted', `${told}: without a permission no ${number.class} numbers can be called`);
    trace.tell(what, 'passed', 'permitted', `${told} can be called without a permission`);
    return undefined;
  }
  const { row, classes, countries, allowed, denied } = permission;
  const what = { kind: 'permission', id: row.id, key: row.key } as const;
  if (denied.fits(dialled, number.e164)) return refuse(call, what, 'denied', `${told} is among the numbers that ${row.displayName} denies`);
  if (allowed.fits(dialled, number.e164)) {
    trace.tell(what, 'passed', 'allowed', `${told} is among the numbers that ${row.displayName} allows`);
    return undefined;
  }
  if (!classes.has(number.class)) return refuse(call, what, 'notPermitted', `${told}: ${row.displayName} has no ${number.class} numbers`);
  if (number.class === 'international' && countries !== null && (number.country === null || !countries.has(number.country))) {
    return refuse(call, what, 'otherCountry', `${told}: ${row.displayName} does not have ${number.country ?? 'numbers of no country'}`);
  }
  trace.tell(what, 'passed', 'permitted', `${told} is permitted by ${row.displayName}`);
  return undefined;
}

function overLimit({ number }: OutboundMatch, call: Call): Refusal | undefined {
  const { caller, office, state, trace, request } = call;
  const { concurrent, callsPerHour, costlyPerHour, spendPerDay } = office.snapshot.settings.fraud;
  if (concurrent === null && callsPerHour === null && costlyPerHour === null && spendPerDay === null) return undefined;
  const use = state.outsideUse(caller.is === 'extension' ? caller.extension.id : request.endpoint);
  const isOver = (limit: number | null, used: number): limit is number => limit !== null && used >= limit;
  const over = isOver(concurrent, use.concurrent)
    ? `${use.concurrent} calls outside at a time, of ${concurrent}`
    : isOver(callsPerHour, use.lastHour)
      ? `${use.lastHour} calls outside within an hour, of ${callsPerHour}`
      : isCostly(number.class) && isOver(costlyPerHour, use.costlyLastHour)
        ? `${use.costlyLastHour} costly calls within an hour, of ${costlyPerHour}`
        : isOver(spendPerDay, use.spentToday)
          ? `${use.spentToday.toFixed(2)} spent within 24 hours, of ${spendPerDay}`
          : undefined;
  const what = { kind: 'fraudLimits', id: null, key: 'fraud' } as const;
  if (over !== undefined) return refuse(call, what, 'overLimit', `the limit is reached: ${over}`);
  trace.tell(what, 'passed', 'withinLimits', `${use.concurrent} calls outside now, ${use.lastHour} within an hour, ${use.costlyLastHour} of them costly`);
  return undefined;
}

function withoutPin({ rule }: OutboundMatch, call: Call): Refusal | undefined {
  const { office, trace, request } = call;
  if (rule.pinSetId === null) return undefined;
  const set = office.snapshot.pinSets.get(rule.pinSetId);
  if (set === undefined) return refuse(call, { kind: 'pinSet', id: rule.pinSetId, key: '' }, 'noPinSet', 'the PINs of the rule are not there');
  const what = { kind: 'pinSet', id: set.id, key: set.key } as const;
  const pin = set.pins.find((one) => one.pin === request.pin);
  if (pin !== undefined) {
    trace.tell(what, 'passed', 'pin', `PIN of ${pin.label}`);
    return undefined;
  }
  const text = request.pin === undefined ? `a PIN of ${set.displayName} is asked for` : `the PIN is none of ${set.displayName}`;
  trace.tell(what, 'refused', request.pin === undefined ? 'asksPin' : 'wrongPin', text);
  return { ok: false, cause: 'notAllowed', text, decision: { is: 'asksPin', pinSet: set.key }, asks: 'pin' };
}

function refuse({ trace }: Call, what: Parameters<Call['trace']['tell']>[0], code: string, text: string): Refusal {
  trace.tell(what, 'refused', code, text);
  return refused('notAllowed', text);
}

const notUsual: ReadonlySet<string> = new Set(['premium', 'satellite', 'unknown']);
