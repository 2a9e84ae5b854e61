import type { CallView, EndpointId, LegId, LegView, Party } from '@tipring/telephony';
import type { LiveDialogState, WatchedDialog, WatchedId } from './watched.ts';

/** One entity's legs of one role in a call. */
export interface Part {
  readonly entity: WatchedId;
  readonly role: LegView['role'];
  readonly direction: WatchedDialog['direction'];
  /** Of the leg that is furthest. */
  readonly state: LiveDialogState;
  readonly leg: LegId;
  readonly remote: Party;
}

/** Whose parts this call has now; `owners` says to whom an endpoint belongs. */
export function partsIn(call: CallView, owners: (endpoint: EndpointId) => readonly WatchedId[]): Part[] {
  const parts = new Map<string, Part>();
  for (const leg of call.legs) {
    const state = stateOf(leg);
    if (state === undefined) continue;
    for (const entity of owners(leg.endpoint)) {
      const name = `${leg.role} ${entity}`;
      const other = parts.get(name);
      if (other === undefined || rank[state] > rank[other.state]) parts.set(name, { entity, role: leg.role, direction: directionOf(leg, state), state, leg: leg.id, remote: remoteOf(leg, call) });
    }
  }
  return [...parts.values()];
}

function stateOf({ state, role }: LegView): LiveDialogState | undefined {
  switch (state) {
    case 'trying':
      return 'trying';
    case 'ringing':
      return 'early';
    case 'early':
      // Of a caller it would say that the other side rings: many telephones take it for ringing of the watched one.
      return role === 'caller' ? 'trying' : 'early';
    case 'answered':
      return 'confirmed';
    case 'held':
      return 'held';
    case 'released':
      return undefined;
  }
}

/** Whoever is rung first for a call of his own is called, too. */
function directionOf({ role }: LegView, state: LiveDialogState): WatchedDialog['direction'] {
  return role === 'called' || state === 'early' ? 'recipient' : 'initiator';
}

function remoteOf({ role }: LegView, { from, to }: CallView): Party {
  if (role === 'caller') return { number: to };
  return from.anonymous === true ? { number: '', anonymous: true } : from;
}

/** Held is not further than confirmed, but whoever has one call on hold and no other holds. */
const rank: Readonly<Record<LiveDialogState, number>> = { trying: 0, early: 1, held: 2, confirmed: 3 };
