import type { CallState } from './call-control.ts';
import type { Call } from './call-machine.ts';

/** What the API calls a state of the machine. */
export function callState(state: Call): CallState {
  switch (state.at) {
    case 'new':
    case 'first':
      return 'trying';
    case 'setup':
      return state.rang ? 'ringing' : 'trying';
    case 'asking':
      return 'asking';
    case 'talking':
      return state.held.length + state.heldHere.length > 0 ? 'held' : 'talking';
    case 'waiting':
      return state.why.is === 'move' ? 'trying' : 'parked';
    case 'preempted':
    case 'releasing':
    case 'measuring':
    case 'ended':
      return 'releasing';
  }
}
