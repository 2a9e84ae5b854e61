import type { CarrierSound, NumberBehaviour } from './carrier-plan.ts';

/** What a person does to a carrier. Refused with a reason, or done. */
export type CarrierAct =
  /** Somebody outside calls a customer’s number. The reply names the call. */
  | ({ readonly do: 'call' } & OutsideCall)
  /** Answers a call that rings (`noAnswer`, or too early for its number). */
  | { readonly do: 'answer'; readonly call: string }
  /** Without `call`: all of them. */
  | { readonly do: 'hangUp'; readonly call?: string; readonly reason?: string }
  | { readonly do: 'speak'; readonly call: string; readonly sound: CarrierSound }
  /** RFC 4733, 100 ms each. */
  | { readonly do: 'press'; readonly call: string; readonly digits: string }
  /** By re-INVITE: sendonly, and back. */
  | { readonly do: 'hold' | 'resume'; readonly call: string }
  | { readonly do: 'fail'; readonly failure: CarrierFailure }
  /** Everything works again; what was registered still is. */
  | { readonly do: 'mend' }
  /** Registrations are lost, as after a carrier’s restart. */
  | { readonly do: 'forget' }
  /** From the next call on; null: as in the plan. */
  | { readonly do: 'number'; readonly digits: string; readonly behaviour: NumberBehaviour | null }
  | { readonly do: 'limit'; readonly channels: number | null };

export interface OutsideCall {
  /** As it is to be written, a customer’s number or any other; it goes to the customer whose number it is, else to the only one. */
  readonly to: string;
  /** The caller’s number. `null`: anonymous, in From and by Privacy: id (RFC 3323); then `asserted` may still say who it is. */
  readonly from: string | null;
  readonly name?: string;
  /** P-Asserted-Identity (RFC 3325); null: none. The caller’s number when absent. */
  readonly asserted?: string | null;
  /** Who forwarded it (RFC 5806). */
  readonly diversion?: string;
  /** Its own tone when absent. */
  readonly sound?: CarrierSound;
  /** Without session description: the answer’s is the offer. */
  readonly lateOffer?: boolean;
  /** Gives up (CANCEL) when nobody answered by then. */
  readonly givesUpAfterMs?: number;
}

/** What is wrong with a carrier. Calls that are up are silent wherever nothing is sent. */
export type CarrierFailure =
  /** Nothing is answered, nothing is sent, RTP neither; connections are accepted. */
  | { readonly is: 'blackHole' }
  /**
   * Works until the next INVITE has had this response, and sends nothing from then on. `call`: to that call alone, while everything else is
   * answered; `carrier`: to anybody, as `blackHole`.
   */
  | { readonly is: 'silentAfter'; readonly status: 100 | 180 | 183; readonly of: 'call' | 'carrier' }
  /** INVITEs, or all requests, are refused so. */
  | { readonly is: 'refuse'; readonly status: number; readonly what: 'calls' | 'everything'; readonly retryAfterS?: number }
  /** Connections are reset (TCP RST), those there are and every new one; datagrams are not answered. */
  | { readonly is: 'reset' }
  /** As if all channels were taken. */
  | { readonly is: 'full' }
  | { readonly is: 'refuseRegistration'; readonly status: number }
  /** Its sockets are closed: connections are refused, datagrams answered by ICMP. */
  | { readonly is: 'closed' }
  /** What comes is looked at so late. */
  | { readonly is: 'delay'; readonly ms: number };
