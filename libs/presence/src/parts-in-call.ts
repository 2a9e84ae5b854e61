import type { CallView, EndpointId, LegId, LegView, Party } from '@tipring/telephony';
import type { LiveDialogState, WatchedDialog, WatchedEntity, WatchedId } from './watched.ts';

/** One entity's legs of one role in a call. */
export interface Part {
  readonly entity: WatchedId;
  readonly role: LegView['role'] | 'slot';
  readonly direction: WatchedDialog['direction'];
  /** Of the leg that is furthest. */
  readonly state: LiveDialogState;
  readonly leg: LegId;
  readonly remote: Party;
}

/** Whose parts this call has now; `owners` says to whom an endpoint belongs. */
export function partsIn(call: CallView, owners: (endpoint: EndpointId) => readonly WatchedEntity[]): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const leg of call.legs) {
    for (const { id, kind } of owners(leg.endpoint)) {
      const state = stateOf(leg, kind);
      if (state === undefined) continue;
      const name = `${leg.role} ${id}`;
      const other = parts.get(name);
      if (other === undefined || rank[state] > rank[other.state]) parts.set(name, { entity: id, role: leg.role, direction: directionOf(leg), state, leg: leg.id, remote: remoteOf(leg, call) });
    }
  }
  const parked = parkedIn(call);
  if (parked !== undefined) parts.set('slot', parked);
  return [...parts.values()];
}

/** A slot is taken: whoever waits there is its other side. */
function parkedIn({ parked, legs }: CallView): Part | undefined {
  const waiting = parked === null ? undefined : legs.find(({ state }) => state === 'answered' || state === 'held');
  if (parked === null || waiting === undefined) return undefined;
  return { entity: slotId(parked.lot, parked.slot), role: 'slot', direction: 'recipient', state: 'confirmed', leg: waiting.id, remote: shown(waiting.party) };
}

/** The id by which a parking slot is watched. */
export function slotId(lot: string, slot: string): WatchedId {
  return `${lot}/${slot}`;
}

function stateOf({ state, role }: LegView, kind: WatchedEntity['kind']): LiveDialogState | undefined {
  switch (state) {
    case 'trying':
      // A telephone that is called and does not ring yet may never do so; a line or a trunk is in use from then on.
      return role === 'called' && (kind === 'extension' || kind === 'station') ? undefined : 'trying';
    case 'ringing':
    case 'early':
      return 'early';
    case 'answered':
      return 'confirmed';
    case 'held':
      return 'held';
    case 'released':
      return undefined;
  }
}

/** A caller who is rung first for a call of his own is called, too. */
function directionOf({ role, state }: LegView): WatchedDialog['direction'] {
  return role === 'called' || state === 'ringing' || state === 'early' ? 'recipient' : 'initiator';
}

/** Whoever else is in it, the one who is up before those who ring. */
function remoteOf(leg: LegView, call: CallView): Party {
  let other: LegView | undefined;
  for (const one of call.legs) {
    if (one.id === leg.id || one.role === leg.role || one.role === 'observer' || one.state === 'released') continue;
    if (other === undefined || (other.answeredAt === null && one.answeredAt !== null)) other = one;
  }
  if (other !== undefined && other.party.number !== '') return shown(other.party);
  return leg.role === 'called' ? shown(call.from) : { number: call.to };
}

function shown(party: Party): Party {
  return party.anonymous === true ? { number: '', anonymous: true } : party;
}

/** Whoever holds one leg and talks on another talks. */
const rank: Readonly<Record<LiveDialogState, number>> = { trying: 0, early: 1, held: 2, confirmed: 3 };
