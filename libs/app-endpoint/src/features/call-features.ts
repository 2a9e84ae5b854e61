import type { Extension, Snapshot } from '@tipring/config';
import type { CallView, LegView, OperationRefusal } from '@tipring/telephony';
import { extensionOf } from './extension-of.ts';
import type { FeatureAnswer } from './feature.ts';
import { type FeatureCaller, refusal } from './feature-caller.ts';

/** Whoever shares a group with somebody may take a call that rings there; who is in none may have it taken by anybody. */
export function mayPickUp(by: Extension, of: Extension): boolean {
  return of.callPickupGroups.length === 0 || of.callPickupGroups.some((group) => by.callPickupGroups.includes(group));
}

/** A call that rings: longest of all in one's groups, or at the extension that was dialled. */
export function picksUp({ extension, ask, ports }: FeatureCaller): FeatureAnswer {
  const snapshot = ports.snapshot();
  const mine = ports.calls.callerLeg(ask.call);
  const rings = (call: CallView): boolean =>
    call.state === 'ringing' && call.emergency === null && call.id !== ask.call &&
    call.legs.some((leg) => {
      const at = leg.role === 'called' && leg.state === 'ringing' ? extensionOf(leg.endpoint, snapshot) : undefined;
      if (at === undefined || at.id === extension.id) return false;
      if (ask.feature === 'pickup') return at.number === ask.argument && mayPickUp(extension, at);
      return at.callPickupGroups.some((group) => extension.callPickupGroups.includes(group));
    });
  const [longest] = ports.calls.calls().filter(rings).toSorted((a, b) => a.startedAt - b.startedAt);
  if (longest === undefined || mine === undefined) return refusal({ phrase: 'feature.nothingToPickUp' });
  const picked = ports.calls.pickUp({ call: longest.id, with: mine });
  return picked.ok ? gone : refused(picked, 'feature.nothingToPickUp');
}

/**
 * Who dials it holds somebody: that one is parked. Who holds nobody was sent here himself, and is parked. `lot`: its id; null: the first there is.
 */
export function parks({ extension, ask, ports }: FeatureCaller, lot: string | null): FeatureAnswer {
  const snapshot = ports.snapshot();
  const into = lot ?? [...snapshot.parkingLots.keys()][0];
  if (into === undefined) return refusal({ phrase: 'common.unavailable' });
  const held = heldBy(extension, ask.call, ports.calls.calls(), snapshot);
  if (held === undefined) return parksCaller(ask.call, into, ports);
  const parked = ports.calls.park({ call: held.call.id, leg: held.leg.id, lot: into });
  return parked.ok ? { said: [{ phrase: 'feature.parkedAt' }, { digits: parked.slot }], then: 'over' } : refused(parked, 'feature.lotFull');
}

/** The caller of this call himself; who sent him here is not there any more. */
export function parksCaller(call: string, lot: string, { calls }: Pick<FeatureCaller['ports'], 'calls'>): FeatureAnswer {
  // The latest called one is where he was sent; the one before may be himself, who was called and is transferred here.
  const here = calls.call(call)?.legs.findLast(({ role, state }) => role === 'called' && state !== 'released');
  if (here === undefined) return refusal({ phrase: 'common.failed' });
  const parked = calls.park({ call, leg: here.id, lot });
  return parked.ok ? gone : refused(parked, 'feature.lotFull');
}

function heldBy(extension: Extension, but: string, calls: readonly CallView[], snapshot: Snapshot): { readonly call: CallView; readonly leg: LegView } | undefined {
  for (const call of calls) {
    if (call.id === but || (call.state !== 'held' && call.state !== 'talking')) continue;
    const leg = call.legs.find(({ endpoint, state }) => (state === 'held' || state === 'answered') && extensionOf(endpoint, snapshot)?.id === extension.id);
    if (leg !== undefined && (leg.state === 'held' || call.state === 'held')) return { call, leg };
  }
  return undefined;
}

export function retrieves({ ask, ports }: FeatureCaller): FeatureAnswer {
  const mine = ports.calls.callerLeg(ask.call);
  const parked = ports.calls.parked().find(({ slot }) => slot === ask.argument);
  if (parked === undefined || mine === undefined) return refusal({ phrase: 'feature.nothingParked' });
  const retrieved = ports.calls.retrieve({ lot: parked.lot, slot: parked.slot, with: mine });
  return retrieved.ok ? gone : refused(retrieved, 'feature.nothingParked');
}

/** Of an extension that he may supervise. */
export function monitors({ extension, ask, ports }: FeatureCaller, mode: 'listen' | 'whisper' | 'barge'): FeatureAnswer {
  const snapshot = ports.snapshot();
  const of = snapshot.extensionByNumber(ask.argument);
  const mine = ports.calls.callerLeg(ask.call);
  if (of === undefined || mine === undefined) return refusal({ phrase: 'common.noSuchNumber' });
  if (!extension.supervises.includes(of.id)) return refusal({ phrase: 'common.notAllowed' });
  for (const call of ports.calls.calls()) {
    if (call.id === ask.call || (call.state !== 'talking' && call.state !== 'held')) continue;
    const party = call.legs.find(({ endpoint, role, state }) => role !== 'observer' && (state === 'answered' || state === 'held') && extensionOf(endpoint, snapshot)?.id === of.id);
    if (party === undefined) continue;
    const supervised = ports.calls.supervise({ call: call.id, party: party.id, mode, with: mine });
    return supervised.ok ? gone : refused(supervised, 'feature.nobodyTalks');
  }
  return refusal({ phrase: 'feature.nobodyTalks' });
}

export function callsBack({ extension, ask, ports }: FeatureCaller): FeatureAnswer {
  if (ask.feature === 'callBackOff') return refusal({ phrase: ports.callBacks.cancel(extension.id) ? 'feature.callBackOff' : 'feature.noCallBack' });
  const of = ports.snapshot().extensionByNumber(ask.argument);
  const here = ports.calls.call(ask.call)?.legs.find(({ role }) => role === 'caller');
  if (of === undefined || of.id === extension.id || here === undefined) return refusal({ phrase: 'common.noSuchNumber' });
  const by = { extensionId: extension.id, number: extension.number, endpoint: here.endpoint };
  return refusal({ phrase: ports.callBacks.request(by, { extensionId: of.id, number: of.number }) ? 'feature.callBack' : 'common.unavailable' });
}

function refused({ code }: OperationRefusal, otherwise: 'feature.nothingToPickUp' | 'feature.lotFull' | 'feature.nothingParked' | 'feature.nobodyTalks'): FeatureAnswer {
  return refusal({ phrase: code === 'emergency' ? 'common.notAllowed' : otherwise });
}

const gone: FeatureAnswer = { said: [], then: 'gone' };
