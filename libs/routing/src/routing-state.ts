import type { Availabilities } from '@tipring/telephony';

/** What an extension has called outside lately; emergency calls are not in it. */
export interface OutsideUse {
  readonly concurrent: number;
  readonly lastHour: number;
  readonly costlyLastHour: number;
  /** Of the tariff's currency, within 24 hours. */
  readonly spentToday: number;
}

/** What routing asks of the world as it is now. Synchronous. */
export interface RoutingState extends Availabilities {
  /** Ms since the epoch: what schedules are asked for. */
  readonly at: number;
  outsideUse(extensionId: string): OutsideUse;
  /** The line of a group that was taken last, for round robin; null: none since the start. */
  lastTaken(lineGroupId: string): string | null;
}
