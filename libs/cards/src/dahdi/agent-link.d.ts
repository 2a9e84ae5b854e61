import type { Timers } from '@tipring/clock';
import type { PortRefusal } from '../contract.ts';
export interface LinkListener {
    /** Cards follow, and then `ready`. */
    up(echoDelayMs: number): void;
    ready(): void;
    /** The agent is gone, or could not be reached; what was asked has been refused. */
    down(): void;
    /** Everything else: `payload` is good until return, from `at`, so many octets. */
    frame(type: number, channel: number, payload: Buffer, at: number, length: number): void;
}
/** The answer to a question: a reading, or null; or a refusal. Never called inside the call that asked. */
export type Answer = (payload: Buffer | null, refused: PortRefusal | null) => void;
/**
 * The connection to the agent: made again whenever it is lost, after 0.1 s, then twice as long each time, at most 5 s. Answers
 * are given in the order of asking, whoever gives them.
 */
export declare class AgentLink {
    #private;
    constructor(path: string, timers: Timers, listener: LinkListener);
    /** The agent's clock when it was last heard. */
    get agentMs(): number;
    /** Null: no question for the agent, it is refused as it stands. */
    ask(owner: object, type: number, channel: number, payload: Uint8Array, refused: PortRefusal | null, done: Answer): void;
    /** What this one asked and what is not answered yet. */
    refuse(owner: object, refused: PortRefusal): void;
    /** No answer is expected. */
    tell(type: number, channel: number, number: number, payload: Uint8Array): void;
    /** The agent's monotonic clock, after everything that it said before; null: it is gone. */
    clock(done: (ms: number | null) => void): void;
    close(): void;
}
export declare function msOf(payload: Buffer, at: number): number;
//# sourceMappingURL=agent-link.d.ts.map