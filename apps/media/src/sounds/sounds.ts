import type { PlayerSlot } from './player-slot.ts';
import type { SoundsRequest } from './sounds-message.ts';

/** The sounds thread, as the main thread uses it. */
export interface Sounds {
  readonly slots: readonly PlayerSlot[];
  tell(request: SoundsRequest): void;
}
