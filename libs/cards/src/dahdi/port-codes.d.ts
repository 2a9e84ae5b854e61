import type { PortCommand } from '../port-command.ts';
import type { AnyPortEvent, FxoEvent, FxsEvent } from '../port-event.ts';
/** A command as the agent reads it, after the number of the question. */
export declare function commandOctets(command: PortCommand): Uint8Array;
/** Null for a code of a newer agent. */
export declare function eventOf(code: number, value: number, other: number): FxoEvent | FxsEvent | AnyPortEvent | null;
//# sourceMappingURL=port-codes.d.ts.map