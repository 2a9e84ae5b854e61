import type { CallerIdTime } from '@tipring/dsp';
import type { ContextId, GatewayEvent, GatewayReplies, PortGatewayCommand, TerminationId } from '@tipring/gateway';
import type { CallId, EndpointId, Offer } from '@tipring/telephony';

/** Port. The media gateway, as far as ports need it; `GatewayMedia` of sip-endpoint is one. Nothing throws; what a gateway that is gone does not do is refused as `gone`. */
export interface PortGateway {
  readonly state: 'up' | 'down';
  /** What is told of a termination: a port's digits, when they went or may go as events. */
  listen(termination: TerminationId, listener: (event: GatewayEvent) => void): void;
  unlisten(termination: TerminationId): void;
  send<C extends PortLegCommand>(command: C, done?: (reply: PortLegReply<C> | null, refusal: PortRefused | null) => void): void;
}

/** `subtract`: a port leaves a call that goes on without it for a while. */
export type PortLegCommand = PortGatewayCommand | { readonly do: 'subtract'; readonly context: ContextId; readonly termination: TerminationId };
export type PortLegReply<C extends PortLegCommand> = GatewayReplies[C['do']];

export interface PortRefused {
  readonly code: string;
  readonly text: string;
}

/** Port. The exchange, as far as arriving calls need it. */
export interface Offers {
  offer(offer: Offer): CallId;
}

/** Port. Whoever looks after lines and stations. Must not throw, must not wait. */
export interface LineLog {
  /** What somebody should know and no call record tells. */
  incident(id: EndpointId, what: LineIncident, text: string): void;
  /** Our own code failed: the legs of this port were released and its machine begins anew. */
  bug(id: EndpointId, error: unknown): void;
}

/** Port. What waits in the mailbox of an extension; nothing where it has none. */
export type Messages = (extensionId: string) => MessagesWaiting;

export interface MessagesWaiting {
  /** Not heard yet; `urgent` are among them. */
  readonly new: number;
  readonly urgent: number;
}

export type LineIncident =
  /** Of lines, as `libs/line` tells them. */
  | 'ghostRing' | 'noBattery' | 'batteryReturned' | 'stuckOffHook' | 'watchdog'
  /** The card is gone, or its agent; or back. */
  | 'cardPulled' | 'driverLost' | 'cardReturned'
  /** The port did not do what it was told. */
  | 'portRefused'
  /** A cadence that the line's plan does not know. */
  | 'toneLearned'
  /** The telephone company's lamp: messages wait in its mailbox, or no longer. */
  | 'carrierMessages'
  /** The receiver of a station. */
  | 'leftOffHook' | 'backOnHook'
  /** Of a door phone: by whom. */
  | 'doorOpened'
  /** The port's feed: overcurrent, overheated, and its end. */
  | 'fault';

export interface LineEndpointsPorts {
  readonly gateway: PortGateway;
  readonly exchange: Offers;
  readonly log: LineLog;
  /** Asked at the beginning, and when `LineEndpoints.messagesChanged` is told. Absent: there are no mailboxes. */
  readonly messages?: Messages;
}

export interface LineEndpointsSettings {
  /** For caller ID. */
  readonly localTime: () => CallerIdTime;
  /** A gateway that is gone for so long is taken for dead, and analog calls are released; default 5,000. */
  readonly gatewayLostMs?: number;
  /** Nothing from the other side of a call for so long is evidence on a line (`farLeg` of its disconnect settings); default 120,000. */
  readonly farDeadMs?: number;
}
