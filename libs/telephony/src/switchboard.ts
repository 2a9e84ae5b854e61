import type { OperationRefusal } from './call-operations.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import type { LegId, Party } from './leg.ts';
import type { CallId } from './record.ts';
import type { RunningCall } from './running-call.ts';

/** All calls, for what takes more than one of them. */
export interface Switchboard {
  readonly calls: ReadonlyMap<CallId, RunningCall>;
  readonly surroundings: CallSurroundings;
  /** A call that nobody has offered. Its record is begun by `begunFor`, unless it is forgotten before. */
  begin(from: Party, to: string): RunningCall;
  forget(call: RunningCall): void;
  callOf(leg: LegId): RunningCall | undefined;
  /** When no call is at work: at once, or after the present input. What it throws is reported. */
  do(operation: () => void): void;
}

export interface Two {
  readonly ok: true;
  readonly call: RunningCall;
  readonly by: LegId;
  readonly other: LegId;
}

/** Of a call in which exactly two talk, and none is called for help. */
export function twoWhoTalk({ calls }: Pick<Switchboard, 'calls'>, id: CallId, by: LegId): Two | OperationRefusal {
  const call = calls.get(id);
  if (call === undefined) return refusal('noSuchCall', `there is no call ${id}`);
  if (call.isEmergency) return refusal('emergency', 'a call for help is left as it is');
  const { state } = call;
  if (state.at !== 'talking') return refusal('wrongState', 'nobody talks in this call');
  if (!state.parties.includes(by)) return refusal('noSuchLeg', `there is no party ${by}`);
  const [a, b, more] = state.parties;
  const other = a === by ? b : a;
  if (other === undefined || more !== undefined) return refusal('wrongState', 'more than two talk in this call');
  return { ok: true, call, by, other };
}

export function refusal(code: OperationRefusal['code'], text: string): OperationRefusal {
  return { ok: false, code, text };
}
