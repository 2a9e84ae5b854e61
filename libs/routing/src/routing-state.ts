import type { Availabilities, EndpointId } from '@tipring/telephony';

/** What an extension has called outside lately; emergency calls are not in it. */
export interface OutsideUse {
  readonly concurrent: number;
  readonly lastHour: number;
  readonly costlyLastHour: number;
  /** Of the tariff's currency, within 24 hours. */
  readonly spentToday: number;
}

export type ExtensionState = 'idle' | 'ringing' | 'busy' | 'unreachable';

/** What routing asks of the world as it is now. Synchronous. */
export interface RoutingState extends Availabilities {
  /** Ms since the epoch: what schedules are asked for. */
  readonly at: number;
  /** `FraudLedger` has it. Of a caller whom the configuration does not know, his endpoint stands in for the extension. */
  outsideUse(extensionId: string): OutsideUse;
  /** The line of a group that was taken last, or the member of a ring group, for round robin; null: none since the start. `HuntMemory` has it. */
  lastTaken(lineGroupId: string): string | null;
  /** `ExtensionActivity` has it; `unreachable`: none of its telephones is there, where that is known. */
  extensionState(extensionId: string): ExtensionState;
  /** When its last call ended, ms since the epoch; null: it had none since the start. `ExtensionActivity` has it. */
  lastCallEnded(extensionId: string): number | null;
  /**
   * Telephones from which an emergency number was called lately, by this trunk or line, showing this number; the last of them first. Who calls back
   * reaches them. `CallbackMemory` has it.
   * @param called E.164 where it can be read as one; '': nobody said, as on a line.
   */
  emergencyCallers(via: EndpointId, called: string): readonly EndpointId[];
}
