import { type Done, type LineReading, type Port, type PortId, type PortKind, type PortListener, type PortRefusal } from '../contract.ts';
import type { PortCapabilities } from '../port-capabilities.ts';
import type { PortCommand } from '../port-command.ts';
import type { PortSettings, PortSettingsChange } from '../port-settings.ts';
import { type AgentLink } from './agent-link.ts';
/** One channel of the agent's: the contract above, frames below. */
export declare class DahdiPort implements Port {
    #private;
    readonly id: PortId;
    readonly kind: PortKind;
    readonly capabilities: PortCapabilities;
    readonly channel: number;
    /** `keep` is told of each change of settings. */
    constructor(link: AgentLink, channel: number, id: PortId, capabilities: PortCapabilities, settings: PortSettings, keep: (settings: PortSettings) => void);
    get settings(): PortSettings;
    open(listener: PortListener, done: Done): void;
    close(): void;
    configure(change: PortSettingsChange, done: Done): void;
    send(command: PortCommand, done: Done): void;
    measure(done: (reading: LineReading | null, refusal: PortRefusal | null) => void): void;
    /** The card or the agent is gone. */
    vanish(): void;
    event(payload: Buffer, at: number): void;
    block(payload: Buffer, at: number): void;
}
//# sourceMappingURL=dahdi-port.d.ts.map