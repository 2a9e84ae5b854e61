import type { PortKind } from '../contract.ts';
import type { FxoCapabilities, FxsCapabilities, PortCapabilities } from '../port-capabilities.ts';

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
export function parseCard(text: string): AgentCard | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isCard(value) ? value : null;
}

function isCard(value: unknown): value is AgentCard {
  if (!isRecord(value)) return false;
  const { serial, identity, vendor, model, slot, ports } = value;
  return [serial, vendor, model, slot].every((text) => typeof text === 'string') && serial !== '' && (identity === 'serial' || identity === 'location') && Array.isArray(ports) && ports.every(isPort);
}

function isPort(value: unknown): value is AgentPort {
  if (!isRecord(value)) return false;
  const { channel, port, kind, law, can } = value;
  return Number.isInteger(channel) && Number.isInteger(port) && (kind === 'fxo' || kind === 'fxs') && (law === 'PCMA' || law === 'PCMU') && Array.isArray(can);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What DAHDI can with every card, and what this one was found to do beside. Impedance and ringing are options of its kernel modules. */
export function capabilitiesOf({ kind, law, can }: AgentPort, echoDelayMs: number): PortCapabilities {
  const common = { impedances: ['600'], gainsDb: { least: -15, most: 12 }, laws: [law], measures: can.includes('measureVolts') ? ['lineVolts'] : [], echoDelayMs } satisfies Partial<PortCapabilities>;
  const fxo: FxoCapabilities = {
    ...common,
    kind: 'fxo',
    flashMs: { least: 50, most: 1_500 },
    pulseDialing: true,
    seesPolarity: can.includes('seePolarity'),
    seesLoopCurrent: false,
    seesLineInUse: false,
    seesMessageWaiting: can.includes('seeLamp'),
    measuresRinging: false,
    ringThresholdsVrms: [],
    dcTermination: null,
  };
  const fxs: FxsCapabilities = {
    ...common,
    kind: 'fxs',
    polarityReversal: can.includes('reversePolarity'),
    // The kernel's own time.
    openLoopMs: { least: 500, most: 500 },
    onHookTransmission: can.includes('transmitOnHook'),
    messageWaitingLamp: can.includes('lightLamp'),
    ringBursts: 7,
    ringVoltsRms: null,
    ringFrequencyHz: null,
    loopMilliamps: null,
    hookTransitions: 'decoded',
    seesFaults: false,
  };
  return kind === 'fxo' ? fxo : fxs;
}
