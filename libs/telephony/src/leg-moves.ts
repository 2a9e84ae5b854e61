import type { Arrival, Caller } from './call-machine.ts';
import type { ArrivalAs } from './call-operations.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import type { CallInput } from './call-inputs.ts';
import { transcoding } from './codec-choice.ts';
import type { LegId } from './leg.ts';
import type { MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { LegRole } from './record.ts';
import type { RunningCall } from './running-call.ts';
import type { Attempt } from './route.ts';

/* How a leg goes over from one call into another (docs/decisions/0040). Nothing here is called while a call is at work. */

export interface Passage {
  readonly from: RunningCall;
  readonly legs: readonly LegId[];
  readonly to: RunningCall;
  readonly as: ArrivalAs;
  /** What becomes of the call they leave; absent: it has departed legs. */
  readonly leaves?: CallInput;
  readonly returns?: true;
  readonly recall?: Attempt;
  /** What the other call is told; absent: that they have arrived. */
  readonly arrives?: (arrival: Arrival) => CallInput;
}

/**
 * The legs leave their call for the other one, with their terminations, which keep their names; they hear it by `moved`. First they arrive, then their former
 * call goes on without them, so that nothing of theirs ends with it.
 * @returns their new ids
 */
export function goOver({ from, legs, to, as, leaves, returns, recall, arrives = arrived }: Passage, surroundings: CallSurroundings): readonly LegId[] {
  const departing = legs.filter((leg) => from.log.leg(leg)?.state !== 'released');
  const ids: LegId[] = [];
  for (const leg of departing) {
    const who = asCaller(from, leg, surroundings.settings.media);
    const id = admit(from, leg, to, as, surroundings);
    if (id === undefined) continue;
    ids.push(id);
    to.log.continued(from.id);
    const arrival: Arrival = { who: { ...who, leg: id }, as, ...(returns === undefined ? {} : { returns }), ...(recall === undefined ? {} : { recall }) };
    to.take(arrives(arrival));
    agreeOnCodecs(to, id);
  }
  if (ids.length === 0) return ids;
  from.log.state.continuedIn = to.id;
  from.take(leaves ?? { type: 'departed', legs: departing, outcome: wentOn(to) });
  from.keeper.write(from.state, undefined, 'left');
  const { at } = from.state;
  if (at === 'talking' || at === 'waiting' || at === 'setup') from.log.state.continuedIn = null;
  return ids;
}

function arrived(arrival: Arrival): CallInput {
  return { type: 'arrived', arrival };
}

export function wentOn({ id }: RunningCall): Outcome {
  return { cause: 'normalClearing', evidence: { kind: 'moved', text: `went on in call ${id}` } };
}

/** Takes a leg out of one call and into another; the machines know nothing of it yet. Undefined: it is not there any more. */
export function admit(from: RunningCall, leg: LegId, to: RunningCall, as: ArrivalAs, surroundings: CallSurroundings): LegId | undefined {
  const logged = from.log.leg(leg);
  const wired = from.legs.take(leg);
  if (logged === undefined || wired === undefined) return undefined;
  const at = surroundings.settings.wallClock();
  surroundings.ports.media.move(from.id, logged.media, to.id);
  let id = '';
  to.touch(() => {
    id = to.legs.give(at, wired, { endpoint: logged.endpoint, role: roleIn(to, as, logged.role), party: logged.party, how: 'arrived' }, logged.answeredAt === null ? null : at);
  });
  from.log.moved(at, logged, id, to.id);
  return id;
}

/** A leg as it would call somebody from where it is now. */
export function asCaller(call: RunningCall, leg: LegId, usual: MediaProfile): Caller {
  const { state } = call;
  if (state.at === 'setup' && state.caller.leg === leg) return state.caller;
  const answered = call.log.leg(leg)?.answeredAt !== null;
  const isHolding = (state.at === 'talking' && state.held.includes(leg)) || (state.at === 'waiting' && state.isHolding);
  return { leg, media: answered ? mediaOf(call, leg, usual) : (call.offeredMedia ?? usual), kept: null, answered, isHolding, told: answered ? 'media' : 'nothing' };
}

/** What it speaks, and with it could go on. */
export function mediaOf(call: RunningCall, leg: LegId, usual: MediaProfile): MediaProfile {
  const spoken = call.legs.spoken(leg);
  return spoken === undefined || spoken.length === 0 ? usual : { codecs: spoken, digits: usual.digits };
}

/** Of two who talk now and use different codecs though they share one, the newcomer changes to it. */
function agreeOnCodecs(call: RunningCall, newcomer: LegId): void {
  const { state } = call;
  if (state.at !== 'talking' || state.parties.length !== 2) return;
  const other = state.parties.find((leg) => leg !== newcomer);
  const [own, others] = [call.legs.spoken(newcomer), other === undefined ? undefined : call.legs.spoken(other)];
  const [inUse, wanted] = [own?.[0], others?.[0]];
  if (own === undefined || others === undefined || inUse === undefined || wanted === undefined) return;
  if (inUse.name === wanted.name && inUse.clockRate === wanted.clockRate) return;
  if (transcoding(own, others) !== undefined) return;
  const codecs = others.filter((codec) => own.some((one) => one.name === codec.name && one.clockRate === codec.clockRate));
  if (codecs.length > 0) call.touch(() => call.send(newcomer, { type: 'answer', media: { codecs, digits: 'rtpEvent' } }));
}

/** Who replaces somebody has his role. */
function roleIn(call: RunningCall, as: ArrivalAs, was: LegRole): LegRole {
  if (as.is === 'observer') return 'observer';
  if (as.is === 'answer') return 'called';
  return as.is === 'inPlaceOf' ? (call.log.leg(as.leg)?.role ?? was) : was === 'observer' ? 'called' : was;
}
