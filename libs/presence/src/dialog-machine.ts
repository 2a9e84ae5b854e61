import type { DialogState, LiveDialogState } from './watched.ts';

/*
 * A watched dialog (RFC 4235 3.7.1, without the difference between trying and proceeding).
 *
 *   trying ──rings──► early ──answered──► confirmed ◄──hold, resume──► held
 *      │                │                     │                          │
 *      ├───answered─────┼────────────────────►│                          │
 *      │                │                     │                          │
 *      └────────────────┴──── no leg left ────┴──► terminated ◄──────────┘
 *
 * Nothing leads back. Its legs may go back: who answered leaves, and another telephone of the same extension is rung in the
 * same call. That is the end of this dialog and the begin of another, and watchers see it so.
 */

/** What its legs are: the state of the one that is furthest, null when none is left. */
export interface DialogInput {
  readonly type: 'legs';
  readonly furthest: LiveDialogState | null;
}

/** `publish`: its state is another. `succeed`: it is over, and another dialog begins in that state. */
export type DialogEffect = { readonly do: 'publish' } | { readonly do: 'succeed'; readonly state: LiveDialogState };

export type DialogStep = readonly [state: DialogState, effects: readonly DialogEffect[]];

export function dialogMachine(state: DialogState, { furthest }: DialogInput): DialogStep {
  switch (state) {
    case 'trying':
      return furthest === state ? [state, stay] : changed(furthest);
    case 'early':
      // A telephone that rang has declined while others are still being tried: it has rung, that is not taken back.
      return furthest === state || furthest === 'trying' ? [state, stay] : changed(furthest);
    case 'confirmed':
    case 'held':
      if (furthest === 'trying' || furthest === 'early') return ['terminated', [{ do: 'publish' }, { do: 'succeed', state: furthest }]];
      return furthest === state ? [state, stay] : changed(furthest);
    case 'terminated':
      return [state, stay];
  }
}

function changed(furthest: LiveDialogState | null): DialogStep {
  return [furthest ?? 'terminated', publish];
}

const stay: readonly DialogEffect[] = [];
const publish: readonly DialogEffect[] = [{ do: 'publish' }];
