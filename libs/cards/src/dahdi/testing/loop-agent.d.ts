import { nodeTimers } from '@tipring/clock';
import type { CardsUnderTest } from '../../conformance-bed.ts';
import { DahdiCards } from '../dahdi-cards.ts';
/** What `status` of agent/device-loop.c says: the last octet out of each port, the loop of each FXO port, the feed of each FXS port. */
export interface LoopStatus {
    readonly sent: readonly number[];
    readonly loop: readonly number[];
    readonly feed: readonly number[];
    readonly hardwareMs: number;
}
/** The agent with the loop for hardware: two FXO ports (1, 3) and two FXS ports (2, 4), wired in pairs. */
export declare class LoopAgent {
    #private;
    readonly folder: string;
    readonly socket: string;
    readonly log: string[];
    /** `program` is card-agent-loop, or its sanitized build. */
    constructor(program: string, settings?: readonly string[]);
    start(): void;
    get pid(): number;
    /** What only a hand at the hardware can do: `lift 2`, `hang 2`, `say 2 42`, `pull`, `insert`. */
    hand(words: string): void;
    status(): Promise<LoopStatus>;
    /** @returns its exit code, or the signal */
    end(signal?: NodeJS.Signals): Promise<number | string | null>;
    remove(): Promise<number | string | null>;
}
/** Lets so many ms of the agent's clock pass. */
export declare function waitByAgent(cards: DahdiCards, ms: number): Promise<void>;
/** For the conformance suite. */
export declare function loopUnderTest(program: string, settings?: readonly string[]): Promise<CardsUnderTest>;
/** Once its card is there. */
export declare function connected(agent: LoopAgent, timers: ReturnType<typeof nodeTimers>): Promise<DahdiCards>;
//# sourceMappingURL=loop-agent.d.ts.map