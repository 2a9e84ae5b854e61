import type { PortKind } from '../contract.ts';
import type { PortCapabilities } from '../port-capabilities.ts';
/** A card as the agent describes it. */
export interface AgentCard {
    readonly serial: string;
    readonly identity: 'serial' | 'location';
    readonly vendor: string;
    readonly model: string;
    readonly slot: string;
    readonly ports: readonly AgentPort[];
}
export interface AgentPort {
    readonly channel: number;
    readonly port: number;
    readonly kind: PortKind;
    readonly law: 'PCMA' | 'PCMU';
    readonly can: readonly string[];
}
/** Null: it is no such description. */
export declare function parseCard(text: string): AgentCard | null;
/** What DAHDI can with every card, and what this one was found to do beside. Impedance and ringing are options of its kernel modules. */
export declare function capabilitiesOf({ kind, law, can }: AgentPort, echoDelayMs: number): PortCapabilities;
//# sourceMappingURL=agent-card.d.ts.map