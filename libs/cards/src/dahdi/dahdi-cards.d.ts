import type { Timers } from '@tipring/clock';
import { type Card, type CardDriver, type CardEvent, type PortId } from '../contract.ts';
import { DahdiPort } from './dahdi-port.ts';
/** A station and a line that the agent has joined by itself, because there was no client. It ends when one of them is opened here. */
export interface EmergencyPatch {
    readonly state: 'talking' | 'ended';
    /** Null while their card is away. */
    readonly station: PortId | null;
    readonly line: PortId | null;
}
/**
 * The cards of a host's agent. Without the agent there are none; when it is back they are back, with their settings. Times are
 * of the agent's clock.
 *
 *   const cards = new DahdiCards(nodeTimers(), '/run/tipring/card-agent.sock');
 */
export declare class DahdiCards implements CardDriver {
    #private;
    onCard: ((event: CardEvent) => void) | null;
    onEmergencyPatch: ((patch: EmergencyPatch) => void) | null;
    /** `path` is the agent's socket; it is connected to by the first `discover`. */
    constructor(timers: Timers, path: string);
    discover(done: (cards: readonly Card[]) => void): void;
    port(id: PortId): DahdiPort | null;
    /** The agent's monotonic clock, after all that it has said until then; null: it is gone. */
    clock(done: (ms: number | null) => void): void;
    close(): void;
}
//# sourceMappingURL=dahdi-cards.d.ts.map